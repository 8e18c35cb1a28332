package webhooks

import (
	"context"
	"errors"

	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/store"
)

// order books a sale. A delivery's kind is often not signed: what happened is read in the order itself, and where that does not say it
// the shop is asked.
func (a *Applier) order(ctx context.Context, w store.Webhook, o partnership.Sale) (err error) {
	switch {
	case o.Test:
		return ignored("a test order moves no money")
	case !o.CancelledAt.IsZero():
		return ignored("the order was cancelled")
	case !o.Paid: // the body says pending or authorized: only the shop can say that it was paid all the same
		if o, err = a.asked(ctx, w, o.ID, "the payment", func(now partnership.Sale) bool { return now.Paid && !now.Test }); err != nil {
			return err
		}
	}
	at := o.ProcessedAt
	if at.IsZero() {
		at = w.ReceivedAt
	}
	_, err = a.Store.RecordOrder(ctx, store.OrderIn{
		OrderID: o.ID, Currency: o.Currency, NetMinor: o.NetMinor, Codes: o.Codes, LinkCode: o.LinkCode, OccurredAt: at, Gift: o.Gift,
	})
	return err
}

// asked is an order as the shop has it now, once that is so. The shop's search may lag: it is asked for some minutes, and then the
// delivery is not believed.
func (a *Applier) asked(ctx context.Context, w store.Webhook, id, what string, so func(partnership.Sale) bool) (partnership.Sale, error) {
	if a.Shop == nil {
		return partnership.Sale{}, ignored(what + " is not in the delivery, and no shop is configured to be asked")
	}
	now, err := a.Shop.Sale(ctx, id)
	if err == nil && !so(now) {
		err = partnership.Errorf(partnership.NotFound, "the shop does not show %s", what)
	}
	return now, unknown(w, what, err)
}

// cancelled takes back what is left of the order. The refund that usually comes along counts together with it, up to the whole. An
// order whose own body does not say that it was cancelled is somebody's replay under another topic.
func (a *Applier) cancelled(ctx context.Context, w store.Webhook, o partnership.Sale) error {
	switch {
	case o.Test || o.Gift:
		return ignored("it earned nothing")
	case o.CancelledAt.IsZero():
		a.Log.WarnContext(ctx, "an order came as cancelled that is not", "inbox", w.ID)
		return ignored("the order's own body does not say that it was cancelled")
	case a.Shop != nil:
		if _, err := a.asked(ctx, w, o.ID, "the cancellation", func(now partnership.Sale) bool { return !now.CancelledAt.IsZero() }); err != nil {
			return err
		}
	}
	_, err := a.Store.RecordRefund(ctx, store.RefundIn{OrderID: o.ID, RefundID: "cancelled", Currency: o.Currency, AmountMinor: o.NetMinor, OccurredAt: o.CancelledAt})
	return err
}

func (a *Applier) refund(ctx context.Context, w store.Webhook, r partnership.SaleRefund) error {
	if r.SubtotalMinor == 0 {
		return ignored("no line was refunded")
	}
	at := r.At
	if at.IsZero() {
		at = w.ReceivedAt
	}
	holdsTax, err := a.holdsTax(ctx, r)
	if err != nil {
		return err
	}
	_, err = a.Store.RecordRefund(ctx, store.RefundIn{OrderID: r.OrderID, RefundID: r.RefundID, Currency: r.Currency, AmountMinor: r.NetMinor(holdsTax), OccurredAt: at})
	return err
}

// holdsTax says whether a refund's amounts hold tax, which the refund itself does not tell: its order does. An order that the shop does
// not show yet is asked for again, for as long as deliveries are: taken for one or the other, the refund would move a wrong sum for good.
func (a *Applier) holdsTax(ctx context.Context, r partnership.SaleRefund) (bool, error) {
	if r.TaxMinor == 0 || a.Shop == nil {
		return false, nil
	}
	o, err := a.Shop.Sale(ctx, r.OrderID)
	return o.TaxesIncluded, err
}

// rail is who is asked again before anything is booked.
func (a *Applier) rail(vendor string) (Rail, error) {
	if r, on := a.Rails[vendor]; on {
		return r, nil
	}
	return nil, errors.New(a.Title(vendor) + " is not configured: rapport doctor names its settings")
}

func (a *Applier) account(ctx context.Context, vendor string, w store.Webhook, e facts.AccountChanged) error {
	rail, err := a.rail(vendor)
	if err != nil {
		return err
	}
	account, err := rail.Account(ctx, e.AccountID)
	if err != nil {
		return unknown(w, "the account", err)
	}
	creators, err := a.Store.CreatorsByAccount(ctx, account.ID)
	if err != nil {
		return err
	}
	if len(creators) == 0 {
		return unknown(w, "the account", partnership.Errorf(partnership.NotFound, "no creator has this account yet"))
	}
	for _, id := range creators {
		if err := a.Store.SavePayoutAccount(ctx, id, account); err != nil {
			return err
		}
		if !account.Ready {
			continue
		}
		open, err := a.Store.PartnershipsOf(ctx, id)
		if err != nil {
			return err
		}
		if err := a.tellAll(ctx, open, news.PayoutAccountReady, e.EventID); err != nil {
			return err
		}
	}
	return nil
}

// reversed books money that came back from a creator's account, as much as the provider now says in all.
func (a *Applier) reversed(ctx context.Context, vendor string, w store.Webhook, t facts.TransferReversed) error {
	rail, err := a.rail(vendor)
	if err != nil {
		return err
	}
	id, err := a.Store.PayoutByRef(ctx, vendor, t.TransferID)
	if err != nil {
		return unknown(w, "the transfer", err)
	}
	transfers, err := rail.TransfersOf(ctx, id)
	if err != nil {
		return err
	}
	for _, now := range transfers {
		if now.ID == t.TransferID {
			return a.Store.ReverseTransfer(ctx, id, t.TransferID, now.ReversedMinor)
		}
	}
	return errors.New("the provider does not show the transfer that it says was reversed")
}

// bankRefused is about money that a creator's bank sent back to the creator's own balance at the provider: it is still theirs,
// and they have to mend their bank details. Finance is told; the ledger does not move.
func (a *Applier) bankRefused(ctx context.Context, vendor string, w store.Webhook, e facts.BankRefused) error {
	creators, err := a.Store.CreatorsByAccount(ctx, e.AccountID)
	if err != nil {
		return err
	}
	if len(creators) == 0 {
		return ignored("the account is not ours")
	}
	return a.show(ctx, partnership.Message{
		Key: partnership.EffectKey("creator/" + string(creators[0]) + "/bank-refused/" + e.ID), Kind: "bank_refused",
		Text:  "A creator's bank sent a payout back",
		Body:  "The money lies in the creator's own balance at " + a.Title(vendor) + "; nothing has to be paid again. Ask the creator to correct the bank details there.",
		Facts: []partnership.Fact{{Label: "Account", Value: e.AccountID}, {Label: "Reason", Value: e.Reason}},
	}, w.ReceivedAt)
}
