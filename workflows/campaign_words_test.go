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

// A campaign's amendment comes in while its cancellation is written down: nothing is amended, and whoever asked is told.
func TestACampaignThatIsCancelledMeanwhileIsNotAmended(t *testing.T) {
	c := newCrowd(t, rosterOf(3, 3), func(p.PartnershipID) p.Outcome { return p.Completed })
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
	require.Equal(t, "cancelled", c.run(t).State)
	require.NoError(t, cancel.told)
	require.ErrorContains(t, amendment.told, "being recorded")
	require.Zero(t, planned)
}
