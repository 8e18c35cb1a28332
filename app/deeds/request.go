// Package deeds is what people may ask for: the registry of all deeds, who asks, and each deed that is one question to a workflow or the
// store: what it is called in the audit, of whom it is asked, and what can be refused before anybody is asked.
package deeds

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Request is a deed that a workflow has to do, checked as far as can be without asking it.
type Request struct {
	Deed    string // what it is called in the audit, and the update that asks for it
	Subject string // the workflow's id

	message func(who string) any
}

// Decider keeps a deed with the door's proof, tells its workflow and returns its word: wiring/doors.
type Decider interface {
	Decide(ctx context.Context, d partnership.Deed, message, reply, answer any) error
}

// Keeper is the first half of it, for a door that says "taken" before it waits.
type Keeper interface {
	Keep(ctx context.Context, d partnership.Deed, message, reply any) (partnership.Asked, error)
}

// Decide asks; answer, where it is not nil, becomes the workflow's word. Errors are *partnership.Error, and *partnership.Taken while no
// worker has answered.
func (r Request) Decide(ctx context.Context, w Decider, by By, answer *Word) error {
	if err := by.MayOf(r.Deed, r.Subject); err != nil {
		return err
	}
	if answer == nil {
		return w.Decide(ctx, r.asked(by), r.message(by.Who), nil, nil)
	}
	var ack workflows.Ack
	err := w.Decide(ctx, r.asked(by), r.message(by.Who), nil, &ack)
	*answer = word(ack)
	return err
}

// Keep keeps the request for good. reply is where the door wants to say what came of it.
func (r Request) Keep(ctx context.Context, w Keeper, by By, reply any) (partnership.Asked, error) {
	if err := by.MayOf(r.Deed, r.Subject); err != nil {
		return partnership.Asked{}, err
	}
	return w.Keep(ctx, r.asked(by), r.message(by.Who), reply)
}

func (r Request) asked(by By) partnership.Deed {
	return partnership.Deed{ID: by.ID, Once: by.Once, Who: by.Who, Deed: r.Deed, Subject: r.Subject}
}
