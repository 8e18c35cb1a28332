package workflows_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// away is a database that is away for that long from now.
func (s *steps) away(d time.Duration) {
	back := s.now().Add(d)
	s.audit = func() error {
		if s.now().Before(back) {
			return errors.New("store: the database did not answer")
		}
		return nil
	}
}

// Changes are asked for just before the review is due, and the database is away: when the line is written, the draft has been approved
// by rule. Whoever asked is told, and so is the audit.
func TestADecisionWhoseMomentPassedWhileItWasWrittenIsRefusedInTheAudit(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.onCard = func(kind string, _ partnership.PartnershipID, task string) {
		if kind != "review" {
			return
		}
		pl.after(day, func() {
			pl.steps.away(10 * day)
			pl.update(workflows.UpdateReviewDraft, workflows.ReviewDraft{Task: task, Decision: partnership.ChoiceChanges, SubmissionID: "s", By: "U1", Proven: proof("U1")})
		})
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.ErrorContains(t, pl.acks[workflows.UpdateReviewDraft], "reviewed already")
	require.Equal(t, []string{"review_draft of U1: this draft has been reviewed already"}, pl.steps.tooLate)
}

// One that counts leaves no such line, however long the database was away.
func TestADecisionThatCountsIsNotCorrected(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.onCard = func(kind string, _ partnership.PartnershipID, task string) {
		if kind != "review" {
			return
		}
		pl.after(day, func() {
			pl.steps.away(day)
			pl.update(workflows.UpdateReviewDraft, workflows.ReviewDraft{Task: task, Decision: partnership.ChoiceApprove, By: "U1", Proven: proof("U1")})
		})
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.NoError(t, pl.acks[workflows.UpdateReviewDraft])
	require.Empty(t, pl.steps.tooLate)
}

// A draft that is approved with a small change is approved: nobody waits for another one, and the words come with the word to post.
func TestASmallChangeComesWithTheWordToPost(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	var words []string
	eager := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		if l.Kind == "cleared_to_post" {
			words = append(words, l.Note)
		}
		eager(l)
	}
	pl.steps.onCard = func(kind string, _ partnership.PartnershipID, task string) {
		if kind != "review" {
			return
		}
		pl.after(day, func() {
			pl.update(workflows.UpdateReviewDraft, workflows.ReviewDraft{Task: task, Decision: partnership.ChoiceAdjust, SubmissionID: "s", By: "U1", Proven: proof("U1")})
		})
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.NoError(t, pl.acks[workflows.UpdateReviewDraft])
	require.NotEmpty(t, words)
	for _, of := range words {
		require.Equal(t, "s", of)
	}
}

// The story ends while a decision about it is written down.
func TestADecisionOnAStoryThatEndedMeanwhileIsRefusedInTheAudit(t *testing.T) {
	pl := newPlay(t)
	pl.after(time.Hour, func() {
		pl.steps.away(20 * day)
		pl.update(workflows.UpdatePause, workflows.Stop{Reason: "stock is late", By: "U1", Proven: proof("U1")})
	})
	require.Equal(t, partnership.Expired, pl.run().Outcome)
	require.ErrorContains(t, pl.acks[workflows.UpdatePause], "has ended")
	require.Equal(t, []string{"pause of U1: this partnership has ended"}, pl.steps.tooLate)
}

// An operator cancels the workflow while a decision is written down: nobody knows whether its line is there, and it is refused.
func TestADecisionOnACampaignThatAnOperatorCancelsIsRefusedInTheAudit(t *testing.T) {
	c := newCrowd(t, rosterOf(3, 3), func(partnership.PartnershipID) partnership.Outcome { return partnership.Completed })
	pause := &word{update: workflows.UpdatePause, arg: workflows.Stop{Reason: "stock is late", By: "U_B", Proven: proof("U_B")}}
	c.env.RegisterDelayedCallback(func() {
		c.steps.away(2 * time.Hour)
		pause.say(c.env)
	}, time.Hour)
	c.env.RegisterDelayedCallback(c.env.CancelWorkflow, 2*time.Hour)
	require.Equal(t, partnership.CampaignCancelled, c.run(t).State)
	require.ErrorContains(t, pause.told, "an operator has cancelled")
	require.Equal(t, []string{"pause of U_B: an operator has cancelled this workflow"}, c.steps.tooLate)
}

// The last partnership ends while a decision about the campaign is written down, which is then refused: the campaign ends all the same.
func TestARefusedDecisionHoldsUpNoCampaignsEnd(t *testing.T) {
	c := newCrowd(t, rosterOf(1, 0), func(partnership.PartnershipID) partnership.Outcome { return partnership.Completed })
	pause := &word{update: workflows.UpdatePause, arg: workflows.Stop{Reason: "stock is late", By: "U_B", Proven: proof("U_B")}}
	c.env.RegisterDelayedCallback(func() {
		back := c.env.Now().Add(2 * day) // by then the only partnership has ended
		c.steps.audit = func() error {
			if c.env.Now().Before(back) {
				return errors.New("store: the database did not answer")
			}
			return refusedForGood("they have not the role manager")
		}
		pause.say(c.env)
	}, time.Hour)
	require.Equal(t, partnership.CampaignFinished, c.run(t).State)
	require.ErrorContains(t, pause.told, "not the role")
}
