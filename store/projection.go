package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// SaveProjection writes a partnership's row on the board. Writes may come late, twice, and of a workflow task or a run that was
// begun again and decided otherwise; the row shows what the newest run said last:
//
//   - an older seq never overtakes a newer one, but its events are kept;
//   - the same seq again replaces what it said, events too, unless it knew less of the history;
//   - a run that was not seen before (a reset, continue-as-new) is taken over whatever its seq, and what the run before it said of
//     later is forgotten;
//   - what still comes of a run that is over is dropped.
func (s *Store) SaveProjection(ctx context.Context, pr partnership.Projection) error {
	return s.tx(ctx, "save projection", func(q *db.Queries) error {
		row, err := q.LockPartnership(ctx, pr.PartnershipID)
		if err != nil {
			return notFound("partnership", err)
		}
		if slices.Contains(row.PastRuns, pr.RunID) {
			return nil
		}
		another := pr.RunID != "" && row.RunID != "" && pr.RunID != row.RunID
		seq, length := int64(pr.Seq), int64(pr.HistoryLength)
		again := seq == row.Seq && length >= row.HistoryLength
		newest := another || again || seq > row.Seq
		if err := saveQuestions(ctx, q, pr, newest, seq == row.Seq && length > row.HistoryLength); err != nil {
			return err
		}
		if newest {
			if err := s.showProjection(ctx, q, pr, another); err != nil {
				return err
			}
		}
		if err := closeTasks(ctx, q, s, pr); err != nil || seq == row.Seq && !again && !another {
			return err
		}
		if err := q.ForgetEvents(ctx, db.ForgetEventsParams{PartnershipID: pr.PartnershipID, Seq: seq, RunID: pr.RunID, Rewritten: again || another}); err != nil {
			return err
		}
		key := func(i int) string { return fmt.Sprintf("%d/%d", pr.Seq, i) }
		return addEvents(ctx, q, db.AddEventsParams{PartnershipID: pr.PartnershipID, Seq: &seq, RunID: pr.RunID}, key, pr.Events...)
	})
}

// showProjection makes pr the partnership's row. started says that a run shows itself for the first time after another one.
func (s *Store) showProjection(ctx context.Context, q *db.Queries, pr partnership.Projection, started bool) error {
	if err := q.UpdateProjection(ctx, db.UpdateProjectionParams{
		ID: pr.PartnershipID, Seq: int64(pr.Seq), Stage: pr.Stage, WaitingFor: pr.WaitingFor, Deadline: timeOrNil(pr.Deadline),
		BufferDaysLeft: pr.BufferDaysLeft, Plan: pr.Plan, Outcome: pr.Outcome, EndedAt: s.endOf(pr), Reason: pr.Reason, Attention: pr.Attention, Paused: pr.Paused, Now: s.now(),
		RunID: pr.RunID, HistoryLength: int64(pr.HistoryLength),
	}); err != nil {
		return err
	}
	if pr.Terms != nil {
		if err := q.UpdateTerms(ctx, db.UpdateTermsParams{
			ID: pr.PartnershipID, Terms: *pr.Terms, Version: int64(pr.Terms.Version), CostMinor: pr.Terms.CostMinor(),
		}); err != nil {
			return err
		}
	}
	if started && pr.OpenTask != "" {
		if err := q.ReopenTask(ctx, db.ReopenTaskParams{PartnershipID: pr.PartnershipID, Name: pr.OpenTask}); err != nil {
			return err
		}
	}
	if !pr.OpenDue.IsZero() {
		if err := q.MoveTask(ctx, db.MoveTaskParams{PartnershipID: pr.PartnershipID, Name: pr.OpenTask, Due: &pr.OpenDue}); err != nil {
			return err
		}
	}
	if pr.Outcome != "" && pr.Outcome != partnership.Completed {
		if err := s.holdAfterEnd(ctx, q, pr); err != nil {
			return err
		}
		return q.SettleReservation(ctx, pr.PartnershipID)
	}
	return nil
}

// endOf is when a partnership ended; builds of before did not say it with the projection.
func (s *Store) endOf(pr partnership.Projection) *time.Time {
	end := pr.EndedAt
	if end.IsZero() {
		end = s.now()
	}
	return &end
}

// holdAfterEnd stops what was earned by sales after an unhappy end that were reported before it was written down: a shop that is away
// keeps a code selling, and the end waits to take it back.
func (s *Store) holdAfterEnd(ctx context.Context, q *db.Queries, pr partnership.Projection) error {
	rows, err := q.LockPartnershipRows(ctx, pr.PartnershipID)
	if err != nil {
		return err
	}
	sold := ledger.SoldSince(each(rows, rowOf), *s.endOf(pr))
	if len(sold) == 0 {
		return nil
	}
	if err := holdAll(ctx, q, sold, ledger.SoldAfterEnd); err != nil {
		return err
	}
	_, err = s.settleBonuses(ctx, q, pr.PartnershipID)
	return err
}

func closeTasks(ctx context.Context, q *db.Queries, s *Store, pr partnership.Projection) error {
	if len(pr.ClosedTasks) == 0 {
		return nil
	}
	now := s.now()
	return q.CloseTasks(ctx, db.CloseTasksParams{PartnershipID: pr.PartnershipID, Tasks: pr.ClosedTasks, Now: &now})
}
