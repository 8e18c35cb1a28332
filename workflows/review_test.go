package workflows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// at is when the first line of the log that begins so was written.
func (pl *play) at(t *testing.T, line string) time.Duration {
	t.Helper()
	i := slices.IndexFunc(pl.steps.log, func(l string) bool { return strings.HasPrefix(l, line) })
	require.GreaterOrEqual(t, i, 0, "%s in\n%s", line, strings.Join(pl.steps.log, "\n"))
	return pl.steps.times[i].Sub(pl.start)
}

// The days of a pause are the brand's: an offer that had a day left when it began has a day left when it ends.
func TestAPauseExtendsWhatItInterrupts(t *testing.T) {
	pl := newPlay(t)
	pl.after(9*day, func() { pl.update(workflows.UpdatePause, workflows.Stop{Reason: "stock is late", By: "U1"}) })
	pl.after(20*day, func() { pl.update(workflows.UpdateResume, workflows.Stop{By: "U1"}) })
	require.Equal(t, partnership.Expired, pl.run().Outcome)
	require.Equal(t, 21*day, pl.env.Now().Sub(pl.start).Round(time.Hour))
	require.True(t, slices.ContainsFunc(pl.steps.board, func(b partnership.Projection) bool { return b.Paused }), "the board shows a pause while it lasts")
}

func TestNobodyIsAskedForAnythingNewDuringAPause(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.after(3*day, func() { pl.update(workflows.UpdatePause, workflows.Stop{Reason: "stock is late", By: "U1"}) }) // the gift is on its way
	pl.after(30*day, func() { pl.update(workflows.UpdateResume, workflows.Stop{By: "U1"}) })
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.Equal(t, 30*day, pl.at(t, "mail draft_request").Round(time.Hour))
	require.NotContains(t, pl.steps.log, "card quiet draft-1")
}

func TestAPauseNeedsAReason(t *testing.T) {
	pl := newPlay(t)
	pl.after(day, func() { pl.update(workflows.UpdatePause, workflows.Stop{By: "U1"}) })
	require.Equal(t, partnership.Expired, pl.run().Outcome)
	require.ErrorContains(t, pl.acks[workflows.UpdatePause], "say why")
}

func TestADamagedGiftStaysOnTheBoard(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.onLabel = func() {
		pl.after(3*day, func() {
			pl.update(workflows.UpdateConfirmDelivery, workflows.ConfirmDelivery{Condition: partnership.ChoiceDamaged})
		})
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.True(t, slices.ContainsFunc(pl.steps.board, func(b partnership.Projection) bool {
		return b.Stage == partnership.Content && strings.Contains(b.Attention, "damaged")
	}))
}

// A slow decision eats no time of the creator's: the standing offer is open for its days from when it is made again.
func TestTheStandingOfferHasItsTimeHoweverLateTheDecision(t *testing.T) {
	pl := newPlay(t)
	pl.steps.onMail = func(l activities.Letter) {
		if l.Kind == "invitation" {
			pl.after(9*day, func() {
				pl.update(workflows.UpdateAnswerOffer, workflows.AnswerOffer{Task: l.Task, Answer: partnership.ChoiceCounter, FeeMinor: 90_000})
			})
		}
	}
	require.Equal(t, partnership.Expired, pl.run().Outcome)
	made := pl.at(t, "mail counter_refused")
	require.InDelta(t, (made + 5*day).Hours(), pl.env.Now().Sub(pl.start).Hours(), 1.1)
}

func TestACardThatCannotBeClosedHoldsUpNobody(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.onCard = nil
	pl.steps.refuse["CloseReviewCard"] = refusedForGood("message_not_found")
	require.Equal(t, partnership.Completed, pl.run().Outcome)
}

// A click that is reported late is a sign of life of then.
func TestAnOldSignOfLifeIsNoneOfToday(t *testing.T) {
	pl := newPlay(t)
	pl.after(day, func() {
		pl.env.SignalWorkflow(workflows.SignalCreatorActive, workflows.CreatorActive{Channel: "click", EventID: "e", At: pl.start.Add(-day)})
	})
	require.Equal(t, partnership.Expired, pl.run().Outcome)
	require.Contains(t, pl.steps.log, "mail offer_reminder offer/nudge")
}

func TestAParcelWithoutATimeIsDelivered(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.onLabel = func() {
		pl.after(3*day, func() {
			pl.env.SignalWorkflow(workflows.SignalParcelMoved, workflows.ParcelMoved{ShipmentID: "shp-1", Status: partnership.ParcelDelivered})
		})
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
}

func TestABouncedMailIsOnTheBoardAtOnce(t *testing.T) {
	pl := newPlay(t)
	pl.after(time.Hour, func() {
		pl.env.SignalWorkflow(workflows.SignalMailFailed, workflows.MailFailed{Key: "k", Why: "bounce", EventID: "e"})
	})
	shown := false
	pl.after(2*time.Hour, func() { shown = strings.Contains(pl.steps.board[len(pl.steps.board)-1].Attention, "bounce") })
	require.Equal(t, partnership.Expired, pl.run().Outcome)
	require.True(t, shown)
}

// The message of an opt-out may be lost; the sending knows of it.
func TestAnOptOutIsHeardOfAtTheNextReminder(t *testing.T) {
	pl := newPlay(t)
	pl.steps.optedOut = true
	require.Equal(t, partnership.OptedOut, pl.run().Outcome)
	require.Equal(t, []string{"mail invitation offer/request", "mail offer_reminder offer/nudge"}, pl.steps.log)
}

func TestAPausedCampaignCanBeCancelled(t *testing.T) {
	c := newCrowd(t, rosterOf(2, 2), func(partnership.PartnershipID) partnership.Outcome { return partnership.Declined })
	send := func(name string) func() {
		return func() {
			c.env.UpdateWorkflow(name, name, callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}}, workflows.Stop{Reason: "stock is late", By: "U1"})
		}
	}
	c.env.RegisterDelayedCallback(send(workflows.UpdatePause), time.Hour)
	c.env.RegisterDelayedCallback(send(workflows.UpdateCancel), 3*day)
	require.Equal(t, partnership.CampaignCancelled, c.run(t).State)
	require.Len(t, c.started, 2)
}

