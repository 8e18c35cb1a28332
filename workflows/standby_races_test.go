package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/workflows"
)

func (tr *troupe) stop(name, update string) {
	tr.env.UpdateWorkflow(update, name, callback{reject: func(err error) { require.NoError(tr.t, err) }, done: func(any, error) {}}, workflows.Stop{Reason: "stock", By: "U1"})
}

// A pause that is over before the budget is given back leaves nobody uninvited.
func TestAPauseThatEndsWhileTheBudgetIsGivenBack(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 0), 10, nil)
	waves := 0
	tr.onWave = func() {
		if waves++; waves == 1 {
			tr.stop("pause", workflows.UpdatePause)
		}
	}
	tr.onRelease = func() { tr.stop("resume", workflows.UpdateResume) }
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 2}, tr.run().Outcomes)
}

// Who is given up while a standby is asked for as for somebody at risk passes on their own budget after all.
func TestGivenUpWhileAStandbyIsReserved(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 1), 2, map[partnership.PartnershipID]part{"p01": {risk: 18, ends: 50}, "p03": {accepts: 1}})
	waves := 0
	tr.onWave = func() {
		if waves++; waves == 2 {
			tr.env.SignalWorkflow(workflows.SignalSlotChanged, workflows.SlotChanged{PartnershipID: "p01", Change: workflows.SlotGhosted})
		}
	}
	tr.run()
	require.Equal(t, []string{"p01 at_risk", "p03 taken", "p01 <- released"}, tr.said)
}

// What a release gives back is tried for a slot that the budget did not cover before.
func TestReleasedBudgetCoversWhoWasRefused(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 2), 3, map[partnership.PartnershipID]part{
		"p02": {risk: 10, ends: 50}, "p04": {accepts: 5}, "p01": {risk: 12, ends: 50}, "p03": {accepts: 1},
	})
	tr.run()
	require.Equal(t, []string{"p02 at_risk", "p01 at_risk", "p04 taken", "p02 <- released", "p03 taken", "p01 <- released"}, tr.said)
}

// A standby who has brought the slot to its end holds it, also while the first creator could still come back.
func TestASlotThatAStandbyCompletedIsNotGivenOn(t *testing.T) {
	tr := newTroupe(t, rosterOf(1, 2), 10, map[partnership.PartnershipID]part{"p01": {ghost: 20, ends: 60}, "p03": {accepts: 1, ends: 10}})
	r := tr.run()
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 1, partnership.Ghosted: 1}, r.Outcomes)
	require.Zero(t, count(tr.kinds(), "standby_exhausted"))
}

// Nobody is written to at night, whenever their slot is given on and whenever a pause ends.
func TestTheOfferedPlaceIsNeverToldAtNight(t *testing.T) {
	tokyo, err := zones.Load("Asia/Tokyo")
	require.NoError(t, err)
	for name, paused := range map[string]bool{"late in the evening": false, "after a pause": true} {
		t.Run(name, func(t *testing.T) {
			pl := newPlay(t)
			pl.zone = "Asia/Tokyo"
			pl.quietOverTheDraft("", nil)
			pl.steps.onCard = func(kind string, _ partnership.PartnershipID, _ string) {
				if kind != "quiet" {
					return
				}
				pl.steps.risk = 0.7
				now := pl.env.Now().In(tokyo)
				evening := time.Date(now.Year(), now.Month(), now.Day()+1, 22, 30, 0, 0, tokyo)
				pl.after(evening.Sub(now), func() {
					pl.env.SignalWorkflow(workflows.SignalSlotDecided, workflows.SlotDecided{Decision: workflows.SlotReleased})
					if paused {
						pl.update(workflows.UpdatePause, workflows.Stop{Reason: "stock", By: "U1"})
						pl.after(13*time.Hour+10*time.Minute, func() { pl.update(workflows.UpdateResume, workflows.Stop{By: "U1"}) })
					}
				})
			}
			pl.steps.risk = 0.7
			require.Equal(t, partnership.Ghosted, pl.run().Outcome)
			for i, line := range pl.steps.log {
				if line == "mail place_offered draft-1/away-1" {
					hour := pl.steps.times[i].In(tokyo).Hour()
					require.True(t, hour >= 9 && hour < 18, "%s", pl.steps.times[i].In(tokyo))
					return
				}
			}
			t.Error("they were not told")
		})
	}
}

// A standby's open offer goes to another slot that has nobody when its first creator comes back.
func TestAnOfferIsMovedToAnotherSlotBeforeItIsWithdrawn(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 1), 10, map[partnership.PartnershipID]part{
		"p01": {ghost: 20, back: 22}, "p02": {ghost: 21, ends: 40}, "p03": {accepts: 5},
	})
	r := tr.run()
	require.Equal(t, []string{"p01 ghosted", "p02 ghosted", "p01 returned", "p01 <- kept", "p03 taken", "p02 <- released"}, tr.said)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 2, partnership.Ghosted: 1}, r.Outcomes)
	require.Zero(t, count(tr.kinds(), "extra_slot"))
}
