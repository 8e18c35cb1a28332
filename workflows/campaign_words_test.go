package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// slowAudit takes a decision when it is let.
type slowAudit struct{ let chan struct{} }

func (s slowAudit) RecordDecision(context.Context, activities.Decision) error {
	<-s.let
	return nil
}

// A campaign is cancelled while its amendment comes in, by a door or by an operator: nothing is amended, and whoever asked is told.
func TestACampaignThatIsCancelledMeanwhileIsNotAmended(t *testing.T) {
	amend := func() *word {
		return &word{update: workflows.UpdateAmend, arg: workflows.Amend{Version: 1, Proven: proof("U_A")}}
	}
	for name, c := range map[string]struct {
		told string
		say  func(c *crowd, amendment *word)
	}{
		"by a door": {"being recorded", func(c *crowd, amendment *word) {
			cancel := &word{update: workflows.UpdateCancel, arg: workflows.Stop{Reason: "product recalled", By: "U_B", Proven: proof("U_B")}}
			cancel.say(c.env)
			amendment.say(c.env)
		}},
		"by an operator": {"cancel", func(c *crowd, amendment *word) {
			amendment.say(c.env)
			c.env.CancelWorkflow()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			cr := newCrowd(t, rosterOf(3, 3), func(p.PartnershipID) p.Outcome { return p.Completed })
			audit, amendment, planned := slowAudit{make(chan struct{})}, amend(), 0
			cr.env.RegisterActivity(audit.RecordDecision)
			cr.steps.onAmend = func(activities.AmendmentRef) activities.AmendmentPlan {
				planned++
				return activities.AmendmentPlan{}
			}
			cr.env.RegisterDelayedCallback(func() {
				c.say(cr, amendment)
				close(audit.let)
			}, time.Hour)
			require.Equal(t, "cancelled", cr.run(t).State)
			require.ErrorContains(t, amendment.told, c.told)
			require.Zero(t, planned)
		})
	}
}
