package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

const bonusDay = 24 * time.Hour

var bonusStart = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// onDay is a sale of a day, of which that much was bought and came back.
func onDay(day int, bought, back int64) ledger.BonusSale {
	return ledger.BonusSale{OrderID: fmt.Sprintf("o%02d", day), Currency: "USD", At: bonusStart.Add(time.Duration(day) * bonusDay), BoughtMinor: bought, BackMinor: back, RateBPS: 1000}
}

func incentives() partnership.Terms {
	return partnership.Terms{Currency: "USD", CommissionBPS: 1000, HoldDays: 30, Incentives: partnership.Incentives{
		Bonuses: []partnership.Bonus{{When: partnership.WhenSales, At: 3, AmountMinor: 10_000}, {When: partnership.WhenRevenue, At: 200_000, AmountMinor: 25_000}},
		Tiers:   []partnership.CommissionTier{{FromMinor: 100_000, BPS: 1200}, {FromMinor: 300_000, BPS: 1500}},
	}}
}

func dueOf(t partnership.Terms, sales ...ledger.BonusSale) map[string]int64 {
	due := map[string]int64{}
	for _, d := range ledger.BonusesDue(t, sales, bonusDay) {
		due[d.Key] = d.Minor
	}
	return due
}

// What is due is what a hand would reckon: a milestone once it is reached, a tier for what is sold after it.
func TestWhatBonusesAreDue(t *testing.T) {
	t.Parallel()
	lookback := incentives()
	lookback.LookbackDays = 5
	rejected, foreign := onDay(2, 50_000, 0), onDay(2, 50_000, 0)
	rejected.Out, foreign.Currency = true, "EUR"
	for _, c := range []struct {
		name  string
		terms partnership.Terms
		sales []ledger.BonusSale
		want  map[string]int64
	}{
		{"nothing is reached", incentives(), []ledger.BonusSale{onDay(0, 50_000, 0), onDay(1, 49_999, 0)}, map[string]int64{}},
		{"the sale that reaches a tier keeps its rate", incentives(), []ledger.BonusSale{onDay(0, 50_000, 0), onDay(1, 50_000, 0)}, map[string]int64{}},
		{"the one after it has the tier's", incentives(), []ledger.BonusSale{onDay(0, 50_000, 0), onDay(1, 50_000, 0), onDay(2, 10_000, 0)}, map[string]int64{"sales/3/10000": 10_000, "tier/1200/o02": 200}},
		{"rounded as one sale at that rate is", incentives(), []ledger.BonusSale{onDay(0, 100_000, 0), onDay(1, 25, 0)}, map[string]int64{"tier/1200/o01": 0}},
		{"what came back of it does not count", incentives(), []ledger.BonusSale{onDay(0, 100_000, 0), onDay(1, 10_000, 5_000)}, map[string]int64{"tier/1200/o01": 100}},
		{"a milestone of revenue is reached exactly", incentives(), []ledger.BonusSale{onDay(0, 250_000, 50_000)}, map[string]int64{"revenue/200000/25000": 25_000}},
		{"and missed by a cent", incentives(), []ledger.BonusSale{onDay(0, 250_000, 50_001)}, map[string]int64{}},
		{"what came back whole is no sale", incentives(), []ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 100), onDay(2, 100, 0)}, map[string]int64{}},
		{"nor is what was rejected", incentives(), []ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 0), rejected}, map[string]int64{}},
		{"nor what is in another currency", incentives(), []ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 0), foreign}, map[string]int64{}},
		{"the highest tier that is reached", incentives(), []ledger.BonusSale{onDay(0, 300_000, 0), onDay(1, 10_000, 0)}, map[string]int64{"revenue/200000/25000": 25_000, "tier/1500/o01": 500}},
		{"within the look-back", lookback, []ledger.BonusSale{onDay(0, 100_000, 0), onDay(5, 10_000, 0)}, map[string]int64{"tier/1200/o05": 200}},
		{"and not beyond it", lookback, []ledger.BonusSale{onDay(0, 100_000, 0), onDay(6, 10_000, 0)}, map[string]int64{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := dueOf(c.terms, c.sales...); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%v is due, want %v", got, c.want)
			}
		})
	}
}

// A bonus waits as long as the sale that reached it.
func TestABonusWaitsWithItsSale(t *testing.T) {
	t.Parallel()
	e := ledger.Earner{Terms: incentives(), CreatorID: "cr"}
	sales := []ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 0), onDay(2, 100, 0)}
	moves := e.BonusMoves(sales, nil, 0, bonusStart, bonusDay)
	if len(moves) != 1 || moves[0].Row.State != ledger.Pending || !moves[0].Row.EligibleAt.Equal(sales[2].At.Add(30*bonusDay)) || moves[0].Row.Reason == "" {
		t.Fatalf("it is booked as %+v", moves)
	}
	e.Hold = "no disclosure"
	if held := e.BonusMoves(sales, nil, 0, bonusStart, bonusDay); held[0].Row.State != ledger.Held || held[0].Row.Reason != e.Hold {
		t.Errorf("while the partnership is held it is %+v", held[0].Row)
	}
}

