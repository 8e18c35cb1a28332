package workflows

import (
	"fmt"
	"slices"
	"strings"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// datesState is what has happened, and the dates that follow.
type datesState struct {
	Facts  timeline.Facts  `json:"Facts"`  // with its time; every date comes from these
	Plan   timeline.Plan   `json:"Plan"`   // what follows from Facts
	Moves  int             `json:"Moves"`  // how often the dates have moved by more than their own fact
	Booked []timeline.Slip `json:"Booked"` // days lost at the open deliverable and before it: what can still be given back
}

// happened keeps facts and recomputes every date from them.
func (s *story) happened(ctx workflow.Context, facts func(*timeline.Facts)) {
	facts(&s.Facts)
	s.replan(ctx)
}

// begins is happened for a deliverable of its own: days that are lost until now stay lost.
func (s *story) begins(ctx workflow.Context, facts func(*timeline.Facts)) {
	s.Booked = nil
	s.happened(ctx, facts)
}

// firstDates draws the plan of a run that begins.
func (s *story) firstDates(begin timeline.Facts) {
	s.Facts = begin
	s.draw()
}

func (s *story) draw() { s.Plan = timeline.Make(s.cal, s.Schedule, s.Tier, s.Facts) }

// newWindow makes the sales window another one.
func (s *story) newWindow(ctx workflow.Context, days float64) {
	s.Schedule.WindowDays = days
	s.replan(ctx)
}

// forCreator are the dates that a creator plans by; the others are the brand's and the carrier's own.
var forCreator = []timeline.Kind{timeline.OfferDue, timeline.SignDue, timeline.DraftDue, timeline.PublishDue}

// cascade keeps a fact that is owner's doing, recomputes the plan and tells what moved by it: buffer is used up first and the
// live date moves last, because the plan says so. Whoever waits on a ladder draws it anew, so that no
// reminder of an old date goes out; the creator hears of all their dates in one mail, the manager in one message that is kept
// up to date.
func (s *story) cascade(ctx workflow.Context, owner, cause string, facts func(*timeline.Facts)) error {
	before := s.Plan
	facts(&s.Facts)
	s.replanFor(ctx, owner, cause)
	return s.tellMoved(ctx, before, move{owner: owner, cause: cause})
}

// reschedule is cascade after the campaign's own schedule has changed; before is the plan that the creator was told last.
func (s *story) reschedule(ctx workflow.Context, to partnership.Schedule, before timeline.Plan) error {
	m := move{owner: timeline.Brand, cause: "We have changed the dates of the campaign", summed: true}
	for _, next := range timeline.Steps(s.Schedule, to) {
		s.Schedule = next
		s.replanFor(ctx, m.owner, m.cause)
	}
	return s.tellMoved(ctx, before, m)
}

// move is whose doing it is that dates move, why, and how it is told.
type move struct {
	owner, cause string
	letter       activities.Letter // to the creator; none is the one about moved dates
	summed       bool              // the campaign tells the team in one message for all: one about this partnership is kept up to date, none is posted
}

// tellMoved tells which dates are no longer those of the plan before.
func (s *story) tellMoved(ctx workflow.Context, before timeline.Plan, m move) error {
	moved := timeline.Diff(before, s.Plan, s.cal)
	if len(moved) == 0 {
		return nil
	}
	s.Moves++
	words := strings.Split(timeline.Words(moved), "\n")
	s.note(ctx, "dates_moved", m.owner, fmt.Sprintf("%s. %s. Buffer left: %g days.", m.cause, strings.Join(words, "; "), s.Plan.BufferLeft))
	theirs := slices.DeleteFunc(slices.Clone(moved), func(c timeline.Change) bool { return !slices.Contains(forCreator, c.Kind) })
	if len(theirs) > 0 {
		if _, err := step(ctx, s, sendLetter, "Tell the creator which dates moved", s.movedLetter(m, theirs)); err != nil {
			return err
		}
	}
	news := activities.ScheduleNews{
		PartnershipID: s.PartnershipID, Cause: m.cause, Owner: m.owner, Words: words, BufferLeft: s.Plan.BufferLeft, Seq: s.Moves, UpdateOnly: m.summed,
	}
	return inform(ctx, s, tellSchedule, "Tell the manager which dates moved", news)
}

func (s *story) movedLetter(m move, dates []timeline.Change) activities.Letter {
	l := m.letter
	if l.Kind == "" {
		l.Kind, l.Task, l.Step = "dates_moved", "dates", fmt.Sprintf("moved-%d", s.Moves)
	}
	l.PartnershipID, l.Stage, l.Cause = s.PartnershipID, s.Stage, forTheCreator(m.owner, m.cause)
	l.Words = strings.Split(timeline.Words(timeline.In(s.CreatorZone, dates)), "\n")
	return l
}

// forTheCreator is a cause as the creator is told of it.
func forTheCreator(owner, cause string) string {
	if owner == timeline.Creator {
		return cause
	}
	return cause + ". That is not on you"
}

// grant gives a creator's task more days. They are booked to owner, and given back as far as the creator does not need them.
func (s *story) grant(ctx workflow.Context, kind partnership.TaskKind, days float64, owner, cause string) {
	switch kind {
	case partnership.TaskOffer:
		s.Facts.OfferExtensionDays += days
	case partnership.TaskSign:
		s.Facts.SignExtensionDays += days
	case partnership.TaskDraft:
		s.Facts.ExtensionDays += days
	case partnership.TaskPost:
		s.Facts.PostExtensionDays += days
	}
	s.replanFor(ctx, owner, cause)
}

// replan recomputes every date from the facts; dates are never patched.
func (s *story) replan(ctx workflow.Context) { s.replanFor(ctx, "", "") }

// replanFor is replan after something that is owner's doing, whichever milestone it delays. Days that it cost are booked here and
// nowhere else, so that none is booked twice; no other event carries days.
func (s *story) replanFor(ctx workflow.Context, owner, cause string) {
	before := s.Plan
	s.draw()
	s.book(ctx, timeline.Slips(before, s.Plan, s.cal, owner, cause, s.Booked...))
}

func (s *story) book(ctx workflow.Context, slips []timeline.Slip) {
	for _, slip := range slips {
		if 0 < slip.Days && slip.Days < timeline.Tolerance {
			continue
		}
		s.Booked = append(s.Booked, slip)
		s.event(slip.Event(workflow.Now(ctx)))
	}
}

// late is by how many campaign days a milestone has been missed by now, 0 when it has not.
func (s *story) late(ctx workflow.Context, k timeline.Kind) float64 {
	due := s.Plan.Due(k)
	if due.IsZero() {
		return 0
	}
	if days := s.cal.Days(due, workflow.Now(ctx)); days >= timeline.Tolerance {
		return days
	}
	return 0
}
