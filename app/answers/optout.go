package answers

import (
	"context"
	"errors"
	"fmt"

	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/partnership"
)

// Suppressor keeps who wants to hear no more.
type Suppressor interface {
	// OptOut suppresses the creator's address at once and returns the partnerships that are open. It may be repeated.
	OptOut(ctx context.Context, token string) ([]partnership.PartnershipID, error)
}

// OptOut has nobody write to a creator any more. It is no deed that anybody could refuse: the link alone decides, and the suppression
// is kept before anything else happens. Every send checks it, so a workflow that hears of it late sends nothing: unheard says of which
// that is so.
func OptOut(ctx context.Context, kept Suppressor, w news.Teller, token string) (unheard, err error) {
	open, err := kept.OptOut(ctx, token)
	if err != nil {
		return nil, err
	}
	for _, id := range open {
		err := news.OptedOut(ctx, w, id, "optout/"+string(id))
		if err != nil && partnership.CodeOf(err) != partnership.NotFound {
			unheard = errors.Join(unheard, fmt.Errorf("%s: %w", id, err))
		}
	}
	return unheard, nil
}
