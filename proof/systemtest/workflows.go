package systemtest

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/playground/stack"
	"github.com/rapport-dev/rapport/workflows"
)

// Ends says how the workflows of an ended system stand, by their status, and names those that ended as no story may.
func Ends(t testing.TB, dir string) (byStatus map[string]int, died []string) {
	t.Helper()
	byStatus = map[string]int{}
	err := remembered(t.Context(), dir, func(_ client.Client, one *workflow.WorkflowExecutionInfo) error {
		status := one.Status.String()
		byStatus[status]++
		if status == "Failed" || status == "Terminated" || status == "TimedOut" {
			died = append(died, status+": "+one.Execution.WorkflowId)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return byStatus, died
}

// logStanding says of each workflow that an ended system left open what it stands at: whoever reads a failed test finds there what
// the board doesn't show, such as a task that fails again and again.
func logStanding(t testing.TB, dir string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err := remembered(ctx, dir, func(c client.Client, one *workflow.WorkflowExecutionInfo) error {
		if one.Status != enums.WORKFLOW_EXECUTION_STATUS_RUNNING {
			return nil
		}
		stands, err := c.DescribeWorkflowExecution(ctx, one.Execution.WorkflowId, one.Execution.RunId)
		if err != nil {
			return err
		}
		t.Logf("open: %s, %d events", one.Execution.WorkflowId, stands.WorkflowExecutionInfo.HistoryLength)
		if task := stands.PendingWorkflowTask; task != nil {
			t.Logf("  a workflow task in attempt %d since %s", task.Attempt, task.OriginalScheduledTime.AsTime().Format(time.TimeOnly))
		}
		for _, a := range stands.PendingActivities {
			t.Logf("  %s, %s, attempt %d: %s", a.ActivityType.Name, a.State, a.Attempt, a.LastFailure.GetMessage())
		}
		return nil
	})
	if err != nil {
		t.Logf("what its workflows stand at is not known: %v", err)
	}
}

// remembered shows each workflow of an ended system. The server's memory is read as it was left: nothing works on it.
func remembered(ctx context.Context, dir string, each func(client.Client, *workflow.WorkflowExecutionInfo) error) (err error) {
	cli, err := stack.EnsureTemporalCLI(ctx, func(string) {})
	if err != nil {
		return err
	}
	server, err := stack.StartTemporal(ctx, stack.TemporalOptions{
		CLI: cli, DBFile: filepath.Join(dir, "temporal.db"), UIPort: -1, LogFile: filepath.Join(dir, "log", "temporal-after.log"), SearchAttributes: engine.SearchAttributeTypes(workflows.SearchAttributes()),
	})
	if err != nil {
		return err
	}
	defer func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		err = errors.Join(err, server.Stop(bounded))
	}()
	c, err := client.DialContext(ctx, client.Options{HostPort: server.Address()})
	if err != nil {
		return err
	}
	defer c.Close()
	for page := []byte(nil); ; {
		list, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{NextPageToken: page})
		if err != nil {
			return err
		}
		for _, one := range list.Executions {
			if err := each(c, one); err != nil {
				return err
			}
		}
		if page = list.NextPageToken; len(page) == 0 {
			return nil
		}
	}
}
