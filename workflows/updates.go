package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
)

// update registers a handler that keeps what a person said, after valid said that it may be said now. valid never changes
// anything: a refused update leaves no trace in history. What the team decides is written down before it is kept; the creator's own
// answers are proven where they come in, and single by their task.
func update[T proven](ctx workflow.Context, s *story, name string, valid func(T) error, keep func(workflow.Context, T)) error {
	return updateIfStill(ctx, s, name, valid, func(_ workflow.Context, msg T) error { return valid(msg) }, keep)
}

// updateIfStill is update for what may be over by the time that it is written down: still says whether its moment has passed meanwhile.
func updateIfStill[T proven](ctx workflow.Context, s *story, name string, valid func(T) error, still func(workflow.Context, T) error, keep func(workflow.Context, T)) error {
	handler := func(ctx workflow.Context, msg T) (Ack, error) {
		if !partnership.CreatorsOwn(name) && msg.Provenance() != nil {
			if err := s.recorded(ctx, name, msg); err != nil {
				return Ack{}, err
			}
			no := still(ctx, msg)
			if err := s.goesOn(); err != nil {
				no = err
			}
			if no != nil {
				return Ack{}, tooLate(ctx, s.Day, name, msg, no)
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
			if err := s.goesOn(); err != nil {
				return err
			}
			return valid(msg)
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
	return decided(ctx, s.Day, name, msg)
}

// goesOn refuses whatever is said to a story that has ended, or has to.
func (s *story) goesOn() error {
	if s.outcome != "" || s.Stop != nil {
		return refuse(partnership.Conflict, "this partnership has ended")
	}
	return nil
}
