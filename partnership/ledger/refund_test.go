package ledger_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/ledger"
)

func TestRefundDelta(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                                 string
		commission, already, refunded, total int64
		want                                 int64
	}{
		{"first third", 100, 0, 333, 999, 33},
		{"second third", 100, 33, 666, 999, 34},
		{"last third", 100, 67, 999, 999, 33},
		{"the same event twice", 100, 67, 666, 999, 0},
		{"an older event late", 100, 67, 333, 999, 0},
		{"more refunded than paid", 100, 0, 2000, 999, 100},
		{"refund before anything was earned", 0, 0, 999, 999, 0},
		{"nothing refunded", 100, 0, 0, 999, 0},
	} {
		if got := ledger.RefundDelta(c.commission, c.already, c.refunded, c.total); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestRefundsInAnyOrderReverseTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(1, 1_000_000).Draw(t, "total")
		commission := ledger.Commission(total, rapid.IntRange(0, 10_000).Draw(t, "bps"))
		totals := rapid.SliceOfN(rapid.Int64Range(0, total), 1, 8).Draw(t, "cumulative refunds, in any order and with repeats")
		var reversed, most int64
		for _, refunded := range totals {
			reversed += ledger.RefundDelta(commission, reversed, refunded, total)
			most = max(most, refunded)
		}
		if want := ledger.RefundDelta(commission, 0, most, total); reversed != want {
			t.Fatalf("reversed %d, want %d", reversed, want)
		}
	})
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
	refund, ok := ledger.RefundOf(s.rows, s.refunded, s.net, time.Time{})
	if !ok {
		return
	}
	if refund.Row.AmountMinor >= 0 || refund.Row.State != ledger.Eligible || refund.Row.OrderID != "o1" || refund.Posting.Sum() != 0 ||
		refund.Posting.Entries[0].AmountMinor != -refund.DeltaMinor() {
		t.Fatalf("the refund's row is %+v, its posting %+v", refund.Row, refund.Posting)
	}
	s.rows = append(s.rows, refund.Row)
	if refund.Full {
		for i := range s.rows {
			s.rows[i].State = move(t, s.rows[i].State, ledger.Reverse)
		}
	}
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
		if _, again := ledger.RefundOf(s.rows, s.net+1, s.net, time.Time{}); again {
			t.Fatal("a refund takes something off a rejected commission")
		}
	})
}
