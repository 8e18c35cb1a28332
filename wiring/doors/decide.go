package doors

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
)

// Deeds keeps what people ask for until their workflows have answered.
type Deeds interface {
	Ask(ctx context.Context, d partnership.Deed, content string, message, reply []byte, patience time.Duration, prove func(id string, at time.Time) partnership.Proof) (partnership.Asked, error)
	SettleAsked(ctx context.Context, a partnership.Asked, answer []byte, refusal *partnership.Error) (partnership.Asked, error)
	ClaimAsked(ctx context.Context, limit int) ([]partnership.Asked, error)
	// WaitingAsked are the deeds about a workflow of which nobody knows yet what came of them, oldest first.
	WaitingAsked(ctx context.Context, subject string) ([]partnership.Asked, error)
	AskedTold(ctx context.Context, id string) error
	// ForgetAsked lets go of what is long over.
	ForgetAsked(ctx context.Context) error
}

const (
	// patience is how long a door waits for the workflow's answer before it says that the deed is taken.
	patience = 8 * time.Second
	// keeping is how long writing down an answer may take when whoever asked has gone.
	keeping = 5 * time.Second
	// lead is how long the sweeper leaves a new deed to the door that took it.
	lead = patience + keeping
)

// Decide takes a person's deed: it is kept with the door's proof before its workflow, d.Subject, is told, and answer becomes the
// workflow's word. The same deed again (d.ID, with the same message) is the first one, with its answer. *partnership.Taken means that
// nobody has answered yet: it is told again until somebody has. reply is where the door wants to say then what came of it, nil when
// the person asks by themselves.
func (w *Workflows) Decide(ctx context.Context, d partnership.Deed, message, reply, answer any) error {
	asked, err := w.Keep(ctx, d, message, reply)
	if err != nil {
		return err
	}
	return w.Tell(ctx, asked, answer)
}

// Keep is the first half of Decide, for a door that says "taken" before it waits: the deed is kept and will be done, whatever becomes
// of the door.
func (w *Workflows) Keep(ctx context.Context, d partnership.Deed, message, reply any) (partnership.Asked, error) {
	content, err := partnership.ContentHash(message)
	if err != nil {
		return partnership.Asked{}, err
	}
	text, err := json.Marshal(message)
	if err != nil {
		return partnership.Asked{}, err
	}
	var to []byte
	if reply != nil {
		if to, err = json.Marshal(reply); err != nil {
			return partnership.Asked{}, err
		}
	}
	return w.deeds.Ask(ctx, d, content, text, to, lead, func(id string, at time.Time) partnership.Proof {
		return partnership.Prove(w.key, partnership.Claim{ID: id, Who: d.Who, Deed: d.Deed, Workflow: d.Subject, Content: content, At: at})
	})
}

// Tell is the second half: the workflow is told, unless it has answered before.
func (w *Workflows) Tell(ctx context.Context, asked partnership.Asked, answer any) error {
	if asked.Taken() {
		asked = w.tell(ctx, asked)
	}
	return outcome(asked, answer)
}

// outcome is what came of a deed, as far as anybody knows.
func outcome(a partnership.Asked, answer any) error {
	switch {
	case a.Taken():
		return &partnership.Taken{ID: a.ID}
	case a.Refusal != nil:
		return a.Refusal
	case answer == nil || len(a.Answer) == 0:
		return nil
	}
	return json.Unmarshal(a.Answer, answer)
}

// undoes are the deeds of which one takes back what another did. They are told in the order in which they were asked: an older one that
// was not answered while no worker ran would else undo a newer one that is done. What takes nothing back needs no order: its workflow
// lets the first count and refuses the other.
var undoes = map[string]bool{partnership.DeedPause: true, partnership.DeedResume: true}

// tell tells the workflow what was asked before and then this, and returns the deed as it stands then. While an older one has no answer
// this one has none either.
func (w *Workflows) tell(ctx context.Context, a partnership.Asked) partnership.Asked {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if undoes[a.Deed.Deed] {
		older, err := w.deeds.WaitingAsked(waiting, a.Subject)
		if err != nil {
			return a // it is told again
		}
		for _, o := range older {
			if o.ID == a.ID {
				break
			}
			if undoes[o.Deed.Deed] && w.tellOne(waiting, o).Taken() {
				return a
			}
		}
	}
	return w.tellOne(waiting, a)
}

