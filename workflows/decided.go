package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
)

// proven is a message that carries the proof of the door that made it.
type proven interface{ Provenance() *p.Proof }

// decided writes down who decided, before anything follows from it: the step holds the proof against what it was made for, looks
// the person's role up and writes the audit's line, in one transaction. Its refusal is the answer to the update, and nothing was
// decided. A message without a proof stands in histories from before there were any, and nowhere else: no worker lets one in.
func decided(ctx workflow.Context, day time.Duration, deed string, m proven) error {
	if m.Provenance() == nil {
		return nil
	}
	err := workflow.ExecuteLocalActivity(projection(ctx), act.RecordDecision, decisionOf(ctx, deed, m)).Get(ctx, nil)
	if err == nil || refusalOf(err) != nil || ctx.Err() != nil {
		return err
	}
	// Postgres is away: a step that waits costs nothing while it does.
	_, err = call[any](onQueue(ctx, day, QueueLifecycle, "Record who decided"), day, act.RecordDecision, decisionOf(ctx, deed, m))
	return err
}

func decisionOf(ctx workflow.Context, deed string, m proven) activities.Decision {
	info := workflow.GetInfo(ctx)
	return activities.Decision{
		Proof: *m.Provenance(), Deed: deed, Workflow: info.WorkflowExecution.ID, Run: info.OriginalRunID, Message: p.Carried{Value: m},
	}
}
