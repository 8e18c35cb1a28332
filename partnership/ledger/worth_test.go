package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

var firstSaid = time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return firstSaid.Add(time.Duration(minutes) * time.Minute) }

func stood(minutes int, net int64, more ...func(*ledger.Said)) ledger.Said {
	s := ledger.Said{Currency: "USD", NetMinor: net, SaleState: partnership.SaleState{SaidAt: at(minutes), TotalMinor: net, RefundsListed: true}}
	for _, f := range more {
		f(&s)
	}
	return s
}

func total(minor int64) func(*ledger.Said) { return func(s *ledger.Said) { s.TotalMinor = minor } }

// knows is how an order stands that lists a refund or edit of 40.00.
func knows(id string) func(*ledger.Said) {
	return func(s *ledger.Said) { s.RefundIDs, s.RemovedMinor = []string{id}, 4000 }
}

func removed(minor int64) func(*ledger.Said) {
	return func(s *ledger.Said) { s.RefundsListed, s.RemovedMinor = false, minor }
}

func gave(id string, minutes int, moved int64, lines ...int64) partnership.SaleRefund {
	r := partnership.SaleRefund{RefundID: id, Currency: "USD", At: at(minutes), MoneyListed: true, Tried: true, MovedMinor: moved}
	for _, minor := range lines {
		r.Lines = append(r.Lines, partnership.RefundLine{SubtotalMinor: minor})
	}
	return r
}

