package activities

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/rapport-dev/rapport/partnership"
)

// Guard knows which doors there are and who may do what. It refuses with *partnership.Error Forbidden.
type Guard interface {
	// Proven holds a decision against its proof and looks the person's role up. names are all that the person is known by.
	Proven(ctx context.Context, d Decision) (names []string, err error)
}

// Decision is an update with its proof, as its workflow took it.
type Decision struct {
	Proof    partnership.Proof   `json:"Proof"`
	Deed     string              `json:"Deed"`
	Workflow string              `json:"Workflow"`
	Run      string              `json:"Run"` // of the workflow; a reset keeps it
	Message  partnership.Carried `json:"Message"`
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
func (a *Activities) proven(ctx context.Context, in Decision) (partnership.Deed, []string, error) {
	names, err := a.Guard.Proven(ctx, in)
	if err != nil {
		return partnership.Deed{}, nil, a.nobodyWaits(ctx, in.Proof.Who, err)
	}
	d, err := DeedOf(in)
	return d, names, err
}

// askedForRole is how long a deed waits for the word of whoever knows the roles.
const askedForRole = 2 * time.Minute

// nobodyWaits turns an unanswered question for a person's role into a refusal, at once when it will not be answered before somebody
// mends it. While a deed is being recorded no other of its kind is taken, by whatever door: one look-up must not lock them all out.
func (a *Activities) nobodyWaits(ctx context.Context, who string, err error) error {
	if partnership.CodeOf(err) != "" {
		return err
	}
	switch partnership.ClassOf(err) {
	case partnership.Barred, partnership.Permanent:
	default:
		if a.Clock.Now().Sub(activity.GetInfo(ctx).ScheduledTime) < askedForRole {
			return err
		}
	}
	return partnership.Errorf(partnership.Missing, "the worker cannot look up who %s is, so nobody knows whether they may: decide by another door, or mend the worker's settings of the chat (rapport doctor names them)", who)
}

// DeedOf is a decision as it stands in the audit.
func DeedOf(in Decision) (partnership.Deed, error) {
	details, err := partnership.FieldsOf(in.Message)
	if err != nil {
		return partnership.Deed{}, err
	}
	reason, _ := details["Reason"].(string)
	for _, told := range []string{"Reason", "By", "Also"} { // each has a place of its own
		delete(details, told)
	}
	return partnership.Deed{ID: in.Proof.ID, Who: in.Proof.Who, At: in.Proof.At, Deed: in.Deed, Subject: in.Workflow, Reason: reason, Details: details}, nil
}
