package store

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// PlanPayouts inserts a run's payouts and claims their rows in one transaction; repeated, it returns the same plan. Plans of a
// program wait for each other, so a row is claimed once however many run. The database nets and claims by itself, and no row is read:
// what is due to somebody is decided by ledger's Run.Settle, of balances. It all sees one state of the books: a refund that comes
// meanwhile is in the next run, and one that changes a row begins it anew.
func (s *Store) PlanPayouts(ctx context.Context, runID string, now time.Time) (plan partnership.PayoutPlan, err error) {
	ctx = patient(ctx)
	if err := s.screen(ctx); err != nil { // who came since the list did; their names must pass too
		return plan, err
	}
	err = s.snapshot(ctx, "plan payouts", func(q *db.Queries) error {
		run, err := q.Run(ctx, runID)
		if err != nil {
			return lostRun(err)
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
	ids, err := q.PayoutIDs(ctx, run.ID)
	plan := partnership.PayoutPlan{
		RunID: run.ID, TotalMinor: run.TotalMinor, Currency: run.Currency, LinesHash: run.LinesHash, Carried: int(run.Carried),
		NeedApprovers: int(run.NeedApprovers), Payouts: append([]partnership.PayoutID{}, ids...), Batches: int(run.Batches), Count: len(ids),
	}
	if err != nil {
		return plan, err
	}
	totals, err := railTotals(ctx, q, run.ID)
	if err != nil || len(totals) == 0 {
		return plan, err
	}
	plan.Rail = totals[0].Rail
	if len(totals) > 1 {
		plan.Rails = totals
	}
	return plan, err
}

func railTotals(ctx context.Context, q *db.Queries, run string) ([]partnership.RailTotal, error) {
	rows, err := q.RailTotals(ctx, run)
	return each(rows, func(r db.RailTotalsRow) partnership.RailTotal {
		return partnership.RailTotal{Rail: r.Provider, AmountMinor: r.Minor, Payees: int(r.Payees), Batches: int(r.Batches)}
	}), err
}

// planShown is what is shown of a plan to whoever approves it.
func planShown(ctx context.Context, q *db.Queries, run db.PayoutRun) (plan partnership.PayoutPlan, err error) {
	plan.NeedApprovers, plan.Carried = int(run.NeedApprovers), int(run.Carried)
	if run.State != partnership.RunPlanned {
		return plan, nil
	}
	if plan.Rails, err = railTotals(ctx, q, run.ID); len(plan.Rails) == 1 {
		plan.Rails = nil // all goes by it
	}
	return plan, err
}

func (s *Store) planRun(ctx context.Context, q *db.Queries, program db.Program, run db.PayoutRun, now time.Time) (db.PayoutRun, error) {
	erased, err := q.ErasedOpenRows(ctx, run.Program)
	if err != nil {
		return run, err
	}
	if len(erased) > 0 {
		by, err := s.gatedRun(ctx, q, program, run.Cutoff, now)
		if err != nil {
			return run, err
		}
		if _, err := holdUnpayable(ctx, q, by, each(erased, owedOf)); err != nil {
			return run, err
		}
	}
	if err := q.MatureDue(ctx, db.MatureDueParams{Program: run.Program, Currency: run.Currency, Cutoff: run.Cutoff}); err != nil {
		return run, err
	}
	payouts, carried, err := s.settleDue(ctx, q, program, run.Cutoff, now)
	if err != nil {
		return run, err
	}
	if err := ledger.Carries(run.Program, run.Period, len(payouts)); err != nil {
		return run, err
	}
	if run.LinesHash, err = s.claimDue(ctx, q, run, payouts); err != nil {
		return run, err
	}
	_, batches := ledger.InBatches(payouts)
	run.State, run.Payees, run.Carried, run.Batches = partnership.RunPlanned, int64(len(payouts)), int64(len(carried)), int32(batches)
	for _, payout := range payouts {
		run.TotalMinor += payout.AmountMinor
	}
	run.NeedApprovers = int64(ledger.Approvers(run.TotalMinor, program.ApproveAboveMinor))
	if len(payouts) == 0 {
		run.State = partnership.RunEmpty
	}
	return run, savePlan(ctx, q, db.SavePlanParams{
		ID: run.ID, State: run.State, LinesHash: run.LinesHash, TotalMinor: run.TotalMinor, Payees: run.Payees, Carried: run.Carried, NeedApprovers: run.NeedApprovers,
		Batches: run.Batches,
	})
}

// savePlan keeps what was planned on the run, and beside it as it was.
func savePlan(ctx context.Context, q *db.Queries, plan db.SavePlanParams) error {
	if err := q.SavePlan(ctx, plan); err != nil {
		return err
	}
	return q.InsertPlan(ctx, plan.ID)
}

// runBy is what a program's run goes by, gates apart.
func (s *Store) runBy(program db.Program, cutoff, now time.Time) ledger.Run {
	return ledger.Run{Currency: program.Currency, Provider: program.Provider, Rails: program.Rails, MinimumMinor: program.MinimumMinor, Cutoff: cutoff, Now: now, Day: s.opt.Day}
}

func owedOf(r db.ErasedOpenRowsRow) ledger.Owed {
	return ledger.Owed{Row: rowOf(r.LedgerRow), Account: ledger.Account{ID: r.PayoutAccount, Rail: r.PayoutRail, Ready: r.Ready, ChangedAt: orZero(r.AccountChangedAt), Erased: r.Erased}}
}

func balanceOf(r db.DueBalancesRow) ledger.Balance {
	account := ledger.Account{ID: r.PayoutAccount, Rail: r.PayoutRail, Ready: r.Ready, ChangedAt: orZero(r.AccountChangedAt), Erased: r.Erased}
	return ledger.Balance{CreatorID: r.CreatorID, Minor: r.Minor, Rows: int(r.Rows), Account: account}
}

// holdUnpayable holds what no run will ever pay, so that a person settles it, and returns how many rows.
func holdUnpayable(ctx context.Context, q *db.Queries, by ledger.Run, open []ledger.Owed) (rows int, err error) {
	for why, ids := range by.Unpayable(open) {
		if err := q.MoveRows(ctx, db.MoveRowsParams{Ids: ids, State: ledger.Held, Reason: why}); err != nil {
			return rows, err
		}
		rows += len(ids)
	}
	return rows, nil
}

// claimDue inserts the payouts, claims what is due to their creators, books payable into in transit, and returns the hash of all lines.
// A handful of statements, however many payees.
func (s *Store) claimDue(ctx context.Context, q *db.Queries, run db.PayoutRun, payouts []ledger.Payout) (hash string, err error) {
	heads := db.RunPayoutsParams{RunID: run.ID, Program: run.Program, Currency: run.Currency, Cutoff: run.Cutoff, Now: s.now()}
	batches, _ := ledger.InBatches(payouts)
	var journals []journal
	for i, payout := range payouts {
		if err := s.carryRest(ctx, q, run, payout); err != nil {
			return "", err
		}
		id := partnership.PayoutID(newID())
		heads.Ids, heads.Creators = append(heads.Ids, string(id)), append(heads.Creators, string(payout.CreatorID))
		heads.Destinations, heads.Amounts = append(heads.Destinations, payout.Destination), append(heads.Amounts, payout.AmountMinor)
		heads.Keys, heads.Batches = append(heads.Keys, string(partnership.PayoutKey(id))), append(heads.Batches, int32(batches[i]))
		heads.Providers = append(heads.Providers, payout.Rail)
		journals = append(journals, journal{"claim/" + string(id), ledger.ClaimPayout(payout.CreatorID, run.Currency, payout.AmountMinor)})
	}
	if len(payouts) == 0 {
		return ledger.RunHash(nil), nil
	}
	made, err := q.RunPayouts(ctx, heads)
	if err != nil {
		return "", err
	}
	if len(made) != len(payouts) {
		return "", partnership.Errorf(partnership.Conflict, "%d of %d payouts do not sum to what is due", len(payouts)-len(made), len(payouts))
	}
	if _, err := q.ClaimDue(ctx, db.ClaimDueParams{RunID: run.ID, Program: run.Program, Currency: run.Currency, Cutoff: run.Cutoff}); err != nil {
		return "", err
	}
	if err := s.post(ctx, q, journals...); err != nil {
		return "", err
	}
	lines, err := q.LineHashes(ctx, run.ID)
	return ledger.RunHash(lines), err
}

// carryRest books what the rail cannot carry out of this payout and into the next.
func (s *Store) carryRest(ctx context.Context, q *db.Queries, run db.PayoutRun, payout ledger.Payout) error {
	if payout.CarryMinor == 0 {
		return nil
	}
	of, err := q.NewestRowOf(ctx, db.NewestRowOfParams{CreatorID: payout.CreatorID, Program: run.Program, Currency: run.Currency, Cutoff: run.Cutoff})
	if err != nil {
		return err
	}
	claimed, left := ledger.CarryRest(rowOf(of), payout.CarryMinor, run.Cutoff)
	if _, err := s.addRow(ctx, q, left); err != nil {
		return err
	}
	_, err = s.addRow(ctx, q, claimed)
	return err
}

// settleDue says of what is due before a cutoff what is paid and what is carried: a run plans by it, and a preview shows it.
func (s *Store) settleDue(ctx context.Context, q *db.Queries, program db.Program, cutoff, now time.Time) ([]ledger.Payout, []ledger.Carry, error) {
	due, err := q.DueBalances(ctx, db.DueBalancesParams{Program: program.Name, Currency: program.Currency, Cutoff: cutoff})
	if err != nil {
		return nil, nil, err
	}
	by, err := s.gatedRun(ctx, q, program, cutoff, now)
	if err != nil {
		return nil, nil, err
	}
	payouts, carried := by.Settle(each(due, balanceOf))
	return payouts, carried, nil
}

// PreviewPayouts says what a run opened now would pay and carry. It changes nothing but that names are compared which were not yet.
func (s *Store) PreviewPayouts(ctx context.Context, program, period string, now time.Time) (payouts []ledger.Payout, carried []ledger.Carry, err error) {
	pr, err := s.q.Program(ctx, program)
	if err != nil {
		return nil, nil, notFound("program", err)
	}
	if err := s.screen(ctx); err != nil {
		return nil, nil, err
	}
	_, to, err := ledger.Period(pr.Timezone, period)
	if err != nil {
		return nil, nil, err
	}
	payouts, carried, err = s.settleDue(ctx, s.q, pr, ledger.Cutoff(to, now), now)
	return payouts, carried, mapped("preview payouts", err)
}
