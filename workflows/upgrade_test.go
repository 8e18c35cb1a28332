package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// A partnership goes to a newer build at the end of the stage that it is in, with all that it knows, and is told on from there.
func TestAPartnershipMovesToANewerBuildBetweenTwoStages(t *testing.T) {
	first := newPlay(t)
	first.eager()
	first.env.SetTargetWorkerDeploymentVersionChanged(true)
	first.env.ExecuteWorkflow(workflows.PartnershipType, input())
	var next *workflow.ContinueAsNewError
	require.ErrorAs(t, first.env.GetWorkflowError(), &next)
	require.EqualValues(t, workflow.ContinueAsNewVersioningBehaviorAutoUpgrade, next.InitialVersioningBehavior)
	var in workflows.PartnershipInput
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(next.Input, &in))
	require.Equal(t, 1, in.Carried.Next, "after outreach")

	second := newPlay(t)
	second.eager()
	second.env.SetStartTime(first.env.Now())
	require.Equal(t, partnership.Completed, second.runWith(in).Outcome)
	require.Zero(t, count(second.steps.log, "mail invitation offer/request"), "nothing is done again")
}

func TestAHistoryThatGrowsLongStaysWithItsBuild(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.env.SetContinueAsNewSuggested(true)
	pl.env.ExecuteWorkflow(workflows.PartnershipType, input())
	var next *workflow.ContinueAsNewError
	require.ErrorAs(t, pl.env.GetWorkflowError(), &next)
	require.EqualValues(t, workflow.ContinueAsNewVersioningBehaviorUnspecified, next.InitialVersioningBehavior)
}

// A campaign moves once something has happened. Where a person has pinned it to its old build, the newer one stays the target, and
// it must not continue as new without end.
func TestACampaignMovesToANewerBuildWithTheNextNews(t *testing.T) {
	c := newCrowd(t, rosterOf(2, 4), func(partnership.PartnershipID) partnership.Outcome { return partnership.Declined })
	c.env.SetTargetWorkerDeploymentVersionChanged(true)
	c.env.ExecuteWorkflow(workflows.CampaignType, workflows.CampaignInput{CampaignID: "c1", Day: day})
	var next *workflow.ContinueAsNewError
	require.ErrorAs(t, c.env.GetWorkflowError(), &next)
	require.EqualValues(t, workflow.ContinueAsNewVersioningBehaviorAutoUpgrade, next.InitialVersioningBehavior)
	var in workflows.CampaignInput
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(next.Input, &in))
	require.NotEmpty(t, in.Carried.Ended, "it had heard of an end first")
}
