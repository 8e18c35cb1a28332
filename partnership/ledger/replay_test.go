package ledger_test

import (
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// What no rule can play again is said: two sales at once of which the books do not tell which came first to a cap, and an order of which a
// person has rejected a correction alone.
func TestWhatCannotBePlayedAgainIsSaid(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 10, 12, 0, 0, 0, time.UTC)
	terms := partnership.Terms{Currency: "USD", CommissionBPS: 1000, CommissionCap: 1_000}
	earner := ledger.Earner{Program: "p", PartnershipID: "pa", CreatorID: "cr", Terms: terms}
	sold := func(id string, after time.Duration, net, earned int64) ledger.PastOrder {
		row, _ := earner.Commission(id, "USD", net, at, 24*time.Hour)
		row.AmountMinor = earned
		return ledger.PastOrder{
			ID: id, Currency: "USD", Net: net, At: at.Add(after), Sale: ledger.Sale{Program: "p", At: at}, Credited: ledger.Credit{Partnership: "pa", Why: ledger.ByCode},
			Worths: []ledger.PastWorth{{Worth: ledger.Worth{Currency: "USD", BoughtMinor: net}, At: at.Add(after)}}, Rows: []ledger.PastRow{{Row: row, WrittenAt: at.Add(after)}},
		}
	}
	past := ledger.Past{Earners: map[partnership.PartnershipID]ledger.Earner{"pa": earner}}
	share, until := ledger.Share{CreatorID: "cr", Currency: "USD"}, at.AddDate(0, 0, 9)

	// The second one was written first, and so the first was cut; then the second was refunded in full, which made no room for what was cut.
	first, second := sold("o1", 0, 8_000, 400), sold("o2", time.Microsecond, 6_000, 600)
	second.Worths = append(second.Worths, ledger.PastWorth{Worth: ledger.Worth{Currency: "USD", BoughtMinor: 6_000, BackMinor: 6_000}, At: at.Add(time.Hour)})
	back := second.Rows[0]
	back.Kind, back.AmountMinor, back.WrittenAt = ledger.AdjustmentRow, -600, at.Add(time.Hour)
	second.Rows = append(second.Rows, back)
	past.Orders = []ledger.PastOrder{first, second}
	if got := past.Play(ledger.Change{}, 24*time.Hour, until); got.Booked[share].EarnedMinor != 400 || got.Then[share].EarnedMinor != 800 {
		t.Errorf("%+v", got)
	}

	// A correction that a person rejected: it stands as it was, under any rate, and what it earned counts against the cap.
	patched := sold("o3", 0, 5_000, 500)
	more := patched.Rows[0]
	more.Kind, more.State, more.AmountMinor = ledger.AdjustmentRow, ledger.Voided, 100
	patched.Rows = append(patched.Rows, more)
	past.Orders = []ledger.PastOrder{patched, sold("o4", time.Hour, 9_000, 500)}
	twice := 2_000
	if got := past.Play(ledger.Change{RateBPS: &twice}, 24*time.Hour, until); got.Kept != 1 || got.Then[share].EarnedMinor != 1_000 {
		t.Errorf("%+v", got)
	}
	if got := past.Play(ledger.Change{}, 24*time.Hour, until); got.Then[share] != got.Booked[share] || got.Booked[share].EarnedMinor != 1_000 {
		t.Errorf("%+v", got)
	}
}
