package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
)

// more are terms with two bonuses and a tier.
func more(_ *partnership.Campaign, t *partnership.Terms) {
	t.Bonuses = []partnership.Bonus{{When: partnership.WhenSales, At: 3, AmountMinor: 5_000}, {When: partnership.WhenRevenue, At: 200_000, AmountMinor: 10_000}}
	t.Tiers = []partnership.CommissionTier{{FromMinor: 100_000, BPS: 1200}}
}

// bonuses are the rows of bonuses and tiers in one state, or for "" what all of them come to, by their reason.
func (f *fixture) bonuses(state ledger.State) (rows []board.Row, sum int64) {
	f.t.Helper()
	all, _ := f.rows("")
	for _, r := range all {
		if r.Bonus != "" && (state == "" || r.State == state) {
			rows, sum = append(rows, r), sum+r.AmountMinor
		}
	}
	return rows, sum
}

func (f *fixture) wantBonuses(what string, want int64) {
	f.t.Helper()
	if rows, sum := f.bonuses(""); sum != want {
		f.t.Errorf("%s: bonuses come to %d, want %d: %+v", what, sum, want, rows)
	}
	f.sound()
}

// Sales that reach milestones and tiers earn them once, in whatever order they and their refunds are told; what comes back takes them back,
// before a payout and after it; a sale that waits for a person reaches nothing.
func TestBonusesFollowTheSales(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, more)
	pa := parties[0]
	for range 2 {
		f.order(pa, "o1", 60_000)
		f.order(pa, "o2", 60_000)
	}
	f.wantBonuses("two sales", 0)
	f.pass(day / 24)
	f.order(pa, "o3", 10_000)
	f.wantBonuses("a third one, at the tier's rate", 5_000+200)
	rows, _ := f.bonuses(ledger.Pending)
	sale, _ := f.rows("o3")
	for _, r := range rows {
		if !r.EligibleAt.Equal(sale[0].EligibleAt) || r.Reason == "" || r.Kind != ledger.BonusRow {
			t.Errorf("it waits otherwise than the sale that reached it: %+v", r)
		}
	}

	f.refund("o1", "r1", 60_000)
	f.wantBonuses("one of them came back", 0)
	if rows, _ := f.bonuses(ledger.Reversed); len(rows) != 4 {
		t.Errorf("what nobody had claimed is not reversed whole: %+v", rows)
	}
	f.order(pa, "o4", 50_000)
	f.wantBonuses("reached again", 5_000)

	held, _ := f.rows("o4")
	must(t, f.HoldRow(t.Context(), held[0].ID, "cli:fin", "it looks odd"))
	f.wantBonuses("a sale is held", 0)
	must(t, f.ClearRow(t.Context(), held[0].ID, "cli:fin", "it is right"))
	f.wantBonuses("and released", 5_000)
	must(t, f.HoldRow(t.Context(), held[0].ID, "cli:fin", "it looks odd"))
	must(t, f.VoidRow(t.Context(), held[0].ID, "cli:fin", "it was the creator's own"))
	f.wantBonuses("and rejected", 0)
	f.order(pa, "o5", 150_000)
	f.wantBonuses("four sales of $2,200.00", 5_000+10_000)

	rows, _ = f.bonuses(ledger.Pending)
	at := slices.IndexFunc(rows, func(r board.Row) bool { return r.AmountMinor == 10_000 })
	must(t, f.HoldRow(t.Context(), rows[at].ID, "cli:fin", "not as agreed"))
	must(t, f.VoidRow(t.Context(), rows[at].ID, "cli:fin", "not as agreed"))
	f.order(pa, "o6", 100)
	if open, sum := f.bonuses(ledger.Pending); sum != 5_000+2 { // o6 is at the tier's rate
		t.Errorf("what a person has rejected is booked again: %+v", open)
	}
	f.sound()
}

// What was paid is netted by the next run when its sales come back; the month's proof holds.
func TestAPaidBonusIsNetted(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, more)
	for i := range 4 {
		f.order(parties[0], fmt.Sprint("o", i), 60_000)
	}
	f.wantBonuses("four sales of $2,400.00", 5_000+10_000+2*1_200)
	f.pass(2 * day)
	plan := f.plan()
	if want := int64(4*6_000 + 15_000 + 2*1_200); plan.TotalMinor != want {
		t.Fatalf("the run pays %d, want %d", plan.TotalMinor, want)
	}
	f.pay(plan)
	_, text := f.proof("")
	holds(t, text)
	f.refund("o0", "r0", 60_000)
	f.refund("o3", "r3", 30_000)
	f.wantBonuses("two came back", 5_000+600)
	rows, sum := f.bonuses(ledger.Eligible)
	if sum != -(10_000+1_800) || len(rows) != 3 {
		t.Errorf("to be netted: %+v", rows)
	}
	_, text = f.proof(parties[0].creator)
	holds(t, text)
	doc, err := f.Counterfactual(t.Context(), program, "", ledger.Change{})
	must(t, err)
	if l := doc.Lines[0]; l.OffMinor != 0 || l.EarnedMinor != 5_000+600+4*6_000-9_000 || l.DueMinor != l.DueThen {
		t.Errorf("played again it is %+v", l)
	}
	rate := 1_200
	doc, err = f.Counterfactual(t.Context(), program, "", ledger.Change{RateBPS: &rate})
	must(t, err)
	if l := doc.Lines[0]; l.ThenMinor != 5_000+4*7_200-10_800 { // the tier adds nothing to its own rate
		t.Errorf("at the tier's rate from the first sale on it is %+v", l)
	}
}

