package workflows

import (
	"strconv"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// stepsState is which steps wait to be tried again.
type stepsState struct {
	Refused int `json:"Refused"` // steps that a vendor refused for good and that wait for a person
	Retries int `json:"Retries"` // how often a person asked to try refused steps again
	// RetriedBy is who asked last, since a step was refused.
	RetriedBy string `json:"RetriedBy,omitempty"`
}

// waitsForRetry says that one step more waits.
func (s *stepsState) waitsForRetry() { s.Refused++ }

// recovered says that a step waits no longer, and takes back what the last of them said on the board.
func (s *story) recovered() {
	s.Refused--
	if s.Refused == 0 {
		s.seenTo()
	}
}

// handleRetry takes "try it again".
func (s *story) handleRetry(ctx workflow.Context) error {
	return update(ctx, s, UpdateRetryStep, func(RetryStep) error {
		if s.Refused == 0 {
			return refuse(partnership.Conflict, "no step waits to be tried again")
		}
		return nil
	}, func(_ workflow.Context, m RetryStep) { s.Retries, s.RetriedBy = s.Retries+1, m.By })
}

// retried is how a question about a step ended that was tried again: whose answer it was, where it was anybody's.
func (s *stepsState) retried(came string) partnership.Closing {
	if s.RetriedBy == "" {
		return partnership.Closing{State: partnership.QuestionOver, Came: came}
	}
	return partnership.Closing{State: partnership.QuestionAnswered, Choice: partnership.ChoiceAgain, By: s.RetriedBy, Came: came}
}

// worked closes what was asked about a step that has worked since.
func (s *story) worked(ctx workflow.Context, summary string) {
	s.stepIs(ctx, summary, s.retried("It was tried again, and it worked."))
}

// forgetWhoWaited takes back what the run before said of steps that waited: this one does not wait for them.
func (s *story) forgetWhoWaited(ctx workflow.Context) {
	if s.Refused > 0 && forgetsWhoWaited(ctx) {
		s.Refused = 0
		s.seenTo()
	}
}

// forgetsWhoWaited is false in runs that counted steps of the run before among those that wait to be tried again.
func forgetsWhoWaited(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "forgets-who-waited", workflow.DefaultVersion, 1) == 1
}

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
			s.worked(ctx, summary)
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
	s.needs(summary + ": " + reason)
	s.note(ctx, "step_refused", "rapport", summary+" "+what+": "+reason)
	before, carded := s.WaitingFor, again == 0 || failures == 0
	s.asksAboutStep(ctx, summary, reason, carded)
	s.waitFor(ctx, "a manager: "+summary+" "+what, s.Deadline)
	if carded {
		card := activities.RefusedStep{PartnershipID: s.PartnershipID, Stage: s.Stage, Step: summary, Why: reason, Seq: s.Seq}
		courtesy(ctx, s.Day, reportRefusedStep, "Tell the manager", card)
	}
	s.awaitRetry(ctx, again, func() bool { return false })
	s.waitsAgainFor(before)
}

// awaitRetry waits until a person asks to try again, or until done, or until the story has to end; not longer than most, where most
// is given. One answer is for every step that waits: two that run at once may have been refused.
func (s *story) awaitRetry(ctx workflow.Context, most time.Duration, done func() bool) {
	seen := s.Retries
	over := func() bool { return s.Retries > seen || s.Stop != nil || done() }
	s.waitsForRetry()
	if most > 0 {
		within(ctx, most, s.summary(), over)
	} else {
		until(ctx, over)
	}
	s.recovered()
}

// asksAboutStep asks what to do about a step that was refused, before the board hears of it: its projection is the next one. Asked again,
// the last question was answered with nothing gained.
func (s *story) asksAboutStep(ctx workflow.Context, summary, why string, carded bool) {
	failed := s.retried("It was tried again and did not work: " + why + ".")
	failed.Amiss = true
	s.stepIs(ctx, summary, failed)
	s.RetriedBy = ""
	q := partnership.Question{Kind: partnership.AsksStep, Of: strconv.Itoa(s.Seq + 1), What: summary, Why: why}
	if carded {
		q.Card = partnership.Key(s.PartnershipID, s.Stage, "refused", s.Seq+1)
	}
	s.puts(ctx, q)
}
