package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// await asks the creator, reminds them, asks the manager about a silence, and returns when the answer is there. It returns
// *Ending when the story has to end, a silence to its end included.
func (s *story) await(ctx workflow.Context, a ask) error {
	s.opens(a)
	s.lostNothing(workflow.Now(ctx))
	if a.mail != "" {
		if err := s.running(ctx); err != nil {
			return err
		}
	}
	from := workflow.Now(ctx)
	if a.mail != "" {
		if err := s.request(ctx, a); err != nil {
			return err
		}
		late, err := s.askedLate(ctx, a, from)
		if err != nil {
			return err
		}
		if late {
			from = workflow.Now(ctx)
		}
	}
	for round := 1; ; round++ {
		s.waitFor(ctx, a.what, a.due())
		again, err := s.climb(ctx, a, from, round)
		if err != nil || !again {
			if s.QuietTask != "" {
				s.needs("")
			}
			if err == nil && s.Paused != "" {
				s.grantPause(ctx)
			}
			if err == nil {
				s.settles(ctx, partnership.AsksSilence, partnership.Closing{State: partnership.QuestionOver, Came: "The creator has answered."}, about(a.task))
			}
			s.forgetQuiet()
			s.asksNothing() // and what was said too late is not for the next task
			s.notQuiet()
			s.noExtra()
			s.closes(a.task)
			return err
		}
		from = workflow.Now(ctx)
	}
}

// askedLate gives a creator the days back that passed before they could be asked, because a vendor refused everybody or a person had
// to mend something: else an offer would lapse within minutes of its invitation.
func (s *story) askedLate(ctx workflow.Context, a ask, planned time.Time) (late bool, err error) {
	now := workflow.Now(ctx)
	days := s.cal.Days(planned, now)
	if days < 1 || now.Sub(planned) <= attempt(s.Day) || a.done() || !countsFromTheAsking(ctx) {
		return false, nil
	}
	switch a.kind {
	case partnership.TaskReceive:
		return false, nil // it is the carrier's time that runs
	case partnership.TaskPost: // its date was promised at the start and may be far ahead
		days = s.cal.Days(a.due(), s.cal.Add(now, timeline.PostDays))
	}
	if days < timeline.Tolerance {
		return true, nil
	}
	before := s.Plan
	s.grant(ctx, a.kind, days, timeline.Brand, "asking for "+a.what+" took long")
	return true, s.tellMoved(ctx, before, move{owner: timeline.Brand, cause: "Asking for " + a.what + " took long"})
}

// countsFromTheAsking is false in stories whose time ran on while nobody could be asked.
func countsFromTheAsking(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "time-counts-from-the-asking", workflow.DefaultVersion, 1) == 1
}

// climb goes up the ladder once. again is true when the dates have changed (an extension, a manager's "keep waiting") and
// the ladder has to be drawn anew.
func (s *story) climb(ctx workflow.Context, a ask, from time.Time, round int) (again bool, err error) {
	drawn, plan := drawing{s.Extra, s.Lost, s.Moves}, s.Plan
	ladder := a.ladder(from, a.due())
	for i, rung := range ladder {
		at := func() time.Time { return s.rungAt(rung, from) }
		for !a.done() && !s.back(a) && !s.redraw(drawn) && workflow.Now(ctx).Before(at()) {
			s.waitUntil(ctx, at(), a, drawn)
			if s.quietAgain() {
				if err := s.askAboutSilence(ctx, a, s.Unshown.Card, at().Sub(workflow.Now(ctx))); err != nil {
					return false, err
				}
			}
		}
		switch {
		case s.Stop != nil:
			return false, s.stopped()
		case s.back(a):
			return s.comeBack(ctx, a)
		case s.released():
			return s.away(ctx, a)
		case a.done():
			return false, nil
		case s.Extra != drawn.extra:
			return true, s.giveTime(ctx, a, s.Extra)
		case s.Moves != drawn.moves:
			return true, nil
		case s.Quiet != nil:
			return s.decideQuiet(ctx, a)
		case s.Lost != drawn.lost:
			s.note(ctx, "deadline_moved", "brand", fmt.Sprintf("%g more days for %s after a pause: due %s.", s.Lost-drawn.lost, a.what, a.due().UTC().Format("2 Jan")))
			return true, s.tellMoved(ctx, plan, pauseOver)
		}
		if s.Paused != "" && rung.Action != timeline.SendMail {
			if s.sitOut(ctx, a); a.done() {
				return true, nil
			}
			return true, s.tellMoved(ctx, plan, pauseOver)
		}
		if rung.Action == timeline.Ghost {
			s.giveUp(ctx)
			return s.away(ctx, a)
		}
		if err := s.take(ctx, a, rung, from, round, s.untilNext(ctx, ladder[i+1:], from)); err != nil {
			return false, err
		}
	}
	return true, nil // every rung was taken and none ended it: a ladder without an end starts again
}

