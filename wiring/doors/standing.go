package doors

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"

	"github.com/rapport-dev/rapport/partnership"
)

// FromOutside is how no workflow of ours ends by its own word.
var FromOutside = map[enumspb.WorkflowExecutionStatus]partnership.StuckKind{
	enumspb.WORKFLOW_EXECUTION_STATUS_FAILED:     partnership.StuckFailed,
	enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED: partnership.StuckTerminated,
	enumspb.WORKFLOW_EXECUTION_STATUS_TIMED_OUT:  partnership.StuckTimedOut,
	enumspb.WORKFLOW_EXECUTION_STATUS_CANCELED:   partnership.StuckCanceled,
}

func (w *Workflows) status(ctx context.Context, workflowID string) (enumspb.WorkflowExecutionStatus, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	now, err := w.client.DescribeWorkflowExecution(ctx, workflowID, "")
	return now.GetWorkflowExecutionInfo().GetStatus(), inOurWords(err)
}

// Standing is a Conflict for a workflow that failed or was ended from outside: it is not over, and a person has to take it up again.
// It is nil for one that goes on or has ended by its own word.
func (w *Workflows) Standing(ctx context.Context, workflowID string) error {
	status, err := w.status(ctx, workflowID)
	if kind, stands := FromOutside[status]; stands && err == nil {
		return partnership.Errorf(partnership.Conflict, "%s, so it does not go on, and nothing was changed. To take it up again: rapport workflows mend %s", kind.Words(), workflowID)
	}
	return err
}
