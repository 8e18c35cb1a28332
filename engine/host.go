package engine

import (
	"context"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// Host turns a client's options into those of a process that hosts workflows. There a payload that cannot be read blocks the
// workflow's task, which is tried again until the key is there; as an error the SDK would hand it to the story as a step that
// failed, and a signal it would drop. And there a message that nobody encrypted decides nothing: see guard.
func (k Keys) Host(o *client.Options) {
	data := hostConverter(k)
	o.DataConverter, o.FailureConverter = data, failuresWith(data, k)
	o.ContextPropagators = append(o.ContextPropagators, storyPropagator{})
	o.Interceptors = append(o.Interceptors, &guard{keys: k})
}

// Replayer are the options of a replay as a host with these keys would do it.
func (k Keys) Replayer() worker.WorkflowReplayerOptions {
	data := hostConverter(k)
	return worker.WorkflowReplayerOptions{
		DataConverter: data, FailureConverter: failuresWith(data, k),
		ContextPropagators: []workflow.ContextPropagator{storyPropagator{}}, Interceptors: []interceptor.WorkerInterceptor{&guard{keys: k}},
	}
}

// hosting is the data converter of a host. The SDK asks it for one of each run, of which it makes those of the run's code:
//
//   - the run's own reads updates, markers and failures;
//   - the code's (story is set and code is true) reads the start's input, signals and results, inside the run's coroutines;
//   - an activity's own is an ordinary one: an attempt that cannot read its input fails and is tried again, here or elsewhere.
type hosting struct {
	converter.DataConverter
	keys  Keys
	run   bool
	code  bool
	story *story
}

func hostConverter(keys Keys) *hosting {
	return &hosting{DataConverter: converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), codec{keys: keys}), keys: keys}
}

// WithSerializationContext gives each run a converter of its own.
func (h *hosting) WithSerializationContext(c converter.SerializationContext) converter.DataConverter {
	if _, ofRun := c.(converter.WorkflowSerializationContext); !ofRun {
		return h
	}
	return &hosting{DataConverter: h.DataConverter, keys: h.keys, run: true}
}

// WithWorkflowContext gives the run's code its converter, and tells the run's own whose it is.
func (h *hosting) WithWorkflowContext(ctx workflow.Context) converter.DataConverter {
	s, _ := ctx.Value(storyKey{}).(*story)
	if h.run && s != nil && h.story == nil {
		h.story = s
	}
	return &hosting{DataConverter: h.DataConverter, keys: h.keys, code: true, story: s}
}

// WithContext is for activities.
func (h *hosting) WithContext(context.Context) converter.DataConverter { return h.DataConverter }

func (h *hosting) FromPayload(payload *commonpb.Payload, value any) error {
	h.mustRead(payload)
	return h.DataConverter.FromPayload(payload, value)
}

func (h *hosting) FromPayloads(payloads *commonpb.Payloads, values ...any) error {
	if h.run && h.story.live() && !h.keys.IsPlain() && (!sealed(payloads, len(values)) || h.keys.forged(payloads)) {
		return errPlain // an update: the SDK refuses it, and it leaves no trace
	}
	h.mustRead(payloads.GetPayloads()...)
	if h.code && h.story != nil {
		h.believe(payloads, len(values))
	}
	return h.DataConverter.FromPayloads(payloads, values...)
}

// mustRead panics for a payload that cannot be read. Wherever a host reads one for a workflow, the SDK turns a panic into a
// failed workflow task, and the worker goes on.
func (h *hosting) mustRead(payloads ...*commonpb.Payload) {
	for _, payload := range payloads {
		if !encrypted(payload) {
			continue
		}
		if _, err := h.keys.open(payload); err != nil {
			panic(err)
		}
	}
}

// believe looks at what the run's code reads. First comes the start's input, which says whether the story was begun under
// keys. In one that was, a result that nobody encrypted was made up by somebody else: it blocks, for there is no story with it.
func (h *hosting) believe(payloads *commonpb.Payloads, values int) {
	now := sealed(payloads, values)
	if !h.story.known {
		h.story.known, h.story.sealed = true, now
		return
	}
	if h.story.sealed && values > 0 && payloads != nil && !now {
		panic(errPlain)
	}
}

// sealed reports whether a message of that many values was encrypted, all of it. One that is cut short was not: what is missing
// would be read as zero.
func sealed(payloads *commonpb.Payloads, values int) bool {
	all := payloads.GetPayloads()
	for _, payload := range all {
		if !encrypted(payload) {
			return false
		}
	}
	return len(all) >= values
}
