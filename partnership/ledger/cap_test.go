package ledger_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// However sales come, together they earn the cap at most, each its share while there is room, and one that is cut says why.
func TestSalesEarnTheCapAtMost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		terms := partnership.Terms{Currency: "USD", CommissionBPS: 1000, CommissionCap: rapid.Int64Range(0, 20_000).Draw(t, "cap")}
		e := ledger.Earner{Program: "dreams", Terms: terms}
		var used, uncut int64
		for _, net := range rapid.SliceOf(rapid.Int64Range(0, 50_000)).Draw(t, "sales") {
			row, _ := e.Commission("o", "USD", net, time.Time{}, 24*time.Hour)
			whole := row.AmountMinor
			row = ledger.Capped(terms, row, used)
			used, uncut = used+row.AmountMinor, uncut+whole
			if cut := row.AmountMinor < whole; cut != strings.Contains(row.Reason, "at most") || row.AmountMinor < 0 {
				t.Fatalf("of %d it earns %d: %q", whole, row.AmountMinor, row.Reason)
			}
		}
		if want := min(uncut, terms.CommissionCap); terms.CommissionCap > 0 && used != want || terms.CommissionCap == 0 && used != uncut {
			t.Fatalf("together they earn %d, uncut %d, cap %d", used, uncut, terms.CommissionCap)
		}
	})
}

// What is cut while a post lacks its disclosure waits for that alone.
func TestACutSaleThatIsHeldSaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	terms := partnership.Terms{Currency: "USD", CommissionBPS: 1000, CommissionCap: 500}
	row, _ := ledger.Earner{Terms: terms, Hold: ledger.Undisclosed}.Commission("o", "USD", 9000, time.Time{}, 24*time.Hour)
	row.ID = "r"
	row = ledger.Capped(terms, row, 0)
	if ids := ledger.ToClear([]ledger.Row{row}, ledger.Undisclosed); row.AmountMinor != 500 || len(ids) != 1 {
		t.Errorf("once the post is mended it still waits: %+v", row)
	}
}

// What an order has grown by is cut as a sale is, and booked by no more than it has grown since it was last looked at.
func TestAGrowthThatWasCutStaysCut(t *testing.T) {
	t.Parallel()
	terms := partnership.Terms{Currency: "USD", CommissionCap: 10_000}
	sale := []ledger.Row{{Kind: ledger.CommissionRow, State: ledger.Pending, AmountMinor: 4000, RateBPS: 1000, Currency: "USD"}}
	at := func(bought int64) ledger.Worth { return ledger.Worth{Currency: "USD", BoughtMinor: bought} }
	for _, c := range []struct {
		name       string
		was, now   int64
		used, want int64
		booked     bool
	}{
		{"all of it fits", 40_000, 70_000, 4000, 3000, true},
		{"a part fits", 40_000, 70_000, 9000, 1000, true},
		{"nothing fits", 40_000, 70_000, 10_000, 0, false},
		{"told again when there is room", 70_000, 70_000, 4000, 0, false},
		{"grown again when there is room", 70_000, 71_000, 4000, 100, true},
		{"it shrank below what was cut", 70_000, 60_000, 4000, 0, false},
		{"it shrank below its sale", 40_000, 30_000, 10_000, -1000, true},
	} {
		correction, ok := ledger.CorrectionOf(sale, 40_000, at(c.now), time.Time{}, "the order was changed")
		got, kept := correction.Capped(terms, c.used, ledger.Grown(sale, 40_000, at(c.was), at(c.now)))
		if !ok || kept != c.booked || kept && got.Row.AmountMinor != c.want || kept && got.Posting.Sum() != 0 {
			t.Errorf("%s: booked %t, %+v", c.name, kept, got)
		}
	}
}
