package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Sales keeps what the shop says of its orders.
type Sales interface {
	// BookSale keeps how an order stands and books the difference that it makes, in minor units of its currency. look is why a person has
	// to look at it, "" nobody has to.
	BookSale(ctx context.Context, o partnership.Sale) (minor int64, look string, err error)
	// RereadUntil is until when all orders that changed were asked for, as the books know it: zero never. RereadDone keeps it.
	RereadUntil(ctx context.Context) (time.Time, error)
	RereadDone(ctx context.Context, until time.Time) error
}

// RereadPage asks for one page of the orders that changed since. The nightly one says how far back it reads where the books know of none
// before, and until when it reads: a person's leaves both zero.
type RereadPage struct {
	Since  time.Time `json:"since"`
	Cursor string    `json:"cursor,omitempty"`
	First  time.Time `json:"first,omitzero"`
	Until  time.Time `json:"until,omitzero"`
}

// RereadOverlap is how long before the last re-read began the next one reads from: an order that was written while the shop was asked may
// have come too late for it.
const RereadOverlap = time.Hour

// rereadSoFar is how far the attempts at a page have come; each heartbeat says it. What was read is not read again, so that a shop that loses
// many answers does not have the page begun anew for ever.
type rereadSoFar struct {
	partnership.Reread

	Read   []string       `json:"read,omitempty"`   // orders that need not be asked for again
	Failed map[string]int `json:"failed,omitempty"` // in how many attempts the shop gave no answer of an order
}

// Of an order that the shop gave no answer of in so many attempts, each of which it told what had changed, people are told; and an attempt
// asks for no more after so many in a row, for then the shop answers nobody.
const (
	mostUnanswered = 8
	silentShop     = 3
)

// RereadOrders asks the shop for a page of orders that changed, and books what no webhook has brought. An order that cannot be read is named
// and holds up no other. What an attempt has read before it failed is counted by the next one. Without a shop there is nothing to read.
func (a *Activities) RereadOrders(ctx context.Context, in RereadPage) (out partnership.Reread, err error) {
	defer mapped(&err)
	if a.Orders == nil {
		return out, nil
	}
	if in.Since, err = a.rereadSince(ctx, in); err != nil {
		return out, err
	}
	ids, goOn, err := a.Orders.OrdersChanged(ctx, in.Since, in.Cursor)
	if err != nil {
		return out, err
	}
	soFar, err := readBefore(ctx)
	if err != nil {
		return out, err
	}
	if err := a.rereadPage(ctx, &soFar, ids); err != nil {
		return out, err
	}
	out.Since, out.Cursor, out.Looked = in.Since, goOn, len(ids)
	out.Add(soFar.Reread)
	if goOn == "" && !in.Until.IsZero() {
		return out, a.Store.RereadDone(ctx, in.Until)
	}
	return out, nil
}

// rereadPage reads those orders that no attempt has read. The error is why some are left to another one.
func (a *Activities) rereadPage(ctx context.Context, soFar *rereadSoFar, ids []string) (left error) {
	silent := 0
	for _, id := range ids {
		if slices.Contains(soFar.Read, id) {
			continue
		}
		err := a.rereadOne(ctx, soFar, id)
		if err != nil && !noneCame(err) {
			return err
		}
		if activity.IsActivity(ctx) {
			activity.RecordHeartbeat(ctx, *soFar)
		}
		if err == nil {
			silent = 0
			continue
		}
		if left, silent = err, silent+1; silent == silentShop {
			break
		}
	}
	return left
}

