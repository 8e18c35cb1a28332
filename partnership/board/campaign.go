package board

import (
	"github.com/rapport-dev/rapport/partnership"
)

// Campaign is a campaign as people read it.
type Campaign struct {
	ID           partnership.CampaignID `json:"id"`
	Name         string                 `json:"name"`
	Program      string                 `json:"program"`
	Round        int                    `json:"round"`
	State        string                 `json:"state"`
	Reason       string                 `json:"reason,omitempty"` // why it is in that state
	Target       int                    `json:"target"`
	Live         int                    `json:"live"` // partnerships with a post
	Budget       Budget                 `json:"budget"`
	Attention    string                 `json:"attention,omitempty"` // why a person should look at the campaign itself
	Stuck        []Stuck                `json:"stuck,omitempty"`     // its workflow stands
	FailingSteps []FailingStep          `json:"failing_steps,omitempty"`
	Partnerships []Partnership          `json:"partnerships"`
}

// Budget is a campaign's money. Committed is reserved for partnerships; spent is what they earned and their gifts cost.
type Budget struct {
	Currency       string `json:"currency"`
	LimitMinor     int64  `json:"limit_minor"`
	CommittedMinor int64  `json:"committed_minor"`
	SpentMinor     int64  `json:"spent_minor"`
}

// CampaignFacts is what is known of a campaign without its partnerships.
type CampaignFacts struct {
	ID            partnership.CampaignID
	Name, Program string
	Round, Target int
	State, Reason string
	Live          int
	Budget        Budget
	Standing      Standing // of any workflow: the campaign's own are picked
}

// Standing is what does not go on by itself, the longest first.
type Standing struct {
	Findings []partnership.Finding
	Steps    []partnership.FailingStep
}

// CampaignOf is a campaign's document.
func CampaignOf(f CampaignFacts) Campaign {
	c := Campaign{
		ID: f.ID, Name: f.Name, Program: f.Program, Round: f.Round, State: f.State, Reason: f.Reason, Target: f.Target, Live: f.Live,
		Budget: f.Budget, Partnerships: []Partnership{},
	}
	for _, finding := range f.Standing.Findings {
		if finding.WorkflowID == partnership.WorkflowOfCampaign(f.ID) {
			c.Stuck = append(c.Stuck, StuckOf(finding))
		}
	}
	var steps []partnership.FailingStep
	for _, step := range f.Standing.Steps {
		if step.WorkflowID == partnership.WorkflowOfCampaign(f.ID) {
			steps, c.FailingSteps = append(steps, step), append(c.FailingSteps, FailingStepOf(step))
		}
	}
	switch {
	case len(c.Stuck) > 0:
		c.Attention = c.Stuck[0].standsSince()
	case len(steps) > 0:
		c.Attention = steps[0].Words()
	}
	return c
}
