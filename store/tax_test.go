package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// RULE 13: by the year of the payment in the payer's zone, without what came back, networks and gifts apart.
func TestAPaymentIsOfTheYearInWhichItLeft(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(2, func(_ *partnership.Campaign, t *partnership.Terms) {
		t.Gift = &partnership.Gift{Name: "A sampler", ValueMinor: 4_500}
	})
	newYear := time.Date(2027, 1, 1, 5, 0, 0, 0, time.UTC) // in New York
	for i, at := range []time.Time{newYear.Add(-time.Second), newYear} {
		must(t, f.EarnFee(t.Context(), parties[i].id, fmt.Sprint("post", i), 160_000, epoch))
		run, err := f.OpenPayoutRun(t.Context(), program, "2026-12", "schedule", newYear.Add(-time.Hour))
		must(t, err)
		plan, err := f.PlanPayouts(t.Context(), run.ID, newYear.Add(-time.Hour))
		must(t, err)
		f.pass(at.Sub(f.clock()))
		_, err = f.approveAs(run.ID, "finance", plan.LinesHash)
		must(t, err)
		for _, p := range f.payouts(plan) {
			_, err := f.BeginTransfer(t.Context(), p.ID)
			must(t, err)
			must(t, f.ConfirmTransfer(t.Context(), p.ID, transferOf(p)))
			if i == 0 {
				must(t, f.ReverseTransfer(t.Context(), p.ID, "tr_"+string(p.ID), 1))
			}
		}
		must(t, f.SetPayoutRunState(t.Context(), run.ID, partnership.RunReconciled))
	}
	must(t, f.SaveDelivery(t.Context(), partnership.Delivery{PartnershipID: parties[1].id, OrderID: "g1", Status: partnership.ParcelDelivered}))
	must(t, f.AddEvent(t.Context(), parties[1].id, "d", partnership.TimelineEvent{At: newYear.AddDate(0, -6, 0), Kind: "delivered", Owner: "carrier"}))

	year := func(year int, networks ...string) map[partnership.CreatorID]board.TaxLine {
		lines, err := f.TaxYear(t.Context(), year, networks)
		must(t, err)
		by := map[partnership.CreatorID]board.TaxLine{}
		for _, l := range lines {
			by[l.CreatorID] = l
		}
		return by
	}
	old, next := year(2026), year(2027)
	if l := old[parties[0].creator]; l.PaidMinor != 159_999 || l.Payouts != 1 || l.Standing != ledger.NECBelow || l.Creator != "Creator0" || l.GiftMinor != 0 {
		t.Errorf("a second before midnight: %+v", l)
	}
	if l := old[parties[1].creator]; l.PaidMinor != 0 || l.GiftMinor != 4_500 {
		t.Errorf("whose gift arrived in summer: %+v", l)
	}
	if l := next[parties[1].creator]; l.PaidMinor != 160_000 || l.Standing != ledger.NECNear || l.GiftMinor != 0 {
		t.Errorf("at midnight: %+v", l)
	}
	if _, there := next[parties[0].creator]; there {
		t.Error("a payment is of two years")
	}
	if l := year(2027, "stripe")[parties[1].creator]; l.PaidMinor != 0 || l.NetworkMinor != 160_000 || l.Standing != ledger.NECBelow {
		t.Errorf("by a network: %+v", l)
	}
}

// Of a program's rails one may be a network that reports what it moves, and another not: each payout counts by its own.
func TestWhatANetworkReportsIsToldByThePayoutsRail(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(1)
	f.approve(plan)
	f.sendNow(f.payouts(plan)[0])
	must(t, f.Signed(t.Context(), "update programs set provider = 'paypal', rails = $1", []string{"paypal", theRail}))
	for _, c := range []struct {
		network            string
		paid, byTheNetwork int64
	}{{"paypal", 5000, 0}, {theRail, 0, 5000}} {
		_, lines, err := f.TaxYearNow(t.Context(), program, []string{c.network}, f.clock())
		must(t, err)
		if len(lines) != 1 || lines[0].PaidMinor != c.paid || lines[0].NetworkMinor != c.byTheNetwork {
			t.Errorf("where %s reports what it moves: %+v", c.network, lines)
		}
	}
}
