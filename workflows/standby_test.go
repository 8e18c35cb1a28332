package workflows_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// p01 is of "home", p02 of "fragrance"; p03 (home) and p04 (fragrance) stand by.
func TestTheStandbyOfTheNicheTakesTheSlotAndTheFirstIsReleased(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 2), 10, map[partnership.PartnershipID]part{"p02": {ghost: 20, ends: 34}, "p04": {accepts: 2}})
	r := tr.run()
	require.Equal(t, []string{"p02 ghosted", "p04 taken", "p02 <- released"}, tr.said)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 2, partnership.Ghosted: 1}, r.Outcomes)
	require.Equal(t, partnership.PartnershipID("p02"), tr.inputs["p04"].Covers)
	require.Empty(t, tr.inputs["p03"].PartnershipID, "the slot is given on once")
}

func TestAStandbyIsAskedWhileTheFirstIsOnlyAtRiskAndTheOfferIsTakenBackOnTheirReturn(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 2), 10, map[partnership.PartnershipID]part{"p01": {risk: 18, back: 20}, "p03": {accepts: 5}})
	r := tr.run()
	require.Equal(t, []string{"p01 at_risk", "p01 returned", "p03 <- withdrawn", "p01 <- kept"}, tr.said)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 2, partnership.Cancelled: 1}, r.Outcomes)
}

func TestAStandbyWhoDeclinesIsFollowedByTheNext(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 2), 10, map[partnership.PartnershipID]part{"p01": {ghost: 20, ends: 34}, "p03": {ends: 2, outcome: partnership.Declined}, "p04": {accepts: 1}})
	tr.run()
	require.Equal(t, []string{"p01 ghosted", "p04 taken", "p01 <- released"}, tr.said)
}

func TestALateReturnGetsAFurtherSlotOnlyWhenTheBudgetCoversIt(t *testing.T) {
	for purse, want := range map[int]string{3: "p01 <- kept", 2: "p01 <- gone"} {
		tr := newTroupe(t, rosterOf(2, 1), purse, map[partnership.PartnershipID]part{"p01": {ghost: 20, back: 25}, "p03": {accepts: 2}})
		tr.run()
		require.Equal(t, []string{"p01 ghosted", "p03 taken", "p01 <- released", "p01 returned", want}, tr.said, "budget for %d", purse)
		require.Equal(t, purse == 3, count(tr.kinds(), "extra_slot") == 1)
	}
}

// The budget covers the slots and no more: the standby's offer holds the first's reservation, which comes free with its withdrawal.
func TestAReturnWaitsForTheBudgetThatAnOpenOfferHolds(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 1), 2, map[partnership.PartnershipID]part{"p01": {ghost: 20, back: 21}, "p03": {accepts: 5}})
	r := tr.run()
	require.Equal(t, []string{"p01 ghosted", "p01 returned", "p03 <- withdrawn", "p01 <- kept"}, tr.said)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 2, partnership.Cancelled: 1}, r.Outcomes)
}

// Nobody at risk loses their reservation to a standby: the budget has to cover both.
func TestRiskAloneTakesNobodysBudget(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 1), 2, map[partnership.PartnershipID]part{"p01": {risk: 18, back: 25}})
	tr.run()
	require.Equal(t, []string{"p01 at_risk", "p01 returned", "p01 <- kept"}, tr.said)
	require.Equal(t, 1, count(tr.kinds(), "budget_exhausted"))
}

func TestAnExhaustedListTellsTheManagerWhatToDo(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 0), 10, map[partnership.PartnershipID]part{"p01": {ghost: 20, ends: 34}})
	tr.run()
	require.Equal(t, 1, count(tr.kinds(), "standby_exhausted"))
	for _, n := range tr.news {
		if n.Kind == "standby_exhausted" {
			require.Contains(t, n.Attention, "Nobody is left on the roster")
			require.Contains(t, n.Attention, "rapport campaign amend c1")
		}
	}
}

func TestNobodyIsAskedWhoCouldNotPostInTheWindow(t *testing.T) {
	plan := rosterOf(2, 1)
	plan.Schedule = partnership.Schedule{ProduceDays: 8, PublishTo: monday.Add(25 * day)}
	tr := newTroupe(t, plan, 10, map[partnership.PartnershipID]part{"p01": {ghost: 20, ends: 34}})
	tr.run()
	require.Empty(t, tr.inputs["p03"].PartnershipID)
	require.Contains(t, tr.news[1].Attention, "before the publish window ends")
}

func TestAStandbysOfferStandsForHalfTheTime(t *testing.T) {
	plan := rosterOf(1, 1)
	plan.Schedule.OutreachDays = 10
	tr := newTroupe(t, plan, 10, map[partnership.PartnershipID]part{"p01": {ghost: 20, ends: 34}, "p02": {accepts: 1}})
	tr.run()
	require.InDelta(t, 5, tr.inputs["p02"].Schedule.OutreachDays, 0.01)
}

