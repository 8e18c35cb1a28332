package store_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
)

// replayed plays a program's sales as they were, and holds that against the ledger's rows, which are added up here by themselves.
func (f *fixture) replayed(t interface{ Fatalf(string, ...any) }, program string) board.Counterfactual {
	f.t.Helper()
	doc, err := f.Counterfactual(f.t.Context(), program, "", ledger.Change{})
	must(f.t, err)
	rows := map[string]int64{}
	all, _ := f.rows("")
	of := map[partnership.CampaignID]string{}
	for _, r := range all {
		if of[r.CampaignID] == "" {
			c, err := f.Campaign(f.t.Context(), r.CampaignID)
			must(f.t, err)
			of[r.CampaignID] = c.Program
		}
		if r.OrderID != "" && r.State != ledger.Voided && of[r.CampaignID] == program {
			rows[r.Creator+" "+r.Currency] += r.AmountMinor
		}
	}
	for _, l := range doc.Lines {
		who := l.Creator + " " + l.Currency
		if l.OffMinor != 0 || l.EarnedMinor != l.ThenMinor || l.DueMinor != l.DueThen || l.ThenMinor != rows[who] {
			t.Fatalf("%s: the rows sum to %d, the line is %+v", who, rows[who], l)
		}
		delete(rows, who)
	}
	for who, minor := range rows {
		if minor != 0 {
			t.Fatalf("%s earned %d and has no line", who, minor)
		}
	}
	return doc
}

// A month with refunds, edits, disputes, holds, a rejection, runs, a failed payout and money that came back is played again to the cent.
func TestAPastPlayedAgainIsTheLedger(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.busyMonth()
	before := f.everything()
	defer func() {
		if diff := cmp.Diff(before, f.everything()); diff != "" {
			t.Errorf("it touched the database: %s", diff)
		}
	}()
	if was := f.replayed(t, program); len(was.Lines) != 4 || was.Kept != 0 {
		t.Errorf("%+v", was)
	}
}

// The same events under another rate, hold, window or attribution, by hand.
func TestACounterfactualByHand(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2, func(_ *partnership.Campaign, agreed *partnership.Terms) { agreed.WindowDays, agreed.HoldDays = 10, 5 })
	ada, bo := parties[0], parties[1]
	sub := must2(f.AddSubmission(ctx, partnership.Submission{PartnershipID: ada.id, Task: "post"}))(t)
	must(t, f.SavePost(ctx, ada.id, sub, "reel-1", true, ""))
	f.order(ada, "o1", 333_33)   // 33.33
	f.refund("o1", "r1", 111_11) // of it a third comes back: 11.11
	f.pass(2 * day)
	f.sold("o2", f.clock(), ada.kit.DiscountCode, bo.kit.LinkCode) // 100.00, ada's by code; the link is bo's
	f.pass(10 * day)
	f.sold("o3", f.clock(), ada.kit.DiscountCode, "") // 12 days after the post: nobody's
	f.replayed(t, program)
	rate, days, window := 2000, 20.0, 30.0
	const o2 = 10_00
	type outcome struct{ earned, due int64 }
	for name, c := range map[string]struct {
		change  ledger.Change
		ada, bo outcome
		moved   int
	}{
		"as it was":         {ledger.Change{}, outcome{22_22 + o2, 22_22 + o2}, outcome{}, 0},
		"twice the rate":    {ledger.Change{RateBPS: &rate}, outcome{44_45 + 2*o2, 44_45 + 2*o2}, outcome{}, 0}, // 66.67 less 22.22
		"a hold of 20 days": {ledger.Change{HoldDays: &days}, outcome{22_22 + o2, -11_11}, outcome{}, 0},        // what came back is payable at once
		"a window of 30":    {ledger.Change{WindowDays: &window}, outcome{22_22 + 2*o2, 22_22 + o2}, outcome{}, 1},
		"a link first":      {ledger.Change{LinkFirst: true}, outcome{22_22, 22_22}, outcome{o2, o2}, 1},
	} {
		doc := must2(f.Counterfactual(ctx, program, "", c.change))(t)
		got := map[partnership.CreatorID]outcome{}
		for _, l := range doc.Lines {
			got[l.CreatorID] = outcome{l.ThenMinor, l.DueThen}
			if l.CreatorID == ada.creator && (l.EarnedMinor != 22_22+o2 || l.OffMinor != 0) {
				t.Errorf("%s: the ledger is told as %+v", name, l)
			}
		}
		if got[ada.creator] != c.ada || got[bo.creator] != c.bo || doc.Moved != c.moved || doc.Kept != 0 {
			t.Errorf("%s: %+v, %d moved, %d kept; want %+v, %+v, %d", name, got, doc.Moved, doc.Kept, c.ada, c.bo, c.moved)
		}
	}
	if doc := must2(f.Counterfactual(ctx, program, "2026-10", ledger.Change{}))(t); len(doc.Lines) != 0 {
		t.Errorf("before the first sale: %+v", doc.Lines)
	}
	_, err := f.Counterfactual(ctx, "nothing", "", ledger.Change{})
	wantCode(t, err, partnership.NotFound)
	f.sound()
}

