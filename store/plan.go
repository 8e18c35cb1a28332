package store

import (
	"context"
	"maps"
	"slices"
	"time"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// PlanPayouts inserts a run's payouts and claims their rows in one transaction; repeated, it returns the same plan. Plans of a
// program wait for each other, so a row is claimed once however many run.
func (s *Store) PlanPayouts(ctx context.Context, runID string, now time.Time) (plan p.PayoutPlan, err error) {
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
		if runOrder[run.State] < runOrder[p.RunPlanned] {
			if run, err = s.planRun(ctx, q, program, run, now); err != nil {
				return err
			}
		}
		plan, err = planOf(ctx, q, run)
		return err
	})
	return plan, err
}

func planOf(ctx context.Context, q *db.Queries, run db.PayoutRun) (p.PayoutPlan, error) {
	payouts, err := q.PayoutsOfRun(ctx, run.ID)
	plan := p.PayoutPlan{
		RunID: run.ID, TotalMinor: run.TotalMinor, Currency: run.Currency, LinesHash: run.LinesHash, Carried: int(run.Carried),
		NeedApprovers: int(run.NeedApprovers), Payouts: []p.PayoutID{},
	}
	for _, payout := range payouts {
		plan.Payouts = append(plan.Payouts, payout.ID)
	}
	return plan, err
}

func (s *Store) planRun(ctx context.Context, q *db.Queries, program db.Program, run db.PayoutRun, now time.Time) (db.PayoutRun, error) {
	if _, err := q.HoldErasedRows(ctx, db.HoldErasedRowsParams{Reason: reasonErased, Program: run.Program}); err != nil {
		return run, err
	}
	if err := q.MatureRows(ctx, db.MatureRowsParams{Program: run.Program, Currency: run.Currency, Cutoff: run.Cutoff}); err != nil {
		return run, err
	}
	rows, err := q.PayableRows(ctx, db.PayableRowsParams{Program: run.Program, Currency: run.Currency, Cutoff: run.Cutoff})
	if err != nil {
		return run, err
	}
	payouts, carried, payees := s.netOf(rows, program, now)
	if err := ledger.Carries(run.Program, run.Period, len(payouts)); err != nil {
		return run, err
	}
	if err := s.claim(ctx, q, program, run, payouts, payees); err != nil {
		return run, err
	}
	lines, err := linesOf(ctx, q, run.ID)
	if err != nil {
		return run, err
	}
	run.LinesHash = ledger.LinesHash(lines)
	run.State, run.Payees, run.Carried, run.NeedApprovers = p.RunPlanned, int64(len(payouts)), int64(len(carried)), 1
	for _, payout := range payouts {
		run.TotalMinor += payout.AmountMinor
	}
	if program.ApproveAboveMinor > 0 && run.TotalMinor > program.ApproveAboveMinor {
		run.NeedApprovers = 2
	}
	if len(payouts) == 0 {
		run.State = p.RunEmpty
	}
	return run, q.SavePlan(ctx, db.SavePlanParams{
		ID: run.ID, State: run.State, LinesHash: run.LinesHash, TotalMinor: run.TotalMinor, Payees: run.Payees, Carried: run.Carried, NeedApprovers: run.NeedApprovers,
	})
}

// payee is where a creator's money goes, and a row of theirs that a carried rest can be booked under.
type payee struct {
	account     string
	campaign    p.CampaignID
	partnership p.PartnershipID
}

// accountWait is how many campaign days money waits for an account that replaced another: somebody who took over a creator's
// mail must not be paid before the creator could notice.
const accountWait = 2

// accountReason says why money for a creator's account waits at an instant, "" when it may go.
func (s *Store) accountReason(ready bool, changed *time.Time, now time.Time) string {
	if !ready {
		return "the payout account is not set up yet"
	}
	if from := orZero(changed).Add(s.days(accountWait)); changed != nil && now.Before(from) {
		return "new payout account, first payable from " + from.UTC().Format("2 Jan 2006 15:04 UTC")
	}
	return ""
}

