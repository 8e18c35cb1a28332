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

// History is everything that a run has recorded.
func (w *Watcher) History(ctx context.Context, workflowID, runID string) ([]*historypb.HistoryEvent, error) {
	var events []*historypb.HistoryEvent
	for it := w.client.GetWorkflowHistory(ctx, workflowID, runID, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); it.HasNext(); {
		e, err := it.Next()
		if err != nil {
			return nil, fmt.Errorf("history of %s: %w", workflowID, err)
		}
		events = append(events, e)
	}
	return events, nil
}

// farthest is how many tasks a run may be taken back: a build that went wrong was noticed before it did more.
const farthest = 100

// ResetPoint is the newest workflow task from which a run can go on: it replays up to there under this build, and what made it fail
// comes after. ok is false when there is none.
func ResetPoint(events []*historypb.HistoryEvent, replays func(*historypb.History) error) (eventID int64, ok bool) {
	limit := reason(events)
	tried := 0
	for i := len(events) - 1; i >= 0 && tried < farthest; i-- {
		e := events[i]
		if e.GetEventId() > limit || e.GetEventType() != enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
			continue
		}
		tried++
		if replays(&historypb.History{Events: events[:i]}) == nil {
			return e.GetEventId(), true
		}
	}
	if tried > 0 {
		return 0, false
	}
	for i := len(events) - 1; i >= 0; i-- { // it never completed a task: its first is tried again
		switch events[i].GetEventType() {
		case enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED, enumspb.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
			return events[i].GetEventId(), true
		}
	}
	return 0, false
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
// an operator's cancellation is not. The same request id resets once.
func (w *Watcher) Reset(ctx context.Context, workflowID, runID string, eventID int64, why, requestID string) (newRun string, err error) {
	answer, err := w.client.ResetWorkflowExecution(ctx, &workflowservice.ResetWorkflowExecutionRequest{
		Namespace: w.namespace, WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: workflowID, RunId: runID},
		Reason: why, WorkflowTaskFinishEventId: eventID, RequestId: requestID,
		ResetReapplyExcludeTypes: []enumspb.ResetReapplyExcludeType{enumspb.RESET_REAPPLY_EXCLUDE_TYPE_CANCEL_REQUEST},
	})
	if err != nil {
		return "", fmt.Errorf("reset %s to event %d: %w", workflowID, eventID, err)
	}
	return answer.GetRunId(), nil
}