func TestACampaignCancelledWhileItReservesInvitesNobody(t *testing.T) {
	c := newCrowd(t, rosterOf(2, 2), func(partnership.PartnershipID) partnership.Outcome { return partnership.Completed })
	c.steps.onWave = func() {
		c.env.UpdateWorkflow(workflows.UpdateCancel, "u1", callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}},
			workflows.Stop{Reason: "product recalled", By: "U1"})
	}
	r := c.run(t)
	require.Equal(t, partnership.CampaignCancelled, r.State)
	require.Empty(t, c.started)
	require.Equal(t, map[partnership.Outcome]int{partnership.Cancelled: 2}, r.Outcomes)
	require.Len(t, c.steps.board, 2, "the rows that were reserved are closed")
}

func TestACampaignPausedWhileItReservesInvitesAfterwards(t *testing.T) {
	c := newCrowd(t, rosterOf(2, 0), func(partnership.PartnershipID) partnership.Outcome { return partnership.Completed })
	send := func(name, reason string) {
		c.env.UpdateWorkflow(name, name, callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}}, workflows.Stop{Reason: reason, By: "U1"})
	}
	c.steps.onWave = func() {
		c.steps.onWave = nil
		send(workflows.UpdatePause, "stock is late")
	}
	c.env.RegisterDelayedCallback(func() { require.Empty(t, c.started) }, day)
	c.env.RegisterDelayedCallback(func() { send(workflows.UpdateResume, "") }, 2*day)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 2}, c.run(t).Outcomes)
}

// Whoever presses last while an approval is on its way to the database is told so: a run is never both.
func TestARunThatIsBeingApprovedIsNotRejected(t *testing.T) {
	env, s := newRun(t, "po1")
	var ok, rejected error
	env.RegisterDelayedCallback(func() {
		approve(env, "U_FINANCE", "h1", &ok)()
		env.UpdateWorkflow(workflows.UpdateRejectRun, "r", callback{reject: func(err error) { rejected = err }, done: func(any, error) {}}, workflows.RejectRun{By: "U_B", Reason: "no"})
	}, 4*day)
	require.Equal(t, partnership.RunReconciled, runMonth(t, env).State)
	require.NoError(t, ok)
	require.ErrorContains(t, rejected, "just being recorded")
	require.NotContains(t, s.log, "void")
}

// A run that was terminated after its approval and started again goes on by itself, and waits for what is still under way.
func TestARunBegunAgainGoesOn(t *testing.T) {
	env, s := newRun(t, "po1", "po1") // the second is under way when it is started
	s.approved = []string{"U_FINANCE"}
	require.Equal(t, partnership.RunReconciled, runMonth(t, env).State)
	require.Equal(t, 2, count(s.log, "transfer po1"), "the ledger is asked again what became of it")
}
