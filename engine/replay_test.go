package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/proof/temporaltest"
)

// story is a workflow of one step that waits for an end; builds of it differ in the step.
func story(step string) func(workflow.Context) error {
	return func(ctx workflow.Context) error {
		ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
		if err := workflow.ExecuteActivity(ctx, step).Get(ctx, nil); err != nil {
			return err
		}
		workflow.GetSignalChannel(ctx, "end").Receive(ctx, nil)
		return nil
	}
}

// build starts a worker of a build of stories with that step.
func build(t *testing.T, c client.Client, queue, step string, by engine.Deployment) {
	w := worker.New(c, queue, engine.LifecycleOptions(by, nil))
	w.RegisterWorkflowWithOptions(story(step), workflow.RegisterOptions{Name: "Story"})
	w.RegisterActivityWithOptions(func(context.Context) error { return nil }, activity.RegisterOptions{Name: step})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
}

func begin(t *testing.T, c client.Client, queue, id string) client.WorkflowRun {
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: queue}, "Story")
	require.NoError(t, err)
	return run
}

// until asks again until it is so: Temporal's visibility and its deployments settle within a second or two.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	require.Eventually(t, so, 30*time.Second, 100*time.Millisecond, what)
}

// stepped waits until a story has done its step.
func stepped(t *testing.T, c client.Client, id string) {
	until(t, id+" has done its step", func() bool {
		recorded, err := engine.History(t.Context(), c, id, "")
		return err == nil && len(recorded.Events) >= 10
	})
}

func replayer(t *testing.T, step string) *engine.Replayer {
	r, err := engine.NewReplayer(engine.Plain(), func(r worker.WorkflowRegistry) {
		r.RegisterWorkflowWithOptions(story(step), workflow.RegisterOptions{Name: "Story"})
	})
	require.NoError(t, err)
	return r
}

// Whatever is open is replayed; a build that would have gone another way is found before it runs.
func TestOpenWorkflowsAreReplayed(t *testing.T) {
	c, queue := temporaltest.Client(t), t.Name()
	build(t, c, queue, "Letter", engine.Deployment{})
	for _, id := range []string{"one", "two", "three"} {
		begin(t, c, queue, id)
		stepped(t, c, id)
	}
	ended := begin(t, c, queue, "ended")
	require.NoError(t, c.SignalWorkflow(t.Context(), "ended", "", "end", nil))
	require.NoError(t, ended.Get(t.Context(), nil))

	var open []engine.Execution
	until(t, "visibility shows the three that are open", func() bool {
		var err error
		open, err = engine.OpenExecutions(t.Context(), c, queue, engine.Deployment{})
		return err == nil && len(open) == 3
	})
	same, err := replayer(t, "Letter").ReplayRunning(t.Context(), c, open)
	require.NoError(t, err)
	require.Len(t, same, 3)
	for _, one := range same {
		require.NoError(t, one.Err, one.WorkflowID)
		require.Equal(t, "Story", one.Type)
	}
	other, err := replayer(t, "Postcard").ReplayRunning(t.Context(), c, append(open, engine.Execution{WorkflowID: "gone meanwhile"}))
	require.NoError(t, err)
	require.Len(t, other, 3)
	for _, one := range other {
		require.ErrorContains(t, one.Err, "TMPRL1100", one.WorkflowID)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	none, err := replayer(t, "Letter").ReplayRunning(over, c, open)
	require.NoError(t, err, "whoever has no time left gets what there is")
	require.Empty(t, none)
}

// Nothing has been decided in a workflow that no worker has had yet, so no build differs.
func TestAWorkflowThatNobodyHasHadDecidesNothing(t *testing.T) {
	c := temporaltest.Client(t)
	run := begin(t, c, t.Name()+"-without-worker", t.Name())
	recorded, err := engine.History(t.Context(), c, run.GetID(), run.GetRunID())
	require.NoError(t, err)
	require.NoError(t, replayer(t, "Letter").Replay(t.Context(), recorded, engine.Execution{}))
}

// A history that the keys do not decrypt is no different decision, and must not be reported as one.
func TestAnEncryptedHistoryIsUnreadableWithoutItsKey(t *testing.T) {
	keys, err := engine.ParseKeys("k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
	require.NoError(t, err)
	c := temporaltest.Client(t, func(o *client.Options) { o.DataConverter, o.FailureConverter = engine.Converters(keys) })
	queue := t.Name()
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: queue, TaskQueue: queue}, "Story", "an argument")
	require.NoError(t, err)
	recorded, err := engine.History(t.Context(), c, run.GetID(), run.GetRunID())
	require.NoError(t, err)
	_, unreadable := errors.AsType[*engine.UnreadableError](replayer(t, "Letter").Replay(t.Context(), recorded, engine.Execution{}))
	require.True(t, unreadable)
}
