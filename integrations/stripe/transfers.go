package stripe

import (
	"context"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v85"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// pageSize is the most that Stripe gives at once.
const pageSize = 100

// maxOfPayout bounds the transfers of one payout: there should be one.
const maxOfPayout = 1000

// TransfersOf lists all transfers of one payout by its group, oldest first. None found is not proof of none made:
// Stripe's lists lag behind by moments.
func (c *Client) TransfersOf(ctx context.Context, id partnership.PayoutID, _ string) ([]partnership.Transfer, error) {
	if id == "" {
		return nil, refusal(opTransferList, "no payout to look for")
	}
	return c.list(ctx, &stripe.TransferListParams{TransferGroup: stripe.String(string(id))}, maxOfPayout)
}

// Transfers lists all transfers made since an instant, oldest first, for reconciliation. More than limit is an error
// and never a shortened list: what is left out would look like money that did not move.
func (c *Client) Transfers(ctx context.Context, since time.Time, limit int) ([]partnership.Transfer, error) {
	return c.list(ctx, &stripe.TransferListParams{
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: since.Unix()},
	}, limit)
}

// Reverse takes minor units of a transfer back from the creator's account, which must hold them. The key makes repetitions safe
// for a day.
func (c *Client) Reverse(ctx context.Context, key partnership.EffectKey, transferID, currency string, minor int64) error {
	if err := c.check(opReversal, key); err != nil {
		return err
	}
	if !strings.HasPrefix(transferID, "tr_") || minor <= 0 {
		return refusal(opReversal, "no transfer of Stripe's, or nothing to take back")
	}
	amount, err := money.ToProvider(minor, strings.ToUpper(currency), provider)
	if err != nil {
		return refusal(opReversal, err.Error())
	}
	ctx, seen := watch(ctx)
	_, err = c.api.V1TransferReversals.Create(ctx, &stripe.TransferReversalCreateParams{
		Params: idempotent(key), ID: stripe.String(transferID), Amount: stripe.Int64(amount), Metadata: map[string]string{MetaKey: string(key)},
	})
	if err != nil {
		return c.vendorError(opReversal, err, seen, false)
	}
	return nil
}

func (c *Client) list(ctx context.Context, params *stripe.TransferListParams, limit int) ([]partnership.Transfer, error) {
	if err := c.check(opTransferList, "-"); err != nil {
		return nil, err
	}
	ctx, seen := watch(ctx)
	params.Limit = stripe.Int64(pageSize)
	var all []partnership.Transfer
	for t, err := range c.api.V1Transfers.List(ctx, params).All(ctx) {
		if err != nil {
			return nil, c.vendorError(opTransferList, err, seen, true)
		}
		if len(all) == limit {
			return nil, refusal(opTransferList, "more transfers than asked for: take a shorter time")
		}
		all = append(all, transfer(t))
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 { // Stripe lists newest first
		all[i], all[j] = all[j], all[i]
	}
	return all, nil
}

// transfer takes the payout from the metadata, or from the group where a person has edited the metadata away.
func transfer(t *stripe.Transfer) partnership.Transfer {
	currency := strings.ToUpper(string(t.Currency))
	out := partnership.Transfer{
		ID: t.ID, PayoutID: partnership.PayoutID(t.Metadata[MetaPayoutID]),
		AmountMinor: money.FromProvider(t.Amount, currency, provider), ReversedMinor: money.FromProvider(t.AmountReversed, currency, provider),
		Currency: currency, CreatedAt: time.Unix(t.Created, 0).UTC(),
	}
	if out.PayoutID == "" {
		out.PayoutID = partnership.PayoutID(t.TransferGroup)
	}
	if t.Destination != nil {
		out.Destination = t.Destination.ID
	}
	return out
}
