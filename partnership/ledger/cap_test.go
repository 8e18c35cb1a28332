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
