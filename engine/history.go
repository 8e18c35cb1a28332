package engine

import (
	"context"
	"fmt"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
)

// Execution is one run of a workflow.
type Execution struct {
	WorkflowID string `json:"workflow_id"`
	RunID      string `json:"run_id"`
	Type       string `json:"type"`
}

// History is a run's history as Temporal keeps it, payloads encrypted. An empty run id is the newest run.
func History(ctx context.Context, c client.Client, workflowID, runID string) (*history.History, error) {
	var recorded history.History
	for events := c.GetWorkflowHistory(ctx, workflowID, runID, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
		event, err := events.Next()
		if err != nil {
			return nil, err
		}
		recorded.Events = append(recorded.Events, event)
	}
	return &recorded, nil
}

// OpenExecutions are the open workflows of a task queue, whatever their kind, that a worker of that build may be given: all of
// them, or without those that a Worker Deployment keeps with another build. Visibility may lag by a second.
func OpenExecutions(ctx context.Context, c client.Client, queue string, by Deployment) ([]Execution, error) {
	query := fmt.Sprintf("ExecutionStatus = 'Running' AND TaskQueue = '%s'", queue)
	if by.On() {
		query += fmt.Sprintf(" AND (TemporalWorkflowVersioningBehavior IS NULL OR TemporalWorkerDeploymentVersion = '%s:%s')", by.Name, by.BuildID)
	}
	var all []Execution
	request := &workflowservice.ListWorkflowExecutionsRequest{PageSize: 1000, Query: query}
	for {
		page, err := c.ListWorkflow(ctx, request)
		if err != nil {
			return nil, fmt.Errorf("list the open workflows of %s: %w", queue, err)
		}
		for _, e := range page.GetExecutions() {
			all = append(all, Execution{e.GetExecution().GetWorkflowId(), e.GetExecution().GetRunId(), e.GetType().GetName()})
		}
		if request.NextPageToken = page.GetNextPageToken(); len(request.NextPageToken) == 0 {
			return all, nil
		}
	}
}

// Stuck says whether the newest task of a run has failed before, under whichever build had it.
func Stuck(ctx context.Context, c client.Client, e Execution) (bool, error) {
	described, err := c.DescribeWorkflowExecution(ctx, e.WorkflowID, e.RunID)
	if err != nil {
		return false, fmt.Errorf("describe %s: %w", e.WorkflowID, err)
	}
	return described.GetPendingWorkflowTask().GetAttempt() > 1, nil
}
