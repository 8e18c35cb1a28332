package store

import (
	"context"
	"time"

	p "github.com/rapport-dev/rapport/partnership"
)

// StuckDocument is a workflow that stands, as people read it.
type StuckDocument struct {
	WorkflowID string      `json:"workflow_id"`
	RunID      string      `json:"run_id"`
	Kind       p.StuckKind `json:"kind"` // failed, terminated, timed_out, canceled, task_failing, no_progress
	Since      time.Time   `json:"since"`
	Why        string      `json:"why"`
	ToldAt     *time.Time  `json:"told_at"`
	Mend       string      `json:"mend"` // the command
}

// StuckOf is a finding as people read it.
func StuckOf(f p.Finding) StuckDocument {
	return StuckDocument{f.WorkflowID, f.RunID, f.Kind, f.Since, f.Why, timeOrNil(f.ToldAt), mendCommand(f.WorkflowID)}
}

func mendCommand(workflowID string) string { return "rapport workflows mend " + workflowID }

// FailingStepDocument is a step that has failed for long, as people read it.
type FailingStepDocument struct {
	WorkflowID string    `json:"workflow_id"`
	Step       string    `json:"step"`
	Since      time.Time `json:"since"`
	LastAt     time.Time `json:"last_at"`
	Attempts   int       `json:"attempts"`
	Vendor     string    `json:"vendor,omitempty"`
	Why        string    `json:"why"` // retry, ambiguous, unknown_effect, timeout, internal, ...
}

// FailingStepOf is a failing step as people read it.
func FailingStepOf(s p.FailingStep) FailingStepDocument {
	return FailingStepDocument{s.WorkflowID, s.Activity, s.Since, s.LastAt, s.Attempts, s.Vendor, s.Why}
}

// addTroubles says on the board which stories stand, since when and what to do. It comes before whatever else needs attention: a story
// that stands says nothing new.
func (s *Store) addTroubles(ctx context.Context, ids []string, place map[p.PartnershipID]*PartnershipDocument) error {
	rows, err := s.q.BoardFindings(ctx, ids)
	for _, row := range rows {
		f, doc := findingOf(row), place[row.PartnershipID]
		doc.Stuck = append(doc.Stuck, StuckOf(f))
	}
	for _, doc := range place {
		if len(doc.Stuck) > 0 {
			doc.Attention = standsSince(doc.Stuck[0])
		}
	}
	return err
}

func standsSince(t StuckDocument) string {
	return "stands still since " + t.Since.UTC().Format("2 Jan 15:04 UTC") + ", " + t.Kind.Words() + ": " + t.Mend
}

// addFailingSteps says on the board which steps have failed for long, whoever the story waits for.
func (s *Store) addFailingSteps(ctx context.Context, ids []string, place map[p.PartnershipID]*PartnershipDocument) error {
	rows, err := s.q.BoardFailingSteps(ctx, ids)
	for _, row := range rows {
		f, doc := failingOf(row), place[row.PartnershipID]
		doc.FailingSteps = append(doc.FailingSteps, FailingStepOf(f))
		if doc.Attention == "" {
			doc.Attention = f.Words()
		}
	}
	return err
}

// standing is all that stands, read once for many campaigns.
type standing struct {
	findings []p.Finding
	steps    []p.FailingStep
}

func (s *Store) standing(ctx context.Context) (all standing, err error) {
	if all.findings, err = s.OpenFindings(ctx); err != nil {
		return all, err
	}
	all.steps, err = s.FailingSteps(ctx)
	return all, err
}

// of adds what stands of a campaign's own workflow.
func (all standing) of(doc *CampaignDocument) {
	for _, f := range all.findings {
		if f.WorkflowID == p.WorkflowOfCampaign(doc.ID) {
			doc.Stuck = append(doc.Stuck, StuckOf(f))
		}
	}
	for _, step := range all.steps {
		if step.WorkflowID == p.WorkflowOfCampaign(doc.ID) {
			doc.FailingSteps = append(doc.FailingSteps, FailingStepOf(step))
		}
	}
	switch {
	case len(doc.Stuck) > 0:
		doc.Attention = standsSince(doc.Stuck[0])
	case len(doc.FailingSteps) > 0:
		f := doc.FailingSteps[0]
		doc.Attention = p.FailingStep{Activity: f.Step, Since: f.Since, Vendor: f.Vendor, Why: f.Why}.Words()
	}
}
