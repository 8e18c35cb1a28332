package ledger_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/ledger"
)

func TestCommission(t *testing.T) {
	for _, c := range []struct {
		net  int64
		bps  int
		want int64
	}{{500, 290, 15}, {999, 1000, 100}, {25, 1000, 3}, {0, 1000, 0}, {-500, 1000, 0}, {3400, 1000, 340}} {
		if got := ledger.Commission(c.net, c.bps); got != c.want {
			t.Errorf("Commission(%d, %d) = %d, want %d", c.net, c.bps, got, c.want)
		}
	}
}

func TestRefundDelta(t *testing.T) {
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

func TestEveryPostingSumsToZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1<<60, 1<<60).Draw(t, "amount")
		balance := map[string]int64{}
		for _, p := range []ledger.Posting{
			ledger.Earn("dreams", "c1", ledger.CommissionRow, "USD", n),
			ledger.ReverseEarned("dreams", "c1", ledger.CommissionRow, "USD", n/3),
			ledger.ClaimPayout("c1", "USD", n-n/3), ledger.ReleasePayout("c1", "USD", n-n/3),
			ledger.ClaimPayout("c1", "USD", n-n/3), ledger.PayPayout("c1", "stripe", "USD", n-n/3),
			ledger.AdjustAfterPay("dreams", "c1", ledger.CommissionRow, "USD", n/5), ledger.WriteOff("dreams", "c1", "USD", n/5),
			ledger.ReturnPayout("c1", "stripe", "USD", n-n/3),
		} {
			if p.Sum() != 0 || len(p.Entries) != 2 {
				t.Fatalf("%s: %v", p.Kind, p.Entries)
			}
			for _, e := range p.Entries {
				balance[e.Account] += e.AmountMinor
			}
		}
		want := map[string]int64{
			"expense:dreams:commission": -(n - n/3 - n/5), "expense:dreams:writeoff": -n / 5,
			"creator:c1:payable": n - n/3, "creator:c1:in_transit": 0, "cash:stripe": 0,
		}
		for account, amount := range want {
			if balance[account] != amount {
				t.Fatalf("%s is %d, want %d", account, balance[account], amount)
			}
		}
	})
}

func TestCodeBeatsLink(t *testing.T) {
	none := ledger.CodeTouch{Code: "SUMMER"}
	a, b := ledger.CodeTouch{Code: "ADA15", Partnership: "pa"}, ledger.CodeTouch{Code: "BEA15", Partnership: "pb"}
	for _, c := range []struct {
		name   string
		order  ledger.Touches
		want   string
		by     string
		credit bool
	}{
		{"code and link", ledger.Touches{Codes: []ledger.CodeTouch{a}, LinkPartnership: "pb"}, "pa", "code", true},
		{"link alone", ledger.Touches{LinkPartnership: "pb"}, "pb", "link", true},
		{"the shop's own code and a link", ledger.Touches{Codes: []ledger.CodeTouch{none}, LinkPartnership: "pb"}, "pb", "link", true},
		{"two creators' codes: the first", ledger.Touches{Codes: []ledger.CodeTouch{none, b, a}}, "pb", "code", true},
		{"nobody's", ledger.Touches{Codes: []ledger.CodeTouch{none}}, "", "", false},
	} {
		got, ok := ledger.Attribute(c.order)
		if string(got.Partnership) != c.want || got.By != c.by || ok != c.credit {
			t.Errorf("%s: %s by %s, %v", c.name, got.Partnership, got.By, ok)
		}
		if len(got.Touches.Codes) != len(c.order.Codes) || got.Touches.LinkPartnership != c.order.LinkPartnership {
			t.Errorf("%s: the touches are not kept", c.name)
		}
	}
}
