package systemtest

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/playground/stack"
	"github.com/rapport-dev/rapport/workflows"
)

// Ends says how the workflows of an ended system stand, by their status, and names those that ended as no story may. The server's
// memory is read as it was left: nothing works on it.
func Ends(t testing.TB, dir string) (byStatus map[string]int, died []string) {
	t.Helper()
	ctx := t.Context()
	cli, err := stack.EnsureTemporalCLI(ctx, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	server, err := stack.StartTemporal(ctx, stack.TemporalOptions{
		CLI: cli, DBFile: filepath.Join(dir, "temporal.db"), UIPort: -1, LogFile: filepath.Join(dir, "log", "temporal-after.log"), SearchAttributes: engine.SearchAttributeTypes(workflows.SearchAttributes()),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		if err := server.Stop(bounded); err != nil {
			t.Error(err)
		}
	}()
	c, err := client.DialContext(ctx, client.Options{HostPort: server.Address()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	byStatus = map[string]int{}
	for page := []byte(nil); ; {
		list, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{NextPageToken: page})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range list.Executions {
			status := one.Status.String()
			byStatus[status]++
			if status == "Failed" || status == "Terminated" || status == "TimedOut" {
				died = append(died, status+": "+one.Execution.WorkflowId)
			}
		}
		if page = list.NextPageToken; len(page) == 0 {
			return byStatus, died
		}
	}
}
