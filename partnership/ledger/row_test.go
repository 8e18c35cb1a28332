package ledger_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/ledger"
)

func TestCommission(t *testing.T) {
	t.Parallel()
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

func TestEveryPostingSumsToZero(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1<<60, 1<<60).Draw(t, "amount")
		balance := map[string]int64{}
		for _, p := range []ledger.Posting{
			ledger.Earn("dreams", "c1", ledger.CommissionRow, "USD", n),
			ledger.ReverseEarned("dreams", "c1", ledger.CommissionRow, "USD", n/3),
			ledger.ClaimPayout("c1", "USD", n-n/3), ledger.ReleasePayout("c1", "USD", n-n/3),
			ledger.ClaimPayout("c1", "USD", n-n/3), ledger.PayPayout("c1", "stripe", "USD", n-n/3),
			ledger.AdjustAfterPay("dreams", "c1", ledger.CommissionRow, "USD", n/5),
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
			"expense:dreams:commission": -(n - n/3 - n/5), "creator:c1:payable": n - n/3 - n/5, "creator:c1:in_transit": 0, "cash:stripe": 0,
		}
		for account, amount := range want {
			if balance[account] != amount {
				t.Fatalf("%s is %d, want %d", account, balance[account], amount)
			}
		}
	})
}
