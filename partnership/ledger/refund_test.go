package ledger_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/ledger"
)

// RULE 5: cumulative, at the rate frozen on the sale, rounded once.
func TestWhatComesBackIsCumulative(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                             string
		commission, booked, back, bought int64
		want                             int64
	}{
		{"first third", 100, 100, 333, 999, -33},
		{"second third", 100, 67, 666, 999, -34},
		{"last third", 100, 33, 999, 999, -33},
		{"the same event twice", 100, 33, 666, 999, 0},
		{"nothing came back", 100, 100, 0, 999, 0},
		{"a dispute that was won", 100, 33, 333, 999, 34},
	} {
		rows := []ledger.Row{{Kind: ledger.CommissionRow, State: ledger.Pending, AmountMinor: c.commission, Currency: "USD", RateBPS: 1001}}
		if c.booked != c.commission {
			rows = append(rows, ledger.Row{Kind: ledger.AdjustmentRow, State: ledger.Eligible, AmountMinor: c.booked - c.commission, Currency: "USD"})
		}
		got, _ := ledger.CorrectionOf(rows, c.bought, ledger.Worth{Currency: "USD", BoughtMinor: c.bought, BackMinor: c.back}, time.Time{}, "")
		if got.Row.AmountMinor != c.want {
			t.Errorf("%s: %d, want %d", c.name, got.Row.AmountMinor, c.want)
		}
	}
}

