package ledger_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

func TestACommissionIsHeldForItsReason(t *testing.T) {
	t.Parallel()
	e := ledger.Earner{Program: "dreams", CampaignID: "c", PartnershipID: "pa", CreatorID: "cr", Terms: partnership.Terms{Currency: "USD", CommissionBPS: 290, HoldDays: 2.5}}
	for _, c := range []struct {
		name, currency, hold string
		state                ledger.State
		reason               string
	}{
		{"plain", "USD", "", ledger.Pending, ""},
		{"on hold", "USD", ledger.Undisclosed, ledger.Held, ledger.Undisclosed},
		{"from abroad", "EUR", "", ledger.Held, "the order is in EUR, the terms are in USD"},
		{"both", "EUR", ledger.Undisclosed, ledger.Held, "the order is in EUR, the terms are in USD"},
	} {
		e.Hold = c.hold
		row, ok := e.Commission("o1", c.currency, 500, noon, day)
		want := ledger.Row{
			Program: "dreams", CampaignID: "c", PartnershipID: "pa", CreatorID: "cr", Kind: ledger.CommissionRow, State: c.state, AmountMinor: 15, Currency: c.currency,
			OrderID: "o1", RateBPS: 290, OccurredAt: noon, EligibleAt: noon.Add(60 * time.Hour), Reason: c.reason,
		}
		if !ok || row != want {
			t.Errorf("%s: %+v, want %+v", c.name, row, want)
		}
	}
	e.Terms.CommissionBPS = 0
	if row, ok := e.Commission("o1", "USD", 500, noon, day); ok {
		t.Errorf("terms without commission earn %+v", row)
	}
}

func TestAFeeHasNoSaleHold(t *testing.T) {
	t.Parallel()
	e := ledger.Earner{PartnershipID: "pa", Terms: partnership.Terms{Currency: "USD", HoldDays: 30}}
	if row := e.Fee("post-1", 500, noon); row.State != ledger.Eligible || !row.EligibleAt.Equal(noon) || row.Deliverable != "post-1" || row.Currency != "USD" || row.Kind != ledger.FeeRow {
		t.Errorf("the fee is %+v", row)
	}
	e.Hold = ledger.Undisclosed
	if row := e.Fee("post-1", 500, noon); row.State != ledger.Held || row.Reason != ledger.Undisclosed {
		t.Errorf("while money waits the fee is %+v", row)
	}
}

// What a partnership's hold takes is given back whole when its reason is over, and nothing else is.
func TestAHoldTakesAndGivesBackTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t)
		held := map[string]bool{}
		for _, id := range ledger.ToHold(rows) {
			held[id] = true
		}
		for i, row := range rows {
			if open := row.State == ledger.Pending || row.State == ledger.Eligible; held[row.ID] != (open && row.AmountMinor >= 0) {
				t.Fatalf("held = %t: %+v", held[row.ID], row)
			}
			if held[row.ID] {
				rows[i].State, rows[i].Reason = ledger.Held, ledger.Undisclosed
			}
		}
		if again := ledger.ToHold(rows); len(again) > 0 {
			t.Fatalf("held twice: %v", again)
		}
		cleared := ledger.ToClear(rows, ledger.Undisclosed)
		if len(cleared) != len(held) {
			t.Fatalf("%d were held, %v are cleared", len(held), cleared)
		}
		for _, id := range cleared {
			if !held[id] {
				t.Fatalf("%s was held for another reason and is cleared", id)
			}
		}
	})
}

func TestTheNewestPostDecidesWhetherMoneyWaits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		posts []bool
		waits bool
	}{{nil, false}, {[]bool{true}, false}, {[]bool{false}, true}, {[]bool{false, true}, false}, {[]bool{true, false}, true}} {
		if got := ledger.DisclosureHold(c.posts); (got != "") != c.waits {
			t.Errorf("%v: %q", c.posts, got)
		}
	}
}
