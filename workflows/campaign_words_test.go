package workflows_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// slowAudit takes a decision when it is let.
type slowAudit struct{ let chan struct{} }

func (s slowAudit) RecordDecision(context.Context, activities.Decision) error {
	<-s.let
	return nil
}

// A campaign's amendment comes in while its cancellation is written down: nothing is amended, and whoever asked is told.
func TestACampaignThatIsCancelledMeanwhileIsNotAmended(t *testing.T) {
	c := newCrowd(t, rosterOf(3, 3), func(partnership.PartnershipID) partnership.Outcome { return partnership.Completed })
	audit, planned := slowAudit{make(chan struct{})}, 0
	c.env.RegisterActivity(audit.RecordDecision)
	c.steps.onAmend = func(activities.AmendmentRef) activities.AmendmentPlan {
		planned++
		return activities.AmendmentPlan{}
	}
	cancel := &word{update: workflows.UpdateCancel, arg: workflows.Stop{Reason: "product recalled", By: "U_B", Proven: proof("U_B")}}
	amendment := &word{update: workflows.UpdateAmend, arg: workflows.Amend{Version: 1, Proven: proof("U_A")}}
	c.env.RegisterDelayedCallback(func() {
		cancel.say(c.env)
		amendment.say(c.env)
		close(audit.let)
	}, time.Hour)
	require.Equal(t, partnership.CampaignCancelled, c.run(t).State)
	require.NoError(t, cancel.told)
	require.ErrorContains(t, amendment.told, "being recorded")
	require.Zero(t, planned)
}

// The last partnership has ended and the report waits for the chat: whatever is decided now could change nothing, and whoever decides
// it is told so.
func TestACampaignThatFinishesTakesNoDecisionAnyMore(t *testing.T) {
	for name, finishing := range map[string]func(c *crowd, until time.Time){
		"the chat is away": func(c *crowd, until time.Time) {
			c.steps.chat = func() error {
				if c.env.Now().Before(until) {
					return errors.New("chat: no answer")
				}
				return nil
			}
		},
		"the board is away": func(c *crowd, until time.Time) {
			c.steps.state = func(end activities.CampaignEnd) error {
				if end.State == partnership.CampaignFinished && c.env.Now().Before(until) {
					return errors.New("store: the database did not answer")
				}
				return nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCrowd(t, rosterOf(1, 0), func(partnership.PartnershipID) partnership.Outcome { return partnership.Completed })
			planned := 0
			c.steps.onAmend = func(activities.AmendmentRef) activities.AmendmentPlan {
				planned++
				return activities.AmendmentPlan{}
			}
			stop := workflows.Stop{Reason: "product recalled", By: "U_B", Proven: proof("U_B")}
			words := []*word{
				{update: workflows.UpdateCancel, arg: stop},
				{update: workflows.UpdatePause, arg: stop},
				{update: workflows.UpdateResume, arg: stop},
				{update: workflows.UpdateAmend, arg: workflows.Amend{Version: 1, Proven: proof("U_A")}},
			}
			finishing(c, monday.Add(day+5*time.Minute))
			c.env.RegisterDelayedCallback(func() {
				for _, w := range words {
					w.say(c.env)
				}
			}, day+time.Minute)
			require.Equal(t, partnership.CampaignFinished, c.run(t).State)
			for _, w := range words {
				require.ErrorContains(t, w.told, "has just ended", w.update)
			}
			require.Zero(t, planned)
		})
	}
}
