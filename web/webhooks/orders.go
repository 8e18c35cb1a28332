package webhooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
)

// order keeps how an order stands and books what that is worth. A delivery's kind is often not signed: what happened is read in the order
// itself, and where that does not say that it was paid the shop is asked.
func (a *Applier) order(ctx context.Context, w store.Webhook, t facts.OrderTold) error {
	o := t.Order
	switch why := ledger.NoSale(o); {
	case why == "":
	case o.Test || !t.Paid:
		return ignored(why)
	default: // the body says pending or authorized: only the shop can say that it was paid all the same
		var err error
		if o, err = a.asked(ctx, w, o.ID, "the payment", func(now partnership.Sale) bool { return ledger.NoSale(now) == "" }); err != nil {
			return err
		}
		o.Buyer, o.Referrer = t.Order.Buyer, t.Order.Referrer
	}
	return a.book(ctx, w, o, store.ByWebhook)
}

func (a *Applier) book(ctx context.Context, w store.Webhook, o partnership.Sale, heard store.Heard) error {
	in := store.OrderOf(ledger.Dated(o, w.ReceivedAt))
	in.Heard = heard
	result, err := a.Store.RecordOrder(ctx, in)
	return a.look(ctx, w, o.ID, result.Look, err)
}

// look tells finance, once, why a person has to look at an order of which nothing could be held: all of it is paid.
func (a *Applier) look(ctx context.Context, w store.Webhook, order, why string, err error) error {
	if err != nil || why == "" {
		return err
	}
	sum := sha256.Sum256([]byte(why))
	return a.show(ctx, partnership.Message{
		Key: partnership.EffectKey("order/" + order + "/look/" + hex.EncodeToString(sum[:6])), Kind: "order_look",
		Text:  "An order that was paid out needs a look",
		Body:  "No sum in the books has what the shop says now: " + why + ". Nothing is converted; look at the order in the shop, and settle with the creator by hand.",
		Facts: []partnership.Fact{{Label: "Order", Value: order}},
	}, w.ReceivedAt)
}

// changed asks the shop how an order stands that a delivery only names. Where the shop does not show it, the order's own deliveries or the
// nightly re-read tell; one that was too large to be kept has nothing else that tells, and a person is told.
func (a *Applier) changed(ctx context.Context, w store.Webhook, c facts.OrderChanged) error {
	o, err := a.asked(ctx, w, c.ID, "the order", func(partnership.Sale) bool { return true })
	if c.Why != "" && errors.As(err, new(*ignoredError)) {
		return a.show(ctx, partnership.Message{
			Key: partnership.EffectKey("order/" + c.ID + "/unread"), Kind: "order_unread",
			Text:  "An order could not be read",
			Body:  "What it earns is not booked: " + c.Why + ", and the shop does not show the order when it is asked. Book it by hand: rapport orders import, as an order of this shop.",
			Facts: []partnership.Fact{{Label: "Order", Value: c.ID}},
		}, w.ReceivedAt)
	}
	if err != nil {
		return err
	}
	if why := ledger.NoSale(o); why != "" {
		return ignored(why)
	}
	return a.book(ctx, w, o, store.ByReread)
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

// refund takes back what a refund gave back. Whether its amounts hold tax its order says, whenever that is heard of.
func (a *Applier) refund(ctx context.Context, w store.Webhook, r partnership.SaleRefund) error {
	if r.At.IsZero() {
		r.At = w.ReceivedAt
	}
	result, err := a.Store.RecordRefund(ctx, r, store.ByWebhook)
	return a.look(ctx, w, r.OrderID, result.Look, err)
}

func (a *Applier) disputed(ctx context.Context, w store.Webhook, d partnership.SaleDispute) error {
	if d.At.IsZero() {
		d.At = w.ReceivedAt
	}
	result, err := a.Store.RecordDispute(ctx, d, store.ByWebhook)
	return a.look(ctx, w, d.OrderID, result.Look, err)
}

// dead tells the brand's people, once a vendor and day, of deliveries that nobody will ever understand: what they are about is not done.
func (a *Applier) dead(ctx context.Context, w store.Webhook, cause error) {
	name := w.Provider
	if i := slices.IndexFunc(a.Webhooks, func(h Hook) bool { return h.Inbox == w.Provider }); i >= 0 {
		name = a.Title(a.Webhooks[i].Vendor)
	}
	err := a.show(ctx, partnership.Message{
		Key: partnership.EffectKey("inbox/" + w.Provider + "/dead/" + w.ReceivedAt.UTC().Format(time.DateOnly)), Kind: "delivery_dead",
		Text: "A delivery of " + name + " could not be applied",
		Body: "Nothing was done about it, and it is not tried again by itself. rapport inbox list shows it and all others like it; once the cause is mended, rapport inbox retry applies them.",
		Facts: []partnership.Fact{
			{Label: "Delivery", Value: strconv.FormatInt(w.ID, 10)}, {Label: "Why", Value: cause.Error()},
		},
	}, w.ReceivedAt)
	if err != nil {
		a.Log.WarnContext(ctx, "nobody was told of a dead delivery", "inbox", w.ID, "error", err)
	}
}
