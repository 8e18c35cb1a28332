package web

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/invoice"
)

// stack is payouts of which an invoice is due, in pages of two, and which of them were issued.
type stack struct{ due, issued []partnership.PayoutID }

func (s *stack) InvoicesDue(_ context.Context, after partnership.PayoutID, _ int) ([]partnership.PayoutID, error) {
	rest := slices.DeleteFunc(slices.Clone(s.due), func(id partnership.PayoutID) bool { return id <= after })
	return rest[:min(2, len(rest))], nil
}

var errLedger = errors.New("the lines do not sum to it")

func (s *stack) IssueInvoices(_ context.Context, id partnership.PayoutID, _ func(invoice.Document) ([]byte, error)) (numbers, waits []string, err error) {
	if id == "a" {
		return nil, nil, errLedger
	}
	s.issued = append(s.issued, id)
	return []string{string(id)}, nil, nil
}

// An invoice that cannot be issued holds up none behind it, and is told.
func TestAnInvoiceThatCannotBeIssuedHoldsUpNone(t *testing.T) {
	t.Parallel()
	all := &stack{due: []partnership.PayoutID{"a", "b", "c"}}
	v := &invoices{store: all, log: slog.New(slog.DiscardHandler)}
	if err := v.sweep(t.Context()); !errors.Is(err, errLedger) || !slices.Equal(all.issued, []partnership.PayoutID{"b", "c"}) {
		t.Errorf("%v are issued, %v", all.issued, err)
	}
}
