package ledger_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// RULE 1, 15: an order's worth is of the currency that it was sold in, and whatever is said in another changes no sum and is named.
func TestWhatIsSaidInAnotherCurrencyIsNamedAndNeverComputed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		minor := rapid.Int64Range(1, 5000)
		ours := ledger.Facts{Said: []ledger.Said{stood(0, minor.Draw(t, "net"))}}
		if rapid.Bool().Draw(t, "refunded") {
			ours.Refunds = append(ours.Refunds, gave("r", 1, minor.Draw(t, "back")))
		}
		want, _ := ours.Worth()
		all, foreign := ours, 0
		for i := range rapid.IntRange(0, 4).Draw(t, "in yen") {
			yen := 1_000_000 + minor.Draw(t, "yen")
			foreign = 1
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				s := stood(i-1, yen)
				s.Currency = "JPY"
				all.Said = append(all.Said, s)
			case 1:
				r := gave("r"+string(rune('a'+i)), i, yen)
				r.Currency = "JPY"
				all.Refunds = append(all.Refunds, r)
			default:
				all.Disputes = append(all.Disputes, partnership.SaleDispute{DisputeID: "d", Currency: "JPY", AmountMinor: yen, Lost: true})
			}
		}
		got, ok := all.In("USD").Worth()
		if !ok || got.Currency != "USD" || got.BoughtMinor != want.BoughtMinor || got.BackMinor != want.BackMinor {
			t.Fatalf("it comes to %+v, without what was said in yen to %+v", got, want)
		}
		if words := all.Foreign("USD"); (len(words) > 0) != (foreign > 0) || len(ours.Foreign("USD")) > 0 {
			t.Fatalf("of %+v is said %q", all, words)
		}
	})
}

// Even where a sum in another currency gets so far, no row is made of it.
func TestNoCorrectionIsOfAnotherCurrency(t *testing.T) {
	t.Parallel()
	rows := []ledger.Row{{Kind: ledger.CommissionRow, State: ledger.Pending, AmountMinor: 1000, RateBPS: 1000, Currency: "USD"}}
	if c, ok := ledger.CorrectionOf(rows, 10_000, ledger.Worth{Currency: "JPY", BoughtMinor: 1_500_000}, time.Time{}, ""); ok {
		t.Errorf("1,500,000 yen have made %+v", c.Row)
	}
}
