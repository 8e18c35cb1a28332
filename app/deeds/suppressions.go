package deeds

import (
	"context"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// Suppressions are the addresses that are not written to; lifting one writes its line of the audit.
type Suppressions interface {
	LiftSuppression(ctx context.Context, whom, reason, by string, theyAsked bool) (partnership.Suppression, error)
}

// LiftSuppression lets an address be written to again. whom is an address, a creator's handle or a suppression's id; what a person
// asked for is lifted only when they themselves asked to hear from us again.
func LiftSuppression(ctx context.Context, kept Suppressions, by By, whom, reason string, theyAsked bool) (partnership.Suppression, error) {
	if err := by.May(partnership.DeedLiftSuppression); err != nil {
		return partnership.Suppression{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return partnership.Suppression{}, partnership.FieldErrorf("reason", "say why; the audit keeps it")
	}
	return kept.LiftSuppression(ctx, whom, reason, by.Who, theyAsked)
}
