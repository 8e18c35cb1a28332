package workflows_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/workflows"
)

// Everything that travels through Temporal stands in histories and queues that the next build reads. This test finds all of it
// (registered workflows, activities, handlers of updates and queries, signals) and holds its shape against testdata/wire.golden.
// What is added is written with -update; what is gone or of another kind is refused even then. Where that is meant, because no
// story that runs and no message under way holds it any more, take its line out of the golden file by hand.
func TestWire(t *testing.T) {
	now, faults := wire(t)
	require.Empty(t, faults, strings.Join(faults, "\n"))
	const golden = "testdata/wire.golden"
	text, err := os.ReadFile(golden)
	if !*update || !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	breaks := broken(parseShape(string(text)), now)
	require.Empty(t, breaks, "stories that run can no longer be read:\n%s", strings.Join(breaks, "\n"))
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(now.String()), 0o644))
		return
	}
	require.Equal(t, string(text), now.String(), "only additions, which old stories lack and read as zero. If that is right: go test ./workflows -run TestWire -update")
}

// wire is the shape of all that travels.
func wire(t *testing.T) (s *shape, faults []string) {
	s = newShape()
	add := func(root string, t reflect.Type) { faults = append(faults, s.add(root, t)...) }
	for name, f := range registered(t) {
		fn := reflect.TypeOf(f)
		for i := 1; i < fn.NumIn(); i++ {
			add("workflow "+name+" takes", fn.In(i))
		}
		if fn.NumOut() == 2 {
			add("workflow "+name+" gives", fn.Out(0))
		}
		for message, handler := range handlers(t, name, fn) {
			h := reflect.TypeOf(handler)
			for i := range h.NumIn() {
				if h.In(i) != reflect.TypeFor[workflow.Context]() {
					add(message+" takes", h.In(i))
				}
			}
			if h.NumOut() == 2 {
				add(message+" gives", h.Out(0))
			}
		}
	}
	steps := reflect.TypeFor[*activities.Activities]()
	for i := range steps.NumMethod() {
		method := steps.Method(i)
		for n := 2; n < method.Type.NumIn(); n++ {
			add("activity "+method.Name+" takes", method.Type.In(n))
		}
		if method.Type.NumOut() == 2 {
			add("activity "+method.Name+" gives", method.Type.Out(0))
		}
	}
	add("a refusal carries", reflect.TypeFor[activities.Fault]())
	for name, kind := range signals(t) {
		add("signal "+name+" takes", kind)
	}
	return s, faults
}

type registry map[string]any

func (r registry) RegisterWorkflowWithOptions(w any, options workflow.RegisterOptions) {
	r[options.Name] = w
}

func registered(*testing.T) registry {
	r := registry{}
	workflows.Register(r)
	return r
}

// handlers runs a workflow up to its first step and returns the functions that it registered for updates and queries.
func handlers(t *testing.T, name string, fn reflect.Type) map[string]any {
	seen := &watcher{handlers: map[string]any{}}
	env := newEnv()
	env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{seen}})
	workflows.Register(env)
	var args []any
	for i := 1; i < fn.NumIn(); i++ {
		args = append(args, reflect.Zero(fn.In(i)).Interface())
	}
	if name == workflows.PayoutRunType { // without a month it is the schedule's, which only starts another
		args = []any{workflows.PayoutRunInput{Period: "2026-11"}}
	}
	env.ExecuteWorkflow(name, args...)
	require.True(t, seen.stepped, "%s did nothing, so that nobody knows which messages it takes: %v", name, env.GetWorkflowError())
	return seen.handlers
}

// watcher keeps what a workflow registers and ends it at its first step.
type watcher struct {
	interceptor.WorkerInterceptorBase
	handlers map[string]any
	stepped  bool
}

func (w *watcher) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	in := &watchedInbound{watcher: w}
	in.Next = next
	return in
}

type watchedInbound struct {
	interceptor.WorkflowInboundInterceptorBase
	watcher *watcher
}

