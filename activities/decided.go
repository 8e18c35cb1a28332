package activities

import (
	"context"

	p "github.com/rapport-dev/rapport/partnership"
)

// Guard knows which doors there are and who may do what. It refuses with *p.Error Forbidden.
type Guard interface {
	// Proven holds a decision against its proof and looks the person's role up. names are all that the person is known by.
	Proven(ctx context.Context, d Decision) (names []string, err error)
}

// Decision is an update with its proof, as its workflow took it.
type Decision struct {
	Proof    p.Proof   `json:"Proof"`
	Deed     string    `json:"Deed"`
	Workflow string    `json:"Workflow"`
	Run      string    `json:"Run"` // of the workflow; a reset keeps it
	Message  p.Carried `json:"Message"`
}

// RecordDecision lets a decision count that a door has made, for a person who may take it, and writes it into the audit.
func (a *Activities) RecordDecision(ctx context.Context, in Decision) (err error) {
	defer mapped(&err)
	deed, _, err := a.proven(ctx, in)
	if err != nil {
		return err
	}
	return a.Store.RecordDeed(ctx, deed, in.Run)
}

// RefusedDecision is a decision whose moment had passed when its line was written, and why it was refused.
type RefusedDecision struct {
	Decision Decision `json:"Decision"`
	Why      string   `json:"Why"`
}

// RefuseDecision writes into the audit that a decision which RecordDecision let count was refused after all.
func (a *Activities) RefuseDecision(ctx context.Context, in RefusedDecision) (err error) {
	defer mapped(&err)
	deed, err := DeedOf(in.Decision)
	if err != nil {
		return err
	}
	return a.Store.CorrectDeed(ctx, deed, in.Decision.Run, in.Why)
}

// proven is the deed that a decision is, once it is known to be one.
func (a *Activities) proven(ctx context.Context, in Decision) (p.Deed, []string, error) {
	names, err := a.Guard.Proven(ctx, in)
	if err != nil {
		return p.Deed{}, nil, err
	}
	d, err := DeedOf(in)
	return d, names, err
}

// DeedOf is a decision as it stands in the audit.
func DeedOf(in Decision) (p.Deed, error) {
	details, err := p.FieldsOf(in.Message)
	if err != nil {
		return p.Deed{}, err
	}
	reason, _ := details["Reason"].(string)
	for _, told := range []string{"Reason", "By", "Also"} { // each has a place of its own
		delete(details, told)
	}
	return p.Deed{ID: in.Proof.ID, Who: in.Proof.Who, At: in.Proof.At, Deed: in.Deed, Subject: in.Workflow, Reason: reason, Details: details}, nil
}
