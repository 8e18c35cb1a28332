package deeds

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
)

// Effects keep a person's word on an act outside of which nobody knows, with its line of the audit.
type Effects interface {
	ResolveEffect(ctx context.Context, key partnership.EffectKey, resolution partnership.Choice, by string) error
}

// ResolveEffect says what a person found at the vendor: partnership.ChoiceSent or partnership.ChoiceNotSent. The step that waits asks again by itself and
// finds the answer. The same word again changes nothing, the other one is refused.
func ResolveEffect(ctx context.Context, kept Effects, by By, key partnership.EffectKey, found partnership.Choice) error {
	if err := by.May(partnership.DeedResolveEffect); err != nil {
		return err
	}
	return kept.ResolveEffect(ctx, key, found, by.Who)
}