func (i *watchedInbound) Init(next interceptor.WorkflowOutboundInterceptor) error {
	out := &watched{watcher: i.watcher}
	out.Next = next
	return i.Next.Init(out)
}

type watched struct {
	interceptor.WorkflowOutboundInterceptorBase
	watcher *watcher
}

func (o *watched) SetUpdateHandler(ctx workflow.Context, name string, handler any, opts workflow.UpdateHandlerOptions) error {
	o.watcher.handlers["update "+name+" of "+workflow.GetInfo(ctx).WorkflowType.Name] = handler
	return o.Next.SetUpdateHandler(ctx, name, handler, opts)
}

func (o *watched) SetQueryHandler(ctx workflow.Context, name string, handler any) error {
	o.watcher.handlers["query "+name+" of "+workflow.GetInfo(ctx).WorkflowType.Name] = handler
	return o.Next.SetQueryHandler(ctx, name, handler)
}

// enough is the end of a workflow of which all is known.
const enough = "all handlers are known"

func (o *watched) ExecuteActivity(workflow.Context, string, ...any) workflow.Future {
	o.watcher.stepped = true
	panic(enough)
}

func (o *watched) ExecuteLocalActivity(workflow.Context, string, ...any) workflow.Future {
	o.watcher.stepped = true
	panic(enough)
}

// signals are the types of the signals, of which the SDK knows only the names: a partnership takes them with on(), and those of
// the campaign and of a payout run are received by hand.
func signals(t *testing.T) map[string]reflect.Type {
	source := readSource(t)
	types := map[string]reflect.Type{}
	for _, sample := range []any{
		workflows.EnvelopeChanged{},
		workflows.ParcelMoved{},
		workflows.CreatorActive{},
		workflows.MailFailed{},
		workflows.OptedOut{},
		workflows.PayoutAccountReady{},
		workflows.Amended{},
		workflows.SlotDecided{},
		workflows.Stopped{},
		workflows.SlotChanged{},
		workflows.PartnershipClosed{},
		workflows.PayoutWaits{},
		workflows.PayoutMoved{},
		workflows.LookAgain{},
	} {
		types[reflect.TypeOf(sample).Name()] = reflect.TypeOf(sample)
	}
	received := map[string]string{"SignalSlotChanged": "SlotChanged", "SignalPartnershipClosed": "PartnershipClosed", "SignalPayoutWaits": "PayoutWaits", "SignalPayoutMoved": "PayoutMoved", "SignalLookAgain": "LookAgain"}
	for constant, typeName := range source.taken {
		received[constant] = typeName
	}
	found := map[string]reflect.Type{}
	for constant, name := range source.signals {
		kind, ok := types[received[constant]]
		require.True(t, ok, "%s carries %q, whose type this test has to be told", constant, received[constant])
		found[name] = kind
	}
	return found
}

// source is what the package's own text says of its signals.
type source struct {
	signals map[string]string // constant -> name
	taken   map[string]string // constant -> type of the message
}

func readSource(t *testing.T) source {
	s := source{map[string]string{}, map[string]string{}}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			require.NoError(t, err)
			s.read(t, parsed)
		}
	}
	require.NotEmpty(t, s.signals)
	return s
}

// read takes in the constants that name signals, and who takes which.
func (s source) read(t *testing.T, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if len(n.Values) == 1 && strings.HasPrefix(n.Names[0].Name, "Signal") {
				if value, ok := n.Values[0].(*ast.BasicLit); ok {
					s.signals[n.Names[0].Name] = strings.Trim(value.Value, `"`)
				}
			}
		case *ast.CallExpr:
			if fn, ok := n.Fun.(*ast.Ident); !ok || fn.Name != "on" || len(n.Args) != 4 {
				break
			}
			name, named := n.Args[2].(*ast.Ident)
			take, literal := n.Args[3].(*ast.FuncLit)
			require.True(t, named && literal, "on() with something else than a constant and a function")
			s.taken[name.Name] = take.Type.Params.List[0].Type.(*ast.Ident).Name
		}
		return true
	})
}
