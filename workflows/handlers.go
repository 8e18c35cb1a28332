package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// refuse is a validator's no, with its code, so that every door can say it in its own way.
func refuse(code partnership.Code, msg string) error {
	return activities.Refusal(&partnership.Error{Code: code, Message: msg})
}

// refuseField is the no to one field of a message.
func refuseField(field, msg string) error {
	return activities.Refusal(&partnership.Error{Code: partnership.Invalid, Field: field, Message: msg})
}

// update registers a handler that keeps what a person said, after valid said that it may be said now. valid never changes
// anything: a refused update leaves no trace in history. What the team decides is written down before it is kept; the creator's own
// answers are proven where they come in, and single by their task.
func update[T proven](ctx workflow.Context, s *story, name string, valid func(T) error, keep func(workflow.Context, T)) error {
	now := func(msg T) error {
		if s.outcome != "" || s.Stop != nil {
			return refuse(partnership.Conflict, "this partnership has ended")
		}
		return valid(msg)
	}
	handler := func(ctx workflow.Context, msg T) (Ack, error) {
		if !partnership.CreatorsOwn(name) && msg.Provenance() != nil {
			if err := s.recorded(ctx, name, msg); err != nil {
				return Ack{}, err
			}
			if err := now(msg); err != nil { // its moment has passed meanwhile
				return Ack{}, tooLate(ctx, s.Day, name, msg, err)
			}
		}
		keep(ctx, msg)
		return Ack{Stage: s.Stage, WaitingFor: s.WaitingFor}, nil
	}
	return workflow.SetUpdateHandlerWithOptions(ctx, name, handler, workflow.UpdateHandlerOptions{
		Validator: func(_ workflow.Context, msg T) error {
			if s.recording[name] {
				return refuse(partnership.Conflict, "somebody's decision on this is being recorded; look again in a moment")
			}
			return now(msg)
		},
	})
}

// recorded writes a decision of the team down; another of the same kind waits for its turn meanwhile.
func (s *story) recorded(ctx workflow.Context, name string, msg proven) error {
	if s.recording == nil {
		s.recording = map[string]bool{}
	}
	s.recording[name] = true
	defer delete(s.recording, name)
	err := decided(ctx, s.Day, name, msg)
	s.ranked()
	if err == nil {
		s.quietRecorded(ctx, name)
	}
	return err
}

// handle registers the query and every update.
func (s *story) handle(ctx workflow.Context) error {
	for _, register := range []func(workflow.Context) error{
		s.handleSnapshot, s.handleAnswer, s.handleCounter, s.handleContent, s.handleDelivery, s.handleExtension, s.handleSilence, s.handleStops, s.handleRetry,
	} {
		if err := register(ctx); err != nil {
			return err
		}
	}
	return nil
}