// rereadOne reads an order, books what it earns that no webhook has brought, and names it where it cannot be read. The error is why it is to
// be asked for again.
func (a *Activities) rereadOne(ctx context.Context, soFar *rereadSoFar, id string) error {
	o, err := a.Orders.Sale(ctx, id)
	if noneCame(err) { // once more, at once: else a shop that loses answers in turn would lose this one's each time
		o, err = a.Orders.Sale(ctx, id)
	}
	if noneCame(err) {
		if soFar.Failed[id]++; soFar.Failed[id] < mostUnanswered {
			return err
		}
	}
	switch {
	case noneCame(err) || partnership.ClassOf(err) == partnership.Permanent || partnership.CodeOf(err) == partnership.NotFound:
		soFar.Add(partnership.Reread{Unread: []string{fmt.Sprintf("%s: %v", id, err)}})
	case err != nil:
		return err
	case ledger.NoSale(o) == "":
		if err := a.rebook(ctx, &soFar.Reread, o); err != nil {
			return err
		}
	}
	soFar.Read = append(soFar.Read, id)
	return nil
}

// rebook books what an order earns that no webhook has brought.
func (a *Activities) rebook(ctx context.Context, found *partnership.Reread, o partnership.Sale) error {
	minor, look, err := a.Store.BookSale(ctx, o)
	if err != nil {
		return err
	}
	if look != "" {
		found.Add(partnership.Reread{Unread: []string{o.ID + ": " + look}})
	}
	if minor != 0 {
		found.Add(partnership.Reread{Booked: 1, Orders: []string{o.ID}, Minor: money.Sums{{Currency: o.Currency, Minor: minor}}})
	}
	return nil
}

// noneCame says that an answer was lost, or was none: of this order, and not because the shop refuses or slows down all of us.
func noneCame(err error) bool {
	v, ok := errors.AsType[*partnership.VendorError](err)
	return ok && v.RetryAfter == 0 && (v.Class == partnership.Retry || v.Class == partnership.Ambiguous)
}

// readBefore is what earlier attempts have read of a page.
func readBefore(ctx context.Context) (soFar rereadSoFar, err error) {
	if activity.IsActivity(ctx) && activity.HasHeartbeatDetails(ctx) {
		err = activity.GetHeartbeatDetails(ctx, &soFar)
	}
	if soFar.Failed == nil {
		soFar.Failed = map[string]int{}
	}
	return soFar, err
}

// rereadSince is since when the nightly re-read reads. The engine remembers when the last one began, and books that were restored from a
// backup know less than that: what the backup lacks is read again.
func (a *Activities) rereadSince(ctx context.Context, in RereadPage) (time.Time, error) {
	if in.First.IsZero() || in.Cursor != "" {
		return in.Since, nil
	}
	until, err := a.Store.RereadUntil(ctx)
	if err != nil {
		return in.Since, err
	}
	since := in.First
	if !until.IsZero() {
		since = until.Add(-RereadOverlap)
	}
	if since.Before(in.Since) {
		return since, nil
	}
	return in.Since, nil
}

// KeepWebhooks puts back the subscriptions that the shop has removed, and says which.
func (a *Activities) KeepWebhooks(ctx context.Context, _ struct{}) (restored []string, err error) {
	defer mapped(&err)
	if a.Orders == nil {
		return nil, nil
	}
	return a.Orders.KeepSubscriptions(ctx, a.PublicURL)
}

// TellReread tells the brand's people what asking the shop again has found.
func (a *Activities) TellReread(ctx context.Context, in partnership.Reread) (err error) {
	defer mapped(&err)
	_, err = a.post(ctx, partnership.Message{
		Key: partnership.EffectKey("orders/reread/" + in.Until.UTC().Format(time.RFC3339)), Kind: "orders_reread",
		Text: "The shop was asked again: something had not reached us", Body: strings.Join(rereadWords(in), "\n"),
	})
	return err
}

func rereadWords(in partnership.Reread) (words []string) {
	if in.Booked > 0 {
		words = append(words, fmt.Sprintf("%d orders earn something else than their webhooks had brought; booked now: %s of commission. Orders: %s", in.Booked, in.Minor.Display(""), strings.Join(in.Orders, ", ")))
	}
	if len(in.Unread) > 0 {
		words = append(words, "Not read: "+strings.Join(in.Unread, "; "))
	}
	if len(in.Restored) > 0 {
		words = append(words, "The shop had removed webhooks of ours, and they are there again: "+strings.Join(in.Restored, ", "))
	}
	return words
}