// A person who rejects what a tier added rejects it whole: what came back of the sale takes nothing off the creator, whether the next run has
// netted it by then or not.
func TestARejectedTierLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, netted := range map[string]bool{"not netted": false, "netted": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			_, parties := f.launch(1, more)
			f.order(parties[0], "o1", 60_000)
			f.order(parties[0], "o2", 60_000)
			f.pass(day / 24)
			f.order(parties[0], "o3", 10_000)
			rows, _ := f.bonuses(ledger.Pending)
			tier := rows[slices.IndexFunc(rows, func(r board.Row) bool { return ledger.OfTier(r.Bonus) })]
			must(t, f.HoldRow(t.Context(), tier.ID, "cli:fin", "not as agreed"))
			f.refund("o3", "r3", 5_000)
			f.wantBonuses("half of it came back", 5_000+100)
			f.pass(2 * day)
			if netted {
				f.pay(f.plan())
			}
			must(t, f.VoidRow(t.Context(), tier.ID, "cli:fin", "not as agreed"))
			if !netted {
				f.pay(f.plan())
			}
			f.order(parties[0], "o4", 100)
			sum := int64(0)
			rows, _ = f.bonuses("")
			for _, r := range rows {
				if ledger.OfTier(r.Bonus) && r.Bonus == tier.Bonus && r.State != ledger.Voided {
					sum += r.AmountMinor
				}
			}
			if sum != 0 {
				t.Errorf("of what was rejected %d is left: %+v", sum, rows)
			}
			f.sound()
			_, text := f.proof("")
			holds(t, text)
		})
	}
}

// Sales that came after an unhappy end and were reported before it wait for a person, and so they reach nothing.
func TestSalesAfterAnEndReachNoBonus(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, more)
	end := epoch.Add(time.Hour)
	for i := range 3 {
		f.sold(fmt.Sprint("o", i), end.Add(time.Minute), parties[0].kit.DiscountCode, "")
	}
	f.wantBonuses("nobody knows of an end", 5_000)
	must(t, f.SaveProjection(t.Context(), partnership.Projection{PartnershipID: parties[0].id, Seq: 1, Stage: partnership.Closed, Outcome: partnership.Ghosted, EndedAt: end}))
	f.wantBonuses("the end was before them", 0)
}

// Many sales at once reach a milestone once, and what tiers add does not pass the cap.
func TestSalesAtOnceReachAMilestoneOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, more, func(_ *partnership.Campaign, t *partnership.Terms) { t.CommissionCap = 20_500 })
	atOnce(20, func(i int) { f.order(parties[0], fmt.Sprint("o", i), 10_000) })
	var tiers, milestones int64
	rows, _ := f.bonuses("")
	for _, r := range rows {
		if ledger.OfTier(r.Bonus) {
			tiers += r.AmountMinor
		} else {
			milestones += r.AmountMinor
		}
	}
	all, sum := f.rows("")
	if milestones != 15_000 || sum-milestones > 20_500 || tiers > 2_000 {
		t.Errorf("%d rows: milestones %d, tiers %d, all %d", len(all), milestones, tiers, sum)
	}
	f.sound()
}

// An order in another currency reaches nothing: sums are by currency.
func TestSalesInAnotherCurrencyReachNoBonus(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, more)
	for i := range 4 {
		_, err := f.RecordOrder(t.Context(), store.OrderIn{OrderID: fmt.Sprint("o", i), Currency: "EUR", NetMinor: 90_000, Codes: []string{parties[0].kit.DiscountCode}, OccurredAt: f.clock()})
		must(t, err)
	}
	f.wantBonuses("four sales in euros", 0)
}

