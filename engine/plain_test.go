package engine_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
)

// A story that was begun in the clear goes on when encryption is turned on, takes the facts that were sent in the clear before,
// and replays; what a person decides has to come under a key from then on.
func TestAStoryBegunInTheClearGoesOnUnderKeys(t *testing.T) {
	keys := keysOf(t, "k1:"+random(t))
	a := &at{t: t, queue: uuid.NewString(), other: uuid.NewString(), id: uuid.NewString(), both: keys}
	plain := a.client(engine.Plain(), false)
	stop := a.work(a.queue, engine.Plain())
	a.start(plain, "signal")
	a.await(plain, a.id, enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
	stop()
	require.NoError(t, plain.SignalWorkflow(t.Context(), a.id, "", "fact", told))

	a.work(a.queue, keys)
	decided, err := plain.UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{WorkflowID: a.id, UpdateName: "say", Args: []any{"a stranger"}, WaitForStage: client.WorkflowUpdateStageAccepted})
	if err == nil {
		err = decided.Get(t.Context(), nil)
	}
	require.ErrorContains(t, err, "Encoded failure", "a plain update is taken once keys are set")
	c := a.client(keys, false)
	require.NoError(t, c.SignalWorkflow(t.Context(), a.id, "", "go", "now"))
	var got string
	run := c.GetWorkflow(t.Context(), a.id, "")
	require.NoError(t, run.Get(t.Context(), &got))
	require.Equal(t, told, got)
	for _, event := range a.history(c).GetEvents() {
		require.NotEqual(t, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED, event.GetEventType())
	}
	replay(t, keys, a.history(c))
}

// In a story that was begun under keys a result that somebody else made up is not believed: it waits, and says why.
func TestAResultThatNobodyEncryptedIsNotBelieved(t *testing.T) {
	keys := keysOf(t, "k1:"+random(t))
	a := &at{t: t, queue: uuid.NewString(), other: uuid.NewString(), id: uuid.NewString(), both: keys}
	c := a.client(keys, false)
	a.work(a.queue, keys)
	a.start(c, "activity result") // nobody works elsewhere, so a stranger can be first
	a.await(c, a.id, enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
	stop := a.work(a.other, engine.Plain()) // which cannot read its input, and so only makes it begun
	require.Eventually(t, func() bool {
		d, err := c.DescribeWorkflowExecution(t.Context(), a.id, "")
		if err != nil || len(d.GetPendingActivities()) == 0 {
			return false
		}
		pending := d.GetPendingActivities()[0]
		return a.client(engine.Plain(), false).CompleteActivityByID(t.Context(), "default", a.id, "", pending.GetActivityId(), "made up", nil) == nil
	}, waitAtMost, tick)
	stop()
	a.await(c, a.id, blocked)
	d, err := c.DescribeWorkflowExecution(t.Context(), a.id, "")
	require.NoError(t, err)
	require.Equal(t, enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, d.GetWorkflowExecutionInfo().GetStatus())
}

// What only claims to be encrypted neither decides nor holds a story up: junk under a key that we have, and under one that there
// never was. One under a key that another process has got is waited for.
func TestForgedMessagesDoNotBlock(t *testing.T) {
	keys := keysOf(t, "k1:"+random(t))
	keys.Trust(func(id string) (bool, error) { return id == "k1" || id == "k2", nil })
	a := &at{t: t, queue: uuid.NewString(), other: uuid.NewString(), id: uuid.NewString(), both: keys}
	c := a.client(keys, false)
	a.work(a.queue, keys)
	a.start(c, "signal")
	a.await(c, a.id, enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
	for _, claim := range []string{"k1:" + random(t), "never-was:" + random(t)} {
		forger := a.client(keysOf(t, claim), false)
		require.NoError(t, forger.SignalWorkflow(t.Context(), a.id, "", "fact", "forged"))
		decided, err := forger.UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{WorkflowID: a.id, UpdateName: "say", Args: []any{"forged"}, WaitForStage: client.WorkflowUpdateStageAccepted})
		if err == nil {
			err = decided.Get(t.Context(), nil)
		}
		require.ErrorContains(t, err, "Encoded failure", "it is not refused")
	}
	require.NoError(t, c.SignalWorkflow(t.Context(), a.id, "", "fact", told))
	require.NoError(t, c.SignalWorkflow(t.Context(), a.id, "", "go", "now"))
	var got string
	require.NoError(t, c.GetWorkflow(t.Context(), a.id, "").Get(t.Context(), &got))
	require.Equal(t, told, got)
	for _, event := range a.history(c).GetEvents() {
		require.NotEqual(t, blocked, event.GetEventType())
	}
	replay(t, keys, a.history(c))

	a.id = uuid.NewString()
	a.start(c, "signal")
	require.NoError(t, a.client(keysOf(t, "k2:"+random(t)), false).SignalWorkflow(t.Context(), a.id, "", "fact", told))
	a.await(c, a.id, blocked)
}
