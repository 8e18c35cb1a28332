package store

import (
	"context"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store/db"
)

// A creator's own pages of what they earn, behind a link that is theirs alone. They change nothing.

// EarningsOwner is whose page a link opens: a creator's, of one program.
type EarningsOwner struct {
	Creator partnership.CreatorID
	Program string
}

// EarningsByToken is whose earnings a link shows; *partnership.Error Gone for one that was revoked, or whose owner was erased.
func (s *Store) EarningsByToken(ctx context.Context, token string) (EarningsOwner, error) {
	row, err := s.q.EarningsByToken(ctx, digest(token))
	switch {
	case noRows(err):
		return EarningsOwner{}, s.endedLink(ctx, "earnings page", token)
	case err != nil:
		return EarningsOwner{}, mapped("earnings link", err)
	case row.ErasedAt != nil:
		return EarningsOwner{}, gone(LinkErased)
	}
	return EarningsOwner{row.CreatorID, row.Program}, nil
}

// mostOpen bounds the lines of the first page: on a phone nobody scrolls further, and the months' pages have all.
const mostOpen = 60

// Earnings is how a creator's earnings stand. Personal data.
func (s *Store) Earnings(ctx context.Context, of EarningsOwner) (e partnership.Earnings, err error) {
	st, preparing, err := s.nextStatement(ctx, of)
	if err != nil {
		return e, err
	}
	program, err := s.q.Program(ctx, of.Program)
	if err != nil {
		return e, notFound("program", err)
	}
	e = partnership.Earnings{SelfBilled: program.SelfBilling != nil, Creator: st.Creator, Brand: st.Brand, Program: of.Program, Currency: st.Currency, Zone: zoneOf(st.Creator, program)}
	e.Next = partnership.NextPayout{Period: st.Period, Preparing: preparing, Minor: st.PayableNow, Why: st.CarriedWhy}
	if e.Next.Day, _, err = ledger.NextRun(program.Timezone, s.now()); err != nil {
		return e, err
	}
	if err := s.earningsSums(ctx, of, &e); err != nil {
		return e, mapped("earnings", err)
	}
	if e.Payouts, err = s.payoutViews(ctx, of, ""); err != nil {
		return e, mapped("earnings", err)
	}
	if err := s.openEarnings(ctx, of, &e); err != nil {
		return e, mapped("earnings", err)
	}
	e.Months, err = s.monthsOf(ctx, of, program)
	return e, mapped("earnings", err)
}

// nextStatement is what the next payouts would hold: of the run that is being prepared, else of the one that comes by itself.
func (s *Store) nextStatement(ctx context.Context, of EarningsOwner) (st partnership.Statement, preparing bool, err error) {
	run, err := s.q.RunBeingPrepared(ctx, of.Program)
	if err == nil {
		st, err = s.statement(ctx, run, of.Creator)
		return st, true, err
	}
	if !noRows(err) {
		return st, false, mapped("earnings", err)
	}
	program, err := s.q.Program(ctx, of.Program)
	if err != nil {
		return st, false, notFound("program", err)
	}
	_, period, err := ledger.NextRun(program.Timezone, s.now())
	if err != nil {
		return st, false, err
	}
	if run, err = monthOf(program, period); err == nil {
		st, err = s.statement(ctx, run, of.Creator)
	}
	return st, false, err
}

// monthOf is a month as its run will see it, were nothing to happen until then.
func monthOf(program db.Program, period string) (db.PayoutRun, error) {
	from, to, err := ledger.Period(program.Timezone, period)
	return db.PayoutRun{Program: program.Name, Period: period, FromAt: from, ToAt: to, Cutoff: to, Currency: program.Currency}, err
}

func zoneOf(c partnership.Creator, program db.Program) string {
	if c.Timezone != "" {
		return c.Timezone
	}
	return program.Timezone
}

func (s *Store) earningsSums(ctx context.Context, of EarningsOwner, e *partnership.Earnings) error {
	rows, err := s.q.EarningsSums(ctx, db.EarningsSumsParams{CreatorID: of.Creator, Program: of.Program})
	if err != nil {
		return err
	}
	sums := map[ledger.State]*money.Sums{ledger.Pending: &e.InHold, ledger.Eligible: &e.Counting, ledger.InPayout: &e.Underway, ledger.Held: &e.Held}
	for _, r := range rows {
		*sums[r.State] = sums[r.State].Plus(money.Amount{Currency: r.Currency, Minor: r.Minor})
	}
	paid, err := s.q.PaidSums(ctx, db.PaidSumsParams{CreatorID: of.Creator, Program: of.Program})
	for _, r := range paid {
		e.Paid = e.Paid.Plus(money.Amount{Currency: r.Currency, Minor: r.Minor})
	}
	return err
}

