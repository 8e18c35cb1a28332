package webhooks

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/rapport-dev/rapport/integrations/shopify"
	"github.com/rapport-dev/rapport/integrations/stripe"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/workflows"
)

// shop books sales, refunds and cancellations. The topic and the shop's name stand in headers, which are not signed: what happened is
// read in the body, and money that moves because of it is asked for again.
func (a *Applier) shop(ctx context.Context, w store.Webhook) error {
	h := http.Header(w.Headers)
	if err := a.Ours.shop(h.Get(shopify.HeaderShop)); err != nil {
		return err
	}
	switch topic := h.Get(shopify.HeaderTopic); topic {
	case shopify.TopicOrdersPaid:
		return a.order(ctx, w)
	case shopify.TopicOrdersCancelled:
		return a.cancelled(ctx, w)
	case shopify.TopicRefundsCreate:
		return a.refund(ctx, w)
	default:
		return ignored("a topic that changes nothing here")
	}
}

func (a *Applier) order(ctx context.Context, w store.Webhook) error {
	o, err := shopify.ParseOrder(w.Body)
	if err != nil {
		return &poisonError{err}
	}
	switch {
	case o.Test:
		return ignored("a test order moves no money")
	case !o.CancelledAt.IsZero():
		return ignored("the order was cancelled")
	case !o.Paid: // the body says pending or authorized: only the shop can say that it was paid all the same
		if o, err = a.asked(ctx, w, o.ID, "the payment", func(now shopify.Order) bool { return now.Paid && !now.Test }); err != nil {
			return err
		}
	}
	at := o.ProcessedAt
	if at.IsZero() {
		at = w.ReceivedAt
	}
	_, err = a.Store.RecordOrder(ctx, store.OrderIn{
		OrderID: o.ID, Currency: o.Currency, NetMinor: o.LineNetMinor, Codes: o.DiscountCodes, LinkCode: linkOf(o), OccurredAt: at, Gift: o.IsGift(),
	})
	return err
}

// asked is an order as the shop has it now, once that is so. The shop's search may lag: it is asked for some minutes, and then the
// delivery is not believed.
func (a *Applier) asked(ctx context.Context, w store.Webhook, id, what string, so func(shopify.Order) bool) (shopify.Order, error) {
	if a.Shop == nil {
		return shopify.Order{}, ignored(what + " is not in the delivery, and no shop is configured to be asked")
	}
	now, err := a.Shop.Order(ctx, id)
	if err == nil && !so(now) {
		err = p.Errorf(p.NotFound, "the shop does not show %s", what)
	}
	return now, unknown(w, what, err)
}

// linkOf is the code of the creator's link that brought the buyer: utm_content of the landing page, or what the theme put into
// the cart from it.
func linkOf(o shopify.Order) string {
	if u, err := url.Parse(o.LandingSite); err == nil {
		if code := u.Query().Get("utm_content"); code != "" {
			return code
		}
	}
	return o.NoteAttributes["utm_content"]
}

// cancelled takes back what is left of the order. The refund that usually comes along counts together with it, up to the whole. An
// order whose own body does not say that it was cancelled is somebody's replay under another topic.
func (a *Applier) cancelled(ctx context.Context, w store.Webhook) error {
	o, err := shopify.ParseOrder(w.Body)
	if err != nil {
		return &poisonError{err}
	}
	switch {
	case o.Test || o.IsGift():
		return ignored("it earned nothing")
	case o.CancelledAt.IsZero():
		a.Log.WarnContext(ctx, "an order came as cancelled that is not", "inbox", w.ID)
		return ignored("the order's own body does not say that it was cancelled")
	case a.Shop != nil:
		if _, err := a.asked(ctx, w, o.ID, "the cancellation", func(now shopify.Order) bool { return !now.CancelledAt.IsZero() }); err != nil {
			return err
		}
	}
	_, err = a.Store.RecordRefund(ctx, store.RefundIn{OrderID: o.ID, RefundID: "cancelled", Currency: o.Currency, AmountMinor: o.LineNetMinor, OccurredAt: o.CancelledAt})
	return err
}

