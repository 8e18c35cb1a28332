package activities

import (
	"context"
	"fmt"
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

// RereadOrders asks the shop for a page of orders that changed, and books what no webhook has brought. An order that cannot be read is named
// and holds up no other. What an attempt has booked before it failed is counted by the next one: booking it again books nothing. Without a
// shop there is nothing to read.
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
	booked, err := bookedBefore(ctx)
	if err != nil {
		return out, err
	}
	out.Since, out.Cursor = in.Since, goOn
	for _, id := range ids {
		if activity.IsActivity(ctx) {
			activity.RecordHeartbeat(ctx, booked)
		}
		out.Looked++
		o, err := a.Orders.Sale(ctx, id)
		if partnership.ClassOf(err) == partnership.Permanent || partnership.CodeOf(err) == partnership.NotFound {
			out.Unread = append(out.Unread, fmt.Sprintf("%s: %v", id, err))
			continue
		}
		if err != nil {
			return out, err
		}
		if ledger.NoSale(o) != "" {
			continue
		}
		minor, look, err := a.Store.BookSale(ctx, o)
		if err != nil {
			return out, err
		}
		if look != "" {
			booked.Add(partnership.Reread{Unread: []string{id + ": " + look}})
		}
		if minor != 0 {
			booked.Add(partnership.Reread{Booked: 1, Orders: []string{id}, Minor: money.Sums{{Currency: o.Currency, Minor: minor}}})
		}
	}
	out.Add(booked)
	if goOn == "" && !in.Until.IsZero() {
		return out, a.Store.RereadDone(ctx, in.Until)
	}
	return out, nil
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

// bookedBefore is what earlier attempts have booked of a page: each heartbeat says it.
func bookedBefore(ctx context.Context) (booked partnership.Reread, err error) {
	if activity.IsActivity(ctx) && activity.HasHeartbeatDetails(ctx) {
		err = activity.GetHeartbeatDetails(ctx, &booked)
	}
	return booked, err
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
