package ledger

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// NoSale is why an order that a shop tells of moves no money, "" for one that does: some of it is paid, or it is over.
func NoSale(o partnership.Sale) string {
	switch {
	case o.Test:
		return "a test order moves no money"
	case !o.Paid && !o.Part && o.CancelledAt.IsZero():
		return "the order is not paid"
	}
	return ""
}

// Dated is an order with the instants that its shop leaves out: it is as it was when it was heard, and was made at the latest then.
func Dated(o partnership.Sale, heard time.Time) partnership.Sale {
	if o.SaidAt.IsZero() {
		o.SaidAt = heard
	}
	if o.ProcessedAt.IsZero() {
		o.ProcessedAt = o.SaidAt
	}
	for i, r := range o.Refunds {
		if r.At.IsZero() {
			o.Refunds[i].At = heard
		}
	}
	return o
}
