package keyring

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
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/settings"
)

var quiet = slog.New(slog.DiscardHandler)

// listener keeps every fact and every decision that it is told, until it is told to stop. Each goes through an activity's result
// too, and a timer stands behind each, as in a story.
func listener(ctx workflow.Context) ([]string, error) {
	var heard []string
	err := workflow.SetUpdateHandler(ctx, "decide", func(_ workflow.Context, what string) (int, error) {
		heard = append(heard, what)
		return len(heard), nil
	})
	if err != nil {
		return nil, err
	}
	steps := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	for {
		var fact string
		waiting, stop := workflow.WithCancel(ctx)
		patience := workflow.NewTimer(waiting, time.Hour)
		workflow.NewSelector(ctx).AddReceive(workflow.GetSignalChannel(ctx, "fact"), func(c workflow.ReceiveChannel, _ bool) { c.Receive(ctx, &fact) }).
			AddFuture(patience, func(workflow.Future) {}).Select(ctx)
		stop()
		if fact == "stop" {
			return heard, nil
		}
		if err := workflow.ExecuteActivity(steps, "Keep", fact).Get(ctx, &fact); err != nil {
			return nil, err
		}
		heard = append(heard, fact)
	}
}

// house is a worker, a door and a shell on one database and one Temporal.
type house struct {
	t         *testing.T
	store     *store.Store
	queue, id string
	members   map[string]*Member
	stops     map[string]func()
	doors     client.Client
	said      []string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	kept, err := store.Open(t.Context(), pgtest.New(t, store.Migrate), store.Options{SecretKey: []byte("a secret of thirty-two bytes.....")})
	require.NoError(t, err)
	t.Cleanup(kept.Close)
	return &house{t: t, store: kept, queue: uuid.NewString(), id: uuid.NewString(), members: map[string]*Member{}, stops: map[string]func(){}}
}

// join is what each process does before anything else.
func (h *house) join(kind, keys string) (engine.Keys, error) {
	parsed, err := engine.ParseKeys(keys)
	require.NoError(h.t, err)
	m, err := Join(h.t.Context(), h.store, parsed, kind, quiet, func(err error) { h.t.Errorf("the %s is refused while it runs: %v", kind, err) })
	if err == nil {
		h.members[kind] = m
	}
	return parsed, err
}

// restart ends a process and starts it with those keys.
func (h *house) restart(kind, keys string) {
	h.t.Helper()
	h.end(kind)
	parsed, err := h.join(kind, keys)
	require.NoError(h.t, err)
	if kind == store.Door {
		h.doors = h.client(parsed, false)
		return
	}
	w := worker.New(h.client(parsed, true), h.queue, engine.LifecycleOptions(engine.Deployment{}, func(error) {}))
	w.RegisterWorkflowWithOptions(listener, workflow.RegisterOptions{Name: "listener"})
	w.RegisterActivity(&steps{})
	require.NoError(h.t, w.Start())
	h.stops[kind] = w.Stop
}

type steps struct{}

func (*steps) Keep(_ context.Context, fact string) (string, error) { return fact, nil }

func (h *house) end(kind string) {
	if stop := h.stops[kind]; stop != nil {
		stop()
		delete(h.stops, kind)
	}
	if m := h.members[kind]; m != nil {
		m.Leave()
		delete(h.members, kind)
	}
}

func (h *house) client(keys engine.Keys, host bool) client.Client {
	return temporaltest.Client(h.t, func(o *client.Options) {
		if o.DataConverter, o.FailureConverter = engine.Converters(keys); host {
			keys.Host(o)
		}
	})
}

// beat lets every process that runs announce itself again, as its heartbeat would.
func (h *house) beat() {
	for kind, m := range h.members {
		require.NoError(h.t, m.announce(h.t.Context()), kind)
	}
}

// speak has the door tell a fact and a decision, and a shell, if it may, a fact.
func (h *house) speak(when, shellKeys string) (refused error) {
	h.t.Helper()
	tell := func(c client.Client, what string) {
		require.NoError(h.t, c.SignalWorkflow(h.t.Context(), h.id, "", "fact", what))
		h.said = append(h.said, what)
	}
	tell(h.doors, "the door, "+when)
	what := "a decision, " + when
	ctx, cancel := context.WithTimeout(h.t.Context(), 30*time.Second)
	defer cancel()
	u, err := h.doors.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{WorkflowID: h.id, UpdateName: "decide", Args: []any{what}, WaitForStage: client.WorkflowUpdateStageCompleted})
	require.NoError(h.t, err)
	var n int
	require.NoError(h.t, u.Get(ctx, &n), "the answer of %s cannot be read", what)
	h.said = append(h.said, what)

	keys, err := h.join(store.Shell, shellKeys)
	if err != nil {
		return err
	}
	tell(h.client(keys, false), "a shell, "+when)
	h.end(store.Shell)
	return nil
}

