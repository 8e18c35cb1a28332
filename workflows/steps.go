package workflows

import (
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
)

// step runs one activity of the story to its result: its only error is the story's *Ending. One that a vendor refuses for good
// becomes a question to the manager (mend it and try again, or cancel); one that did not get through is said and tried again. A
// story that has to end leaves a step that is still trying after a grace period: what it may have done is found again by its key
// when it is taken back.
func step[I, R any](ctx workflow.Context, s *story, a activity[I, R], summary string, arg I) (R, error) {
	var zero R
	for failures := 0; ; failures++ {
		if err := s.stopped(); err != nil {
			return zero, err
		}
		r, err := settle(ctx, s, a, summary, arg)
		if err == nil {
			return r, nil
		}
		s.park(ctx, summary, err, failures)
	}
}

// grace is how long an ending story waits for a step that is under way: two honest attempts.
func (s *story) grace() time.Duration { return 2 * attempt(s.Day) }

// settle runs an activity once, and leaves it when the story has to end.
func settle[I, R any](ctx workflow.Context, s *story, a activity[I, R], summary string, arg I) (R, error) {
	var r R
	actx, cancel := workflow.WithCancel(ctx)
	future := begin(actx, s.Day, a, summary, arg)
	until(ctx, func() bool { return future.IsReady() || s.Stop != nil })
	if !future.IsReady() && !within(ctx, s.grace(), "grace for "+summary, future.IsReady) {
		cancel()
		_ = future.Get(ctx, nil) // what an attempt that still runs makes must be there before it is taken back
		return r, s.stopped()
	}
	err := future.Get(ctx, &r)
	return r, err
}

// park shows on the board what a step failed of and waits: for "try again", for the story's end, and where nobody has refused
// anything for a growing while. The manager is told once.
func (s *story) park(ctx workflow.Context, summary string, err error, failures int) {
	if s.Stop != nil && refusalOf(err) == nil {
		return // it ends: nothing is tried again
	}
	s.log.Warn("a step is parked", "step", summary, "error", err)
	what, again, reason := "was refused", time.Duration(0), why(err)
	if refusalOf(err) == nil {
		what, again = "did not get through", pauseAfter(s.Day, failures)
	}
	s.Attention = summary + ": " + reason
	s.note(ctx, "step_refused", "rapport", summary+" "+what+": "+reason)
	before := s.WaitingFor
	s.waitFor(ctx, "a manager: "+summary+" "+what, s.Deadline)
	if again == 0 || failures == 0 {
		card := activities.RefusedStep{PartnershipID: s.PartnershipID, Stage: s.Stage, Step: summary, Why: reason, Seq: s.Seq}
		courtesy(ctx, s.Day, reportRefusedStep, "Tell the manager", card)
	}
	s.awaitRetry(ctx, again, func() bool { return false })
	s.WaitingFor = before
}

// awaitRetry waits until a person asks to try again, or until done, or until the story has to end; not longer than most, where most
// is given. One answer is for every step that waits: two that run at once may have been refused.
func (s *story) awaitRetry(ctx workflow.Context, most time.Duration, done func() bool) {
	seen := s.Retries
	over := func() bool { return s.Retries > seen || s.Stop != nil || done() }
	s.Refused++
	if most > 0 {
		within(ctx, most, s.summary(), over)
	} else {
		until(ctx, over)
	}
	s.Refused--
	if s.Refused == 0 && s.Attention != giftDamaged {
		s.Attention = ""
	}
}

// undo takes back, newest first, what the story did before it had to end. Each step finds what there is by its key, so it is
// right whether the thing was made, half made or never made. One that is refused is told to the manager and the next goes on; left
// says for the board what stays behind.
func (s *story) undo(ctx workflow.Context, end Ending) (left string) {
	var behind []activities.RefusedStep
	for len(s.Undo) > 0 {
		last := s.Undo[len(s.Undo)-1]
		u := undoing[last]
		arg := activities.Undo{PartnershipID: s.PartnershipID, Reason: end.Reason, Version: 1}
		switch last {
		case undoContract:
			arg.Version = s.contract().Version
		case undoAmendment:
			arg.Version = s.AmendmentVersion
		}
		done, refused := call(ctx, s.Day, u.activity, u.summary, arg)
		if refused != nil {
			behind = append(behind, activities.RefusedStep{PartnershipID: s.PartnershipID, Stage: s.Stage, Step: u.summary, Why: why(refused), Seq: s.Seq})
			s.note(ctx, "undo_refused", "rapport", u.summary+" was refused: "+why(refused))
		} else {
			s.note(ctx, last, "rapport", done.Detail)
		}
		s.Undo = s.Undo[:len(s.Undo)-1]
	}
	s.tellEnd(ctx, end)
	return s.tellBehind(ctx, behind)
}

// tellBehind tells the manager what could not be taken back: nobody else will look for it once the story is over.
func (s *story) tellBehind(ctx workflow.Context, behind []activities.RefusedStep) string {
	var words []string
	for _, step := range behind {
		words = append(words, step.Step+" was refused: "+step.Why)
		if tellsBehind(ctx) {
			courtesy(ctx, s.Day, reportRefusedStep, "Tell the manager what stays behind", step)
		}
	}
	return strings.Join(words, "; ")
}

// tellsBehind is false in stories whose refused take-backs stood in the timeline alone.
func tellsBehind(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "tells-what-stays-behind", workflow.DefaultVersion, 1) == 1
}

// tellEnd tells the creator that it has ended, if they would wonder.
func (s *story) tellEnd(ctx workflow.Context, end Ending) {
	if s.Facts.AcceptedAt.IsZero() && (end.Outcome != p.Cancelled || !s.Invited) {
		return // they declined, never answered, or never heard of it: nothing to tell
	}
	if end.Outcome == p.OptedOut || end.Outcome == p.Declined {
		return
	}
	letter := activities.Letter{PartnershipID: s.PartnershipID, Stage: p.Closed, Kind: "ended", Task: "ended", Step: string(end.Outcome)}
	if end.Letter != "" {
		letter.Step = end.Letter
	}
	if _, refused := call(ctx, s.Day, sendLetter, "Tell the creator that it has ended", letter); refused != nil {
		s.note(ctx, "letter_refused", "rapport", "The creator could not be told by mail: "+why(refused))
	}
}

// keep forgets compensations: what they would take back stands from here on.
func (s *story) keep(names ...string) {
	s.Undo = slices.DeleteFunc(s.Undo, func(u string) bool { return slices.Contains(names, u) })
}

// takesBack says that the end has to take something back, before the step that makes it.
func (s *story) takesBack(name string) {
	if !slices.Contains(s.Undo, name) {
		s.Undo = append(s.Undo, name)
	}
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
	summary  string
	activity activity[activities.Undo, activities.Undone]
}{
	undoContract:  {"Void the contract", voidContract},
	undoAmendment: {"Void the contract amendment", voidContract},
	undoCode:      {"Deactivate the discount code", deactivateCode},
	undoGift:      {"Cancel the gift order", cancelGift},
	undoLabel:     {"Refund the label", refundLabel},
}