func (s *Store) openEarnings(ctx context.Context, of EarningsOwner, e *partnership.Earnings) error {
	rows, err := s.q.OpenEarnings(ctx, db.OpenEarningsParams{CreatorID: of.Creator, Program: of.Program, Most: mostOpen})
	if err != nil {
		return err
	}
	now := db.PayoutRun{Currency: e.Currency, Cutoff: s.now()}
	for _, r := range rows {
		e.Open = append(e.Open, lineOf(now, rowOf(r.LedgerRow), r.NetMinor))
	}
	n, err := s.q.OpenEarningsCount(ctx, db.OpenEarningsCountParams{CreatorID: of.Creator, Program: of.Program})
	e.More = int(n) - len(rows)
	return err
}

func (s *Store) payoutViews(ctx context.Context, of EarningsOwner, period string) (views []partnership.PayoutView, err error) {
	rows, err := s.q.EarningsPayouts(ctx, db.EarningsPayoutsParams{CreatorID: of.Creator, Program: of.Program, Period: period})
	for _, r := range rows {
		po := r.Payout
		v := partnership.PayoutView{
			ID: po.ID, Period: r.Period, AmountMinor: po.AmountMinor, ReversedMinor: po.ReversedMinor, Currency: po.Currency, State: po.State, Rail: po.Provider,
			Account: partnership.AccountEnding(po.Destination), Ref: po.ProviderRef, At: po.UpdatedAt, Reason: po.Reason,
		}
		if po.State == partnership.PayoutPlanned {
			v.Waits = waitOf(r.Waits)
		}
		if po.State == partnership.PayoutPaid || po.State == partnership.PayoutReturned {
			v.At = orZero(po.FirstPostedAt)
		}
		views = append(views, v)
	}
	return views, err
}

// waitOf is as much of what a run waits for as is its payees' business: not how much money somebody has, or which key was refused.
func waitOf(waits string) partnership.RunWait {
	switch {
	case waits == "":
		return partnership.WaitsForNothing
	case strings.HasPrefix(waits, partnership.FundsMissing):
		return partnership.WaitsForFunds
	}
	return partnership.WaitsForRail
}

// monthsOf are the months that somebody has a page of, the newest first: those that they have a statement of, and this one.
func (s *Store) monthsOf(ctx context.Context, of EarningsOwner, program db.Program) ([]string, error) {
	this, err := ledger.PeriodOf(program.Timezone, s.now())
	if err != nil {
		return nil, err
	}
	months, err := s.q.StatementMonths(ctx, db.StatementMonthsParams{CreatorID: of.Creator, Program: of.Program})
	if !slices.Contains(months, this) {
		months = slices.Insert(months, 0, this)
	}
	return months, err
}

// EarningsMonth is one month of a creator's earnings: what was paid of it line by line, and all else that happened in it. Personal data.
func (s *Store) EarningsMonth(ctx context.Context, of EarningsOwner, period string) (m partnership.MonthView, err error) {
	program, err := s.q.Program(ctx, of.Program)
	if err != nil {
		return m, notFound("program", err)
	}
	run, err := s.q.NewestRun(ctx, db.NewestRunParams{Program: of.Program, Period: period})
	m.Over = err == nil && runOrder[run.State] == runOrder[partnership.RunReconciled]
	if noRows(err) {
		run, err = monthOf(program, period)
	}
	if err != nil {
		return m, mapped("month", err)
	}
	if m.Statement, err = s.statement(ctx, run, of.Creator); err != nil {
		return m, err
	}
	m.Zone = zoneOf(m.Creator, program)
	if m.Payouts, err = s.payoutViews(ctx, of, period); err != nil {
		return m, mapped("month", err)
	}
	objections, err := s.q.ObjectionsOf(ctx, db.ObjectionsOfParams{CreatorID: of.Creator, Program: of.Program})
	if err != nil {
		return m, mapped("month", err)
	}
	m.Objections = map[string]bool{}
	for _, b := range objections {
		m.Objections[b.RowID] = b.DecidedAt != nil
	}
	in := map[string]bool{}
	for i := range m.Payouts {
		rows, err := s.q.LinesOfPayout(ctx, m.Payouts[i].ID)
		if err != nil {
			return m, mapped("month", err)
		}
		for _, r := range rows {
			m.Payouts[i].Lines = append(m.Payouts[i].Lines, lineOf(run, rowOf(r.LedgerRow), r.NetMinor))
			in[r.LedgerRow.ID] = true
		}
		m.Payouts[i].Lines = beside(m.Payouts[i].Lines)
	}
	m.Lines = slices.DeleteFunc(m.Lines, func(l partnership.StatementLine) bool { return in[l.RowID] || !l.At.Before(run.Cutoff) })
	return m, nil
}