func (a *Applier) refund(ctx context.Context, w store.Webhook) error {
	r, err := shopify.ParseRefund(w.Body)
	if err != nil {
		return &poisonError{err}
	}
	if r.SubtotalMinor == 0 {
		return ignored("no line was refunded")
	}
	at := r.ProcessedAt
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
func (a *Applier) holdsTax(ctx context.Context, r shopify.Refund) (bool, error) {
	if r.TaxMinor == 0 || a.Shop == nil {
		return false, nil
	}
	o, err := a.Shop.Order(ctx, r.OrderID)
	return o.TaxesIncluded, err
}

// payout takes news of accounts and transfers. The provider is asked again before anything is booked.
func (a *Applier) payout(ctx context.Context, w store.Webhook) error {
	e, err := stripe.ParseEvent(w.Body)
	if err != nil {
		return &poisonError{err}
	}
	if err := a.Ours.payout(e); err != nil {
		return err
	}
	if a.Rail == nil {
		return errors.New("the payout provider is not configured: set STRIPE_API_KEY")
	}
	switch {
	case e.PayoutAccount != nil:
		return a.account(ctx, w, e)
	case e.Type == stripe.TransferReversed && e.Transfer != nil:
		return a.reversed(ctx, w, *e.Transfer)
	case e.Type == stripe.PayoutFailed && e.BankPayout != nil:
		return a.bankRefused(ctx, w, e)
	default:
		return ignored("an event that changes nothing here")
	}
}

func (a *Applier) account(ctx context.Context, w store.Webhook, e stripe.Event) error {
	account, err := a.Rail.Account(ctx, e.PayoutAccount.ID)
	if err != nil {
		return unknown(w, "the account", err)
	}
	creators, err := a.Store.CreatorsByAccount(ctx, account.ID)
	if err != nil {
		return err
	}
	if len(creators) == 0 {
		return unknown(w, "the account", p.Errorf(p.NotFound, "no creator has this account yet"))
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
		if err := a.signalAll(ctx, open, workflows.SignalPayoutAccountReady, workflows.PayoutAccountReady{EventID: e.ID}); err != nil {
			return err
		}
	}
	return nil
}

// reversed books money that came back from a creator's account, as much as the provider now says in all.
func (a *Applier) reversed(ctx context.Context, w store.Webhook, t p.Transfer) error {
	id, err := a.Store.PayoutByRef(ctx, "stripe", t.ID)
	if err != nil {
		return unknown(w, "the transfer", err)
	}
	transfers, err := a.Rail.TransfersOf(ctx, id)
	if err != nil {
		return err
	}
	for _, now := range transfers {
		if now.ID == t.ID {
			return a.Store.ReverseTransfer(ctx, id, t.ID, now.ReversedMinor)
		}
	}
	return errors.New("the provider does not show the transfer that it says was reversed")
}

// bankRefused is about money that a creator's bank sent back to the creator's own balance at the provider: it is still theirs,
// and they have to mend their bank details. Finance is told; the ledger does not move.
func (a *Applier) bankRefused(ctx context.Context, w store.Webhook, e stripe.Event) error {
	creators, err := a.Store.CreatorsByAccount(ctx, e.Account)
	if err != nil {
		return err
	}
	if len(creators) == 0 {
		return ignored("the account is not ours")
	}
	return a.show(ctx, p.Message{
		Key: p.EffectKey("creator/" + string(creators[0]) + "/bank-refused/" + e.BankPayout.ID), Kind: "bank_refused",
		Text:  "A creator's bank sent a payout back",
		Body:  "The money lies in the creator's own balance at Stripe; nothing has to be paid again. Ask the creator to correct the bank details there.",
		Facts: []p.Fact{{Label: "Account", Value: e.Account}, {Label: "Reason", Value: e.BankPayout.FailureCode}},
	}, w.ReceivedAt)
}