// RULE 14, case by case: what was bought, and what is left of it.
func TestWorth(t *testing.T) {
	t.Parallel()
	taxed := func(s *ledger.Said) { s.TaxesIncluded, s.TotalMinor = true, 12_000 }
	edit := partnership.SaleRefund{RefundID: "e", Currency: "USD", At: at(1), MoneyListed: true, BesideMinor: -4000, Lines: []partnership.RefundLine{{SubtotalMinor: 4000}}}
	halfTaxed := partnership.SaleRefund{RefundID: "r", Currency: "USD", At: at(1), Lines: []partnership.RefundLine{{SubtotalMinor: 6000, TaxMinor: 1000}}}
	for _, c := range []struct {
		name         string
		facts        ledger.Facts
		bought, kept int64
	}{
		{"bought", ledger.Facts{Said: []ledger.Said{stood(0, 5000)}}, 5000, 5000},
		{"edited up", ledger.Facts{Said: []ledger.Said{stood(0, 5000), stood(1, 9000)}}, 9000, 9000},
		{"edited down", ledger.Facts{Said: []ledger.Said{stood(0, 9000), stood(1, 5000)}}, 5000, 5000},
		{"the older word comes last", ledger.Facts{Said: []ledger.Said{stood(1, 9000), stood(0, 5000)}}, 9000, 9000},
		{
			"edited up by 40, then the 40 refunded as an amount",
			ledger.Facts{Said: []ledger.Said{stood(0, 5000), stood(1, 9000)}, Refunds: []partnership.SaleRefund{gave("r", 2, 4000)}},
			9000, 5000,
		},
		{
			"edited up by 40, then the 40 refunded by its line, which the order shows",
			ledger.Facts{Said: []ledger.Said{stood(0, 5000), stood(1, 9000), stood(2, 5000, knows("r"))}, Refunds: []partnership.SaleRefund{gave("r", 2, 4000, 4000)}},
			9000, 5000,
		},
		{
			"edited up by 40, then the 40 refunded by its line, and the order tells of no refunds",
			ledger.Facts{Said: []ledger.Said{stood(0, 5000, removed(0)), stood(1, 9000, removed(0)), stood(2, 5000, removed(4000))}, Refunds: []partnership.SaleRefund{gave("r", 2, 4000, 4000)}},
			9000, 5000,
		},
		{
			"a line taken out after payment, and its money given back as an amount",
			ledger.Facts{Said: []ledger.Said{stood(0, 9000), stood(1, 5000)}, Refunds: []partnership.SaleRefund{gave("r", 2, 4000)}},
			5000, 5000,
		},
		{
			"the same with the note of the edit among the refunds",
			ledger.Facts{Said: []ledger.Said{stood(0, 9000), stood(1, 5000, knows("e"))}, Refunds: []partnership.SaleRefund{edit, gave("r", 2, 4000)}},
			5000, 5000,
		},
		{"half refunded as an amount, shipping in the total", ledger.Facts{Said: []ledger.Said{stood(0, 10_000, total(12_000))}, Refunds: []partnership.SaleRefund{gave("r", 1, 6000)}}, 10_000, 5000},
		{"everything refunded as an amount", ledger.Facts{Said: []ledger.Said{stood(0, 8400)}, Refunds: []partnership.SaleRefund{gave("r", 1, 8400)}}, 8400, 0},
		{"more refunded than was bought", ledger.Facts{Said: []ledger.Said{stood(0, 8400)}, Refunds: []partnership.SaleRefund{gave("r", 1, 99_999)}}, 8400, 0},
		{"a refund whose money failed", ledger.Facts{Said: []ledger.Said{stood(0, 9000)}, Refunds: []partnership.SaleRefund{gave("r", 1, 0, 4000)}}, 9000, 9000},
		{
			"a refund whose money failed, and the order shows its lines as out",
			ledger.Facts{Said: []ledger.Said{stood(0, 9000), stood(1, 5000, knows("r"))}, Refunds: []partnership.SaleRefund{gave("r", 1, 0, 4000)}},
			9000, 9000,
		},
		{
			"its money moves later",
			ledger.Facts{Said: []ledger.Said{stood(0, 9000), stood(1, 5000, knows("r"))}, Refunds: []partnership.SaleRefund{gave("r", 1, 0, 4000), gave("r", 1, 4000, 4000)}},
			9000, 5000,
		},
		{"half of the lines' money kept as a fee", ledger.Facts{Said: []ledger.Said{stood(0, 9000)}, Refunds: []partnership.SaleRefund{gave("r", 1, 2000, 4000)}}, 9000, 7000},
		{"tax inside, half given back", ledger.Facts{Said: []ledger.Said{stood(0, 10_000, taxed)}, Refunds: []partnership.SaleRefund{halfTaxed}}, 10_000, 5000},
		{"tax outside, half given back", ledger.Facts{Said: []ledger.Said{stood(0, 12_000)}, Refunds: []partnership.SaleRefund{halfTaxed}}, 12_000, 6000},
		{
			"a part of a line refunded, which is all still in the order",
			ledger.Facts{Said: []ledger.Said{stood(0, 5000), stood(1, 5000, func(s *ledger.Said) { s.RefundIDs = []string{"r"} })}, Refunds: []partnership.SaleRefund{gave("r", 1, 2000, 2000)}},
			5000, 3000,
		},
		{"cancelled", ledger.Facts{Said: []ledger.Said{stood(0, 9000), stood(1, 0, func(s *ledger.Said) { s.CancelledAt = at(1) })}}, 0, 0},
		{"cancelled, and the payment is heard of later", ledger.Facts{Said: []ledger.Said{stood(1, 9000, func(s *ledger.Said) { s.CancelledAt = at(1) }), stood(2, 9000)}}, 9000, 0},
		{"a dispute that is open", ledger.Facts{Said: []ledger.Said{stood(0, 9000)}, Disputes: []partnership.SaleDispute{{DisputeID: "d", Currency: "USD", AmountMinor: 9000}}}, 9000, 9000},
		{"lost", ledger.Facts{Said: []ledger.Said{stood(0, 9000)}, Disputes: []partnership.SaleDispute{{DisputeID: "d", Currency: "USD", AmountMinor: 9000, Lost: true}}}, 9000, 0},
		{
			"lost, then won",
			ledger.Facts{Said: []ledger.Said{stood(0, 9000)}, Disputes: []partnership.SaleDispute{
				{DisputeID: "d", Currency: "USD", AmountMinor: 9000, Won: true, FinalAt: at(9)}, {DisputeID: "d", Currency: "USD", AmountMinor: 9000, Lost: true, FinalAt: at(8)},
			}},
			9000, 9000,
		},
		{"the growth is not paid yet", ledger.Facts{Said: []ledger.Said{stood(0, 5000), stood(1, 9000, func(s *ledger.Said) { s.Part, s.OwedMinor = true, 4000 })}}, 5000, 5000},
	} {
		w, ok := c.facts.Worth()
		if !ok || w.BoughtMinor != c.bought || w.KeptMinor() != c.kept {
			t.Errorf("%s: %d bought, %d kept; want %d and %d", c.name, w.BoughtMinor, w.KeptMinor(), c.bought, c.kept)
		}
	}
	if _, ok := (ledger.Facts{Refunds: []partnership.SaleRefund{gave("r", 1, 1)}}).Worth(); ok {
		t.Error("a refund alone is worth something")
	}
}

