package workflows

import (
	"fmt"
	"slices"
	"strings"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// forCreator are the dates that a creator plans by; the others are the brand's and the carrier's own.
var forCreator = []timeline.Kind{timeline.OfferDue, timeline.SignDue, timeline.DraftDue, timeline.PublishDue}

// cascade recomputes the plan after a fact that is owner's doing and tells what moved by it: buffer is used up first and the
// live date moves last, because the plan says so. Whoever waits on a ladder draws it anew, so that no
// reminder of an old date goes out; the creator hears of all their dates in one mail, the manager in one message that is kept
// up to date.
func (s *story) cascade(ctx workflow.Context, owner, cause string) error {
	before := s.Plan
	s.replanFor(ctx, owner, cause)
	return s.tellMoved(ctx, before, move{owner: owner, cause: cause})
}

// reschedule is cascade after the campaign's own schedule has changed; before is the plan that the creator was told last.
func (s *story) reschedule(ctx workflow.Context, to p.Schedule, before timeline.Plan) error {
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
	s.Events = append(s.Events, p.TimelineEvent{
		At: workflow.Now(ctx), Kind: "dates_moved", Owner: m.owner,
		Detail: fmt.Sprintf("%s. %s. Buffer left: %g days.", m.cause, strings.Join(words, "; "), s.Plan.BufferLeft),
	})
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
