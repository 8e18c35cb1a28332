package workflows_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/workflows"
)

// stage plays scenarios on a real Temporal server: the real workflows, with activities that only say what was asked of them.
// Answers come one at a time, once the workflow waits for them, so that histories are the same each time.
type stage struct {
	t      *testing.T
	client client.Client
	steps  *steps
	money  *payoutSteps

	mu      sync.Mutex
	pending []answer
}

// answer is an update or a signal to a partnership.
type answer struct {
	signal bool
	name   string
	arg    any
}

// next hands out the answer that is due.
func (st *stage) next() (answer, bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if len(st.pending) == 0 {
		return answer{}, false
	}
	a := st.pending[0]
	st.pending = st.pending[1:]
	return a, true
}

// newStage starts workers for every queue, under fakes of the activities.
func newStage(t *testing.T, script func(string) []answer, configure ...func(*client.Options)) *stage {
	t.Helper()
	temporaltest.SameClock(t)
	configure = append(configure, func(o *client.Options) { o.Identity = "recorder" })
	c := temporaltest.Client(t, configure...)
	st := &stage{t: t, client: c}
	st.steps = &steps{now: time.Now, kitWait: apart, refuse: map[string]error{}, envelope: partnership.EnvelopeCompleted, parcel: partnership.ParcelInTransit}
	react := func(what string) {
		st.mu.Lock()
		defer st.mu.Unlock()
		st.pending = append(st.pending, script(what)...)
	}
	st.steps.onMail = func(l activities.Letter) { react("mail " + l.Kind + " " + l.Task) }
	st.steps.onCard = func(kind string, _ partnership.PartnershipID, task string) { react("card " + kind + " " + task) }
	st.steps.onSign = func() { react("contract") }
	st.money = &payoutSteps{steps: st.steps, payouts: []partnership.PayoutID{payoutOf(t, 1), payoutOf(t, 2)}, approvers: 1}
	for _, queue := range workflows.Queues() {
		w := worker.New(c, queue, worker.Options{WorkerStopTimeout: time.Second})
		if queue == workflows.QueueLifecycle {
			workflows.Register(w)
			w.RegisterWorkflowWithOptions(deafCampaign, workflow.RegisterOptions{Name: "DeafCampaign"})
		}
		w.RegisterActivity(st.money)
		require.NoError(t, w.Start())
		t.Cleanup(w.Stop)
	}
	return st
}

// deafCampaign takes the news of an ending and does nothing with it. Whoever comes back gets their slot.
func deafCampaign(ctx workflow.Context) error {
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var m workflows.SlotChanged
			workflow.GetSignalChannel(ctx, workflows.SignalSlotChanged).Receive(ctx, &m)
			if m.Change == workflows.SlotReturned {
				kept := workflows.SlotDecided{Decision: workflows.SlotKept}
				_ = workflow.SignalExternalWorkflow(ctx, workflows.PartnershipWorkflowID(m.PartnershipID), "", workflows.SignalSlotDecided, kept).Get(ctx, nil)
			}
		}
	})
	workflow.GetSignalChannel(ctx, workflows.SignalPartnershipClosed).Receive(ctx, nil)
	return nil
}

// partnership runs one partnership to its end and returns its id.
func (st *stage) partnership(in workflows.PartnershipInput) string {
	st.t.Helper()
	st.deaf(in.CampaignID)
	return st.play(workflows.PartnershipWorkflowID(in.PartnershipID), workflows.PartnershipType, in)
}

// deaf starts the campaign of a partnership that is told on its own.
func (st *stage) deaf(id partnership.CampaignID) {
	st.t.Helper()
	_, err := st.client.ExecuteWorkflow(st.t.Context(), client.StartWorkflowOptions{
		ID: workflows.CampaignWorkflowID(id), TaskQueue: workflows.QueueLifecycle,
	}, "DeafCampaign")
	require.NoError(st.t, err)
}

