package engine_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/internal/temporaltest"
)

const (
	waitAtMost = time.Minute
	tick       = 20 * time.Millisecond
)

// told is what each kind of payload carries in these tests.
const told = "the creator signed"

// reader is a workflow that meets one payload of the kind that it is told, and returns what that said.
func reader(ctx workflow.Context, kind, elsewhere string) (string, error) {
	var got string
	if err := workflow.SetQueryHandler(ctx, "echo", func(s string) (string, error) { return s, nil }); err != nil {
		return "", err
	}
	if err := workflow.SetUpdateHandler(ctx, "say", func(_ workflow.Context, s string) (string, error) { got = s; return s, nil }); err != nil {
		return "", err
	}
	there := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: elsewhere, StartToCloseTimeout: 5 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: 50 * time.Millisecond, MaximumInterval: 200 * time.Millisecond},
	})
	switch kind {
	case "activity result", "activity input":
		err := workflow.ExecuteActivity(there, "echo", told).Get(ctx, &got)
		return got, err
	case "failure":
		if err := workflow.ExecuteActivity(there, "fail").Get(ctx, nil); err == nil || !strings.Contains(err.Error(), told) {
			return "", temporal.NewNonRetryableApplicationError("the failure lost its words", "lost", err)
		}
		return told, nil
	case "child result":
		child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{TaskQueue: elsewhere, WorkflowID: elsewhere + "/child"})
		err := workflow.ExecuteChildWorkflow(child, "child").Get(ctx, &got)
		return got, err
	case "local activity":
		local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{StartToCloseTimeout: time.Second})
		if err := workflow.ExecuteLocalActivity(local, "echo", told).Get(ctx, &got); err != nil {
			return "", err
		}
	case "side effect":
		if err := workflow.SideEffect(ctx, func(workflow.Context) any { return told }).Get(&got); err != nil {
			return "", err
		}
	case "version":
		if workflow.GetVersion(ctx, "a-change", workflow.DefaultVersion, 7) == 7 {
			got = told
		}
	case "continued input":
		return "", workflow.NewContinueAsNewError(workflow.WithWorkflowTaskQueue(ctx, elsewhere), "reader", told, "")
	case told:
		return kind, nil
	case "signal":
		workflow.GetSignalChannel(ctx, "fact").Receive(ctx, &got)
	case "update":
		return got, workflow.Await(ctx, func() bool { return got != "" })
	}
	workflow.GetSignalChannel(ctx, "go").Receive(ctx, nil)
	return got, nil
}

// at is one test's place on the server.
type at struct {
	t               *testing.T
	queue, other    string
	id              string
	old, both, lost engine.Keys // one key; both, the new one in front; what the blind worker has
}

// client writes with those keys. host makes one that may host workflows.
func (a *at) client(keys engine.Keys, host bool) client.Client {
	return temporaltest.Client(a.t, func(o *client.Options) {
		o.DataConverter, o.FailureConverter = engine.Converters(keys)
		if host {
			keys.Host(o)
		}
	})
}

// work hosts on a queue until the returned function is called.
func (a *at) work(queue string, keys engine.Keys) (stop func()) {
	a.t.Helper()
	w := worker.New(a.client(keys, true), queue, engine.LifecycleOptions(engine.Deployment{}, func(error) {}))
	w.RegisterWorkflowWithOptions(reader, workflow.RegisterOptions{Name: "reader"})
	w.RegisterWorkflowWithOptions(func(workflow.Context) (string, error) { return told, nil }, workflow.RegisterOptions{Name: "child"})
	w.RegisterActivityWithOptions(func(_ context.Context, s string) (string, error) { return s, nil }, activity.RegisterOptions{Name: "echo"})
	w.RegisterActivityWithOptions(func(context.Context) error {
		return temporal.NewNonRetryableApplicationError(told, "refused", nil)
	}, activity.RegisterOptions{Name: "fail"})
	require.NoError(a.t, w.Start())
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			w.Stop()
		}
	}
	a.t.Cleanup(stop)
	return stop
}

// start returns the run that it started.
func (a *at) start(c client.Client, kind string) (run string) {
	a.t.Helper()
	started, err := c.ExecuteWorkflow(a.t.Context(), client.StartWorkflowOptions{ID: a.id, TaskQueue: a.queue}, "reader", kind, a.other)
	require.NoError(a.t, err)
	return started.GetRunID()
}

