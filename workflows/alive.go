package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// aliveState is the creator's last sign of life.
type aliveState struct {
	LastActive time.Time `json:"LastActive"`
}

// CreatorActive is a sign of life: mail_reply, click, upload, manager_note (a manager has spoken with them elsewhere).
type CreatorActive struct {
	Channel string    `json:"Channel"`
	EventID string    `json:"EventID"`
	At      time.Time `json:"At"`
	Addressed
}

// hearCreator takes signs of life.
func (s *story) hearCreator(ctx workflow.Context, sel workflow.Selector) {
	on(ctx, sel, SignalCreatorActive, func(m CreatorActive) { s.activeAt(m.At, workflow.Now(ctx)) })
}

// active keeps the creator's last sign of life: any answer, reply, click or upload stops the reminders.
func (s *aliveState) active(ctx workflow.Context) { s.LastActive = workflow.Now(ctx) }

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
