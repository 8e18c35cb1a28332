package board

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Campaign is a campaign as people read it.
type Campaign struct {
	ID           partnership.CampaignID    `json:"id"`
	Name         string                    `json:"name"`
	Program      string                    `json:"program"`
	Round        int                       `json:"round"`
	State        partnership.CampaignState `json:"state"`
	Reason       string                    `json:"reason,omitempty"` // why it is in that state
	Target       int                       `json:"target"`
	Live         int                       `json:"live"` // partnerships with a post
	Budget       Budget                    `json:"budget"`
	Attention    string                    `json:"attention,omitempty"` // why a person should look at the campaign itself
	Stuck        []Stuck                   `json:"stuck,omitempty"`     // its workflow stands
	FailingSteps []FailingStep             `json:"failing_steps,omitempty"`
	Partnerships []Partnership             `json:"partnerships"`
}

// Budget is a campaign's money, in its currency. Committed is reserved for partnerships; spent is what they earned and their gifts
// and parcels cost. What was spent in other currencies stands apart: it is never added.
type Budget struct {
	Currency       string     `json:"currency"`
	LimitMinor     int64      `json:"limit_minor"`
	CommittedMinor int64      `json:"committed_minor"`
	SpentMinor     int64      `json:"spent_minor"`
	SpentOther     money.Sums `json:"spent_other,omitempty"`
}

// BudgetOf is a campaign's money. What is committed is in its currency alone.
func BudgetOf(currency string, limitMinor int64, committed, spent money.Sums) Budget {
	return Budget{
		Currency: currency, LimitMinor: limitMinor, CommittedMinor: committed.Of(currency),
		SpentMinor: spent.Of(currency), SpentOther: spent.Other(currency),
	}
}

// Spent is all that was spent, for people: "¥632,859 and $41.20".
func (b Budget) Spent() string {
	return b.SpentOther.Plus(money.Amount{Currency: b.Currency, Minor: b.SpentMinor}).Display(b.Currency)
}

// CampaignFacts is what is known of a campaign without its partnerships.
type CampaignFacts struct {
	ID            partnership.CampaignID
	Name, Program string
	Round, Target int
	State         partnership.CampaignState
	Reason        string
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
