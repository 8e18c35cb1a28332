package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// TestAManagerGivesTime: what is open is due so much later, as often as a manager says so, and the creator still has the extension that is theirs by rule.
func TestAManagerGivesTime(t *testing.T) {
	pl := newPlay(t)
	var due []time.Time
	pl.quietOverTheDraft("draft_request", func(l activities.Letter) {
		due = append(due, l.Due)
		pl.after(time.Hour, func() { pl.update(workflows.UpdateGiveTime, workflows.GiveTime{Days: 7, By: "U1"}) })
		pl.after(2*time.Hour, func() {
			require.NoError(t, pl.acks[workflows.UpdateGiveTime])
			pl.update(workflows.UpdateRequestExtension, workflows.RequestExtension{Task: l.Task, Days: 2})
		})
		pl.after(3*time.Hour, func() {
			require.NoError(t, pl.acks[workflows.UpdateRequestExtension])
			due = append(due, pl.snapshot().Deadline)
			pl.update(workflows.UpdateGiveTime, workflows.GiveTime{Days: 31, By: "U1"})
		})
		pl.draftIn(15 * day)(l) // ten were given at first
	})
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.ErrorContains(t, pl.acks[workflows.UpdateGiveTime], "at most 30")
	require.Len(t, due, 2)
	require.Equal(t, 9*day, due[1].Sub(due[0]).Round(day))
}

// TestGivingTimeAnswersTheSilence: a manager who was asked about a silence and gives time by another way has answered.
func TestGivingTimeAnswersTheSilence(t *testing.T) {
	pl := newPlay(t)
	pl.quietOverTheDraft("draft_request", func(activities.Letter) {})
	asked := false
	onCard := pl.steps.onCard
	pl.steps.onCard = func(kind string, id partnership.PartnershipID, task string) {
		onCard(kind, id, task)
		if kind != "quiet" || asked {
			return
		}
		asked = true
		pl.after(time.Hour, func() { pl.update(workflows.UpdateGiveTime, workflows.GiveTime{Days: 4, By: "U1"}) })
		pl.after(2*time.Hour, func() {
			require.NoError(t, pl.acks[workflows.UpdateGiveTime])
			require.Empty(t, pl.snapshot().Attention)
			pl.update(workflows.UpdateDecideQuiet, workflows.DecideQuiet{Task: task, Decision: partnership.ChoiceReplace, By: "U2"})
		})
		pl.after(2*day, func() {
			pl.update(workflows.UpdateSubmitDraft, workflows.SubmitDraft{Task: task, SubmissionID: "s"})
		})
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.True(t, asked)
	require.ErrorContains(t, pl.acks[workflows.UpdateDecideQuiet], "decided already")
}

// TestTimeIsGivenForWhatIsOpenAlone: before a draft is asked for, and after the creator has been given up, there is nothing to extend.
func TestTimeIsGivenForWhatIsOpenAlone(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.after(time.Hour, func() { pl.update(workflows.UpdateGiveTime, workflows.GiveTime{Days: 3, By: "U1"}) })
	pl.after(2*time.Hour, func() {
		require.ErrorContains(t, pl.acks[workflows.UpdateGiveTime], "only a draft or post that is open")
	})
	require.Equal(t, partnership.Completed, pl.run().Outcome)
}

// TestAManagerReplacesOne: it ends as replaced, what was sent is taken back and the creator is told; a post that is live is nobody's place any more.
func TestAManagerReplacesOne(t *testing.T) {
	pl := newPlay(t)
	pl.quietOverTheDraft("draft_request", func(activities.Letter) {
		pl.after(time.Hour, func() { pl.update(workflows.UpdateReplace, workflows.Stop{By: "U1"}) })
		pl.after(2*time.Hour, func() {
			require.ErrorContains(t, pl.acks[workflows.UpdateReplace], "say why")
			pl.update(workflows.UpdateReplace, workflows.Stop{Reason: "no answer", By: "U1"})
		})
	})
	r := pl.run()
	require.Equal(t, workflows.PartnershipResult{Outcome: partnership.Replaced, Reason: "no answer"}, r)
	require.NoError(t, pl.acks[workflows.UpdateReplace])
	require.Contains(t, pl.steps.log, "mail ended ended/alone")

	late := newPlay(t)
	late.eager()
	late.after(30*day, func() { late.update(workflows.UpdateReplace, workflows.Stop{Reason: "no answer", By: "U1"}) })
	require.Equal(t, partnership.Completed, late.run().Outcome)
	require.ErrorContains(t, late.acks[workflows.UpdateReplace], "is live")
}

func (pl *play) snapshot() (now workflows.Snapshot) {
	pl.t.Helper()
	found, err := pl.env.QueryWorkflow(workflows.QuerySnapshot)
	require.NoError(pl.t, err)
	require.NoError(pl.t, found.Get(&now))
	return now
}
