package engine

import (
	"context"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// story is what a host knows of one run: whether it was begun under keys, which its history says and no setting.
type story struct {
	ctx    workflow.Context
	known  bool
	sealed bool
}

// live reports whether the run decides now, and does not repeat what its history says that it decided.
func (s *story) live() bool { return s != nil && s.known && !workflow.IsReplaying(s.ctx) }

type storyKey struct{}

// storyPropagator puts a story into each run's context, which is the one place that both the converter and the guard see.
type storyPropagator struct{}

func (storyPropagator) ExtractToWorkflow(ctx workflow.Context, _ workflow.HeaderReader) (workflow.Context, error) {
	if ctx.Value(storyKey{}) != nil {
		return ctx, nil // of a message: the run has its own
	}
	s := &story{}
	s.ctx = workflow.WithValue(ctx, storyKey{}, s)
	return s.ctx, nil
}

func (storyPropagator) Inject(context.Context, workflow.HeaderWriter) error { return nil }

func (storyPropagator) Extract(ctx context.Context, _ workflow.HeaderReader) (context.Context, error) {
	return ctx, nil
}

func (storyPropagator) InjectFromWorkflow(workflow.Context, workflow.HeaderWriter) error { return nil }

// guard refuses what nobody encrypted, once keys are set:
//
//   - an update or a query is refused before its handler sees it (an update by hosting.FromPayloads);
//   - a signal to a story that was begun under keys is dropped, the same in each replay, so that it can neither decide nor block;
//     so is one that only claims to be encrypted (see Keys.Trust);
//   - a workflow that somebody starts so ends at once.
//
// A story that was begun in the clear, before encryption was turned on, goes on and replays; it takes plain signals to its end.
type guard struct {
	interceptor.InterceptorBase
	keys Keys
}

func (g *guard) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	w := &guarded{keys: g.keys}
	w.Next = next
	return w
}

type guarded struct {
	interceptor.WorkflowInboundInterceptorBase
	keys  Keys
	early []early // signals that came before the run's code began
	begun bool
}

type early struct {
	ctx workflow.Context
	in  *interceptor.HandleSignalInput
}

func (w *guarded) Init(outbound interceptor.WorkflowOutboundInterceptor) error {
	out := &guardedOut{keys: w.keys}
	out.Next = outbound
	return w.Next.Init(out)
}

func (w *guarded) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	if w.stranger(ctx) {
		return nil, temporal.NewNonRetryableApplicationError("it was started by a message that was not encrypted, which nothing of Rapport sends", "plain_start", nil)
	}
	w.begun = true
	for _, signal := range w.early {
		if err := w.HandleSignal(signal.ctx, signal.in); err != nil {
			return nil, err
		}
	}
	w.early = nil
	return w.Next.ExecuteWorkflow(ctx, in)
}

// plainStart marks a refused start in its own history. One begun in the clear before encryption was turned on has no mark.
const plainStart = "plain-start-refused"

// stranger reports whether somebody without a key started this workflow. What a workflow itself started or continued is not a
// stranger's: that cannot be made up from outside.
func (w *guarded) stranger(ctx workflow.Context) bool {
	s, _ := ctx.Value(storyKey{}).(*story)
	info := workflow.GetInfo(ctx)
	if w.keys.IsPlain() || s == nil || s.sealed || info.ContinuedExecutionRunID != "" || info.ParentWorkflowExecution != nil {
		return false
	}
	return workflow.GetVersion(ctx, plainStart, workflow.DefaultVersion, 1) != workflow.DefaultVersion
}

func (w *guarded) HandleSignal(ctx workflow.Context, in *interceptor.HandleSignalInput) error {
	if !w.begun { // whether the story was begun under keys is known once its input is read
		w.early = append(w.early, early{ctx, in})
		return nil
	}
	s, _ := ctx.Value(storyKey{}).(*story)
	if s != nil && s.sealed && !sealed(in.Arg, 1) || w.keys.forged(in.Arg) {
		workflow.GetMetricsHandler(ctx).Counter("rapport_plain_signals_total").Inc(1)
		workflow.GetLogger(ctx).Warn("a signal that nobody encrypted with a key of ours is dropped", "signal", in.SignalName)
		return nil
	}
	return w.Next.HandleSignal(ctx, in)
}

// guardedOut has queries, and what a run before left, read as a client reads: one that cannot be read, or was not encrypted, is answered with an error.
type guardedOut struct {
	interceptor.WorkflowOutboundInterceptorBase
	keys Keys
}

func (o *guardedOut) SetQueryHandler(ctx workflow.Context, name string, handler any) error {
	return o.Next.SetQueryHandler(o.asClient(ctx), name, handler)
}

func (o *guardedOut) SetQueryHandlerWithOptions(ctx workflow.Context, name string, handler any, options workflow.QueryHandlerOptions) error {
	return o.Next.SetQueryHandlerWithOptions(o.asClient(ctx), name, handler, options)
}

// GetLastCompletionResult is what the run before left to a schedule's next one: a hint that may be older than every key here, and
// no message of anybody's. It is an error when it cannot be read, and blocks nothing.
func (o *guardedOut) GetLastCompletionResult(ctx workflow.Context, values ...any) error {
	return o.Next.GetLastCompletionResult(o.asClient(ctx), values...)
}

func (o *guardedOut) asClient(ctx workflow.Context) workflow.Context {
	data, _ := Converters(o.keys)
	return workflow.WithDataConverter(ctx, data)
}