// await waits until the newest run's history holds an event of that type.
func (a *at) await(c client.Client, id string, want enumspb.EventType) {
	a.t.Helper()
	a.awaitIn(c, id, "", want)
}

func (a *at) awaitIn(c client.Client, id, run string, want enumspb.EventType) {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(a.t.Context(), time.Minute)
	defer cancel()
	events := c.GetWorkflowHistory(ctx, id, run, true, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(a.t, err, "waiting for %s", want)
		if event.GetEventType() == want {
			return
		}
	}
	a.t.Fatalf("the workflow ended without %s", want)
}

func (a *at) history(c client.Client) *historypb.History {
	a.t.Helper()
	var h historypb.History
	events := c.GetWorkflowHistory(a.t.Context(), a.id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(a.t, err)
		h.Events = append(h.Events, event)
	}
	return &h
}

const blocked = enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED

// What each kind does: it brings the workflow, on a blind worker, to a payload that this one cannot read, and waits until its
// task is blocked. What it returns stops the blind worker.
var kinds = map[string]func(a *at, kind string) (stop func()){
	"input": func(a *at, _ string) func() {
		stop := a.work(a.queue, a.lost)
		a.start(a.client(a.both, false), told)
		a.await(a.client(a.both, false), a.id, blocked)
		return stop
	},
	"continued input": func(a *at, kind string) func() {
		a.work(a.queue, a.both)
		stop := a.work(a.other, a.lost)
		first := a.start(a.client(a.old, false), kind)
		a.awaitIn(a.client(a.both, false), a.id, first, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW)
		a.await(a.client(a.both, false), a.id, blocked)
		a.queue = a.other // where it goes on
		return stop
	},
	"activity result": fromElsewhere, "failure": fromElsewhere, "child result": fromElsewhere,
	"local activity": replayed, "side effect": replayed, "version": replayed,
	"signal": func(a *at, kind string) func() {
		stop := a.work(a.queue, a.lost)
		a.start(a.client(a.old, false), kind)
		require.NoError(a.t, a.client(a.both, false).SignalWorkflow(a.t.Context(), a.id, "", "fact", told))
		a.await(a.client(a.old, false), a.id, blocked)
		return stop
	},
	"activity input": func(a *at, kind string) func() {
		a.work(a.queue, a.both)
		stop := a.work(a.other, a.lost)
		a.start(a.client(a.old, false), kind)
		c := a.client(a.old, false)
		require.Eventually(a.t, func() bool {
			d, err := c.DescribeWorkflowExecution(a.t.Context(), a.id, "")
			return err == nil && len(d.GetPendingActivities()) == 1 && d.PendingActivities[0].GetAttempt() > 2
		}, waitAtMost, tick, "the activity is not tried again")
		return func() { stop(); a.work(a.other, a.both) }
	},
}

func fromElsewhere(a *at, kind string) func() {
	a.work(a.other, a.both)
	stop := a.work(a.queue, a.lost)
	a.start(a.client(a.old, false), kind)
	a.await(a.client(a.old, false), a.id, blocked)
	return stop
}

// replayed has a worker with the new key in front write a marker, and a blind one replay it.
func replayed(a *at, kind string) func() {
	c := a.client(a.old, false)
	stop := a.work(a.queue, a.both)
	a.start(c, kind)
	a.await(c, a.id, enumspb.EVENT_TYPE_MARKER_RECORDED)
	stop()
	stop = a.work(a.queue, a.lost)
	require.NoError(a.t, c.SignalWorkflow(a.t.Context(), a.id, "", "go", "now"))
	a.await(c, a.id, blocked)
	return stop
}

func TestAWorkerThatCannotReadAPayloadWaitsForItsKey(t *testing.T) {
	k1, k2 := "k1:"+random(t), "k2:"+random(t)
	for blindness, blind := range map[string]string{"the key is missing": k1, "the key has other bytes": k1 + ",k2:" + random(t)} {
		for kind, meet := range kinds {
			t.Run(blindness+"/"+kind, func(t *testing.T) {
				t.Parallel()
				a := &at{t: t, queue: uuid.NewString(), other: uuid.NewString(), id: uuid.NewString(), old: keysOf(t, k1), both: keysOf(t, k2+","+k1), lost: keysOf(t, blind)}
				stop := meet(a, kind)
				c := a.client(a.both, false)
				d, err := c.DescribeWorkflowExecution(t.Context(), a.id, "")
				require.NoError(t, err)
				require.Equal(t, enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, d.GetWorkflowExecutionInfo().GetStatus(), "it did not wait")

				stop()
				a.work(a.queue, a.both)
				require.NoError(t, ignoreEnded(c.SignalWorkflow(t.Context(), a.id, "", "go", "now")))
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				var got string
				require.NoError(t, c.GetWorkflow(ctx, a.id, "").Get(ctx, &got))
				require.Equal(t, told, got)
				replay(t, a.both, a.history(c))
			})
		}
	}
}

