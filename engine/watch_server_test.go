package engine_test

import (
	"context"
	"strings"
	"testing"
	"time"

	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/proof/temporaltest"
)

// The server writes down only a task's first failure. When that was a timeout, nobody must take it for what fails now.
func TestATaskThatTimedOutFirstIsNotToldAsTimingOutNow(t *testing.T) {
	t.Parallel()
	server, c := temporaltest.Server(t), temporaltest.Client(t)
	const name = "timed-out-first"
	_, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: name, TaskQueue: name, WorkflowTaskTimeout: time.Second}, "Broken")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	taken, err := c.WorkflowService().PollWorkflowTaskQueue(ctx, &workflowservice.PollWorkflowTaskQueueRequest{ // a worker that takes it and dies
		Namespace: server.Namespace(), TaskQueue: &taskqueuepb.TaskQueue{Name: name}, Identity: "dies",
	})
	if err != nil || len(taken.GetTaskToken()) == 0 {
		t.Fatalf("no task: %v", err)
	}
	w := worker.New(c, name, worker.Options{})
	broken := make(chan struct{}, 100)
	w.RegisterWorkflowWithOptions(func(workflow.Context) error {
		broken <- struct{}{}
		panic("a bug of that build")
	}, workflow.RegisterOptions{Name: "Broken"})
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	<-broken
	<-broken
	watcher := engine.NewWatcher(c, server.Namespace(), engine.Plain(), []string{"Broken"}, engine.WatchLimits{Attempts: 2}, time.Now)
	s, err := watcher.Look(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	if s == nil || !s.Failing || !strings.Contains(s.Why, "the workers' log says what fails now") {
		t.Errorf("it is told as %+v", s)
	}
}
