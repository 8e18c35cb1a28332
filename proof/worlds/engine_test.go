package worlds

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/playground/stack"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/wiring/doors"
	"github.com/rapport-dev/rapport/workflows"
)

// One Temporal server serves all worlds; each that is played has a namespace to itself, because queues have the same names for everybody. It
// keeps them in a file: in memory they are gone once a starved server lets go of its last connection.
var server = sync.OnceValues(func() (*stack.Temporal, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	cli, err := stack.EnsureTemporalCLI(ctx, func(string) {})
	if err != nil {
		return nil, err
	}
	dir, err := stack.SharedTempDir(stack.Memory(), "rapport-worlds-")
	if err != nil {
		return nil, err
	}
	started, err := stack.StartTemporal(ctx, stack.TemporalOptions{CLI: cli, UIPort: -1, DBFile: filepath.Join(dir, "db"), LogFile: filepath.Join(dir, "log")})
	if err != nil {
		return nil, err
	}
	return started, stack.Guard(started.PID(), dir)
})

var spare struct {
	mu   sync.Mutex
	made int
	free []client.Client
}

// namespace is a client of one that nobody else uses now.
func namespace(t testing.TB) client.Client {
	t.Helper()
	spare.mu.Lock()
	defer spare.mu.Unlock()
	if n := len(spare.free); n > 0 {
		c := spare.free[n-1]
		spare.free = spare.free[:n-1]
		return c
	}
	spare.made++
	name := fmt.Sprintf("world-%d", spare.made)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	at, err := server()
	must(t, err)
	c, err := client.Dial(client.Options{
		HostPort: at.Address(), Namespace: name, Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	must(t, err)
	_, err = c.WorkflowService().RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace: name, WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour),
	})
	must(t, err)
	must(t, eventually(func() error { return engine.EnsureSearchAttributes(ctx, c, name, workflows.SearchAttributes()) }))
	must(t, eventually(func() error {
		_, err := c.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: name})
		return err
	}))
	return c
}

// giveBack lets another world have the namespace.
func giveBack(c client.Client) {
	spare.mu.Lock()
	defer spare.mu.Unlock()
	spare.free = append(spare.free, c)
}

// open are the workflows that have not ended.
func (w *world) open(ctx context.Context) (ids []string, err error) {
	list, err := w.temporal.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Query: "ExecutionStatus = 'Running'"})
	if err != nil {
		return nil, err
	}
	for _, one := range list.GetExecutions() {
		ids = append(ids, one.GetExecution().GetWorkflowId())
	}
	return ids, nil
}

// endAll ends what is open from outside, as an operator does, or as if the engine had been restored to before it.
func (w *world) endAll(why string) {
	w.until("everything is ended", func() bool {
		ids, err := w.open(w.ctx)
		for _, id := range ids {
			_ = w.temporal.TerminateWorkflow(w.ctx, id, "", why)
		}
		return err == nil && len(ids) == 0
	})
}

// process is a worker as rapport-worker is one.
type process struct {
	world   *world
	dead    atomic.Bool
	workers []worker.Worker
}

// off is a clock that goes wrong by so much.
type off time.Duration

func (o off) Now() time.Time { return time.Now().Add(time.Duration(o)) }

const roles = "U_PREP, cli:prep: finance\nU_FIN, cli:fin: finance\nU_OWNER, cli:owner: finance\n"

// work starts a process.
func (w *world) work() {
	p := &process{world: w}
	people, err := access.ParsePeople(roles)
	must(w.t, err)
	guard := &doors.Guard{
		Key: partnership.ProofKey(secret), Directory: access.Directory{People: people, Listed: true}, Refused: w.store.RefuseDeed, Log: slog.New(slog.DiscardHandler),
	}
	steps := activities.New(activities.Deps{
		Store: books{w.store, p}, Mailer: mailer{w.outside, p}, Chat: chat{w.outside, p}, Troubles: w.store, Guard: guard,
		Rails: activities.Only[activities.PayoutRail](railName, rail{w.rail, p}), Names: activities.Names{Mail: "sendgrid", Chat: "slack"},
		Clock: off(w.clock), Day: day, PublicURL: "https://rapport.example",
	})
	// A process has two workflow pollers and two for steps: a world is small.
	options := worker.Options{
		WorkerStopTimeout: 10 * time.Millisecond, StickyScheduleToStartTimeout: time.Second, MaxConcurrentActivityTaskPollers: 2, MaxConcurrentWorkflowTaskPollers: 2,
		Interceptors: []interceptor.WorkerInterceptor{guard.Interceptor(), &edges{p: p}},
	}
	for _, queue := range []string{workflows.QueueLifecycle, workflows.QueueMail, workflows.QueueChat, workflows.QueuePayout} {
		options.DisableWorkflowWorker = queue != workflows.QueueLifecycle
		one := worker.New(w.temporal, queue, options)
		if !options.DisableWorkflowWorker {
			workflows.Register(one)
		}
		one.RegisterActivity(steps)
		must(w.t, one.Start())
		p.workers = append(p.workers, one)
	}
	w.mu.Lock()
	w.now = p
	w.mu.Unlock()
}

// replace kills a process and starts another one.
func (w *world) replace(p *process) {
	if p.dead.Swap(true) {
		return
	}
	w.background.Go(func() {
		for _, one := range p.workers {
			one.Stop()
		}
	})
	w.work()
}

// rest ends the world's processes.
func (w *world) rest() {
	w.mu.Lock()
	p := w.now
	w.mu.Unlock()
	if p != nil {
		p.dead.Store(true)
		for _, one := range p.workers {
			one.Stop()
		}
	}
	close(w.over)
	w.background.Wait()
}

// running says whether the month's run goes on.
func (w *world) running(ctx context.Context) bool {
	d, err := w.temporal.DescribeWorkflowExecution(ctx, w.runID(), "")
	return err == nil && d.GetWorkflowExecutionInfo().GetStatus() == enums.WORKFLOW_EXECUTION_STATUS_RUNNING
}

func (w *world) runID() string { return workflows.PayoutRunWorkflowID(w.program, w.period) }
