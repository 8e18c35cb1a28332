package deeds

import (
	"context"

	p "github.com/rapport-dev/rapport/partnership"
)

// Effects keep a person's word on an act outside of which nobody knows, with its line of the audit.
type Effects interface {
	ResolveEffect(ctx context.Context, key p.EffectKey, resolution p.Choice, by string) error
}

// ResolveEffect says what a person found at the vendor: p.ChoiceSent or p.ChoiceNotSent. The step that waits asks again by itself and
// finds the answer. The same word again changes nothing, the other one is refused.
func ResolveEffect(ctx context.Context, kept Effects, by By, key p.EffectKey, found p.Choice) error {
	if err := by.May(p.DeedResolveEffect); err != nil {
		return err
	}
	return kept.ResolveEffect(ctx, key, found, by.Who)
}
