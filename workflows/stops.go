package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// pauseState is why the story stands still, and what that takes from the open task.
type pauseState struct {
	Paused   string    `json:"Paused"` // reason, "" when running
	PausedAt time.Time `json:"PausedAt"`
	Lost     float64   `json:"Lost"` // campaign days that pauses took from the open task, all of them granted
}

// Stop is a cancel or a pause, and resume.
type Stop struct {
	Reason string `json:"Reason"`
	By     string `json:"By"`
	Proven
}

// What a campaign does to all its partnerships.
const (
	Paused    = "paused"
	Resumed   = "resumed"
	Cancelled = "cancelled"
)

// Stopped is a campaign's pause, resume or cancel.
type Stopped struct {
	Action string `json:"Action"`
	Reason string `json:"Reason"`
	By     string `json:"By"`
	Addressed
}

// lostNothing counts anew for a task that opens.
func (s *pauseState) lostNothing(now time.Time) { s.Lost, s.PausedAt = 0, now }

// handleStops takes cancel, pause and resume of this partnership alone.
func (s *story) handleStops(ctx workflow.Context) error {
	always := func(Stop) error { return nil }
	if err := update(ctx, s, UpdateCancel, always, func(_ workflow.Context, m Stop) {
		s.end(Ending{Outcome: partnership.Cancelled, Reason: m.Reason, By: m.By, Letter: alone}) // its campaign goes on
	}); err != nil {
		return err
	}
	if err := update(ctx, s, UpdateReplace, s.mayReplace, func(_ workflow.Context, m Stop) {
		s.end(Ending{Outcome: partnership.Replaced, Reason: m.Reason, By: m.By, Letter: alone}) // the campaign asks the next in line
	}); err != nil {
		return err
	}
	if err := update(ctx, s, UpdatePause, needReason, func(ctx workflow.Context, m Stop) { s.pause(ctx, m.Reason); s.show(ctx) }); err != nil {
		return err
	}
	return update(ctx, s, UpdateResume, always, func(ctx workflow.Context, _ Stop) { s.pause(ctx, ""); s.show(ctx) })
}

// mayReplace refuses to give a place on that has done its part, or without a reason.
func (s *story) mayReplace(m Stop) error {
	if s.Stage == partnership.Performance || s.Stage == partnership.PayoutStage {
		return refuse(partnership.Conflict, "what was agreed is live: nobody can take this place any more; cancel ends the partnership")
	}
	return needReason(m)
}

// needReason refuses a pause without one: "" is how a pause is lifted.
func needReason(m Stop) error {
	if m.Reason == "" {
		return refuseField("reason", "say why; creators and colleagues will ask")
	}
	return nil
}

// hearStops takes those of the whole campaign.
func (s *story) hearStops(ctx workflow.Context, sel workflow.Selector) {
	on(ctx, sel, SignalStopped, func(m Stopped) {
		switch m.Action {
		case Cancelled:
			s.end(Ending{Outcome: partnership.Cancelled, Reason: m.Reason, By: m.By})
		case Paused:
			s.pause(ctx, m.Reason)
		case Resumed:
			s.pause(ctx, "")
		}
	})
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

// running waits out a pause: nobody is asked for anything new while it lasts.
func (s *story) running(ctx workflow.Context) error {
	until(ctx, func() bool { return s.Paused == "" || s.Stop != nil })
	return s.stopped()
}

// sitOut waits out a pause: nobody is given up on while it lasts, and afterwards the silence counts from its end.
func (s *story) sitOut(ctx workflow.Context, a ask) {
	until(ctx, func() bool { return s.Paused == "" || s.Stop != nil || a.done() })
	s.active(ctx)
	s.awayFrom(s.LastActive) // the end of a pause is no sign of life
}

// pauseOver is why dates move after a pause.
var pauseOver = move{owner: timeline.Brand, cause: "The campaign was paused and goes on"}