func random(t *testing.T) string {
	t.Helper()
	b := make([]byte, 32)
	_, err := rand.Read(b)
	require.NoError(t, err)
	return base64.StdEncoding.EncodeToString(b)
}

// In whatever order worker, door and shell get the new key, and though it is in front at once: nothing that was said is lost,
// nothing fails, the history replays. A shell that is left behind is told so before it says anything.
func TestTheSixOrdersOfARotation(t *testing.T) {
	for _, order := range [][]string{
		{store.Worker, store.Door, store.Shell},
		{store.Worker, store.Shell, store.Door},
		{store.Door, store.Worker, store.Shell},
		{store.Door, store.Shell, store.Worker},
		{store.Shell, store.Worker, store.Door},
		{store.Shell, store.Door, store.Worker},
	} {
		t.Run(strings.Join(order, ", "), func(t *testing.T) {
			t.Parallel()
			k1, k2 := "k1:"+random(t), "k2:"+random(t)
			h := newHouse(t)
			h.restart(store.Worker, k1)
			h.restart(store.Door, k1)
			t.Cleanup(func() { h.end(store.Worker); h.end(store.Door) })
			_, err := h.doors.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: h.id, TaskQueue: h.queue}, "listener")
			require.NoError(t, err)
			shell := k1
			require.NoError(t, h.speak("before", shell))
			for _, next := range order {
				if next == store.Shell {
					shell = k2 + "," + k1
				} else {
					h.restart(next, k2+","+k1)
				}
				for _, when := range []string{"at once", "a heartbeat later"} {
					refused := h.speak(next+" has the new key, "+when, shell)
					if refused != nil {
						faults, ok := errors.AsType[settings.Faults](refused)
						require.True(t, ok && shell == k1 && faults[0].Name == "RAPPORT_CODEC_KEYS", "%v", refused)
						require.ErrorContains(t, refused, `the key "k2" is missing`)
					}
					h.beat()
				}
			}
			require.Equal(t, "k2", h.members[store.Worker].Writes())
			require.Equal(t, "k2", h.members[store.Door].Writes())
			require.NoError(t, h.speak("after", shell))
			require.NoError(t, h.doors.SignalWorkflow(t.Context(), h.id, "", "fact", "stop"))
			h.ends(k2 + "," + k1)
		})
	}
}

// The order that lost a signature: the worker has the old key only, the front door has the new one in front, a fact comes to the
// front door, the worker gets both keys.
func TestASignatureThatCameBetweenTwoKeysCounts(t *testing.T) {
	k1, k2 := "k1:"+random(t), "k2:"+random(t)
	h := newHouse(t)
	h.restart(store.Worker, k1)
	h.restart(store.Door, k1)
	t.Cleanup(func() { h.end(store.Worker); h.end(store.Door) })
	_, err := h.doors.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: h.id, TaskQueue: h.queue}, "listener")
	require.NoError(t, err)
	h.restart(store.Door, k2+","+k1)
	require.NoError(t, h.doors.SignalWorkflow(t.Context(), h.id, "", "fact", "the envelope is completed"))
	h.said = append(h.said, "the envelope is completed")
	h.restart(store.Worker, k2+","+k1)
	require.NoError(t, h.doors.SignalWorkflow(t.Context(), h.id, "", "fact", "stop"))
	h.ends(k2 + "," + k1)
}

// ends waits for the end of the workflow and checks what it heard, and that its history replays.
func (h *house) ends(keys string) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Minute)
	defer cancel()
	var heard []string
	require.NoError(h.t, h.doors.GetWorkflow(ctx, h.id, "").Get(ctx, &heard))
	require.ElementsMatch(h.t, h.said, heard)
	var recorded historypb.History
	events := h.doors.GetWorkflowHistory(ctx, h.id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(h.t, err)
		require.NotEqual(h.t, enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED, event.GetEventType())
		recorded.Events = append(recorded.Events, event)
	}
	both, err := engine.ParseKeys(keys)
	require.NoError(h.t, err)
	replayer, err := worker.NewWorkflowReplayerWithOptions(both.Replayer())
	require.NoError(h.t, err)
	replayer.RegisterWorkflowWithOptions(listener, workflow.RegisterOptions{Name: "listener"})
	require.NoError(h.t, replayer.ReplayWorkflowHistory(sdklog.NewStructuredLogger(quiet), &recorded))
}
