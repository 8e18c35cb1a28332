package store

import (
	"context"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// StatementCreators are those who have something to read about a run's month: what they earned in it, or what it will pay.
func (s *Store) StatementCreators(ctx context.Context, runID string) ([]p.CreatorID, error) {
	if _, err := s.q.Run(ctx, runID); err != nil {
		return nil, notFound("payout run", err)
	}
	ids, err := s.q.StatementCreators(ctx, runID)
	return ids, mapped("statement creators", err)
}

// Statement is what a creator is told about a run's month. Personal data.
func (s *Store) Statement(ctx context.Context, runID string, id p.CreatorID) (p.Statement, error) {
	run, err := s.q.Run(ctx, runID)
	if err != nil {
		return p.Statement{}, notFound("payout run", err)
	}
	creator, err := s.q.Creator(ctx, id)
	if err != nil {
		return p.Statement{}, notFound("creator", err)
	}
	program, err := s.q.Program(ctx, run.Program)
	if err != nil {
		return p.Statement{}, notFound("program", err)
	}
	campaign, err := s.q.BrandOfProgram(ctx, run.Program)
	if err != nil {
		return p.Statement{}, notFound("program", err)
	}
	rows, err := s.q.StatementRows(ctx, db.StatementRowsParams{RunID: runID, CreatorID: id})
	if err != nil {
		return p.Statement{}, mapped("statement", err)
	}
	st := p.Statement{
		Creator: creatorOf(creator), Program: run.Program, Brand: campaign.Brand, Period: run.Period, Currency: run.Currency,
		PayoutReady: creator.PayoutReady && creator.PayoutAccount != "", AccountID: creator.PayoutAccount,
	}
	var payable []ledger.Row
	for _, row := range rows {
		st.Lines = append(st.Lines, p.StatementLine{
			At: row.OccurredAt, Kind: string(row.Kind), OrderID: row.OrderID, AmountMinor: row.AmountMinor, State: string(row.State), Reason: row.Reason,
		})
		if r, ok := payableInRun(row, run); ok {
			payable = append(payable, r)
		}
	}
	st.PayableNow, st.CarriedWhy = payableNow(payable, program, s.accountReason(st.PayoutReady, creator.AccountChangedAt, s.now()))
	return st, nil
}

// payableInRun says whether a run would pay a row: matured before its cutoff, or negative.
func payableInRun(row db.LedgerRow, run db.PayoutRun) (ledger.Row, bool) {
	open := row.State == ledger.Eligible || row.State == ledger.Pending
	r := ledger.Row{ID: row.ID, CreatorID: row.CreatorID, State: ledger.Eligible, AmountMinor: row.AmountMinor, Currency: row.Currency}
	return r, open && (row.EligibleAt.Before(run.Cutoff) || row.AmountMinor < 0)
}

// payableNow is what the next payout will hold, or why it holds nothing.
func payableNow(rows []ledger.Row, program db.Program, waits string) (minor int64, why string) {
	payouts, carried := ledger.Plan(rows, map[string]int64{program.Currency: program.MinimumMinor}, program.Provider)
	switch {
	case len(carried) > 0:
		return 0, carried[0].Reason
	case len(payouts) == 0:
		return 0, ""
	case waits != "":
		return 0, waits
	}
	return payouts[0].AmountMinor, ""
}
