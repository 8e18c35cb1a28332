package web

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/invoice"
	"github.com/rapport-dev/rapport/partnership/paper"
)

// invoiceEvery is how often due invoices are looked for; invoicePage how many payouts are asked for at once.
const invoiceEvery, invoicePage = time.Minute, 100

// dueInvoices are payouts of which an invoice or a credit note is due.
type dueInvoices interface {
	InvoicesDue(ctx context.Context, after partnership.PayoutID, most int) ([]partnership.PayoutID, error)
	IssueInvoices(ctx context.Context, id partnership.PayoutID, draw func(invoice.Document) ([]byte, error)) (numbers, waits []string, err error)
}

// invoices issues what is due, once nothing is missing. Several front doors at once issue each once.
type invoices struct {
	store dueInvoices
	fonts *paper.Fonts
	log   *slog.Logger
}

// Run issues at once, and then every so often until ctx ends.
func (v *invoices) Run(ctx context.Context) {
	tick := time.NewTicker(invoiceEvery)
	defer tick.Stop()
	for {
		if err := v.sweep(ctx); err != nil && ctx.Err() == nil {
			v.log.WarnContext(ctx, "invoices not issued", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// sweep issues all that is due. One that cannot be issued holds up none behind it.
func (v *invoices) sweep(ctx context.Context) (failed error) {
	for after := partnership.PayoutID(""); ; {
		ids, err := v.store.InvoicesDue(ctx, after, invoicePage)
		if err != nil || len(ids) == 0 {
			return cmp.Or(err, failed)
		}
		for _, id := range ids {
			if _, _, err := v.store.IssueInvoices(ctx, id, v.draw); err != nil {
				failed = err
			}
			after = id
		}
	}
}

func (v *invoices) draw(d invoice.Document) ([]byte, error) { return invoice.Draw(d, v.fonts) }
