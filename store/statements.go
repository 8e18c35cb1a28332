package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// StatementCreators are those who have something to read about a run's month: what they earned in it, or what it will pay.
func (s *Store) StatementCreators(ctx context.Context, runID string) ([]partnership.CreatorID, error) {
	run, err := s.q.Run(ctx, runID)
	if err != nil {
		return nil, notFound("payout run", err)
	}
	rows, err := s.q.MonthRows(ctx, db.MonthRowsParams{Program: run.Program, Currency: run.Currency, FromAt: run.FromAt, Cutoff: run.Cutoff})
	ids := []partnership.CreatorID{}
	for _, r := range rows {
		row := ledger.Row{State: r.State, AmountMinor: r.AmountMinor, OccurredAt: r.OccurredAt, EligibleAt: r.EligibleAt}
		if row.InMonth(run.FromAt, run.Cutoff) && (len(ids) == 0 || ids[len(ids)-1] != r.CreatorID) {
			ids = append(ids, r.CreatorID)
		}
	}
	return ids, mapped("statement creators", err)
}

// Statement is what a creator is told about a run's month. Personal data.
func (s *Store) Statement(ctx context.Context, runID string, id partnership.CreatorID) (partnership.Statement, error) {
	run, err := s.q.Run(ctx, runID)
	if err != nil {
		return partnership.Statement{}, notFound("payout run", err)
	}
	creator, err := s.q.Creator(ctx, id)
	if err != nil {
		return partnership.Statement{}, notFound("creator", err)
	}
	program, err := s.q.Program(ctx, run.Program)
	if err != nil {
		return partnership.Statement{}, notFound("program", err)
	}
	campaign, err := s.q.BrandOfProgram(ctx, run.Program)
	if err != nil {
		return partnership.Statement{}, notFound("program", err)
	}
	rows, err := s.q.MonthRowsOf(ctx, db.MonthRowsOfParams{CreatorID: id, Program: run.Program, Currency: run.Currency, FromAt: run.FromAt, Cutoff: run.Cutoff})
	if err != nil {
		return partnership.Statement{}, mapped("statement", err)
	}
	st := partnership.Statement{
		Creator: creatorOf(creator), Program: run.Program, Brand: campaign.Brand, Period: run.Period, Currency: run.Currency,
		PayoutReady: creator.PayoutReady && creator.PayoutAccount != "", AccountID: creator.PayoutAccount, Rail: program.Provider,
	}
	var told []ledger.Row
	for _, row := range each(rows, rowOf) {
		if !row.InMonth(run.FromAt, run.Cutoff) {
			continue
		}
		told = append(told, row)
		st.Lines = append(st.Lines, partnership.StatementLine{
			At: row.OccurredAt, Kind: string(row.Kind), OrderID: row.OrderID, AmountMinor: row.AmountMinor, State: string(row.State), Reason: row.Reason,
		})
	}
	account := ledger.Account{ID: st.AccountID, Ready: st.PayoutReady, ChangedAt: orZero(creator.AccountChangedAt)}
	st.PayableNow, st.CarriedWhy = s.runBy(program, run.Cutoff, s.now()).PayableNow(told, account)
	return st, nil
}
