package activities

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
)

// order is a transfer as its rail is asked for it. Whom it goes to is read only now, for rails that keep no account of the creator's.
func (a *Activities) order(ctx context.Context, rail PayoutRail, po partnership.Payout) (partnership.TransferRequest, error) {
	r := partnership.TransferRequest{
		Key: po.IdempotencyKey, PayoutID: po.ID, Destination: po.Destination, AmountMinor: po.AmountMinor, Currency: po.Currency,
	}
	if rail.Onboarding() == partnership.OnboardHosted {
		return r, nil
	}
	var err error
	r.To, err = a.Store.Receiver(ctx, po.Provider, po.Destination)
	return r, err
}
