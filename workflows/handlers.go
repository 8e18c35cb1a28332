package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// refuse is a validator's no. Its type is the code of partnership.Error, so that every door can say it in its own way.
func refuse(code p.Code, msg string) error {
	return temporal.NewApplicationErrorWithOptions(msg, string(code), temporal.ApplicationErrorOptions{
		NonRetryable: true, Category: temporal.ApplicationErrorCategoryBenign,
	})
}

// update registers a handler that keeps what a person said, after valid said that it may be said now. valid never changes
// anything: a refused update leaves no trace in history. What the team decides is written down before it is kept; the creator's own
// answers are proven where they come in, and single by their task.
func update[T proven](ctx workflow.Context, s *story, name string, valid func(T) error, keep func(workflow.Context, T)) error {
	now := func(msg T) error {
		if s.outcome != "" || s.Stop != nil {
			return refuse(p.Conflict, "this partnership has ended")
		}
		return valid(msg)
	}
	handler := func(ctx workflow.Context, msg T) (Ack, error) {
		if !p.CreatorsOwn(name) && msg.Provenance() != nil {
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
				return refuse(p.Conflict, "somebody's decision on this is being recorded; look again in a moment")
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
	s.unranked = err == nil && name == UpdateDecideQuiet && s.answeredQuiet() && !answersOutrankDecisions(ctx)
	return err
}

// handle registers the query and every update.
func (s *story) handle(ctx workflow.Context) error {
	for _, register := range []func(workflow.Context) error{
		s.handleSnapshot, s.handleOffer, s.handleContent, s.handleCare, s.handleStops,
	} {
		if err := register(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) handleSnapshot(ctx workflow.Context) error {
	return workflow.SetQueryHandler(ctx, QuerySnapshot, func() (Snapshot, error) {
		return Snapshot{
			Stage: s.Stage, WaitingFor: s.WaitingFor, Deadline: s.Deadline, Attention: s.attention(), Paused: s.Paused,
			OpenTask: s.OpenTask, ReviewTask: s.ReviewTask, Round: s.Round, Terms: s.Terms, Plan: s.Plan, Outcome: s.outcome,
			Amended: s.Amended, Standing: s.standing(), Offer: s.Offer,
		}, nil
	})
}

// handleOffer takes the creator's answer and the manager's decision on a counter-offer.
func (s *story) handleOffer(ctx workflow.Context) error {
	err := update(ctx, s, UpdateAnswerOffer, s.mayAnswer, func(ctx workflow.Context, m AnswerOffer) {
		s.Answer = &m
		s.active(ctx)
	})
	if err != nil {
		return err
	}
	return update(ctx, s, UpdateDecideCounter, func(m DecideCounter) error {
		if s.CounterFee == 0 || m.Round != s.Round || s.Decision != nil {
			return refuse(p.Conflict, "this counter-offer has been decided already")
		}
		if m.Decision != Accept && m.Decision != Refuse {
			return refuse(p.Invalid, "decision: must be accept or refuse")
		}
		return nil
	}, func(_ workflow.Context, m DecideCounter) { s.Decision = &m })
}

func (s *story) mayAnswer(m AnswerOffer) error {
	if !s.asked(p.TaskOffer, m.Task) || s.Answer != nil {
		return refuse(p.Conflict, "this offer has been answered already")
	}
	switch m.Answer {
	case Accept, Decline:
		return nil
	case Counter:
		if m.FeeMinor <= 0 {
			return refuse(p.Invalid, "fee: must be more than zero")
		}
		return nil
	default:
		return refuse(p.Invalid, "answer: must be accept, counter or decline")
	}
}

// asked says whether the creator is asked for just this now.
func (s *story) asked(kind p.TaskKind, task string) bool {
	return s.OpenTask != "" && s.OpenTask == task && s.OpenKind == kind
}

// handleContent takes drafts, reviews and posts.
func (s *story) handleContent(ctx workflow.Context) error {
	err := update(ctx, s, UpdateSubmitDraft, func(m SubmitDraft) error {
		if !s.asked(p.TaskDraft, m.Task) || s.Draft != nil {
			return refuse(p.Conflict, "this draft has been handed in already")
		}
		if s.replaced() {
			return refuse(p.Conflict, placeGiven)
		}
		return needSubmission(m.SubmissionID)
	}, func(ctx workflow.Context, m SubmitDraft) {
		s.Draft = &m
		s.active(ctx)
	})
	if err != nil {
		return err
	}
	err = update(ctx, s, UpdateReviewDraft, func(m ReviewDraft) error {
		if m.Task != s.ReviewTask || s.ReviewTask == "" || s.Review != nil {
			return refuse(p.Conflict, "this draft has been reviewed already")
		}
		switch m.Decision {
		case Approve:
			return nil
		case Changes:
			return needSubmission(m.SubmissionID)
		default:
			return refuse(p.Invalid, "decision: must be approve or changes")
		}
	}, func(_ workflow.Context, m ReviewDraft) { s.Review = &m })
	if err != nil {
		return err
	}
	return update(ctx, s, UpdateSubmitPost, func(m SubmitPost) error {
		if !s.asked(p.TaskPost, m.Task) || s.Post != nil {
			return refuse(p.Conflict, "this post has been told already")
		}
		if s.replaced() {
			return refuse(p.Conflict, placeGiven)
		}
		return needSubmission(m.SubmissionID)
	}, func(ctx workflow.Context, m SubmitPost) {
		s.Post = &m
		s.active(ctx)
	})
}

func needSubmission(id string) error {
	if id == "" {
		return refuse(p.Invalid, "submission_id: is missing")
	}
	return nil
}

// handleCare takes what keeps a creator in: a parcel's arrival, more time, a manager's word on a silence.
func (s *story) handleCare(ctx workflow.Context) error {
	err := update(ctx, s, UpdateConfirmDelivery, func(m ConfirmDelivery) error {
		if s.Shipment == "" {
			return refuse(p.Conflict, "no parcel is on its way")
		}
		if m.Condition != Received && m.Condition != Damaged {
			return refuse(p.Invalid, "condition: must be received or damaged")
		}
		return nil
	}, func(ctx workflow.Context, m ConfirmDelivery) {
		if s.Delivered.IsZero() { // after the carrier's word it is no news, and no answer to what is asked since
			s.Delivered = workflow.Now(ctx)
			s.active(ctx)
		}
		if m.Condition == Damaged {
			s.Attention = giftDamaged
			s.note(ctx, "gift_damaged", "carrier", "The creator says that the gift arrived damaged.")
		}
	})
	if err != nil {
		return err
	}
	err = update(ctx, s, UpdateRequestExtension, s.mayExtend, func(ctx workflow.Context, m RequestExtension) {
		s.Extended, s.Extra = m.Task, m.Days
		s.active(ctx)
	})
	if err != nil {
		return err
	}
	return update(ctx, s, UpdateDecideQuiet, func(m DecideQuiet) error {
		if s.QuietTask == "" || m.Task != s.QuietTask || s.Quiet != nil {
			return refuse(p.Conflict, "this has been decided already, or the creator has answered")
		}
		if s.answeredQuiet() && !s.unranked {
			return refuse(p.Conflict, "the creator has answered meanwhile and keeps their place; look at what they sent")
		}
		if m.Decision != Extend && m.Decision != KeepWaiting && m.Decision != Replace {
			return refuse(p.Invalid, "decision: must be extend, keep_waiting or replace")
		}
		if s.released() && m.Decision != Replace {
			return refuse(p.Conflict, "a standby creator has taken the slot; if this one comes back, a further slot is given when the budget covers it")
		}
		return nil
	}, func(_ workflow.Context, m DecideQuiet) { s.Quiet = &m })
}

// answeredQuiet says whether the creator about whose silence the manager is asked has answered. Whoever answered before the decision
// counted keeps their place.
func (s *story) answeredQuiet() bool {
	return s.QuietTask != "" && s.QuietTask == s.OpenTask && s.answered()
}

// replaced says whether the manager has given the creator's place to somebody else: what comes in now would be lost.
func (s *story) replaced() bool { return s.Quiet != nil && s.Quiet.Decision == Replace }

const placeGiven = "we have just given your place to somebody else; reply to our mail, and if there is still a place for you, we find it together"

// mayExtend grants an extension by rule: once for each task, of at most five days, for what the creator makes.
func (s *story) mayExtend(m RequestExtension) error {
	switch {
	case !s.asked(p.TaskDraft, m.Task) && !s.asked(p.TaskPost, m.Task):
		return refuse(p.Conflict, "only the draft or post that is open now can get more time")
	case s.Extended == m.Task:
		return refuse(p.Conflict, "this task has had its extension; reply to the mail to talk about more time")
	case m.Days <= 0 || m.Days > maxExtension:
		return refuse(p.Invalid, "days: must be more than 0 and at most 5")
	}
	return nil
}

// maxExtension is the most that a creator gets without a person's decision, in campaign days.
const maxExtension = 5

// handleStops takes cancel, pause, resume and the retry of a refused step.
func (s *story) handleStops(ctx workflow.Context) error {
	always := func(Stop) error { return nil }
	if err := update(ctx, s, UpdateCancel, always, func(_ workflow.Context, m Stop) {
		s.end(p.Cancelled, m.Reason, m.By)
		if s.Stop != nil {
			s.Stop.Letter = "alone" // its campaign goes on
		}
	}); err != nil {
		return err
	}
	if err := update(ctx, s, UpdatePause, needReason, func(ctx workflow.Context, m Stop) { s.pause(ctx, m.Reason); s.show(ctx) }); err != nil {
		return err
	}
	if err := update(ctx, s, UpdateResume, always, func(ctx workflow.Context, _ Stop) { s.pause(ctx, ""); s.show(ctx) }); err != nil {
		return err
	}
	return update(ctx, s, UpdateRetryStep, func(RetryStep) error {
		if s.Refused == 0 {
			return refuse(p.Conflict, "no step waits to be tried again")
		}
		return nil
	}, func(workflow.Context, RetryStep) { s.Retries++ })
}

// needReason refuses a pause without one: "" is how a pause is lifted.
func needReason(m Stop) error {
	if m.Reason == "" {
		return refuse(p.Invalid, "reason: say why; creators and colleagues will ask")
	}
	return nil
}

// show brings the board up to date between two waits.
func (s *story) show(ctx workflow.Context) {
	s.showing++
	defer func() { s.showing-- }()
	s.project(ctx, "")
}

// pause stops requests and check-ins until it is lifted (reason ""). What it took from an open task is the brand's and extends it.
func (s *story) pause(ctx workflow.Context, reason string) {
	if reason == "" && s.Paused == "" {
		return
	}
	kind, detail := "paused", "Paused: "+reason+"."
	if reason == "" {
		kind, detail = "resumed", "Resumed."
	}
	switch {
	case reason == "":
		s.grantPause(ctx)
	case s.Paused == "":
		s.PausedAt = workflow.Now(ctx)
	}
	s.Paused = reason
	s.note(ctx, kind, "brand", detail)
}

// grantPause gives the open task the days that a pause has taken from it by now.
func (s *story) grantPause(ctx workflow.Context) {
	now := workflow.Now(ctx)
	days := s.cal.Days(s.PausedAt, now)
	s.PausedAt, s.Lost = now, s.Lost+days
	if s.OpenTask != "" {
		s.grant(ctx, s.OpenKind, days, timeline.Brand, "the work was paused")
	}
}

// activeAt keeps a sign of life that is told later: an old one is no sign of life today.
func (s *story) activeAt(at, now time.Time) {
	if at.IsZero() || at.After(now) {
		at = now
	}
	if s.Away != nil && s.Away.Since.Sub(at) < s.Day { // it was on its way when they were given up
		at = now
	}
	if at.After(s.LastActive) {
		s.LastActive = at
	}
}

// active keeps the creator's last sign of life: any answer, reply, click or upload stops the reminders.
func (s *story) active(ctx workflow.Context) { s.LastActive = workflow.Now(ctx) }
