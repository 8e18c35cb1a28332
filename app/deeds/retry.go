package deeds

import (
	"context"
	"errors"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// RetryPartnership tries again what a vendor refused for good, or what the chat did not take, once its cause is mended.
func RetryPartnership(id partnership.PartnershipID) Request {
	return retry(workflows.PartnershipWorkflowID(id))
}

// RetryRun tries the steps again that a payout run has parked.
func RetryRun(program, period string) Request {
	return retry(workflows.PayoutRunWorkflowID(program, period))
}

func retry(subject string) Request {
	return Request{Deed: partnership.DeedRetryStep, Subject: subject, message: func(who string) any { return workflows.RetryStep{By: who} }}
}

// Refused knows the partnerships in which a step was refused for good, or a card reached no chat.
type Refused interface {
	RefusedSteps(ctx context.Context) ([]partnership.PartnershipID, error)
}

// Retried is how many partnerships try again, and how many more of which no worker has said so yet.
type Retried struct{ Again, Taken int }

// RetryRefused is RetryPartnership for all: whoever mended the cause mended it for everybody.
func RetryRefused(ctx context.Context, kept Refused, w Decider, by By) (Retried, error) {
	var done Retried
	if err := by.May(partnership.DeedRetryStep); err != nil {
		return done, err
	}
	refused, err := kept.RefusedSteps(ctx)
	if err != nil {
		return done, err
	}
	for _, id := range refused {
		one := by
		one.ID = by.ID + "/" + string(id)
		err := RetryPartnership(id).Decide(ctx, w, one, nil)
		_, notYet := errors.AsType[*partnership.Taken](err)
		switch {
		case err == nil:
			done.Again++
		case notYet: // the others are asked all the same
			done.Taken++
		case partnership.CodeOf(err) != partnership.Conflict && partnership.CodeOf(err) != partnership.NotFound: // it goes on already, or has ended
			return done, err
		}
	}
	return done, nil
}
