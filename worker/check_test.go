package main

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/workflows"
)

// otherBuild is a build whose campaigns begin with another step.
func otherBuild(ctx workflow.Context, _ workflows.CampaignInput) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute, RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1}})
	if err := workflow.ExecuteActivity(ctx, "SendPostcard").Get(ctx, nil); err != nil {
		return err
	}
	workflow.GetSignalChannel(ctx, "go on").Receive(ctx, nil)
	return nil
}

// A build that would decide differently from what stands in an open workflow does not start, and says which; what cannot be known
// or stood still before stops nobody.
func TestABuildThatWouldDecideDifferentlyDoesNotStart(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a Temporal server")
	}
	c := temporaltest.Client(t)
	var told bytes.Buffer
	check := func(limit time.Duration) error {
		told.Reset()
		return decidesTheSame(t.Context(), c, engine.Plain(), engine.Deployment{}, limit, slog.New(slog.NewTextHandler(&told, nil)))
	}
	require.NoError(t, check(time.Minute), "nothing is open")

	const id = "campaign/of-another-build"
	stop := other(t, c)
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: workflows.QueueLifecycle}, workflows.CampaignType, workflows.CampaignInput{})
	require.NoError(t, err)
	await := func(what string, so func() bool) {
		t.Helper()
		require.Eventually(t, so, 30*time.Second, 50*time.Millisecond, what)
	}
	await("its step is done and it is seen", func() bool {
		recorded, err := engine.History(t.Context(), c, id, run.GetRunID())
		open, openErr := engine.OpenExecutions(t.Context(), c, workflows.QueueLifecycle, engine.Deployment{})
		return err == nil && openErr == nil && len(recorded.Events) >= 10 && len(open) == 1
	})
	stop()
	worker.PurgeStickyWorkflowCache() // which all workers of a process share, whatever their build

	err = check(time.Minute)
	require.ErrorContains(t, err, "would decide differently in 1 of 1 open workflows")
	require.ErrorContains(t, err, id)
	require.ErrorContains(t, err, "RAPPORT_REPLAY_ON_START=off")
	require.NoError(t, check(0), "and who switches the check off gets what they asked for")
	require.Contains(t, told.String(), "not replayed")
	require.NoError(t, check(time.Nanosecond), "no time: nothing is known, and nobody is stopped")

	// This build is started all the same: the workflow's task fails under it. A restart of the same build is not held up by that.
	ours := worker.New(c, workflows.QueueLifecycle, engine.LifecycleOptions(engine.Deployment{}, nil))
	workflows.Register(ours)
	require.NoError(t, ours.Start())
	t.Cleanup(ours.Stop)
	require.NoError(t, c.SignalWorkflow(t.Context(), id, "", "go on", nil))
	await("its task has failed", func() bool {
		stuck, err := engine.Stuck(t.Context(), c, engine.Execution{WorkflowID: id})
		return err == nil && stuck
	})
	require.NoError(t, check(time.Minute))
	require.Contains(t, told.String(), "stuck_before=1")
}

func other(t *testing.T, c client.Client) (stop func()) {
	w := worker.New(c, workflows.QueueLifecycle, engine.LifecycleOptions(engine.Deployment{}, nil))
	w.RegisterWorkflowWithOptions(otherBuild, workflow.RegisterOptions{Name: workflows.CampaignType})
	w.RegisterActivityWithOptions(func(context.Context) error { return nil }, activity.RegisterOptions{Name: "SendPostcard"})
	require.NoError(t, w.Start())
	return w.Stop
}

// However soon the time is over, each kind has been looked at.
func TestTheSampleHoldsEachKind(t *testing.T) {
	var open []engine.Execution
	for range 1000 {
		open = append(open, engine.Execution{Type: "Partnership", WorkflowID: "p" + time.Duration(len(open)).String()})
	}
	open = append(open, engine.Execution{Type: "Campaign", WorkflowID: "c"}, engine.Execution{Type: "Payout", WorkflowID: "p"})
	kinds := map[string]bool{}
	for _, e := range sample(open)[:3] {
		kinds[e.Type] = true
	}
	require.Len(t, kinds, 3)
}