func TestNewCustomersAreKnown(t *testing.T) {
	t.Parallel()
	first := func(b bool) func(*ledger.Said) { return func(s *ledger.Said) { s.NewCustomer = &b } }
	for want, facts := range map[string]ledger.Facts{
		"<nil>": {Said: []ledger.Said{stood(0, 1)}},
		"true":  {Said: []ledger.Said{stood(0, 1, first(true)), stood(1, 1)}},
		"false": {Said: []ledger.Said{stood(0, 1, first(true)), stood(1, 1, first(false))}},
	} {
		w, _ := facts.Worth()
		got := "<nil>"
		if w.NewCustomer != nil {
			got = fmt.Sprint(*w.NewCustomer)
		}
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// someFacts draws what a shop may say about one order.
func someFacts(t *rapid.T) (f ledger.Facts) {
	amount := rapid.Int64Range(0, 20_000)
	minute := rapid.IntRange(0, 4)
	ids := rapid.SampledFrom([]string{"a", "b"})
	for range rapid.IntRange(1, 4).Draw(t, "states") {
		s := stood(minute.Draw(t, "at"), amount.Draw(t, "net"))
		s.TotalMinor += amount.Draw(t, "beside goods")
		s.TaxesIncluded = rapid.Bool().Draw(t, "taxes")
		s.RefundsListed = rapid.Bool().Draw(t, "listed")
		s.RemovedMinor = amount.Draw(t, "removed")
		if s.RefundsListed && rapid.Bool().Draw(t, "knows") {
			s.RefundIDs = []string{ids.Draw(t, "known")}
		}
		f.Said = append(f.Said, s)
	}
	for range rapid.IntRange(0, 4).Draw(t, "refunds") {
		r := gave(ids.Draw(t, "refund"), minute.Draw(t, "at"), amount.Draw(t, "moved"), amount.Draw(t, "line"))
		r.MoneyListed, r.Tried = rapid.Bool().Draw(t, "money"), rapid.Bool().Draw(t, "tried")
		f.Refunds = append(f.Refunds, r)
	}
	for range rapid.IntRange(0, 3).Draw(t, "disputes") {
		fate := rapid.IntRange(0, 2).Draw(t, "fate")
		f.Disputes = append(f.Disputes, partnership.SaleDispute{
			DisputeID: ids.Draw(t, "dispute"), Currency: "USD", AmountMinor: amount.Draw(t, "amount"), Lost: fate == 1, Won: fate == 2, FinalAt: at(minute.Draw(t, "final")),
		})
	}
	return f
}

// RULE 14: any order of arrival, and any repetition, ends at one sum; so does a run that pays in between. What is booked after each fact is
// what the facts so far ask for.
func TestAnyOrderOfEventsEndsAtOneSum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := someFacts(t)
		rate := rapid.IntRange(1, 10_000).Draw(t, "bps")
		want, _ := all.Worth()
		if want.BackMinor < 0 || want.BackMinor > want.BoughtMinor {
			t.Fatalf("%d came back of %d", want.BackMinor, want.BoughtMinor)
		}
		full := ledger.Commission(want.BoughtMinor, rate)
		due := ledger.Commission(want.BoughtMinor, rate)
		if c, ok := ledger.CorrectionOf([]ledger.Row{{Kind: ledger.CommissionRow, State: ledger.Pending, AmountMinor: full, Currency: "USD", RateBPS: rate}}, want.BoughtMinor, want, firstSaid, ""); ok {
			due += c.Row.AmountMinor
		}
		n := len(all.Said) + len(all.Refunds) + len(all.Disputes)
		for range 2 {
			order := append(rapid.Permutation(indexes(n)).Draw(t, "order"), rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 3).Draw(t, "repeated")...)
			if got := play(t, all, order, rate); got != due {
				t.Fatalf("in the order %v it ends at %d, want %d", order, got, due)
			}
		}
	})
}

// play hears facts one after the other and books as store/ does.
func play(t *rapid.T, all ledger.Facts, order []int, rate int) int64 {
	var heard ledger.Facts
	var rows []ledger.Row
	var sold int64
	for _, i := range order {
		switch said, refunds := len(all.Said), len(all.Refunds); {
		case i < said:
			heard.Said = append(heard.Said, all.Said[i])
		case i < said+refunds:
			heard.Refunds = append(heard.Refunds, all.Refunds[i-said])
		default:
			heard.Disputes = append(heard.Disputes, all.Disputes[i-said-refunds])
		}
		w, ok := heard.Worth()
		if !ok {
			continue
		}
		if rows == nil {
			sold = w.BoughtMinor
			rows = []ledger.Row{{Kind: ledger.CommissionRow, State: ledger.Pending, AmountMinor: ledger.Commission(sold, rate), Currency: "USD", RateBPS: rate, OccurredAt: firstSaid, EligibleAt: firstSaid}}
		}
		if c, ok := ledger.CorrectionOf(rows, sold, w, firstSaid, "said"); ok {
			rows = append(rows, c.Row)
			for i := range rows {
				if c.Full && rows[i].State.Open() {
					rows[i].State = ledger.Reversed
				}
			}
		}
		if rapid.IntRange(0, 3).Draw(t, "a run pays") == 0 {
			for i := range rows {
				if rows[i].State.Open() {
					rows[i].State = ledger.Paid
				}
			}
		}
	}
	var sum int64
	for _, row := range rows {
		sum += row.AmountMinor
	}
	return sum
}
