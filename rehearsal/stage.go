package rehearsal

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/workflows"
)

// outside is what a workflow on the stage meets instead of the world.
type outside interface {
	// enter is called once, before the workflow begins.
	enter(env *testsuite.TestWorkflowEnvironment)
	// begin is called in the workflow's thread, before its first line.
	begin()
	// step answers an activity; a local one is the board's write.
	step(name string, arg any, local bool) (any, error)
	// signal takes a signal to another workflow.
	signal(workflowID, name string, arg any) error
	// start takes the start of a child.
	start(workflowID string, arg any) error
}

// errTooLong ends a play that passed its time limit. The environment has none of its own while timers fire.
var errTooLong = errors.New("the rehearsal of one workflow takes too long; it may wait in circles")

// play performs one workflow on an environment of its own, from the virtual time on until it ends.
func play(o outside, limit time.Duration, from time.Time, id, kind string, in, result any) error {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(silent)
	env := suite.NewTestWorkflowEnvironment()
	workflows.Register(env)
	env.SetStartTime(from)
	env.SetTestTimeout(limit)
	env.SetWorkflowRunTimeout(0) // its timer would keep the environment in memory until it fires, years from now
	env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: id})
	env.SetWorkerOptions(worker.Options{
		Interceptors:             []interceptor.WorkerInterceptor{&prompter{outside: o, until: time.Now().Add(limit)}},
		DeadlockDetectionTimeout: limit, // starting a wave performs whole stories within one task
	})
	o.enter(env)
	return within(limit+limit/2, func() error {
		env.ExecuteWorkflow(kind, in)
		if !env.IsWorkflowCompleted() {
			return errors.New("the workflow did not end")
		}
		if err := env.GetWorkflowError(); err != nil {
			return err
		}
		return env.GetWorkflowResult(result)
	})
}

// within runs f and gives up on it after a while: an environment that blocks itself never returns.
func within(limit time.Duration, f func() error) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- fmt.Errorf("the environment stopped: %v", r)
			}
		}()
		done <- f()
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return errTooLong
	}
}

var silent = sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler))

// prompter stands between the workflow and the environment.
type prompter struct {
	interceptor.WorkerInterceptorBase
	outside outside
	until   time.Time // of the machine
}

func (w *prompter) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	in := &inbound{prompter: w}
	in.Next = next
	return in
}

type inbound struct {
	interceptor.WorkflowInboundInterceptorBase
	*prompter
}

func (i *inbound) Init(next interceptor.WorkflowOutboundInterceptor) error {
	out := &outbound{prompter: i.prompter}
	out.Next = next
	return i.Next.Init(out)
}

func (i *inbound) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	i.outside.begin()
	return i.Next.ExecuteWorkflow(ctx, in)
}

type outbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	*prompter
}

func (o *outbound) ExecuteActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	return o.step(ctx, name, args, false)
}

func (o *outbound) ExecuteLocalActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	return o.step(ctx, name, args, true)
}

func (o *outbound) step(ctx workflow.Context, name string, args []any, local bool) workflow.Future {
	if time.Now().After(o.until) {
		panic(errTooLong)
	}
	value, err := o.outside.step(name, only(args), local)
	return ready(ctx, value, err)
}

func (o *outbound) SignalExternalWorkflow(ctx workflow.Context, workflowID, _, name string, arg any) workflow.Future {
	return ready(ctx, nil, o.outside.signal(workflowID, name, arg))
}

func (o *outbound) ExecuteChildWorkflow(ctx workflow.Context, _ string, args ...any) workflow.ChildWorkflowFuture {
	id := workflow.GetChildWorkflowOptions(ctx).WorkflowID
	err := o.outside.start(id, only(args))
	result, _ := workflow.NewFuture(ctx) // nobody waits for it: a story tells its end by signal
	return &child{Future: result, started: ready(ctx, workflow.Execution{ID: id}, err), id: id, outside: o.outside}
}

// child is a story that was started on a stage of its own.
type child struct {
	workflow.Future
	started workflow.Future
	id      string
	outside outside
}

func (c *child) GetChildWorkflowExecution() workflow.Future { return c.started }

func (c *child) SignalChildWorkflow(ctx workflow.Context, name string, arg any) workflow.Future {
	return ready(ctx, nil, c.outside.signal(c.id, name, arg))
}

func ready(ctx workflow.Context, value any, err error) workflow.Future {
	f, set := workflow.NewFuture(ctx)
	set.Set(value, err)
	return f
}

func only(args []any) any {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}
