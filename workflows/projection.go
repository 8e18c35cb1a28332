package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// shownState is what people see of the story, and what they have not seen yet.
type shownState struct {
	Seq        int                         `json:"Seq"`   // of the last projection
	Stage      partnership.Stage           `json:"Stage"` // where people see it
	WaitingFor string                      `json:"WaitingFor"`
	Deadline   time.Time                   `json:"Deadline"`
	Events     []partnership.TimelineEvent `json:"Events"` // since the last projection
	Closed     []string                    `json:"Closed"` // tasks answered since then

	showing int // writes to the board, and of what people are told, beside the story's own
}

// moveTo is enter without an upsert.
func (s *shownState) moveTo(stage partnership.Stage) {
	s.Stage, s.WaitingFor, s.Deadline = stage, "", noTime
}

// backTo is a stage that goes on: what is awaited is said by the next wait.
func (s *shownState) backTo(stage partnership.Stage) { s.Stage = stage }

// waitsAgainFor is what was awaited before a step was parked; the board hears of it with the next wait.
func (s *shownState) waitsAgainFor(what string) { s.WaitingFor = what }

// event keeps one for the next projection.
func (s *shownState) event(e partnership.TimelineEvent) { s.Events = append(s.Events, e) }

// closes says that a task is answered, and reopens that it is not after all.
func (s *shownState) closes(task string) { s.Closed = append(s.Closed, task) }

func (s *shownState) reopens(task string) {
	s.Closed = slices.DeleteFunc(s.Closed, func(closed string) bool { return closed == task })
}

// beside runs what tells people something beside the stages: the story does not end before it.
func (s *shownState) beside(ctx workflow.Context, name string, tell func(workflow.Context)) {
	s.showing++
	workflow.GoNamed(ctx, name, func(ctx workflow.Context) {
		defer func() { s.showing-- }()
		tell(ctx)
	})
}

// note keeps an event for the next projection.
func (s *shownState) note(ctx workflow.Context, kind, owner, detail string) {
	s.event(partnership.TimelineEvent{At: workflow.Now(ctx), Kind: kind, Owner: owner, Detail: detail})
}

// enter moves the story to a stage that waits for nobody yet. The board hears of it with the first wait.
func (s *story) enter(ctx workflow.Context, stage partnership.Stage) {
	s.moveTo(stage)
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

// project writes the board's row.
func (s *story) project(ctx workflow.Context, reason string) {
	s.Seq++
	terms := s.Terms
	pr := partnership.Projection{
		PartnershipID: s.PartnershipID, Seq: s.Seq, Stage: s.Stage, WaitingFor: s.WaitingFor, Deadline: s.Deadline,
		BufferDaysLeft: s.Plan.BufferLeft, Plan: s.Plan.Record(), Outcome: s.outcome, EndedAt: s.endedAt, Reason: reason, Attention: s.attention(),
		Paused: s.Paused != "", Terms: &terms, Events: s.Events, ClosedTasks: s.Closed, OpenTask: s.OpenTask, OpenDue: s.openDue(), HistoryLength: workflow.GetInfo(ctx).GetCurrentHistoryLength(),
		Asks: slices.Clone(s.Asks), Settled: s.told(),
	}
	s.Events, s.Closed = nil, nil
	if !s.board.write(ctx, pr) {
		s.untold(pr.Settled)
		s.Events, s.Closed = append(pr.Events, s.Events...), append(pr.ClosedTasks, s.Closed...)
	}
}

// show brings the board up to date between two waits.
func (s *story) show(ctx workflow.Context) {
	s.showing++
	defer func() { s.showing-- }()
	s.project(ctx, "")
}

// dueOf is the milestone that a creator's task is due at.
var dueOf = map[partnership.TaskKind]timeline.Kind{
	partnership.TaskOffer: timeline.OfferDue, partnership.TaskSign: timeline.SignDue, partnership.TaskReceive: timeline.DeliverBy, partnership.TaskDraft: timeline.DraftDue, partnership.TaskPost: timeline.PublishDue,
}

// openDue is when the creator's open task is due by the plan as it is now.
func (s *story) openDue() time.Time {
	if s.OpenTask == "" {
		return noTime
	}
	return s.Plan.Due(dueOf[s.OpenKind])
}