// RULE 14: what an order grows by is credited at the sale's rate, and waits as the sale does; what is given back waits no longer than it.
func TestWhatIsAddedWaitsForItsSale(t *testing.T) {
	t.Parallel()
	sold, now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	commission := ledger.Row{
		Kind: ledger.CommissionRow, State: ledger.Pending, AmountMinor: 500, RateBPS: 1000, Currency: "USD", OccurredAt: sold, EligibleAt: sold.AddDate(0, 0, 30),
	}
	held := commission
	held.State, held.Reason = ledger.Held, "a leaked code"
	back := ledger.Row{Kind: ledger.AdjustmentRow, State: ledger.Eligible, AmountMinor: -500}
	for _, c := range []struct {
		name     string
		rows     []ledger.Row
		bought   int64
		want     int64
		state    ledger.State
		eligible time.Time
	}{
		{"edited up", []ledger.Row{commission}, 9000, 400, ledger.Pending, now.AddDate(0, 0, 30)},
		{"won after it was lost", []ledger.Row{commission, back}, 5000, 500, ledger.Pending, sold.AddDate(0, 0, 30)},
		{"edited up, and the sale is held", []ledger.Row{held}, 9000, 400, ledger.Held, now.AddDate(0, 0, 30)},
	} {
		got, ok := ledger.CorrectionOf(c.rows, 5000, ledger.Worth{Currency: "USD", BoughtMinor: c.bought}, now, "the order was changed")
		if !ok || got.Row.AmountMinor != c.want || got.Row.State != c.state || !got.Row.EligibleAt.Equal(c.eligible) || got.Posting.Sum() != 0 {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// sale is an order's commission and what refunds have made of it so far.
type sale struct {
	rows          []ledger.Row
	net, refunded int64
}

func newSale(t *rapid.T) *sale {
	s := &sale{net: rapid.Int64Range(0, 100_000).Draw(t, "net")}
	commission := ledger.Commission(s.net, rapid.IntRange(1, 10_000).Draw(t, "bps"))
	s.rows = []ledger.Row{{ID: "commission", Program: "dreams", CreatorID: "c1", Kind: ledger.CommissionRow, State: ledger.Pending, AmountMinor: commission, Currency: "USD", OrderID: "o1", RateBPS: 1}}
	return s
}

// hear is one report of a refund, as store/ acts on it.
func (s *sale) hear(t *rapid.T, minor int64) {
	s.refunded += minor
	refund, ok := ledger.CorrectionOf(s.rows, s.net, s.worth(), time.Time{}, "refund of the order")
	if !ok {
		return
	}
	if refund.Row.AmountMinor >= 0 || refund.Row.State != ledger.Eligible || refund.Row.OrderID != "o1" || refund.Posting.Sum() != 0 ||
		refund.Posting.Entries[0].AmountMinor != refund.Row.AmountMinor {
		t.Fatalf("the refund's row is %+v, its posting %+v", refund.Row, refund.Posting)
	}
	s.rows = append(s.rows, refund.Row)
	if refund.Full {
		for i := range s.rows {
			s.rows[i].State = move(t, s.rows[i].State, ledger.Reverse)
		}
	}
}

func (s *sale) worth() ledger.Worth {
	return ledger.Worth{Currency: "USD", BoughtMinor: s.net, BackMinor: min(s.refunded, s.net)}
}

func move(t *rapid.T, s ledger.State, e ledger.Event) ledger.State {
	to, err := ledger.Next(s, e)
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// pay is a run that pays all that is open.
func (s *sale) pay() {
	for i, row := range s.rows {
		if row.State.Open() {
			s.rows[i].State = ledger.Paid
		}
	}
}

func (s *sale) sum() (sum int64) {
	for _, row := range s.rows {
		sum += row.AmountMinor
	}
	return sum
}

// Whatever the order of refunds, and whatever was paid in between, the creator is left with the same.
func TestRefundsOfASaleInAnyOrderLeaveTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := newSale(t)
		commission := s.rows[0].AmountMinor
		refunds := rapid.SliceOfN(rapid.Int64Range(1, 60_000), 0, 6).Draw(t, "refunds")
		other := &sale{rows: slices.Clone(s.rows), net: s.net}
		for _, minor := range refunds {
			s.hear(t, minor)
			s.hear(t, 0) // told again
			if left := s.sum(); left < 0 || left > commission {
				t.Fatalf("%d is left of %d", left, commission)
			}
			if rapid.Bool().Draw(t, "a run pays in between") {
				s.pay()
			}
		}
		for _, i := range rapid.Permutation(indexes(len(refunds))).Draw(t, "another order") {
			other.hear(t, refunds[i])
		}
		if s.sum() != other.sum() {
			t.Fatalf("%d is left in one order, %d in another", s.sum(), other.sum())
		}
		if s.refunded >= s.net && s.sum() != 0 {
			t.Fatalf("%d is left of a full refund", s.sum())
		}
		for _, row := range other.rows { // of which nothing was claimed
			if full := commission > 0 && other.sum() == 0; full != (row.State == ledger.Reversed) {
				t.Fatalf("refunded in full: %t; a row is %s", full, row.State)
			}
		}
	})
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Where a person rejects the commission, nothing of the order is left to anybody, whatever a payout has netted.
func TestARejectedCommissionLeavesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := newSale(t)
		s.rows[0].State = ledger.Held
		for _, minor := range rapid.SliceOfN(rapid.Int64Range(1, 30_000), 0, 4).Draw(t, "refunds") {
			s.hear(t, minor)
			if last := len(s.rows) - 1; last > 0 && s.rows[last].State == ledger.Eligible && rapid.Bool().Draw(t, "it is netted") {
				s.rows[last].State = ledger.Paid
			}
		}
		if s.rows[0].State != ledger.Held {
			return // refunded in full: nothing is left to reject
		}
		void, back := ledger.Rejected(s.rows[0], s.rows, time.Time{})
		s.rows[0].State = ledger.Voided
		var left int64
		for _, row := range s.rows[1:] {
			if !slices.ContainsFunc(void, func(v ledger.Row) bool { return v == row }) {
				left += row.AmountMinor
			}
		}
		if back != nil {
			left += back.AmountMinor
		}
		if left != 0 {
			t.Fatalf("%d is left; voided %+v, given back %+v", left, void, back)
		}
		s.refunded = s.net
		if _, again := ledger.CorrectionOf(s.rows, s.net, s.worth(), time.Time{}, ""); again {
			t.Fatal("a refund takes something off a rejected commission")
		}
	})
}
