package store

import (
	"context"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// PlanPayouts inserts a run's payouts and claims their rows in one transaction; repeated, it returns the same plan. Plans of a
// program wait for each other, so a row is claimed once however many run.
func (s *Store) PlanPayouts(ctx context.Context, runID string, now time.Time) (plan partnership.PayoutPlan, err error) {
	err = s.tx(ctx, "plan payouts", func(q *db.Queries) error {
		run, err := q.Run(ctx, runID)
		if err != nil {
			return notFound("payout run", err)
		}
		program, err := q.LockProgram(ctx, run.Program) // before the run's row, as in OpenPayoutRun
		if err != nil {
			return err
		}
		if run, err = q.LockRun(ctx, runID); err != nil {
			return err
		}
		if runOrder[run.State] < runOrder[partnership.RunPlanned] {
			if run, err = s.planRun(ctx, q, program, run, now); err != nil {
				return err
			}
		}
		plan, err = planOf(ctx, q, run)
		return err
	})
	return plan, err
}

func planOf(ctx context.Context, q *db.Queries, run db.PayoutRun) (partnership.PayoutPlan, error) {
	payouts, err := q.PayoutsOfRun(ctx, run.ID)
	plan := partnership.PayoutPlan{
		RunID: run.ID, TotalMinor: run.TotalMinor, Currency: run.Currency, LinesHash: run.LinesHash, Carried: int(run.Carried),
		NeedApprovers: int(run.NeedApprovers), Payouts: []partnership.PayoutID{},
	}
	for _, payout := range payouts {
		plan.Payouts, plan.Rail = append(plan.Payouts, payout.ID), payout.Provider
	}
	return plan, err
}

func (s *Store) planRun(ctx context.Context, q *db.Queries, program db.Program, run db.PayoutRun, now time.Time) (db.PayoutRun, error) {
	locked, err := q.LockOpenRows(ctx, run.Program)
	if err != nil {
		return run, err
	}
	open := each(locked, func(row db.LockOpenRowsRow) ledger.Owed { return owedOf(db.OpenRowsRow(row)) })
	held, err := holdUnpayable(ctx, q, open)
	if err != nil {
		return run, err
	}
	open = slices.DeleteFunc(open, func(row ledger.Owed) bool { return slices.Contains(held, row.ID) })
	closing := s.runBy(program, run.Cutoff, now).Close(open)
	if err := q.MatureRows(ctx, closing.Mature); err != nil {
		return run, err
	}
	if err := ledger.Carries(run.Program, run.Period, len(closing.Payouts)); err != nil {
		return run, err
	}
	if err := s.claim(ctx, q, program, run, closing.Payouts, open); err != nil {
		return run, err
	}
	lines, err := linesOf(ctx, q, run.ID)
	if err != nil {
		return run, err
	}
	run.LinesHash = ledger.LinesHash(lines)
	run.State, run.Payees, run.Carried = partnership.RunPlanned, int64(len(closing.Payouts)), int64(len(closing.Carried))
	for _, payout := range closing.Payouts {
		run.TotalMinor += payout.AmountMinor
	}
	run.NeedApprovers = int64(ledger.Approvers(run.TotalMinor, program.ApproveAboveMinor))
	if len(closing.Payouts) == 0 {
		run.State = partnership.RunEmpty
	}
	return run, q.SavePlan(ctx, db.SavePlanParams{
		ID: run.ID, State: run.State, LinesHash: run.LinesHash, TotalMinor: run.TotalMinor, Payees: run.Payees, Carried: run.Carried, NeedApprovers: run.NeedApprovers,
	})
}

// runBy is what a program's run goes by.
func (s *Store) runBy(program db.Program, cutoff, now time.Time) ledger.Run {
	return ledger.Run{Currency: program.Currency, Provider: program.Provider, MinimumMinor: program.MinimumMinor, Cutoff: cutoff, Now: now, Day: s.opt.Day}
}

func owedOf(r db.OpenRowsRow) ledger.Owed {
	return ledger.Owed{Row: rowOf(r.LedgerRow), Account: ledger.Account{ID: r.PayoutAccount, Ready: r.Ready, ChangedAt: orZero(r.AccountChangedAt), Erased: r.Erased}}
}

// holdUnpayable holds what no run will ever pay, so that a person settles it, and returns the ids.
func holdUnpayable(ctx context.Context, q *db.Queries, open []ledger.Owed) ([]string, error) {
	ids := ledger.Unpayable(open)
	if len(ids) == 0 {
		return nil, nil
	}
	return ids, q.MoveRows(ctx, db.MoveRowsParams{Ids: ids, State: ledger.Held, Reason: ledger.Erased})
}

// claim inserts the payouts, claims their rows and books payable into in transit. A handful of statements, however many payees.
func (s *Store) claim(ctx context.Context, q *db.Queries, program db.Program, run db.PayoutRun, payouts []ledger.Payout, open []ledger.Owed) error {
	if len(payouts) == 0 {
		return nil
	}
	byID := make(map[string]ledger.Owed, len(open))
	for _, row := range open {
		byID[row.ID] = row
	}
	heads := db.InsertPayoutsParams{RunID: run.ID, Currency: run.Currency, Provider: program.Provider, Now: s.now()}
	var rows db.ClaimRowsParams
	var journals []journal
	for _, payout := range payouts {
		id, of := partnership.PayoutID(newID()), byID[payout.Rows[len(payout.Rows)-1]]
		if payout.CarryMinor > 0 {
			rest, err := s.carryRest(ctx, q, run, payout, of.Row)
			if err != nil {
				return err
			}
			payout.Rows = append(payout.Rows, rest)
		}
		heads.Ids, heads.Creators = append(heads.Ids, string(id)), append(heads.Creators, string(payout.CreatorID))
		heads.Destinations, heads.Amounts = append(heads.Destinations, of.Account.ID), append(heads.Amounts, payout.AmountMinor)
		heads.Keys = append(heads.Keys, string(partnership.PayoutKey(id)))
		for _, row := range payout.Rows {
			rows.Rows, rows.Payouts = append(rows.Rows, row), append(rows.Payouts, string(id))
		}
		journals = append(journals, journal{"claim/" + string(id), ledger.ClaimPayout(payout.CreatorID, run.Currency, payout.AmountMinor)})
	}
	if err := q.InsertPayouts(ctx, heads); err != nil {
		return err
	}
	claimed, err := q.ClaimRows(ctx, rows)
	if err != nil {
		return err
	}
	if claimed != int64(len(rows.Rows)) {
		return partnership.Errorf(partnership.Conflict, "%d of %d rows could not be claimed", int64(len(rows.Rows))-claimed, len(rows.Rows))
	}
	if err := q.InsertPayoutRows(ctx, db.InsertPayoutRowsParams{Rows: rows.Rows, Payouts: rows.Payouts}); err != nil {
		return err
	}
	return s.post(ctx, q, journals...)
}

// carryRest books what the rail cannot carry out of this payout and into the next, and returns the id of the row that this one claims.
func (s *Store) carryRest(ctx context.Context, q *db.Queries, run db.PayoutRun, payout ledger.Payout, of ledger.Row) (string, error) {
	claimed, left := ledger.CarryRest(of, payout.CarryMinor, run.Cutoff)
	if _, err := s.addRow(ctx, q, left); err != nil {
		return "", err
	}
	return s.addRow(ctx, q, claimed)
}

// PreviewPayouts says what a run opened now would pay and carry. It changes nothing.
func (s *Store) PreviewPayouts(ctx context.Context, program, period string, now time.Time) (payouts []ledger.Payout, carried []ledger.Carry, err error) {
	pr, err := s.q.Program(ctx, program)
	if err != nil {
		return nil, nil, notFound("program", err)
	}
	_, to, err := ledger.Period(pr.Timezone, period)
	if err != nil {
		return nil, nil, err
	}
	rows, err := s.q.OpenRows(ctx, program)
	if err != nil {
		return nil, nil, mapped("preview payouts", err)
	}
	closing := s.runBy(pr, ledger.Cutoff(to, now), now).Close(each(rows, owedOf))
	return closing.Payouts, closing.Carried, nil
}
