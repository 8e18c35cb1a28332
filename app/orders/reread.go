// Package orders is what people ask about the shop's orders: asking the shop again, and adding those of another shop.
package orders

import (
	"context"
	"errors"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// Rereader asks the shop again.
type Rereader interface {
	// RereadOrders asks for all orders that changed since, and waits for what is found. One that is under way from the same day is that one.
	// *partnership.Taken when it is not known yet by the time that ctx has: the shop is asked all the same.
	RereadOrders(ctx context.Context, since time.Time) (partnership.Reread, error)
}

// Reread asks the shop for all orders that changed since an instant and books what no webhook has brought.
func Reread(ctx context.Context, kept deeds.Recorder, shop Rereader, by deeds.By, since, now time.Time) (partnership.Reread, error) {
	if err := by.May(partnership.DeedRereadOrders); err != nil {
		return partnership.Reread{}, err
	}
	if !since.Before(now) {
		return partnership.Reread{}, partnership.FieldErrorf("since", "orders are read again from a day in the past, and %s is none", since.Format(time.DateOnly))
	}
	found, err := shop.RereadOrders(ctx, since)
	_, goesOn := errors.AsType[*partnership.Taken](err)
	if err != nil && !goesOn {
		return found, err
	}
	ctx = context.WithoutCancel(ctx) // the audit has it, whoever has gone meanwhile
	return found, errors.Join(err, kept.Record(ctx, partnership.Deed{
		Who: by.Who, Deed: partnership.DeedRereadOrders, Subject: "orders",
		Details: map[string]any{"since": since, "looked": found.Looked, "booked": found.Booked, "minor": found.Minor, "unread": len(found.Unread), "restored": found.Restored},
	}))
}