// drawing is what a ladder was drawn from.
type drawing struct {
	extra, lost float64
	moves       int
}

// redraw says whether a ladder no longer fits, or no longer matters.
func (s *story) redraw(d drawing) bool {
	return s.Stop != nil || s.Quiet != nil || s.Extra != d.extra || s.Lost != d.lost || s.Moves != d.moves || s.released()
}

// waitUntil sleeps until at, or until something has been said.
func (s *story) waitUntil(ctx workflow.Context, at time.Time, a ask, drawn drawing) {
	alive := s.LastActive
	within(ctx, at.Sub(workflow.Now(ctx)), s.summary(), func() bool {
		return a.done() || s.redraw(drawn) || s.LastActive != alive || s.quietAgain()
	})
}

// untilNext is how long there is until the ladder's next rung.
func (s *story) untilNext(ctx workflow.Context, ladder []timeline.CheckIn, from time.Time) time.Duration {
	if len(ladder) == 0 {
		return chatPatience(s.Day)
	}
	return s.rungAt(ladder[0], from).Sub(workflow.Now(ctx))
}

// rungAt is when a rung is taken: what is mailed only within the creator's day, the rest after enough silence.
func (s *story) rungAt(r timeline.CheckIn, from time.Time) time.Time {
	switch r.Action {
	case timeline.SendMail:
		return s.cal.Daytime(r.At, s.CreatorZone)
	case timeline.Ghost: // they are told by mail
		return s.cal.Quiet(s.afterSilence(r, from), s.CreatorZone)
	default:
		return s.afterSilence(r, from)
	}
}

// afterSilence is when a rung is due: a manager is asked, and a creator counts as ghosted, only after that much silence
// since the due date or the last sign of life, whichever is later.
func (s *story) afterSilence(r timeline.CheckIn, from time.Time) time.Time {
	if r.Action != timeline.Escalate && r.Action != timeline.Ghost || !s.LastActive.After(from) {
		return r.At
	}
	silence := r.At.Sub(s.Deadline)
	if from.After(s.Deadline) { // the ladder was drawn anew when it was over already
		silence = r.At.Sub(from)
	}
	if moved := s.LastActive.Add(silence); moved.After(r.At) {
		return moved
	}
	return r.At
}

// take does what a rung says. A pause and any sign of life since the request silence the reminders.
func (s *story) take(ctx workflow.Context, a ask, r timeline.CheckIn, from time.Time, round int, most time.Duration) error {
	stepName := r.Step
	if round > 1 {
		stepName = fmt.Sprintf("%s-%d", r.Step, round)
	}
	switch r.Action {
	case timeline.SendMail:
		if s.Paused != "" || s.LastActive.After(from) {
			return nil
		}
		l := activities.Letter{PartnershipID: s.PartnershipID, Stage: s.Stage, Kind: reminderOf[a.kind], Task: a.task, Step: stepName, Due: a.due()}
		sent, err := step(ctx, s, sendLetter, "Remind of "+a.what+" ("+r.Step+")", l)
		s.reminded(workflow.Now(ctx))
		if err == nil && sent.OptedOut { // and the message that says so was lost
			s.optedOut(ctx)
			return s.stopped()
		}
		s.watch(ctx, a, sent.Risk)
		return err
	case timeline.Escalate:
		return s.escalate(ctx, a, stepName, most)
	default:
		return &Ending{Outcome: partnership.Expired, Reason: a.what + " did not come in time"}
	}
}

var reminderOf = map[partnership.TaskKind]string{
	partnership.TaskOffer: "offer_reminder", partnership.TaskSign: "sign_reminder", partnership.TaskDraft: "draft_reminder",
	partnership.TaskPost: "post_reminder", partnership.TaskPayoutSetup: "payout_reminder",
}