// Whatever happens to sales, played again they are the ledger: caps, edits, refunds, disputes, holds, releases, rejections, runs.
func TestAnyPastPlayedAgainIsTheLedger(t *testing.T) {
	t.Parallel()
	var f *fixture
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		if round%5 == 0 { // each look reads all that is in a database
			f = open(t)
		}
		round++
		name := fmt.Sprint("past-", round)
		_, parties := f.launch(2, func(c *partnership.Campaign, agreed *partnership.Terms) {
			c.Program, c.Name, agreed.CommissionBPS = name, name, rapid.IntRange(1, 3000).Draw(rt, "bps")
			agreed.CommissionCap = rapid.SampledFrom([]int64{0, 0, 5_000, 20_000}).Draw(rt, "cap")
		})
		var orders []string
		nets := map[string]int64{}
		owner := map[string]party{}
		n := 0
		next := func(kind string) string { n++; return fmt.Sprintf("%s-%s%d", name, kind, n) }
		pick := func(rt *rapid.T) string {
			if len(orders) == 0 {
				rt.Skip("no order yet")
			}
			return rapid.SampledFrom(orders).Draw(rt, "order")
		}
		says := func(rt *rapid.T, id string, net int64) {
			in := store.OrderIn{OrderID: id, Currency: "USD", NetMinor: net, Codes: []string{owner[id].kit.DiscountCode}, OccurredAt: f.clock(), SaleState: partnership.SaleState{SaidAt: f.clock(), TotalMinor: net}}
			if _, err := f.RecordOrder(t.Context(), in); err != nil {
				rt.Fatal(err)
			}
		}
		decide := func(rt *rapid.T, deed func(id string) error, states ...ledger.State) {
			rows, _ := f.rows(pick(rt))
			for _, r := range rows {
				for _, s := range states {
					if r.Kind == ledger.CommissionRow && r.State == s {
						if err := deed(r.ID); err != nil {
							rt.Fatal(err)
						}
						return
					}
				}
			}
			rt.Skip("no such row")
		}
		rt.Repeat(map[string]func(*rapid.T){
			"order": func(rt *rapid.T) {
				id := next("o")
				orders, nets[id], owner[id] = append(orders, id), rapid.Int64Range(0, 90_000).Draw(rt, "net"), parties[rapid.IntRange(0, 1).Draw(rt, "owner")]
				says(rt, id, nets[id])
			},
			"edit": func(rt *rapid.T) {
				says(rt, pick(rt), rapid.Int64Range(0, 120_000).Draw(rt, "net"))
			},
			"refund": func(rt *rapid.T) {
				id := pick(rt)
				if _, err := f.RecordRefund(t.Context(), refundOf(id, next("r"), rapid.Int64Range(1, 60_000).Draw(rt, "minor")), store.ByWebhook); err != nil {
					rt.Fatal(err)
				}
			},
			"dispute": func(rt *rapid.T) {
				id, won := pick(rt), rapid.Bool().Draw(rt, "won")
				d := partnership.SaleDispute{OrderID: id, DisputeID: "d" + id, Currency: "USD", AmountMinor: nets[id], Lost: !won, Won: won, At: f.clock(), FinalAt: f.clock()}
				if _, err := f.RecordDispute(t.Context(), d, store.ByWebhook); err != nil {
					rt.Fatal(err)
				}
			},
			"hold": func(rt *rapid.T) {
				decide(rt, func(id string) error { return f.HoldRow(t.Context(), id, "cli:fin", "odd") }, ledger.Pending, ledger.Eligible)
			},
			"release": func(rt *rapid.T) {
				decide(rt, func(id string) error { return f.ClearRow(t.Context(), id, "cli:fin", "fine") }, ledger.Held)
			},
			"reject": func(rt *rapid.T) {
				decide(rt, func(id string) error { return f.VoidRow(t.Context(), id, "cli:fin", "no") }, ledger.Held)
			},
			"run": func(rt *rapid.T) {
				if plan := f.planFor(name); len(plan.Payouts) > 0 {
					for _, by := range []string{"finance", "owner"} {
						_, err := f.approveAs(plan.RunID, by, plan.LinesHash)
						must(t, err)
					}
					for _, id := range plan.Payouts {
						payout, err := f.BeginTransfer(t.Context(), id)
						must(t, err)
						must(t, f.ConfirmTransfer(t.Context(), id, transferOf(payout.Payout)))
					}
					must(t, f.SetPayoutRunState(t.Context(), plan.RunID, partnership.RunReconciled))
				}
			},
			"": func(*rapid.T) { f.pass(day / 8) },
		})
		f.replayed(rt, name)
	})
}