// play runs a workflow to its end, with an answer whenever it waits for one, and returns its id.
func (st *stage) play(id, kind string, in any) string {
	st.t.Helper()
	ctx, cancel := context.WithTimeout(st.t.Context(), 2*time.Minute)
	defer cancel()
	run, err := st.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: id, TaskQueue: workflows.QueueLifecycle}, kind, in)
	require.NoError(st.t, err)
	done := make(chan error, 1)
	go func() { done <- run.Get(ctx, nil) }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			require.NoError(st.t, err)
			return id
		case <-tick.C:
			if a, ok := st.next(); ok {
				st.await(ctx, id)
				st.send(ctx, id, a)
			}
		}
	}
}

// await returns once the workflow waits for somebody.
func (st *stage) await(ctx context.Context, id string) {
	st.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for waiting := 0; waiting < 3; {
		select {
		case <-ctx.Done():
			st.t.Fatal(ctx.Err())
		case <-tick.C:
		}
		if st.quiet(ctx, id) {
			waiting++
		} else {
			waiting = 0
		}
	}
}

// quiet says whether the workflow waits: no task and no activity is under way.
func (st *stage) quiet(ctx context.Context, id string) bool {
	d, err := st.client.DescribeWorkflowExecution(ctx, id, "")
	return err == nil && d.GetPendingWorkflowTask() == nil && len(d.GetPendingActivities()) == 0
}

func (st *stage) send(ctx context.Context, id string, a answer) {
	if a.signal {
		require.NoError(st.t, st.client.SignalWorkflow(ctx, id, "", a.name, a.arg))
		return
	}
	var args []any
	if a.arg != nil {
		args = []any{a.arg}
	}
	h, err := st.client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: id, UpdateName: a.name, Args: args, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	require.NoError(st.t, err)
	require.NoError(st.t, h.Get(ctx, nil), a.name)
}

// cost is what a scenario costs on the server, by the published rules of what is billed.
type cost struct {
	Events        int   `json:"events"`
	WorkflowTasks int   `json:"workflow_tasks"`
	Transitions   int64 `json:"state_transitions"`
	Actions       int   `json:"cloud_actions"`
}

func (st *stage) cost(id string) cost {
	st.t.Helper()
	var c cost
	events := st.history(id)
	c.Events = len(events)
	for _, e := range events {
		if e.EventType == enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
			c.WorkflowTasks++
		}
	}
	c.Actions = actions(events)
	d, err := st.client.WorkflowService().DescribeWorkflowExecution(st.t.Context(), describe(id))
	require.NoError(st.t, err)
	c.Transitions = d.WorkflowExecutionInfo.StateTransitionCount
	return c
}

// timersLeft are the timers that neither fired nor were cancelled.
func timersLeft(events []*history.HistoryEvent) []string {
	left := map[string]bool{}
	for _, e := range events {
		if a := e.GetTimerStartedEventAttributes(); a != nil {
			left[a.TimerId] = true
		}
		if a := e.GetTimerFiredEventAttributes(); a != nil {
			delete(left, a.TimerId)
		}
		if a := e.GetTimerCanceledEventAttributes(); a != nil {
			delete(left, a.TimerId)
		}
	}
	return slices.Sorted(maps.Keys(left))
}

func describe(id string) *workflowservice.DescribeWorkflowExecutionRequest {
	return &workflowservice.DescribeWorkflowExecutionRequest{Namespace: "default", Execution: &common.WorkflowExecution{WorkflowId: id}}
}

// actions counts what Temporal Cloud bills: starts, activities, timers, signals, updates, search attributes; and all local
// activities of one workflow task as one.
func actions(events []*history.HistoryEvent) int {
	n, markers := 0, map[int64]bool{}
	for _, e := range events {
		switch e.EventType {
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, enums.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, enums.EVENT_TYPE_TIMER_STARTED,
			enums.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED, enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
			enums.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES, enums.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED:
			n++
		case enums.EVENT_TYPE_MARKER_RECORDED:
			markers[e.GetMarkerRecordedEventAttributes().WorkflowTaskCompletedEventId] = true
		}
	}
	return n + len(markers)
}

func (st *stage) history(id string) []*history.HistoryEvent {
	st.t.Helper()
	var events []*history.HistoryEvent
	for it := st.client.GetWorkflowHistory(st.t.Context(), id, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); it.HasNext(); {
		e, err := it.Next()
		require.NoError(st.t, err)
		events = append(events, e)
	}
	return events
}
