package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/workflows"
)

// amend sends an amendment as the campaign does, with the schedule and offer changed by f.
func (pl *play) amend(version int, f func(*partnership.Schedule, *partnership.Terms)) {
	m := workflows.Amended{Version: version, Schedule: input().Schedule, Offer: offer()}
	f(&m.Schedule, &m.Offer)
	pl.env.SignalWorkflow(workflows.SignalAmended, m)
}

func moreTime(s *partnership.Schedule, _ *partnership.Terms)  { s.ProduceDays = 20 }
func moreShare(_ *partnership.Schedule, t *partnership.Terms) { t.CommissionBPS = 1_500 }
func nothing(_ *partnership.Schedule, _ *partnership.Terms)   {}
func (pl *play) commissionAtTheEnd() int {
	return pl.steps.board[len(pl.steps.board)-1].Terms.CommissionBPS
}

// After the dates have moved no reminder of the old ones goes out.
func TestAnAmendedDateSilencesTheOldReminders(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	eager := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		if l.Kind == "draft_request" {
			pl.after(day, func() { pl.amend(1, moreTime) })
			pl.after(9*day, func() { // the old nudge would have come at day 5, the old day-before at day 9
				require.NotContains(t, pl.steps.log, "mail draft_reminder draft-1/nudge")
				require.NotContains(t, pl.steps.log, "mail draft_reminder draft-1/day_before")
			})
			pl.after(15*day, func() {
				pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: l.Task, SubmissionID: "s"})
			})
			return
		}
		eager(l)
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Len(t, pl.letters("dates_moved"), 1)
	require.Contains(t, pl.steps.log, "mail draft_reminder draft-1/nudge-2", "the new dates have reminders of their own")
	require.Equal(t, lost{"brand": 5}, pl.slips(), "ten days were given and five of them used")
}

func TestAnAmendmentIsAppliedOnce(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	for _, at := range []time.Duration{12 * time.Hour, 13 * time.Hour, 14 * time.Hour} {
		pl.after(at, func() { pl.amend(1, moreTime) })
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Len(t, pl.letters("dates_moved"), 1)
}

// While the parcel is on its way nothing else writes to the board, so the amendment itself has to.
func TestTheBoardShowsAmendedDatesWhileAParcelIsOnItsWay(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	checked := false
	draftDue := func() time.Time {
		plan := pl.steps.board[len(pl.steps.board)-1].Plan
		return plan[slices.IndexFunc(plan, func(m partnership.Milestone) bool { return m.Kind == string(timeline.DraftDue) })].Due
	}
	pl.steps.onLabel = func() {
		var before time.Time
		pl.after(day, func() { before = draftDue(); pl.amend(1, moreTime) })
		pl.after(2*day, func() {
			checked = true
			require.Equal(t, partnership.Gifting, pl.steps.board[len(pl.steps.board)-1].Stage)
			require.Equal(t, before.Add(10*day), draftDue(), "the board shows the date that the creator was told")
		})
		pl.after(3*day, func() {
			pl.env.SignalWorkflow(workflows.SignalParcelMoved, workflows.ParcelMoved{ShipmentID: "shp-1", Status: partnership.ParcelDelivered, At: pl.env.Now()})
		})
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.True(t, checked)
}

func TestAnAmendmentThatTouchesNothingTellsNobody(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.after(12*time.Hour, func() { pl.amend(1, nothing) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Empty(t, pl.letters("dates_moved"))
}

func TestBeforeTheSignatureTheNewTermsAreTheOffer(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.after(12*time.Hour, func() { pl.amend(1, moreShare) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, 1_500, pl.commissionAtTheEnd())
	require.Equal(t, 1, count(pl.steps.log, "contract"))
}

// Signed terms change only once the creator has signed the change.
func TestSignedTermsNeedASignedAmendment(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	sign := pl.steps.onSign
	signings := 0
	pl.steps.onSign = func() {
		signings++
		sign()
		if signings == 2 {
			pl.after(12*time.Hour, func() {
				require.Equal(t, 1_000, pl.commissionAtTheEnd(), "the signed terms stand until the amendment is signed")
			})
		}
	}
	pl.after(2*day+12*time.Hour, func() { pl.amend(1, moreShare) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, 2, signings)
	require.Equal(t, 1_500, pl.commissionAtTheEnd())
}

func TestADeclinedAmendmentLeavesTheSignedTerms(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.after(2*day+12*time.Hour, func() {
		pl.steps.envelope = partnership.EnvelopeDeclined
		pl.amend(1, moreShare)
	})
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, 1_000, pl.commissionAtTheEnd())
}

// A cancel takes back an amendment that waits for its signature, and the gift that is on its way beside it.
func TestACancelVoidsAnOpenAmendment(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	signings := 0
	sign := pl.steps.onSign
	pl.steps.onSign = func() {
		if signings++; signings == 1 {
			sign()
		}
	}
	pl.after(2*day+6*time.Hour, func() { pl.amend(1, moreShare) })
	pl.after(2*day+18*time.Hour, func() { pl.update(workflows.UpdateCancel, workflows.Stop{Reason: "recall", By: "U1"}) })
	require.Equal(t, partnership.Cancelled, pl.run().Outcome)
	for _, undone := range []string{"undo contract", "undo label", "undo gift", "undo code"} {
		require.Contains(t, pl.steps.log, undone)
	}
}

func TestACampaignPassesAnAmendmentOnOnceAndOpensItsNewSlot(t *testing.T) {
	c := newCrowd(t, rosterOf(3, 3), func(partnership.PartnershipID) partnership.Outcome { return partnership.Completed })
	amend := func() {
		c.env.UpdateWorkflow(workflows.UpdateAmend, c.env.Now().String(), callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}},
			workflows.Amend{Version: 1, By: "U1"})
	}
	c.env.RegisterDelayedCallback(amend, time.Hour)
	c.env.RegisterDelayedCallback(amend, 2*time.Hour)
	r := c.run(t)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 4}, r.Outcomes, "the amended file has a slot more")
	require.Equal(t, 1, count(c.steps.log, "load amendment 1"))
	require.Contains(t, newsKinds(c), "campaign_amended")
}

func richer(_ *partnership.Schedule, t *partnership.Terms) { t.FeeMinor = 80_000 }

func TestAnAmendmentThatTheBudgetDoesNotCoverChangesNothing(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.overBudget = true
	pl.after(12*time.Hour, func() { pl.amend(1, richer) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.EqualValues(t, 50_000, pl.steps.board[len(pl.steps.board)-1].Terms.FeeMinor)
}

// An amendment whose time is over is voided at the vendor: nobody may sign what no longer holds.
func TestALapsedAmendmentIsVoided(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	signings, sign := 0, pl.steps.onSign
	pl.steps.onSign = func() {
		if signings++; signings == 1 {
			sign()
			return
		}
		pl.steps.envelope = partnership.EnvelopeSent
	}
	pl.carrierSays(20) // long enough for the signature's five days to pass
	pl.after(2*day+6*time.Hour, func() { pl.amend(1, moreShare) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, 1, count(pl.steps.log, "undo contract"))
	require.Equal(t, 1_000, pl.commissionAtTheEnd())
}