// A bonus that was paid, taken back, earned again and is due no more while it waits takes no more off the creator than was paid.
func TestABonusThatIsEarnedAgainIsTakenBackOnce(t *testing.T) {
	t.Parallel()
	e := ledger.Earner{Terms: incentives(), CreatorID: "cr"}
	three := []ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 0), onDay(2, 100, 0)}
	two := []ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 0), onDay(2, 100, 100)}
	var books bonusBooks
	books.take(e, three, 0, bonusDay)
	books.rows[0].State = ledger.Paid
	for _, sales := range [][]ledger.BonusSale{two, three, two} {
		books.take(e, sales, 0, bonusDay)
	}
	payable := int64(0)
	for _, row := range books.rows {
		if row.State == ledger.Eligible {
			payable += row.AmountMinor
		}
	}
	if payable != -10_000 || books.sums()["sales/3/10000"] != 0 {
		t.Errorf("%d is to be netted of 10000 that were paid: %+v", payable, books.rows)
	}
}

// Where no commission is paid no sale can be held, however odd it looks: the bonus is, so that a person looks before it is paid.
func TestABonusWithoutACommissionWaitsForAPerson(t *testing.T) {
	t.Parallel()
	e := ledger.Earner{Terms: incentives(), CreatorID: "cr"}
	e.Terms.CommissionBPS, e.Terms.Tiers = 0, nil
	moves := e.BonusMoves([]ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 0), onDay(2, 100, 0)}, nil, 0, bonusStart, bonusDay)
	if len(moves) != 1 || moves[0].Row.State != ledger.Held || !strings.Contains(moves[0].Row.Reason, ledger.SalesNotHeld) {
		t.Errorf("it is booked as %+v", moves)
	}
}

// Earned while a post lacks its disclosure it waits for both: the mended post leaves it to whoever looks at its sales.
func TestABonusWithoutACommissionWaitsForMoreThanItsPost(t *testing.T) {
	t.Parallel()
	e := ledger.Earner{Terms: incentives(), CreatorID: "cr", Hold: ledger.Undisclosed}
	e.Terms.CommissionBPS, e.Terms.Tiers = 0, nil
	row := e.BonusMoves([]ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 0), onDay(2, 100, 0)}, nil, 0, bonusStart, bonusDay)[0].Row
	if row.State != ledger.Held || !strings.HasPrefix(row.Reason, ledger.Undisclosed+"; ") || !strings.Contains(row.Reason, ledger.SalesNotHeld) {
		t.Fatalf("it is booked as %+v", row)
	}
	if ids := ledger.ToClear([]ledger.Row{row}, ledger.Undisclosed); len(ids) != 0 {
		t.Error("the mended post releases it, and nobody has looked at its sales")
	}
	e.Hold = ""
	alone := e.BonusMoves([]ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 0), onDay(2, 100, 0)}, nil, 0, bonusStart, bonusDay)[0].Row
	if still := ledger.HeldOtherwise([]ledger.Row{row, alone, {State: ledger.Held, Reason: ledger.Undisclosed}}, ledger.Undisclosed); len(still) != 1 || still[0] != alone {
		t.Errorf("once the post is mended it waits as %+v", still)
	}
}

// bonusBooks are the rows of bonuses, as the store keeps them.
type bonusBooks struct {
	rows []ledger.Row
}

func (b *bonusBooks) take(e ledger.Earner, sales []ledger.BonusSale, leftMinor int64, day time.Duration) {
	for _, m := range e.BonusMoves(sales, b.rows, leftMinor, bonusStart, day) {
		m.Row.ID = fmt.Sprint("r", len(b.rows))
		b.rows = append(b.rows, m.Row)
		for i, row := range b.rows {
			if len(m.Full) > 0 && (row.ID == m.Row.ID || slices.Contains(m.Full, row.ID)) {
				b.rows[i].State = ledger.Reversed
			}
		}
	}
}

func (b *bonusBooks) sums() map[string]int64 {
	sums := map[string]int64{}
	for _, row := range b.rows {
		if sums[row.Deliverable] += row.AmountMinor; sums[row.Deliverable] == 0 {
			delete(sums, row.Deliverable)
		}
	}
	return sums
}

func drawnTerms(t *rapid.T) partnership.Terms {
	terms := incentives()
	terms.LookbackDays = float64(rapid.SampledFrom([]int{0, 3, 30}).Draw(t, "look-back"))
	return terms
}

func drawnSales(t *rapid.T) (sales []ledger.BonusSale) {
	for i := range rapid.IntRange(1, 12).Draw(t, "sales") {
		s := onDay(rapid.IntRange(0, 20).Draw(t, "day"), rapid.Int64Range(0, 120_000).Draw(t, "bought"), 0)
		s.OrderID = fmt.Sprint("o", i)
		s.Currency = rapid.SampledFrom([]string{"USD", "USD", "USD", "EUR"}).Draw(t, "currency")
		sales = append(sales, s)
	}
	return sales
}

