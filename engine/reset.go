package engine

import (
	"context"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	failurepb "go.temporal.io/api/failure/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
)

// farthest is how many tasks a run may be taken back: a build that went wrong was noticed before it did more.
const farthest = 100

// ResetPoint is the newest workflow task from which a run can go on: it replays up to there under this build, and what made it fail
// comes after. ok is false when there is none.
func ResetPoint(events []*historypb.HistoryEvent, replays func(*historypb.History) error) (eventID int64, ok bool) {
	limit, completed := reason(events), false
	for i, tried := len(events)-1, 0; i >= 0 && tried < farthest; i-- {
		e := events[i]
		switch e.GetEventType() {
		case enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
			completed = true
		case enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED, enumspb.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
			if completed { // a task that failed and then went through
				continue
			}
		default:
			continue
		}
		if e.GetEventId() > limit {
			continue
		}
		if tried++; replays(before(events, i)) == nil {
			return e.GetEventId(), true
		}
	}
	return 0, false
}

// before is the history up to a workflow task, in such a form that a replay compares all that was decided until then. Of a history
// that ends with a task that has begun, the SDK compares all but the last decisions; so one more task follows that decides nothing.
func before(events []*historypb.HistoryEvent, task int) *historypb.History {
	id := events[task].GetEventId()
	next := func(n int64, kind enumspb.EventType) *historypb.HistoryEvent {
		return &historypb.HistoryEvent{EventId: id + n, EventType: kind, EventTime: events[task].GetEventTime()}
	}
	completed := next(0, enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
	completed.Attributes = &historypb.HistoryEvent_WorkflowTaskCompletedEventAttributes{WorkflowTaskCompletedEventAttributes: &historypb.WorkflowTaskCompletedEventAttributes{
		ScheduledEventId: id - 2, StartedEventId: id - 1,
	}}
	scheduled := next(1, enumspb.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED)
	scheduled.Attributes = &historypb.HistoryEvent_WorkflowTaskScheduledEventAttributes{WorkflowTaskScheduledEventAttributes: &historypb.WorkflowTaskScheduledEventAttributes{Attempt: 1}}
	started := next(2, enumspb.EVENT_TYPE_WORKFLOW_TASK_STARTED)
	started.Attributes = &historypb.HistoryEvent_WorkflowTaskStartedEventAttributes{WorkflowTaskStartedEventAttributes: &historypb.WorkflowTaskStartedEventAttributes{ScheduledEventId: id + 1}}
	return &historypb.History{Events: append(events[:task:task], completed, scheduled, started)}
}

// reason is the event up to which a run was well. A run that failed by a step's failure, or by an operator's cancellation, would meet
// it again from any later point: the step has to be done anew.
func reason(events []*historypb.HistoryEvent) int64 {
	if len(events) == 0 {
		return 0
	}
	last := events[len(events)-1]
	if a := last.GetWorkflowExecutionFailedEventAttributes(); a != nil {
		if by := failedStep(a.GetFailure()); by > 0 {
			return scheduledBy(events, by)
		}
	}
	if last.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED {
		for _, e := range events {
			if e.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED {
				return e.GetEventId()
			}
		}
	}
	return last.GetEventId()
}

// failedStep is the event that began the step (activity or child) whose failure a failure comes from, 0 when it comes from none.
func failedStep(f *failurepb.Failure) int64 {
	for ; f != nil; f = f.GetCause() {
		if a := f.GetActivityFailureInfo(); a != nil {
			return a.GetScheduledEventId()
		}
		if c := f.GetChildWorkflowExecutionFailureInfo(); c != nil {
			return c.GetInitiatedEventId()
		}
	}
	return 0
}

// scheduledBy is the workflow task that decided the step which began with that event.
func scheduledBy(events []*historypb.HistoryEvent, begun int64) int64 {
	for _, e := range events {
		if e.GetEventId() == begun {
			return max(e.GetActivityTaskScheduledEventAttributes().GetWorkflowTaskCompletedEventId(),
				e.GetStartChildWorkflowExecutionInitiatedEventAttributes().GetWorkflowTaskCompletedEventId())
		}
	}
	return begun
}

// Reset takes a run back to a workflow task and lets it go on from there as a new run. Signals and updates that came after are kept;
// an operator's cancellation is not (the server leaves it out). The same request id resets once.
func (w *Watcher) Reset(ctx context.Context, workflowID, runID string, eventID int64, why, requestID string) (newRun string, err error) {
	answer, err := w.client.ResetWorkflowExecution(ctx, &workflowservice.ResetWorkflowExecutionRequest{
		Namespace: w.namespace, WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: workflowID, RunId: runID},
		Reason: why, WorkflowTaskFinishEventId: eventID, RequestId: requestID,
	})
	if err != nil {
		return "", fmt.Errorf("reset %s to event %d: %w", workflowID, eventID, err)
	}
	return answer.GetRunId(), nil
}
