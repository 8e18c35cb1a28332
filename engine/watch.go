package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
)

// Standing is a workflow that does not go on by itself: it ended in a way that was not its own, or its task makes no progress.
type Standing struct {
	WorkflowID string
	RunID      string
	Type       string
	Status     enumspb.WorkflowExecutionStatus // Running with a task that fails or waits
	Failing    bool                            // with Running: its task was tried and fails, and does not merely wait
	Since      time.Time
	Why        string
}

// WatchLimits say from when on an open workflow's task counts as standing.
type WatchLimits struct {
	Attempts int           // tries of one task
	Failing  time.Duration // since the first of them
	Waiting  time.Duration // a task that no worker has taken
}

// Watcher finds workflows that do not go on by themselves.
type Watcher struct {
	client    client.Client
	namespace string
	failures  converter.FailureConverter
	types     []string // of workflows that are looked at
	limits    WatchLimits
	now       func() time.Time
}

// NewWatcher looks at workflows of these types. keys open the last words of those that failed.
func NewWatcher(c client.Client, namespace string, keys Keys, types []string, limits WatchLimits, now func() time.Time) *Watcher {
	_, failures := Converters(keys)
	return &Watcher{client: c, namespace: namespace, failures: failures, types: types, limits: limits, now: now}
}

// at is the time by which ages are counted. What is looked at has the server's times; within an activity the server has just said one.
func (w *Watcher) at(ctx context.Context) time.Time {
	if activity.IsActivity(ctx) {
		return activity.GetInfo(ctx).StartedTime
	}
	return w.now()
}

// badly is how no story ends by itself.
const badly = "ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut', 'Canceled')"

// Ended are the workflows whose newest run has ended badly. Runs that were reset, continued or started again are not among them.
func (w *Watcher) Ended(ctx context.Context) ([]Standing, error) {
	newest := map[string]*workflowpb.WorkflowExecutionInfo{}
	err := w.list(ctx, w.ofOurs(badly), func(e *workflowpb.WorkflowExecutionInfo) {
		id := e.GetExecution().GetWorkflowId()
		if known := newest[id]; known == nil || known.GetStartTime().AsTime().Before(e.GetStartTime().AsTime()) {
			newest[id] = e
		}
	})
	if err != nil {
		return nil, err
	}
	types := map[string]string{}
	for id, e := range newest {
		types[id] = e.GetType().GetName()
	}
	return w.lookAt(ctx, types)
}

// slice is how many open workflows one look describes: the server does not say in visibility whose task fails.
const slice = 1000

// Open looks at a slice of the open workflows, from cursor on, and returns those that stand and where the next slice begins
// (nil: at the beginning). Where the server itself keeps a list of those whose task fails, all of it is looked at each time.
func (w *Watcher) Open(ctx context.Context, cursor []byte) (standing []Standing, next []byte, err error) {
	ask := &workflowservice.ListWorkflowExecutionsRequest{
		Namespace: w.namespace, PageSize: slice, Query: w.ofOurs("ExecutionStatus = 'Running'"), NextPageToken: cursor,
	}
	page, err := w.client.WorkflowService().ListWorkflowExecutions(ctx, ask)
	if _, stale := errors.AsType[*serviceerror.InvalidArgument](err); stale && cursor != nil { // of another server, or of another build
		ask.NextPageToken = nil
		page, err = w.client.WorkflowService().ListWorkflowExecutions(ctx, ask)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("list open workflows: %w", err)
	}
	types := map[string]string{}
	for _, e := range page.GetExecutions() {
		types[e.GetExecution().GetWorkflowId()] = e.GetType().GetName()
	}
	// Servers from 1.30 on may keep this attribute; others do not know it.
	_ = w.list(ctx, w.ofOurs("ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL"), func(e *workflowpb.WorkflowExecutionInfo) {
		types[e.GetExecution().GetWorkflowId()] = e.GetType().GetName()
	})
	standing, err = w.lookAt(ctx, types)
	return standing, page.GetNextPageToken(), err
}

func (w *Watcher) ofOurs(condition string) string {
	return "WorkflowType IN ('" + strings.Join(w.types, "', '") + "') AND " + condition
}

func (w *Watcher) list(ctx context.Context, query string, each func(*workflowpb.WorkflowExecutionInfo)) error {
	ask := &workflowservice.ListWorkflowExecutionsRequest{Namespace: w.namespace, PageSize: slice, Query: query}
	for {
		page, err := w.client.WorkflowService().ListWorkflowExecutions(ctx, ask)
		if err != nil {
			return fmt.Errorf("list workflows: %w", err)
		}
		for _, e := range page.GetExecutions() {
			each(e)
		}
		if ask.NextPageToken = page.GetNextPageToken(); len(ask.NextPageToken) == 0 {
			return nil
		}
	}
}

// lookAt looks at each, by id and type, and returns those that stand. One that cannot be read is among them and hides no other; when
// none can be, it is the server, and an error.
func (w *Watcher) lookAt(ctx context.Context, types map[string]string) ([]Standing, error) {
	var mu sync.Mutex
	var all []Standing
	var first error
	unread := 0
	var wait sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for id, kind := range types {
		places <- struct{}{}
		wait.Go(func() {
			defer func() { <-places }()
			s, err := w.Look(ctx, id)
			if IsNotFound(err) { // it went meanwhile
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				unread++
				if first == nil {
					first = err
				}
				s = unreadable(s, id, kind, err)
			}
			if s != nil {
				all = append(all, *s)
			}
		})
	}
	wait.Wait()
	if ctx.Err() != nil || unread == len(types) {
		return nil, first
	}
	return all, nil
}

