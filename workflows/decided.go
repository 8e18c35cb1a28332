package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// proven is a message that carries the proof of the door that made it.
type proven interface{ Provenance() *partnership.Proof }

// decided writes down who decided, before anything follows from it: the step holds the proof against what it was made for, looks
// the person's role up and writes the audit's line, in one transaction. Its refusal is the answer to the update, and nothing was
// decided. A message without a proof stands in histories from before there were any, and nowhere else: no worker lets one in.
func decided(ctx workflow.Context, day time.Duration, deed string, m proven) error {
	if m.Provenance() == nil {
		return nil
	}
	err := local(ctx, recordDecision, decisionOf(ctx, deed, m))
	if err != nil && refusalOf(err) == nil && ctx.Err() == nil {
		// Postgres is away: a step that waits costs nothing while it does.
		_, err = call(ctx, day, recordDecision, "Record who decided", decisionOf(ctx, deed, m))
	}
	if err != nil && ctx.Err() != nil { // the line may be there, or not
		return tooLate(ctx, day, deed, m, refuse(partnership.Conflict, "an operator has cancelled this workflow"))
	}
	return err
}

// tooLate is the refusal of a decision whose line is written: things changed meanwhile, which may be as long as the database was away.
// The audit has to say so before anybody hears of it: whoever asks later what became of the decision is told by the audit.
func tooLate(ctx workflow.Context, day time.Duration, deed string, m proven, no error) error {
	if m.Provenance() == nil || !correctsTheAudit(ctx) {
		return no
	}
	own, _ := workflow.NewDisconnectedContext(ctx) // a workflow that is cancelled meanwhile has refused it all the same
	in := activities.RefusedDecision{Decision: decisionOf(ctx, deed, m), Why: why(no)}
	err := local(own, refuseDecision, in)
	if err != nil && refusalOf(err) == nil {
		_, err = call(own, day, refuseDecision, "Record that a decision came too late", in)
	}
	if err != nil {
		workflow.GetLogger(ctx).Error("the audit says accepted of a decision that was refused", "deed", deed, "why", why(err))
	}
	return no
}

// correctsTheAudit is false in workflows that refused a decision whose line said accepted, and left the line.
func correctsTheAudit(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "corrects-the-audit", workflow.DefaultVersion, 1) == 1
}

func decisionOf(ctx workflow.Context, deed string, m proven) activities.Decision {
	info := workflow.GetInfo(ctx)
	return activities.Decision{
		Proof: *m.Provenance(), Deed: deed, Workflow: info.WorkflowExecution.ID, Run: info.OriginalRunID, Message: partnership.Carried{Value: m},
	}
}