// netOf nets payable rows per creator by the ledger's rule. Creators whose account is not ready or new are carried whole; those who were erased are paid to the last cent.
func (s *Store) netOf(rows []db.PayableRowsRow, program db.Program, now time.Time) (payouts []ledger.Payout, carried []ledger.Carry, payees map[p.CreatorID]payee) {
	payees = map[p.CreatorID]payee{}
	waiting := map[p.CreatorID]ledger.Carry{}
	var ready, last []ledger.Row
	for _, row := range rows {
		why := s.accountReason(row.Ready, row.AccountChangedAt, now)
		if row.Erased && !row.Ready {
			why = reasonErased
		}
		if why != "" {
			sum := waiting[row.CreatorID].AmountMinor + row.AmountMinor
			waiting[row.CreatorID] = ledger.Carry{CreatorID: row.CreatorID, Currency: program.Currency, AmountMinor: sum, Reason: why}
			continue
		}
		payees[row.CreatorID] = payee{row.PayoutAccount, row.CampaignID, row.PartnershipID}
		payable := ledger.Row{ID: row.ID, CreatorID: row.CreatorID, State: ledger.Eligible, AmountMinor: row.AmountMinor, Currency: row.Currency}
		if row.Erased {
			last = append(last, payable)
		} else {
			ready = append(ready, payable)
		}
	}
	payouts, carried = ledger.Plan(ready, map[string]int64{program.Currency: program.MinimumMinor}, program.Provider)
	// Nothing more is earned by somebody who was erased, so a minimum would keep the rest for ever.
	rest, kept := ledger.Plan(last, nil, program.Provider)
	payouts, carried = append(payouts, rest...), append(carried, kept...)
	return payouts, slices.AppendSeq(carried, maps.Values(waiting)), payees
}

// claim inserts the payouts, claims their rows and books payable into in transit. A handful of statements, however many payees.
func (s *Store) claim(ctx context.Context, q *db.Queries, program db.Program, run db.PayoutRun, payouts []ledger.Payout, payees map[p.CreatorID]payee) error {
	if len(payouts) == 0 {
		return nil
	}
	heads := db.InsertPayoutsParams{RunID: run.ID, Currency: run.Currency, Provider: program.Provider, Now: s.now()}
	var rows db.ClaimRowsParams
	var journals []journal
	for _, payout := range payouts {
		id, to := p.PayoutID(newID()), payees[payout.CreatorID]
		if payout.CarryMinor > 0 {
			rest, err := s.carryRest(ctx, q, run, payout, to)
			if err != nil {
				return err
			}
			payout.Rows = append(payout.Rows, rest)
		}
		heads.Ids, heads.Creators = append(heads.Ids, string(id)), append(heads.Creators, string(payout.CreatorID))
		heads.Destinations, heads.Amounts = append(heads.Destinations, to.account), append(heads.Amounts, payout.AmountMinor)
		heads.Keys = append(heads.Keys, string(p.PayoutKey(id)))
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
		return p.Errorf(p.Conflict, "%d of %d rows could not be claimed", int64(len(rows.Rows))-claimed, len(rows.Rows))
	}
	if err := q.InsertPayoutRows(ctx, db.InsertPayoutRowsParams{Rows: rows.Rows, Payouts: rows.Payouts}); err != nil {
		return err
	}
	return s.post(ctx, q, journals...)
}

// carryRest books what the rail cannot carry out of this payout and into the next: a pair of adjustments that sum to zero. It
// returns the id of the negative one, which this payout claims.
func (s *Store) carryRest(ctx context.Context, q *db.Queries, run db.PayoutRun, payout ledger.Payout, to payee) (string, error) {
	row := db.InsertRowParams{
		Program: run.Program, CampaignID: to.campaign, PartnershipID: to.partnership, CreatorID: payout.CreatorID, Kind: ledger.AdjustmentRow,
		State: ledger.Eligible, Currency: run.Currency, OccurredAt: run.Cutoff, EligibleAt: run.Cutoff, Reason: "carried: less than the payment provider can send",
	}
	for _, minor := range []int64{payout.CarryMinor, -payout.CarryMinor} {
		row.ID, row.AmountMinor = newID(), minor
		if err := s.addRow(ctx, q, row); err != nil {
			return "", err
		}
	}
	return row.ID, nil
}

// PreviewPayouts says what a run opened now would pay and carry. It changes nothing.
func (s *Store) PreviewPayouts(ctx context.Context, program, period string, now time.Time) (payouts []ledger.Payout, carried []ledger.Carry, err error) {
	pr, err := s.q.Program(ctx, program)
	if err != nil {
		return nil, nil, notFound("program", err)
	}
	_, cutoff, err := ledger.Period(pr.Timezone, period)
	if err != nil {
		return nil, nil, err
	}
	if now.Before(cutoff) {
		cutoff = now
	}
	rows, err := s.q.PreviewRows(ctx, db.PreviewRowsParams{Program: program, Currency: pr.Currency, Cutoff: cutoff})
	if err != nil {
		return nil, nil, mapped("preview payouts", err)
	}
	same := make([]db.PayableRowsRow, len(rows))
	for i, row := range rows {
		same[i] = db.PayableRowsRow(row)
	}
	payouts, carried, _ = s.netOf(same, pr, now)
	return payouts, carried, nil
}
