package workflows

import (
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
)

// step runs one activity of the story to its result. One that a vendor refuses for good becomes a question to the
// manager (mend it and try again, or cancel) instead of a failed workflow. A story that has to end leaves a step that is
// still trying after a grace period: what it may have done is found again by its key when it is taken back.
func step[R any](ctx workflow.Context, s *story, queue, summary string, activity, arg any) (R, error) {
	var zero R
	for {
		if err := s.stopped(); err != nil {
			return zero, err
		}
		r, err := settle[R](ctx, s, queue, summary, activity, arg)
		var refused *temporal.ApplicationError
		if err == nil || !errors.As(err, &refused) {
			return r, err
		}
		if err := s.askAboutRefusal(ctx, summary, refused); err != nil {
			return zero, err
		}
	}
}

// grace is how long an ending story waits for a step that is under way: two honest attempts.
func (s *story) grace() time.Duration { return 2 * attempt(s.Day) }

func settle[R any](ctx workflow.Context, s *story, queue, summary string, activity, arg any) (R, error) {
	var r R
	actx, cancel := workflow.WithCancel(onQueue(ctx, s.Day, queue, summary))
	future := workflow.ExecuteActivity(actx, activity, arg)
	if err := workflow.Await(ctx, func() bool { return future.IsReady() || s.Stop != nil }); err != nil {
		return r, err
	}
	if !future.IsReady() {
		if ok, err := within(ctx, s.grace(), "grace for "+summary, future.IsReady); err != nil {
			return r, err
		} else if !ok {
			cancel()
			_ = future.Get(ctx, nil) // what an attempt that still runs makes must be there before it is taken back
			return r, s.stopped()
		}
	}
	err := future.Get(ctx, &r)
	return r, err
}

// askAboutRefusal shows the manager what a vendor refused and waits for "try again" or the end of the story.
func (s *story) askAboutRefusal(ctx workflow.Context, summary string, refused *temporal.ApplicationError) error {
	s.Attention = summary + ": " + refused.Message()
	s.note(ctx, "step_refused", "rapport", summary+" was refused: "+refused.Message())
	before := s.WaitingFor
	if err := s.waitFor(ctx, "a manager: "+summary+" was refused", s.Deadline); err != nil {
		return err
	}
	card := activities.RefusedStep{PartnershipID: s.PartnershipID, Stage: s.Stage, Step: summary, Why: refused.Message(), Seq: s.Seq}
	if err := workflow.ExecuteActivity(onQueue(ctx, s.Day, QueueChat, "Tell the manager"), act.ReportRefusedStep, card).Get(ctx, nil); err != nil {
		s.log.Warn("the manager could not be told of a refused step", "step", summary)
	}
	if err := s.awaitRetry(ctx, func() bool { return false }); err != nil {
		return err
	}
	s.WaitingFor = before
	return s.stopped()
}

// awaitRetry waits until a person asks to try again, or until done, or until the story has to end. One answer is for every
// step that waits: two that run at once may have been refused.
func (s *story) awaitRetry(ctx workflow.Context, done func() bool) error {
	seen := s.Retries
	s.Refused++
	err := workflow.Await(ctx, func() bool { return s.Retries > seen || s.Stop != nil || done() })
	s.Refused--
	if s.Refused == 0 && s.Attention != giftDamaged {
		s.Attention = ""
	}
	return err
}

// undo takes back, newest first, what the story did before it had to end. Each step finds what there is by its key, so it is
// right whether the thing was made, half made or never made. One that is refused is told to the manager and the next goes on.
func (s *story) undo(ctx workflow.Context, end Ending) error {
	for len(s.Undo) > 0 {
		last := s.Undo[len(s.Undo)-1]
		u := undoing[last]
		arg := activities.Undo{PartnershipID: s.PartnershipID, Reason: end.Reason, Version: 1}
		if last == undoAmendment {
			arg.Version = s.AmendmentVersion
		}
		var done activities.Undone
		err := workflow.ExecuteActivity(onQueue(ctx, s.Day, u.queue, u.summary), u.activity, arg).Get(ctx, &done)
		var refused *temporal.ApplicationError
		switch {
		case errors.As(err, &refused):
			s.Attention = u.summary + " was refused: " + refused.Message()
			s.note(ctx, "undo_refused", "rapport", u.summary+" was refused: "+refused.Message())
		case err != nil:
			return err
		default:
			s.note(ctx, last, "rapport", done.Detail)
		}
		s.Undo = s.Undo[:len(s.Undo)-1]
	}
	if s.Facts.AcceptedAt.IsZero() && (end.Outcome != p.Cancelled || !s.Invited) {
		return nil // they declined, never answered, or never heard of it: nothing to tell
	}
	if end.Outcome == p.OptedOut || end.Outcome == p.Declined {
		return nil
	}
	letter := activities.Letter{PartnershipID: s.PartnershipID, Stage: p.Closed, Kind: "ended", Task: "ended", Step: string(end.Outcome)}
	if end.Letter != "" {
		letter.Step = end.Letter
	}
	err := workflow.ExecuteActivity(onQueue(ctx, s.Day, QueueMail, "Tell the creator that it has ended"), act.SendLetter, letter).Get(ctx, nil)
	if refused := (*temporal.ApplicationError)(nil); errors.As(err, &refused) {
		s.note(ctx, "letter_refused", "rapport", "The creator could not be told by mail: "+refused.Message())
		return nil
	}
	return err
}

// keep forgets compensations: what they would take back stands from here on.
func (s *story) keep(names ...string) {
	s.Undo = slices.DeleteFunc(s.Undo, func(u string) bool { return slices.Contains(names, u) })
}

// The compensations, pushed before the step that they take back.
const (
	undoContract  = "contract_voided"
	undoAmendment = "amendment_voided"
	undoCode      = "code_deactivated"
	undoGift      = "gift_order_cancelled"
	undoLabel     = "label_refunded"
)

var undoing = map[string]struct {
	queue, summary string
	activity       any
}{
	undoContract:  {QueueSigning, "Void the contract", act.VoidContract},
	undoAmendment: {QueueSigning, "Void the contract amendment", act.VoidContract},
	undoCode:      {QueueShop, "Deactivate the discount code", act.DeactivateCode},
	undoGift:      {QueueShop, "Cancel the gift order", act.CancelGift},
	undoLabel:     {QueueShipping, "Refund the label", act.RefundLabel},
}
