package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// A creator on whom nobody counts any more is away: the campaign looks for a standby, and they may still come back. slot.go says whose
// the slot is then.

// awayState is how often nobody counted on the creator any more.
type awayState struct {
	Absences int `json:"Absences"` // how often they were given up
}

// returnDays is how long after they were given up a creator may come back, in campaign days: their link works until then.
const returnDays = 14

// away tells the creator that their place is offered to somebody else, and waits for their return: the task stays open.
func (s *story) away(ctx workflow.Context, a ask) (again bool, err error) {
	s.Absences++
	gone := func() bool { return s.Stop != nil || s.Quiet != nil || s.back(a) }
	s.note(ctx, "place_offered", "rapport", "No sign of life while waiting for "+a.what+": their place is offered to the next in line.")
	s.waitFor(ctx, "the creator's return", s.cal.Add(workflow.Now(ctx), returnDays))
	s.idle(ctx, s.cal.Add(s.Reminded, 1), gone) // not on the day of a reminder
	for day := s.byDay(ctx); !gone() && day.After(workflow.Now(ctx)); day = s.byDay(ctx) {
		s.idle(ctx, day, gone)
	}
	if !gone() {
		back := s.cal.Add(workflow.Now(ctx), returnDays)
		letter := activities.Letter{PartnershipID: s.PartnershipID, Stage: s.Stage, Kind: "place_offered", Task: a.task, Step: fmt.Sprintf("away-%d", s.Absences), Due: back}
		if _, err := step(ctx, s, sendLetter, "Tell the creator that their place is offered", letter); err != nil {
			return false, err
		}
		s.idle(ctx, back, gone)
	}
	switch {
	case s.Stop != nil:
		return false, s.stopped()
	case s.back(a):
		return s.comeBack(ctx, a)
	case s.Quiet != nil:
		return s.decideQuiet(ctx, a)
	default:
		return false, &Ending{Outcome: partnership.Ghosted, Reason: "no sign of life while waiting for " + a.what}
	}
}

// byDay is the next moment at which the creator may be written to.
func (s *story) byDay(ctx workflow.Context) time.Time {
	return s.cal.Quiet(workflow.Now(ctx), s.CreatorZone)
}

// idle waits for a moment, or until gone. A pause stops the clock, and nothing happens while it lasts.
func (s *story) idle(ctx workflow.Context, moment time.Time, gone func() bool) {
	for !gone() && (s.Paused != "" || workflow.Now(ctx).Before(moment)) {
		if s.Paused == "" {
			within(ctx, moment.Sub(workflow.Now(ctx)), s.summary(), func() bool { return s.Paused != "" || gone() })
			continue
		}
		lost := s.Lost
		until(ctx, func() bool { return s.Paused == "" || gone() })
		moment = s.cal.Add(moment, s.Lost-lost)
	}
}

// comeBack meets a late return: the story goes on where it stood if the campaign still has a slot.
func (s *story) comeBack(ctx workflow.Context, a ask) (again bool, err error) {
	if err := s.reclaim(ctx, a); err != nil {
		return false, err
	}
	if s.Quiet != nil && s.Quiet.Decision == partnership.ChoiceReplace { // said while the campaign was asked
		return s.decideQuiet(ctx, a)
	}
	s.notQuiet()
	s.needs("")
	if a.done() {
		return false, nil
	}
	before := s.Plan
	s.extend(ctx, a, s.fromNow(ctx, a, max(quietExtension, s.Extra))) // Extra when they asked for more time
	letter := activities.Letter{Kind: "welcome_back", Task: a.task, Step: fmt.Sprintf("back-%d", s.Absences), Due: a.due()}
	return true, s.tellMoved(ctx, before, move{owner: timeline.Creator, cause: "The creator came back and has more time", letter: letter})
}