// RULE 5, 15: any order and repetition of orders, refunds and payouts ends at one sum, which is what is due by what is known in the end.
func TestAnyOrderOfSalesEndsAtOneBonus(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := ledger.Earner{Terms: drawnTerms(t), CreatorID: "cr"}
		all := drawnSales(t)
		type event struct {
			sale int
			back int64
		}
		var events []event
		end := slices.Clone(all)
		for i, s := range all {
			events = append(events, event{i, 0}, event{i, 0})
			if rapid.Bool().Draw(t, "comes back") {
				end[i].BackMinor = rapid.Int64Range(0, s.BoughtMinor).Draw(t, "back")
				events = append(events, event{i, end[i].BackMinor})
			}
		}
		events = rapid.Permutation(events).Draw(t, "events")
		var books bonusBooks
		known := map[int]int64{}
		for _, ev := range events {
			known[ev.sale] = max(known[ev.sale], ev.back)
			var now []ledger.BonusSale
			for i, back := range known {
				s := all[i]
				s.BackMinor = back
				now = append(now, s)
			}
			books.take(e, now, 0, bonusDay)
			for i, row := range books.rows {
				if row.Currency != "USD" {
					t.Fatalf("a bonus in %s", row.Currency)
				}
				if row.AmountMinor < 0 && (row.Kind != ledger.AdjustmentRow || row.State == ledger.Held) {
					t.Fatalf("%+v", row)
				}
				if row.State == ledger.Pending && rapid.IntRange(0, 5).Draw(t, "paid") == 0 {
					books.rows[i].State = ledger.Paid
				}
			}
		}
		want := dueOf(e.Terms, end...)
		for key, minor := range want {
			if minor == 0 {
				delete(want, key)
			}
		}
		if got := books.sums(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("booked %v, due %v", got, want)
		}
		var again bonusBooks
		again.rows = slices.Clone(books.rows)
		if again.take(e, end, 0, bonusDay); len(again.rows) != len(books.rows) {
			t.Fatalf("said again it books %+v", again.rows[len(books.rows):])
		}
	})
}

// RULE 6: what tiers add never passes what the cap leaves, whatever comes back and comes again; bonuses stand beside it.
func TestTiersKeepTheCap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := ledger.Earner{Terms: drawnTerms(t), CreatorID: "cr"}
		e.Terms.CommissionCap = rapid.Int64Range(1, 30_000).Draw(t, "cap")
		all := drawnSales(t)
		var books bonusBooks
		for n := range all {
			for i := range all[:n] {
				if rapid.IntRange(0, 4).Draw(t, "comes back") == 0 {
					all[i].BackMinor = all[i].BoughtMinor
				}
			}
			added := int64(0)
			for key, minor := range books.sums() {
				if ledger.OfTier(key) {
					added += minor
				}
			}
			books.take(e, all[:n+1], e.Terms.CommissionCap-added, bonusDay)
		}
		added := int64(0)
		for key, minor := range books.sums() {
			if minor < 0 {
				t.Fatalf("%s comes to %d", key, minor)
			}
			if ledger.OfTier(key) {
				added += minor
			}
		}
		if added > e.Terms.CommissionCap {
			t.Fatalf("tiers add %d of at most %d", added, e.Terms.CommissionCap)
		}
	})
}

// Before a payout has claimed it, a bonus whose sales came back is reversed whole; after that a negative row is netted. One that a person has
// rejected stays rejected.
func TestABonusIsTakenBack(t *testing.T) {
	t.Parallel()
	e := ledger.Earner{Terms: incentives(), CreatorID: "cr"}
	three := []ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 0), onDay(2, 100, 0)}
	two := []ledger.BonusSale{onDay(0, 100, 0), onDay(1, 100, 0), onDay(2, 100, 100)}
	for _, c := range []struct {
		state, left ledger.State
		booked      string
		rows        int
	}{
		{ledger.Pending, ledger.Reversed, "reverse", 2},
		{ledger.Held, ledger.Reversed, "reverse", 2},
		{ledger.InPayout, ledger.InPayout, "adjust", 2},
		{ledger.Paid, ledger.Paid, "adjust", 2},
		{ledger.Voided, ledger.Voided, "", 1},
	} {
		var books bonusBooks
		books.take(e, three, 0, bonusDay)
		books.rows[0].State = c.state
		moves := e.BonusMoves(two, books.rows, 0, bonusStart, bonusDay)
		if c.booked != "" && (len(moves) != 1 || moves[0].Posting.Kind != c.booked || moves[0].Row.AmountMinor != -10_000 || moves[0].Row.State != ledger.Eligible) {
			t.Errorf("%s: %+v", c.state, moves)
		}
		books.take(e, two, 0, bonusDay)
		if len(books.rows) != c.rows || books.rows[0].State != c.left {
			t.Errorf("%s: it is left as %+v", c.state, books.rows)
		}
		books.take(e, three, 0, bonusDay)
		if want := map[bool]int64{false: 10_000, true: 0}[c.state == ledger.Voided]; c.state != ledger.Voided && books.sums()["sales/3/10000"] != want {
			t.Errorf("%s: reached again it comes to %v", c.state, books.sums())
		}
	}
}
