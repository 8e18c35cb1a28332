package temporaltest_test

import (
	"testing"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/proof/temporaltest"
)

func TestAWorkflowRunsOnARealServer(t *testing.T) {
	connection := temporaltest.Client(t)
	queue := t.Name()
	w := worker.New(connection, queue, worker.Options{})
	w.RegisterWorkflowWithOptions(
		func(_ workflow.Context, n int) (int, error) { return n + 1, nil },
		workflow.RegisterOptions{Name: "Increment"})
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	defer w.Stop()

	run, err := connection.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: queue}, "Increment", 41)
	if err != nil {
		t.Fatal(err)
	}
	var got int
	if err := run.Get(t.Context(), &got); err != nil || got != 42 {
		t.Errorf("got %d, %v", got, err)
	}
}

func TestOneServerForAllTests(t *testing.T) {
	if a, b := temporaltest.Server(t), temporaltest.Server(t); a != b {
		t.Errorf("two servers: %s and %s", a.Address(), b.Address())
	}
}
