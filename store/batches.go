package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// The batches of a run: the ids of all its payees stand in no step.

// BatchPayouts are those of a batch that nobody has settled yet.
func (s *Store) BatchPayouts(ctx context.Context, runID string, batch int) ([]partnership.PayoutID, error) {
	ids, err := s.q.BatchPayouts(ctx, db.BatchPayoutsParams{RunID: runID, Batch: int32(batch)})
	return ids, mapped("payouts of a batch", err)
}

// PayoutsOfBatch are the payouts of a batch, by creator.
func (s *Store) PayoutsOfBatch(ctx context.Context, runID string, batch int) ([]partnership.Payout, error) {
	rows, err := s.q.PayoutsOfBatch(ctx, db.PayoutsOfBatchParams{RunID: runID, Batch: int32(batch)})
	return each(rows, payoutOf), mapped("payouts of a batch", err)
}

// DrawStatements fixes once who gets a statement of a run and returns in how many batches.
func (s *Store) DrawStatements(ctx context.Context, runID string) (batches int, err error) {
	run, err := s.q.Run(ctx, runID)
	if err != nil {
		return 0, lostRun(err)
	}
	ctx = patient(ctx)
	err = s.tx(ctx, "draw statements", func(q *db.Queries) error {
		drawn, err := q.StatementCount(ctx, runID)
		if err != nil {
			return err
		}
		if drawn == 0 {
			n, err := q.DrawStatements(ctx, db.DrawStatementsParams{
				RunID: runID, Size: ledger.BatchPayees, Program: run.Program, FromAt: run.FromAt, Cutoff: run.Cutoff,
			})
			if err != nil {
				return err
			}
			drawn = int32(n)
		}
		batches = ledger.Batches(int(drawn))
		return nil
	})
	return batches, err
}

// StatementBatch are the creators of a batch of statements.
func (s *Store) StatementBatch(ctx context.Context, runID string, batch int) ([]partnership.CreatorID, error) {
	ids, err := s.q.StatementBatch(ctx, db.StatementBatchParams{RunID: runID, Batch: int32(batch)})
	return ids, mapped("statements of a batch", err)
}

// CheckSentBack refuses to go on with a payout of a run whose rest was rejected, in books that do not know that any more: what was not sent of
// it would be sent.
func (s *Store) CheckSentBack(ctx context.Context, id partnership.PayoutID) error {
	payout, err := s.q.Payout(ctx, id)
	if err != nil {
		return lostPayout(err)
	}
	return s.CheckRun(ctx, payout.RunID, partnership.RunKnown{Rejected: true})
}

// RejectRestAgain is RejectRest in books that have gone back to before it: what a person has decided once need not be decided again.
func (s *Store) RejectRestAgain(ctx context.Context, runID string, d partnership.Deed) error {
	return s.tx(ctx, "reject the rest of a run again", func(q *db.Queries) error {
		run, err := q.LockRun(ctx, runID)
		if err != nil {
			return lostRun(err)
		}
		if run.RestRejected != nil || runOrder[run.State] >= runOrder[partnership.RunReconciled] {
			return nil
		}
		if err := s.rejectRest(ctx, q, runID, d); err != nil {
			return err
		}
		return s.record(ctx, q, d)
	})
}

// RejectRest sends back what was not sent yet of a run that waits for its provider, what a bank was ordered by no file yet too, with the decision's line in the audit: what was paid
// stays paid, and what may have been sent is settled as ever: BeginTransfer sends back of it what was not.
func (s *Store) RejectRest(ctx context.Context, runID string, d partnership.Deed, workflowRun string) error {
	return s.tx(ctx, "reject the rest of a run", func(q *db.Queries) error {
		if _, err := q.LockRun(ctx, runID); err != nil {
			return lostRun(err)
		}
		if err := s.rejectRest(ctx, q, runID, d); err != nil {
			return err
		}
		return s.recordDecision(ctx, q, d, workflowRun)
	})
}

func (s *Store) rejectRest(ctx context.Context, q *db.Queries, runID string, d partnership.Deed) error {
	open, err := q.LockUnsettledOfRun(ctx, runID)
	if err != nil {
		return err
	}
	for _, payout := range open {
		if payout, err = s.withdrawOrder(ctx, q, payout, d.Reason, d.Who); err == nil && payout.State == partnership.PayoutPlanned {
			err = s.sendBack(ctx, q, payout, d.Reason)
		}
		if err != nil {
			return err
		}
	}
	return q.RejectRest(ctx, db.RejectRestParams{ID: runID, Why: d.Reason})
}
