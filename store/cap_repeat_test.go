package store_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// said is an order as the shop says it at one moment.
func (f *fixture) said(pa party, id string, netMinor int64) store.OrderIn {
	return store.OrderIn{
		OrderID: id, Currency: "USD", NetMinor: netMinor, Codes: []string{pa.kit.DiscountCode}, OccurredAt: epoch,
		SaleState: partnership.SaleState{SaidAt: f.clock()},
	}
}

func capped(minor int64) func(*partnership.Campaign, *partnership.Terms) {
	return func(_ *partnership.Campaign, t *partnership.Terms) { t.CommissionCap = minor }
}

// What a cap has cut stays cut: what comes back makes room for later sales, and not for what an order had grown by before.
func TestWhatWasCutIsNotBookedByARepetition(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, capped(10_000))
	pa := parties[0]
	record := func(in store.OrderIn) {
		_, err := f.RecordOrder(t.Context(), in)
		must(t, err)
	}
	record(f.said(pa, "A", 40_000))
	record(f.said(pa, "B", 60_000)) // the cap is used up
	f.pass(day / 24)
	grown := f.said(pa, "A", 70_000)
	record(grown) // by 30.00 of commission, of which nothing is left
	f.refund("B", "r1", 60_000)
	if _, sum := f.rows(""); sum != 4000 {
		t.Fatalf("before any repetition %d is booked", sum)
	}
	record(grown)
	if _, sum := f.rows(""); sum != 4000 {
		t.Errorf("the same report again: %d is booked", sum)
	}
	f.pass(day / 24)
	record(f.said(pa, "A", 70_000)) // a note was edited: newer, and worth the same
	if _, sum := f.rows(""); sum != 4000 {
		t.Errorf("a newer report of the same worth: %d is booked", sum)
	}
	f.refund("A", "r2", 7000) // a tenth came back; more than what is booked is still sold
	if _, sum := f.rows(""); sum != 4000 {
		t.Errorf("a refund of what was cut: %d is booked", sum)
	}
	f.pass(day / 24)
	record(f.said(pa, "A", 71_000)) // and what it grows by now has room
	if _, sum := f.rows(""); sum != 4100 {
		t.Errorf("a later growth of 10.00: %d is booked", sum)
	}
	f.refund("A", "r3", 71_000)
	if _, sum := f.rows("A"); sum != 0 {
		t.Errorf("refunded in full, %d is left", sum)
	}
	f.sound()
}

// Whatever was heard may be heard again at any later moment: it changes nothing, also where a cap cuts.
func TestARepetitionAtAnyLaterMomentChangesNothing(t *testing.T) {
	t.Parallel()
	f := open(t)
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		program := fmt.Sprint("again-", round)
		id, parties := f.launch(1, func(c *partnership.Campaign, agreed *partnership.Terms) {
			c.Program, c.Name, agreed.CommissionCap = program, program, rapid.Int64Range(0, 15_000).Draw(rt, "cap")
		})
		sum := func() (sum int64) {
			doc, err := f.LedgerDocument(t.Context(), store.LedgerFilter{CampaignID: id})
			must(t, err)
			for _, row := range doc.Rows {
				sum += row.AmountMinor
			}
			return sum
		}
		var heard []func() error
		for i := range rapid.IntRange(1, 8).Draw(rt, "facts") {
			order := fmt.Sprintf("%s/%d", program, rapid.IntRange(1, 3).Draw(rt, "order"))
			in := f.said(parties[0], order, rapid.Int64Range(0, 80_000).Draw(rt, "net"))
			fact := func() error {
				_, err := f.RecordOrder(t.Context(), in)
				return err
			}
			if rapid.Bool().Draw(rt, "a refund") {
				back := refundOf(order, fmt.Sprint("r", i), rapid.Int64Range(1, 80_000).Draw(rt, "back"))
				fact = func() error {
					_, err := f.RecordRefund(t.Context(), back, store.ByWebhook)
					return err
				}
			}
			must(t, fact())
			heard = append(heard, fact)
			f.pass(day / 24)
			before := sum()
			must(t, rapid.SampledFrom(heard).Draw(rt, "again")())
			if after := sum(); after != before {
				rt.Fatalf("a repetition has booked %d", after-before)
			}
		}
	})
}