// Whatever creators do, nobody works without a budget, no slot is offered to two at once, and everybody who comes back is answered.
func TestStandbyPromotionHoldsForAnyHappenings(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		slots, standby := rapid.IntRange(1, 4).Draw(rt, "slots"), rapid.IntRange(0, 4).Draw(rt, "standby")
		days := func(name string) float64 { return float64(rapid.IntRange(0, 80).Draw(rt, name)) / 4 }
		parts := map[partnership.PartnershipID]part{}
		for i := range slots + standby {
			pt := part{accepts: days("accepts"), ends: 20 + days("ends")}
			if rapid.Bool().Draw(rt, "quiet") {
				pt.risk = days("risk")
				pt.ghost = pt.risk + days("ghost")
				if rapid.Bool().Draw(rt, "returns") {
					pt.back = max(pt.risk, pt.ghost) + days("back") + 0.25
				}
			}
			if i >= slots && pt.accepts > 0 { // nobody goes quiet before they accept
				for _, d := range []*float64{&pt.risk, &pt.ghost, &pt.back} {
					if *d > 0 {
						*d += pt.accepts
					}
				}
			}
			if rapid.IntRange(0, 3).Draw(rt, "says no") == 0 {
				pt.outcome = partnership.Declined
			}
			parts[partnership.PartnershipID(fmt.Sprintf("p%02d", i+1))] = pt
		}
		tr := newTroupe(rt, rosterOf(slots, standby), slots+rapid.IntRange(0, 2).Draw(rt, "more budget"), parts)
		r := tr.run()
		require.LessOrEqual(rt, r.Outcomes[partnership.Completed], tr.purse)
		asked, answered := 0, 0
		for _, line := range tr.said {
			var id, what, decision string
			_, _ = fmt.Sscanf(line, "%s %s %s", &id, &what, &decision)
			if what == "returned" {
				asked++
			}
			if decision == "kept" || decision == "gone" {
				answered++
			}
		}
		require.Equal(rt, asked, answered, "%v", tr.said)
	})
}

// A return that arrives while another is being answered is answered too.
func TestAReturnWhileAnotherIsAnsweredIsAnswered(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 0), 10, map[partnership.PartnershipID]part{"p01": {ghost: 10}, "p02": {ghost: 10, back: 20}})
	tr.onReserve = func(id partnership.PartnershipID) {
		if id == "p02" {
			tr.env.SignalWorkflow(workflows.SignalSlotChanged, workflows.SlotChanged{PartnershipID: "p01", Change: workflows.SlotReturned, Terms: offer()})
		}
	}
	tr.run()
	require.Equal(t, []string{"p02 <- kept", "p01 <- kept"}, tr.said[3:])
	require.Equal(t, []float64{20, 20}, tr.answered, "at once, not with the next news")
}

// Whoever was given up can pay for their own standby, whatever the budget refused to somebody at risk.
func TestTheBudgetOfAGhostedCreatorGoesToTheirStandby(t *testing.T) {
	for _, ghosted := range []partnership.PartnershipID{"p01", "p02"} {
		parts := map[partnership.PartnershipID]part{"p01": {risk: 18, ends: 50}, "p02": {risk: 18, ends: 50}, "p03": {accepts: 1}}
		pt := parts[ghosted]
		pt.risk, pt.ghost = 0, 20
		parts[ghosted] = pt
		tr := newTroupe(t, rosterOf(2, 1), 2, parts)
		tr.run()
		require.Equal(t, ghosted, tr.inputs["p03"].Covers)
		require.Contains(t, tr.said, string(ghosted)+" <- released")
	}
}

// A pause that comes while the budget is being reserved gives it back: who comes back meanwhile finds their place.
func TestAPauseWhileAStandbyIsPromotedCostsNobodyTheirPlace(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 1), 2, map[partnership.PartnershipID]part{"p01": {ghost: 20, back: 22}})
	waves := 0
	tr.onWave = func() {
		if waves++; waves == 2 {
			tr.env.UpdateWorkflow(workflows.UpdatePause, "pause", callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}}, workflows.Stop{Reason: "stock", By: "U1"})
		}
	}
	tr.env.RegisterDelayedCallback(func() {
		tr.env.UpdateWorkflow(workflows.UpdateResume, "resume", callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}}, workflows.Stop{By: "U1"})
	}, 30*day)
	tr.run()
	require.Equal(t, []string{"p01 ghosted", "p01 returned", "p01 <- kept"}, tr.said)
	require.Empty(t, tr.inputs["p03"].PartnershipID)
}

// Who cannot be written to any more is passed over.
func TestAStandbyWhoWasErasedIsPassedOver(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 2), 10, map[partnership.PartnershipID]part{"p01": {ghost: 20, ends: 34}, "p04": {accepts: 1}})
	tr.gone = "p03"
	tr.run()
	require.Empty(t, tr.inputs["p03"].PartnershipID)
	require.Equal(t, partnership.PartnershipID("p01"), tr.inputs["p04"].Covers)
}

// A standby who took the slot and ended leaves it to the next.
func TestAStandbyWhoTookTheSlotAndEndedIsFollowedByTheNext(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 2), 10, map[partnership.PartnershipID]part{
		"p01": {ghost: 20, ends: 34}, "p03": {accepts: 1, ends: 5, outcome: partnership.Declined}, "p04": {accepts: 1},
	})
	tr.run()
	require.Equal(t, []string{"p01 ghosted", "p03 taken", "p01 <- released", "p04 taken"}, tr.said)
}