// ignoreEnded forgives that the workflow, which waits for nothing any more, has ended already.
func ignoreEnded(err error) error {
	if err != nil && strings.Contains(err.Error(), "already completed") {
		return nil
	}
	return err
}

func replay(t *testing.T, keys engine.Keys, h *historypb.History) {
	t.Helper()
	replayer, err := worker.NewWorkflowReplayerWithOptions(keys.Replayer())
	require.NoError(t, err)
	replayer.RegisterWorkflowWithOptions(reader, workflow.RegisterOptions{Name: "reader"})
	require.NoError(t, replayer.ReplayWorkflowHistory(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)), h))
}

// An update that a worker cannot read waits with its sender, and is done once when the key comes.
func TestAnUpdateThatCannotBeReadWaits(t *testing.T) {
	k1, k2 := "k1:"+random(t), "k2:"+random(t)
	a := &at{t: t, queue: uuid.NewString(), id: uuid.NewString(), old: keysOf(t, k1), both: keysOf(t, k2+","+k1), lost: keysOf(t, k1)}
	stop := a.work(a.queue, a.lost)
	a.start(a.client(a.old, false), "update")
	c := a.client(a.both, false)
	a.await(c, a.id, enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
	answered := make(chan error, 1)
	go func() { answered <- a.say(c) }()
	a.await(c, a.id, blocked)
	for _, event := range a.history(c).GetEvents() {
		require.NotEqual(t, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED, event.GetEventType())
	}
	stop()
	a.work(a.queue, a.both)
	require.NoError(t, <-answered)
	var got string
	require.NoError(t, c.GetWorkflow(t.Context(), a.id, "").Get(t.Context(), &got))
	require.Equal(t, told, got)
	replay(t, a.both, a.history(c))
}

// say sends the update and, as its sender would, says it again under the same id while the task of the workflow is blocked.
func (a *at) say(c client.Client) error {
	ctx, cancel := context.WithTimeout(a.t.Context(), 90*time.Second)
	defer cancel()
	for {
		h, err := c.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
			WorkflowID: a.id, UpdateID: "u1", UpdateName: "say", Args: []any{told}, WaitForStage: client.WorkflowUpdateStageCompleted,
		})
		if err == nil {
			return h.Get(ctx, nil)
		}
		if _, notNow := errors.AsType[*serviceerror.WorkflowNotReady](err); !notNow {
			return err
		}
	}
}

// A query that cannot be read is answered with an error, and the next one is answered.
func TestAQueryThatCannotBeReadIsAnErrorToItsSender(t *testing.T) {
	k1, k2 := "k1:"+random(t), "k2:"+random(t)
	a := &at{t: t, queue: uuid.NewString(), id: uuid.NewString(), old: keysOf(t, k1), both: keysOf(t, k2+","+k1), lost: keysOf(t, k1)}
	stop := a.work(a.queue, a.lost)
	a.start(a.client(a.old, false), "update")
	c := a.client(a.both, false)
	_, err := c.QueryWorkflow(t.Context(), a.id, "", "echo", told)
	require.ErrorContains(t, err, `"k2"`)
	stop()
	a.work(a.queue, a.both)
	value, err := c.QueryWorkflow(t.Context(), a.id, "", "echo", told)
	require.NoError(t, err)
	var got string
	require.NoError(t, value.Get(&got))
	require.Equal(t, told, got)
}

func random(t *testing.T) string {
	t.Helper()
	b := make([]byte, 32)
	_, err := rand.Read(b)
	require.NoError(t, err)
	return base64.StdEncoding.EncodeToString(b)
}

func keysOf(t *testing.T, text string) engine.Keys {
	t.Helper()
	keys, err := engine.ParseKeys(text)
	require.NoError(t, err)
	return keys
}
