package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// replan recomputes every date from the facts; dates are never patched.
func (s *story) replan(ctx workflow.Context) { s.replanFor(ctx, "", "") }

// replanFor is replan after something that is owner's doing, whichever milestone it delays. Days that it cost are booked here and
// nowhere else, so that none is booked twice; no other event carries days.
func (s *story) replanFor(ctx workflow.Context, owner, cause string) {
	before := s.Plan
	s.Plan = timeline.Make(s.cal, s.Schedule, s.Tier, s.Facts)
	s.book(ctx, timeline.Slips(before, s.Plan, s.cal, owner, cause, s.Booked...))
}

func (s *story) book(ctx workflow.Context, slips []timeline.Slip) {
	for _, slip := range slips {
		if 0 < slip.Days && slip.Days < timeline.Tolerance {
			continue
		}
		s.Booked = append(s.Booked, slip)
		s.Events = append(s.Events, slip.Event(workflow.Now(ctx)))
	}
}

// note keeps an event for the next projection.
func (s *story) note(ctx workflow.Context, kind, owner, detail string) {
	s.Events = append(s.Events, p.TimelineEvent{At: workflow.Now(ctx), Kind: kind, Owner: owner, Detail: detail})
}

// enter moves the story to a stage that waits for nobody yet. The board hears of it with the first wait.
func (s *story) enter(ctx workflow.Context, stage p.Stage) {
	s.Stage, s.WaitingFor, s.Deadline = stage, "", time.Time{}
	s.attributes(ctx)
}

// waitFor says on the board and in Temporal's own UI what is awaited and until when.
func (s *story) waitFor(ctx workflow.Context, what string, due time.Time) {
	s.WaitingFor, s.Deadline = what, due
	workflow.SetCurrentDetails(ctx, s.summary())
	s.project(ctx, "")
}

// summary is the line that Temporal's UI shows: "content: waiting for the creator's draft, due 4 Dec".
func (s *story) summary() string {
	line := string(s.Stage)
	if s.WaitingFor != "" {
		line += ": waiting for " + s.WaitingFor
	}
	if !s.Deadline.IsZero() {
		line += ", due " + s.Deadline.UTC().Format("2 Jan 15:04 UTC")
	}
	if s.Paused != "" {
		line += " (paused: " + s.Paused + ")"
	}
	if why := s.attention(); why != "" {
		line += " - " + why
	}
	return line
}

// dueOf is the milestone that a creator's task is due at.
var dueOf = map[p.TaskKind]timeline.Kind{
	p.TaskOffer: timeline.OfferDue, p.TaskSign: timeline.SignDue, p.TaskReceive: timeline.DeliverBy, p.TaskDraft: timeline.DraftDue, p.TaskPost: timeline.PublishDue,
}

// openDue is when the creator's open task is due by the plan as it is now.
func (s *story) openDue() time.Time {
	if s.OpenTask == "" {
		return noTime
	}
	return s.Plan.Due(dueOf[s.OpenKind])
}

// project writes the board's row.
func (s *story) project(ctx workflow.Context, reason string) {
	s.Seq++
	pr := p.Projection{
		PartnershipID: s.PartnershipID, Seq: s.Seq, Stage: s.Stage, WaitingFor: s.WaitingFor, Deadline: s.Deadline,
		BufferDaysLeft: s.Plan.BufferLeft, Plan: s.Plan.Record(), Outcome: s.outcome, Reason: reason, Attention: s.attention(),
		Paused: s.Paused != "", Terms: &s.Terms, Events: s.Events, ClosedTasks: s.Closed, OpenTask: s.OpenTask, OpenDue: s.openDue(), HistoryLength: workflow.GetInfo(ctx).GetCurrentHistoryLength(),
	}
	s.Events, s.Closed = nil, nil
	if !s.board.write(ctx, pr) {
		s.Events, s.Closed = append(pr.Events, s.Events...), append(pr.ClosedTasks, s.Closed...)
	}
}
