package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
)

// board writes what people read. A write is a local activity: one event, no task. One that does not get through in a few seconds
// goes on as an activity of its own for as long as it takes, and nobody waits for it but the end: a database that is away must not
// hold up a story whose timers fire. A late write never overtakes a newer one (Projection.Seq), and its events are kept.
type board struct {
	day     time.Duration
	newest  map[partnership.PartnershipID]int // what the board is known to show
	pending int                               // writes that are still on their way
}

func newBoard(day time.Duration) board {
	return board{day: day, newest: map[partnership.PartnershipID]int{}}
}

// write is false when the row was not written and will not be: what it said is for the next to say.
func (b *board) write(ctx workflow.Context, pr partnership.Projection) bool {
	err := local(ctx, saveProjection, pr)
	if err == nil {
		b.shows(pr)
		return true
	}
	if !fallsBack(ctx) {
		return false
	}
	b.pending++
	detached, _ := workflow.NewDisconnectedContext(ctx)
	workflow.GoNamed(detached, "board", func(ctx workflow.Context) {
		defer func() { b.pending-- }()
		b.insist(ctx, pr)
	})
	return true
}

// insist writes a row however long it takes. One that the database refuses is given up once a newer one was taken.
func (b *board) insist(ctx workflow.Context, pr partnership.Projection) {
	for failures := 0; ; failures++ {
		_, err := call(ctx, b.day, saveProjection, "Write the board", pr)
		if err == nil {
			b.shows(pr)
			return
		}
		workflow.GetLogger(ctx).Error("the board refused a row", "partnership_id", pr.PartnershipID, "seq", pr.Seq, "why", why(err))
		superseded := func() bool { return b.newest[pr.PartnershipID] > pr.Seq }
		if within(ctx, pauseAfter(b.day, failures), "until a refused row is written again", superseded) {
			return
		}
	}
}

func (b *board) shows(pr partnership.Projection) {
	b.newest[pr.PartnershipID] = max(b.newest[pr.PartnershipID], pr.Seq)
}

// written says whether the board shows all that it was told.
func (b *board) written() bool { return b.pending == 0 }

// fallsBack is false for runs of before that let a write go which did not get through: their histories go on without an activity there.
func fallsBack(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "board-falls-back", workflow.DefaultVersion, 1) == 1
}
