package store

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

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

// Statement is what a creator is told about a run's month, with the link to it, which is made where none was told before. Personal data.
func (s *Store) Statement(ctx context.Context, runID string, id partnership.CreatorID) (partnership.Statement, error) {
	run, err := s.q.Run(ctx, runID)
	if err != nil {
		return partnership.Statement{}, notFound("payout run", err)
	}
	st, err := s.statement(ctx, run, id)
	if err != nil {
		return st, err
	}
	page, err := s.EarningsURL(ctx, id, run.Program)
	st.Page = page + "/" + run.Period
	return st, err
}

// statement is Statement without a link: pages show it, and looking at one changes nothing.
func (s *Store) statement(ctx context.Context, run db.PayoutRun, id partnership.CreatorID) (partnership.Statement, error) {
	creator, err := s.q.Creator(ctx, id)
	if err != nil {
		return partnership.Statement{}, notFound("creator", err)
	}
	program, err := s.q.Program(ctx, run.Program)
	if err != nil {
		return partnership.Statement{}, notFound("program", err)
	}
	campaign, err := s.q.BrandOf(ctx, db.BrandOfParams{Program: run.Program, CreatorID: id})
	if err != nil {
		return partnership.Statement{}, notFound("program", err)
	}
	rows, err := s.q.MonthRowsOf(ctx, db.MonthRowsOfParams{CreatorID: id, Program: run.Program, FromAt: run.FromAt, Cutoff: run.Cutoff})
	if err != nil {
		return partnership.Statement{}, mapped("statement", err)
	}
	st := partnership.Statement{
		Creator: creatorOf(creator), Program: run.Program, Brand: campaign.Brand, Period: run.Period, Currency: run.Currency,
		PayoutReady: creator.PayoutReady && creator.PayoutAccount != "", AccountID: creator.PayoutAccount, Rail: cmp.Or(creator.PayoutRail, program.Provider),
	}
	var told []ledger.Row
	for _, r := range rows {
		row := rowOf(r.LedgerRow)
		if row.Currency == run.Currency && row.InMonth(run.FromAt, run.Cutoff) {
			told = append(told, row)
		}
		if row.Happened(run.FromAt, run.Cutoff) || row.Due(run.Cutoff) || row.State == ledger.Held {
			st.Lines = append(st.Lines, lineOf(run, row, r.NetMinor))
		}
	}
	st.Lines = beside(st.Lines)
	if st.Before, err = s.toldBefore(ctx, run, id); err != nil {
		return partnership.Statement{}, err
	}
	account := ledger.Account{ID: st.AccountID, Rail: st.Rail, Ready: st.PayoutReady, ChangedAt: orZero(creator.AccountChangedAt)}
	by := s.runBy(program, run.Cutoff, s.now())
	if by.Gates, by.Papers, err = s.gatesOf(ctx, s.q, program, id); err != nil {
		return partnership.Statement{}, mapped("statement", err)
	}
	papers := by.Papers[id]
	papers.Told = true
	by.Papers[id] = papers
	st.PayableNow, st.CarriedWhy = by.PayableNow(told, account)
	return st, nil
}

func lineOf(run db.PayoutRun, row ledger.Row, netMinor int64) partnership.StatementLine {
	return partnership.StatementLine{
		At: row.OccurredAt, Kind: string(row.Kind), OrderID: row.OrderID, AmountMinor: row.AmountMinor, State: string(row.State), Reason: row.Reason,
		RowID: row.ID, Currency: row.Currency, NetMinor: netMinor, RateBPS: row.RateBPS, CountsAt: row.EligibleAt, Group: groupOf(run, row),
	}
}

func groupOf(run db.PayoutRun, row ledger.Row) partnership.LineGroup {
	switch {
	case row.State == ledger.Voided || row.State == ledger.Reversed:
		return partnership.LineRejected
	case row.Currency != run.Currency:
		return partnership.LineElsewhere
	case row.State == ledger.Held:
		return partnership.LineHeld
	case row.Due(run.Cutoff):
		return partnership.LinePayable
	case row.State == ledger.InPayout || row.State == ledger.Paid:
		return partnership.LinePaid
	}
	return partnership.LineInHold
}

// beside puts what was taken back of a sale next to it.
func beside(lines []partnership.StatementLine) []partnership.StatementLine {
	first := map[string]time.Time{}
	for _, l := range lines {
		if at, there := first[l.OrderID]; l.OrderID != "" && (!there || l.At.Before(at)) {
			first[l.OrderID] = l.At
		}
	}
	at := func(l partnership.StatementLine) time.Time {
		if l.OrderID == "" {
			return l.At
		}
		return first[l.OrderID]
	}
	slices.SortStableFunc(lines, func(x, y partnership.StatementLine) int {
		return cmp.Or(at(x).Compare(at(y)), cmp.Compare(x.OrderID, y.OrderID), x.At.Compare(y.At))
	})
	return lines
}

// toldBefore is what an earlier run of the month told a creator of each row, nil when none did.
func (s *Store) toldBefore(ctx context.Context, run db.PayoutRun, id partnership.CreatorID) (before map[string]string, err error) {
	told, err := s.q.ToldBefore(ctx, db.ToldBeforeParams{CreatorID: id, Program: run.Program, Period: run.Period, RunID: run.ID})
	if err != nil || len(told) == 0 {
		return nil, mapped("what was told before", err)
	}
	err = json.Unmarshal(told[0], &before)
	return before, err
}

// StatementTold keeps what a statement told, once.
func (s *Store) StatementTold(ctx context.Context, runID string, st partnership.Statement) error {
	all := maps.Clone(st.Before)
	if all == nil {
		all = map[string]string{}
	}
	for _, l := range st.Lines {
		all[l.RowID] = l.Told()
	}
	told, err := json.Marshal(all)
	if err != nil {
		return err
	}
	now := s.now()
	return mapped("statement told", s.q.StatementTold(ctx, db.StatementToldParams{RunID: runID, CreatorID: st.Creator.ID, Told: told, Now: &now}))
}
