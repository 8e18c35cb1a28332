package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	p "github.com/rapport-dev/rapport/partnership"
)

// board writes what people read. A write is a local activity: one event, no task. One that does not get through in a few seconds
// goes on as an activity of its own for as long as it takes, and nobody waits for it but the end: a database that is away must not
// hold up a story whose timers fire. A late write never overtakes a newer one (Projection.Seq), and its events are kept.
type board struct {
	day     time.Duration
	pending int // writes that are still on their way
}

// write is false when the row was not written and will not be: what it said is for the next to say.
func (b *board) write(ctx workflow.Context, pr p.Projection) bool {
	err := workflow.ExecuteLocalActivity(projection(ctx), act.SaveProjection, pr).Get(ctx, nil)
	switch {
	case err == nil:
		return true
	case refusalOf(err) != nil: // no such partnership: nothing will change that
		workflow.GetLogger(ctx).Error("the board refused a row", "partnership_id", pr.PartnershipID, "why", why(err))
		return true
	case !fallsBack(ctx):
		return false
	}
	b.pending++
	detached, _ := workflow.NewDisconnectedContext(ctx)
	workflow.GoNamed(detached, "board", func(ctx workflow.Context) {
		defer func() { b.pending-- }()
		main := onQueue(ctx, b.day, QueueLifecycle, "Write the board")
		if _, err := call[any](main, b.day, act.SaveProjection, pr); err != nil {
			workflow.GetLogger(ctx).Error("the board refused a row", "partnership_id", pr.PartnershipID, "why", why(err))
		}
	})
	return true
}

// written says whether the board shows all that it was told.
func (b *board) written() bool { return b.pending == 0 }

// fallsBack is false for runs of before that let a write go which did not get through: their histories go on without an activity there.
func fallsBack(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "board-falls-back", workflow.DefaultVersion, 1) == 1
}