// A cap takes a sale's own commission first, and what its tier adds after it: what the sale is cut by stays cut, and what the tier adds follows.
func TestTheCapTakesASalesOwnCommissionFirst(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, func(_ *partnership.Campaign, t *partnership.Terms) {
		t.CommissionCap, t.Tiers = 10_000, []partnership.CommissionTier{{FromMinor: 50_000, BPS: 2000}}
	})
	pa := parties[0]
	f.order(pa, "o1", 50_000) // 50.00 of 100.00
	f.pass(day / 24)
	f.order(pa, "o2", 40_000) // 40.00 of its own; of the tier's 40.00 the 10.00 that are left
	own, sum := f.rows("o2")
	if len(own) != 1 || sum != 4_000 {
		t.Errorf("the second sale earns %d of its own: %+v", sum, own)
	}
	f.wantBonuses("the tier has what is left", 1_000)
	f.pass(day / 24)
	f.order(pa, "o3", 10_000)
	if _, sum := f.rows("o3"); sum != 0 {
		t.Errorf("the cap is full, and the third sale earns %d", sum)
	}
	f.wantBonuses("the tier adds nothing to the third", 1_000)
	f.refund("o1", "r1", 50_000) // the second sale is at no tier any more
	f.wantBonuses("the first came back", 0)
	f.order(pa, "o4", 30_000)
	if _, sum := f.rows("o3"); sum != 0 {
		t.Errorf("there is room again, and what the third was cut by is %d", sum)
	}
	if _, sum := f.rows("o4"); sum != 3_000 {
		t.Errorf("there is room again, and the fourth sale earns %d", sum)
	}
	f.sound()
}

// Orders that are held together for what a later one shows reach no bonus from then on, in each program that they are credited in, and do again
// once they are released.
func TestABonusGoesWithTheSalesThatAreHeldAtRisk(t *testing.T) {
	t.Parallel()
	f := open(t)
	two := func(c *partnership.Campaign, t *partnership.Terms) {
		t.Bonuses = []partnership.Bonus{{When: partnership.WhenSales, At: 2, AmountMinor: 5_000}}
	}
	_, dreams := f.launch(1, two)
	_, nights := f.launch(1, two, func(c *partnership.Campaign, _ *partnership.Terms) { c.Name, c.Program = "Nights", "nights" })
	sale := func(id string) {
		t.Helper()
		_, err := f.RecordOrder(t.Context(), store.OrderIn{
			OrderID: id, Currency: "USD", NetMinor: 10_000, OccurredAt: f.clock(), Buyer: partnership.Buyer{Email: "bea@mail.example"},
			Codes: []string{dreams[0].kit.DiscountCode, nights[0].kit.DiscountCode},
		})
		must(t, err)
	}
	sale("o1")
	sale("o2")
	f.wantBonuses("two sales in each of two programs", 2*5_000)
	sale("o3") // the same buyer once more: all three are held
	f.wantBonuses("all are held", 0)
	rows, _ := f.rows("")
	released := 0
	for _, r := range rows {
		if r.State == ledger.Held && r.OrderID != "" {
			must(t, f.ClearRow(t.Context(), r.ID, "cli:fin", "she is a friend of the brand"))
			released++
		}
	}
	if released != 6 {
		t.Errorf("%d rows were held", released)
	}
	f.wantBonuses("all are released", 2*5_000)
}

// A bonus of terms without commission that was earned while a post lacked its disclosure still waits for whoever looks at its sales once the post is
// mended; what waited for the post alone does not.
func TestAMendedPostLeavesABonusToWhoLooksAtItsSales(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1, func(_ *partnership.Campaign, t *partnership.Terms) {
		t.CommissionBPS, t.FeeMinor, t.Deliverables = 0, 30_000, []partnership.Deliverable{{Kind: "reel", Count: 1}}
		t.Bonuses = []partnership.Bonus{{When: partnership.WhenSales, At: 1, AmountMinor: 5_000}}
	})
	pa := parties[0]
	post := func(disclosed bool) {
		t.Helper()
		sub := must2(f.AddSubmission(ctx, partnership.Submission{PartnershipID: pa.id, Task: "post"}))(t)
		must(t, f.SavePost(ctx, pa.id, sub, "reel-1", disclosed, ""))
	}
	post(false)
	f.order(pa, "o1", 50_000)
	must(t, f.EarnFee(ctx, pa.id, "reel-1", 30_000, f.clock()))
	rows, _ := f.bonuses(ledger.Held)
	if len(rows) != 1 || !strings.HasPrefix(rows[0].Reason, ledger.Undisclosed+"; ") {
		t.Fatalf("while the post lacks its disclosure it is %+v", rows)
	}
	f.pass(day / 24)
	post(true)
	rows, _ = f.bonuses("")
	if len(rows) != 1 || rows[0].State != ledger.Held || strings.Contains(rows[0].Reason, ledger.Undisclosed) || !strings.Contains(rows[0].Reason, ledger.SalesNotHeld) {
		t.Errorf("the post is mended, and it is %+v", rows)
	}
	f.pass(2 * day)
	if plan := f.plan(); plan.TotalMinor != 30_000 {
		t.Errorf("the run pays %d, and nobody has looked at the bonus: the fee is 30000", plan.TotalMinor)
	}
	f.sound()
}
