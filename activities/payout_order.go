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
	if partnership.CodeOf(err) == "" {
		return r, err
	}
	// Nothing more is planned for this account. The creator's page asks for another, which may be the same receiver, and so do the chasers.
	if _, noted := a.Store.NotePayoutAccount(ctx, partnership.PayoutAccount{Rail: po.Provider, ID: po.Destination, Closed: true}); noted != nil {
		return r, noted
	}
	return r, err
}