// tellOne tells the workflow and keeps its answer. The same deed is the same update however often it is told, and its step counts it once
// even where Temporal has forgotten the update.
func (w *Workflows) tellOne(waiting context.Context, a partnership.Asked) partnership.Asked {
	message, err := withProof(a)
	if err != nil {
		return w.settle(waiting, a, nil, partnership.Errorf(partnership.Invalid, "this message cannot be read"))
	}
	handle, err := w.client.UpdateWorkflow(waiting, client.UpdateWorkflowOptions{
		WorkflowID: a.Subject, UpdateID: a.ID, UpdateName: a.Deed.Deed, Args: []any{message}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	var answer json.RawMessage
	if err == nil {
		err = handle.Get(waiting, &answer)
	}
	if err == nil {
		return w.settle(waiting, a, answer, nil)
	}
	err = inOurWords(err)
	if partnership.CodeOf(err) == partnership.NotFound && !partnership.CreatorsOwn(a.Deed.Deed) { // creators mend nothing: to them it is closed
		if stands := w.Standing(waiting, a.Subject); partnership.CodeOf(stands) == partnership.Conflict {
			err = stands
		}
	}
	if no, ok := errors.AsType[*partnership.Error](err); ok {
		return w.settle(waiting, a, nil, no)
	}
	if failed, ok := errors.AsType[*temporal.ApplicationError](err); ok {
		return w.settle(waiting, a, nil, partnership.Errorf(partnership.Conflict, "its workflow could not do it (%s)", failed.Type()))
	}
	return a // nobody answered: it is told again
}

// settle keeps what came of a deed and returns it as it is kept. When that fails nothing is lost and nothing said: the deed is told
// again, and what came of it is looked up then.
func (w *Workflows) settle(ctx context.Context, a partnership.Asked, answer []byte, refusal *partnership.Error) partnership.Asked {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keeping)
	defer cancel()
	settled, err := w.deeds.SettleAsked(ctx, a, answer, refusal)
	if err != nil {
		return a
	}
	return settled
}

// withProof is the message as it travels.
func withProof(a partnership.Asked) (json.RawMessage, error) {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(a.Message, &fields); err != nil {
		return nil, err
	}
	proof, err := json.Marshal(a.Proof)
	if err != nil {
		return nil, err
	}
	fields["Proof"] = proof
	return json.Marshal(fields)
}

// The sweeper's pace.
const (
	claimAtOnce = 8
	sweepEvery  = 2 * time.Second
	forgetEvery = time.Hour
)

// Sweep tells workflows of the deeds that they have not answered, and the doors of those that were answered since, until ctx ends. said
// tells a person what came of their deed; its error makes it be tried again.
func (w *Workflows) Sweep(ctx context.Context, said func(ctx context.Context, a partnership.Asked) error) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	tidy := time.NewTicker(forgetEvery)
	defer tidy.Stop()
	_ = w.deeds.ForgetAsked(ctx) // what fails is done the next time
	for {
		for w.sweep(ctx, said) == claimAtOnce {
		}
		select {
		case <-ctx.Done():
			return
		case <-tidy.C:
			_ = w.deeds.ForgetAsked(ctx)
		case <-tick.C:
		}
	}
}

func (w *Workflows) sweep(ctx context.Context, said func(context.Context, partnership.Asked) error) int {
	batch, err := w.deeds.ClaimAsked(ctx, claimAtOnce)
	if err != nil {
		return 0 // the next round asks again
	}
	done := make(chan struct{})
	for _, a := range batch {
		go func() {
			defer func() { done <- struct{}{} }()
			if a.Taken() {
				a = w.tell(ctx, a)
			}
			if a.Taken() || a.Reply == nil {
				return
			}
			if said(ctx, a) == nil {
				_ = w.deeds.AskedTold(ctx, a.ID) // else it is said once more
			}
		}()
	}
	for range batch {
		<-done
	}
	return len(batch)
}
