package board

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Stuck is a workflow that stands, as people read it.
type Stuck struct {
	WorkflowID string                `json:"workflow_id"`
	RunID      string                `json:"run_id"`
	Kind       partnership.StuckKind `json:"kind"` // failed, terminated, timed_out, canceled, task_failing, no_progress
	Since      time.Time             `json:"since"`
	Why        string                `json:"why"`
	ToldAt     *time.Time            `json:"told_at"`
	Mend       string                `json:"mend"` // the command
}

// StuckOf is a finding as people read it.
func StuckOf(f partnership.Finding) Stuck {
	return Stuck{f.WorkflowID, f.RunID, f.Kind, f.Since, f.Why, timeOrNil(f.ToldAt), "rapport workflows mend " + f.WorkflowID}
}

func (s Stuck) standsSince() string {
	return "stands still since " + s.Since.UTC().Format("2 Jan 15:04 UTC") + ", " + s.Kind.Words() + ": " + s.Mend
}

// FailingStep is a step that has failed for long, as people read it.
type FailingStep struct {
	WorkflowID string    `json:"workflow_id"`
	Step       string    `json:"step"`
	Since      time.Time `json:"since"`
	LastAt     time.Time `json:"last_at"`
	Attempts   int       `json:"attempts"`
	Vendor     string    `json:"vendor,omitempty"`
	Why        string    `json:"why"` // retry, ambiguous, unknown_effect, timeout, internal, ...
}

// FailingStepOf is a failing step as people read it.
func FailingStepOf(s partnership.FailingStep) FailingStep {
	return FailingStep{s.WorkflowID, s.Activity, s.Since, s.LastAt, s.Attempts, s.Vendor, s.Why}
}

// DeadWebhook is a delivery that could not be applied. Its body may hold personal data and stays where it is.
type DeadWebhook struct {
	ID         int64     `json:"id"`
	Provider   string    `json:"provider"`
	ReceivedAt time.Time `json:"received_at"`
	Bytes      int64     `json:"bytes"`
	Attempts   int       `json:"attempts"`
	Why        string    `json:"why"`
}

// timeOrNil is how a time that is not set is shown.
func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