// unreadable is a workflow that cannot be looked at, with what is known of it.
func unreadable(s *Standing, id, kind string, err error) *Standing {
	if s == nil {
		s = &Standing{WorkflowID: id, Type: kind, Status: enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, Failing: true}
	}
	s.Why = short("it cannot be read: " + err.Error())
	return s
}

// IsNotFound says whether an error means that the server has no such workflow.
func IsNotFound(err error) bool {
	_, gone := errors.AsType[*serviceerror.NotFound](err)
	return gone
}

// Look looks at a workflow's newest run; nil when it goes on or has ended by itself.
func (w *Watcher) Look(ctx context.Context, workflowID string) (*Standing, error) {
	d, err := w.Describe(ctx, workflowID, "")
	if err != nil {
		return nil, err
	}
	info := d.GetWorkflowExecutionInfo()
	s := &Standing{
		WorkflowID: workflowID, RunID: info.GetExecution().GetRunId(), Type: info.GetType().GetName(), Status: info.GetStatus(),
		Since: info.GetCloseTime().AsTime(),
	}
	switch info.GetStatus() {
	case enumspb.WORKFLOW_EXECUTION_STATUS_FAILED, enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED,
		enumspb.WORKFLOW_EXECUTION_STATUS_TIMED_OUT, enumspb.WORKFLOW_EXECUTION_STATUS_CANCELED:
		s.Why, err = w.lastWords(ctx, workflowID, s.RunID)
		return s, err
	case enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING:
		return w.task(ctx, s, d.GetPendingWorkflowTask())
	default:
		return nil, nil
	}
}

// Describe is the server's word on a workflow; run "" is the newest.
func (w *Watcher) Describe(ctx context.Context, workflowID, runID string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	d, err := w.client.DescribeWorkflowExecution(ctx, workflowID, runID)
	if err != nil {
		return nil, fmt.Errorf("describe %s: %w", workflowID, err)
	}
	return d, nil
}

// task judges the task of an open workflow.
func (w *Watcher) task(ctx context.Context, s *Standing, task *workflowpb.PendingWorkflowTaskInfo) (*Standing, error) {
	switch {
	case task == nil:
		return nil, nil
	case int(task.GetAttempt()) < w.limits.Attempts:
		s.Since = task.GetScheduledTime().AsTime()
		s.Why = "no worker has taken its task"
		if task.GetState() != enumspb.PENDING_WORKFLOW_TASK_STATE_SCHEDULED || w.at(ctx).Sub(s.Since) < w.limits.Waiting {
			return nil, nil
		}
		return s, nil
	}
	s.Failing = true
	var err error
	if s.Since, s.Why, err = w.failedTasks(ctx, s.WorkflowID, s.RunID); err != nil || w.at(ctx).Sub(s.Since) < w.limits.Failing {
		return nil, err
	}
	return s, nil
}

// failedTasks is since when a workflow's task has failed, and the last words of the newest failure that was written down.
func (w *Watcher) failedTasks(ctx context.Context, workflowID, runID string) (since time.Time, why string, err error) {
	page, err := w.client.WorkflowService().GetWorkflowExecutionHistoryReverse(ctx, &workflowservice.GetWorkflowExecutionHistoryReverseRequest{
		Namespace: w.namespace, Execution: &commonpb.WorkflowExecution{WorkflowId: workflowID, RunId: runID}, MaximumPageSize: 100,
	})
	if err != nil {
		return since, "", fmt.Errorf("history of %s: %w", workflowID, err)
	}
	since, why = w.at(ctx), "its task is tried again and again"
	for i, said := 0, false; i < len(page.GetHistory().GetEvents()); i++ {
		e := page.GetHistory().GetEvents()[i]
		words, failed := "", true
		switch e.GetEventType() {
		case enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
			return since, why, nil
		case enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED:
			a := e.GetWorkflowTaskFailedEventAttributes()
			words = a.GetCause().String() + ": " + w.failures.FailureToError(a.GetFailure()).Error()
		case enumspb.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
			// The server writes down what failed first and no later try of the same task.
			words = "its task timed out, and no try since has succeeded: the workers' log says what fails now"
		default:
			failed = false
		}
		if failed {
			since = e.GetEventTime().AsTime()
			if !said {
				why, said = short(words), true
			}
		}
	}
	return since, why, nil
}

// lastWords are what a closed run said last.
func (w *Watcher) lastWords(ctx context.Context, workflowID, runID string) (string, error) {
	it := w.client.GetWorkflowHistory(ctx, workflowID, runID, false, enumspb.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT)
	var last *historypb.HistoryEvent
	for it.HasNext() {
		e, err := it.Next()
		if err != nil {
			return "", fmt.Errorf("the end of %s: %w", workflowID, err)
		}
		last = e
	}
	switch {
	case last.GetWorkflowExecutionFailedEventAttributes() != nil:
		return short(w.failures.FailureToError(last.GetWorkflowExecutionFailedEventAttributes().GetFailure()).Error()), nil
	case last.GetWorkflowExecutionTerminatedEventAttributes() != nil:
		return short(last.GetWorkflowExecutionTerminatedEventAttributes().GetReason()), nil
	default:
		return "", nil
	}
}

// shortest fits a card and a line.
const shortest = 240

func short(words string) string {
	words = strings.Join(strings.Fields(words), " ")
	if r := []rune(words); len(r) > shortest {
		return string(r[:shortest-1]) + "…"
	}
	return words
}

// PendingSteps are the ids of the activities that a run waits for; none when it is closed or gone.
func (w *Watcher) PendingSteps(ctx context.Context, workflowID, runID string) ([]string, error) {
	d, err := w.Describe(ctx, workflowID, runID)
	if IsNotFound(err) {
		return nil, nil
	}
	var ids []string
	for _, a := range d.GetPendingActivities() {
		ids = append(ids, a.GetActivityId())
	}
	return ids, err
}
