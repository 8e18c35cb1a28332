package engine_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/internal/temporaltest"
)

// A step is told once it has been tried for long, with its age from the first attempt, and told again when it succeeds.
func TestAStepThatFailsForLongIsTold(t *testing.T) {
	c := temporaltest.Client(t)
	const after = 3 * time.Second // by the server's clock, whatever this machine's says
	var failures atomic.Int32
	failing, recovered := make(chan engine.Step, 10), make(chan engine.Step, 1)
	watch := engine.StepWatch{
		After:     after,
		Failing:   func(_ context.Context, s engine.Step, _ error) { failing <- s },
		Recovered: func(_ context.Context, s engine.Step) { recovered <- s },
	}
	w := worker.New(c, t.Name(), worker.Options{Interceptors: []interceptor.WorkerInterceptor{watch.Interceptor()}})
	w.RegisterActivityWithOptions(func(context.Context) error {
		switch failures.Add(1) {
		case 1:
			return errors.New("not yet")
		case 2:
			return temporal.NewApplicationErrorWithOptions("not yet", "", temporal.ApplicationErrorOptions{NextRetryDelay: after})
		case 3:
			return errors.New("still not")
		default:
			return nil
		}
	}, activity.RegisterOptions{Name: "Try"})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
			StartToCloseTimeout: time.Minute, RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Millisecond},
		})
		return workflow.ExecuteActivity(ctx, "Try").Get(ctx, nil)
	}, workflow.RegisterOptions{Name: "Trying"})
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: t.Name(), TaskQueue: t.Name()}, "Trying")
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Get(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	told := <-failing
	if told.Activity != "Try" || told.Attempts != 3 || told.WorkflowID != t.Name() || told.Since.IsZero() || len(failing) != 0 {
		t.Errorf("told of %+v, and of %d more", told, len(failing))
	}
	if s := <-recovered; s.ActivityID != told.ActivityID || s.Attempts != 4 || !s.Since.Equal(told.Since) {
		t.Errorf("recovered %+v", s)
	}
}

func TestANamespaceThatIsNotThereIsNamed(t *testing.T) {
	server := temporaltest.Server(t)
	c := temporaltest.Client(t)
	if err := engine.CheckNamespace(t.Context(), c, server.Namespace()); err != nil {
		t.Error(err)
	}
	err := engine.CheckNamespace(t.Context(), c, "nope")
	if err == nil || !strings.Contains(err.Error(), `the namespace "nope" does not exist`) {
		t.Errorf("of another it says %v", err)
	}
}
