package activities

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
)

// BatchPayouts are those of a batch of a run that nobody has settled yet.
func (a *Activities) BatchPayouts(ctx context.Context, in RunRef) (ids []partnership.PayoutID, err error) {
	defer mapped(&err)
	return a.Store.BatchPayouts(ctx, in.RunID, in.Batch)
}

// DrawStatements fixes who gets a statement of a run, and says in how many batches.
func (a *Activities) DrawStatements(ctx context.Context, in RunRef) (batches int, err error) {
	defer mapped(&err)
	return beating(ctx, func() (int, error) { return a.Store.DrawStatements(ctx, in.RunID) })
}

// StatementBatch are those who get a statement in one batch.
func (a *Activities) StatementBatch(ctx context.Context, in RunRef) (ids []partnership.CreatorID, err error) {
	defer mapped(&err)
	return a.Store.StatementBatch(ctx, in.RunID, in.Batch)
}

// PauseRun says for every door what a run waits for.
func (a *Activities) PauseRun(ctx context.Context, in RunPause) (err error) {
	defer mapped(&err)
	return a.Store.SetRunWaits(ctx, in.RunID, in.Why)
}
