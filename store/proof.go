package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/payoutproof"
	"github.com/rapport-dev/rapport/partnership/payoutproof/check"
	"github.com/rapport-dev/rapport/store/db"
)

// PayoutProof is what a month's payouts rest on by the books, of one creator or ("") of all: what the provider says is added by who asks
// it. It sees one instant. *partnership.Error Conflict where a run was planned by a build that kept no hash of each line.
func (s *Store) PayoutProof(ctx context.Context, program, period string, creator partnership.CreatorID) (f check.File, err error) {
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		b := proofBuilder{q: s.q.WithTx(tx), program: program, period: period, f: check.File{MadeAt: s.now().UTC(), Program: program, Period: period, Creator: string(creator)}}
		if creator != "" {
			id := string(creator)
			b.creator = &id
		}
		f, err = b.build(ctx)
		return err
	})
	return f, mapped("payout proof", err)
}

type proofBuilder struct {
	q               *db.Queries
	program, period string
	creator         *string
	from, to        time.Time // of the month
	found           []db.ProofPayoutsRow
	f               check.File
}

func (b *proofBuilder) build(ctx context.Context) (check.File, error) {
	for _, part := range []func(context.Context) error{b.runs, b.rows, b.words, b.orders, b.payouts} {
		if err := part(ctx); err != nil {
			return b.f, err
		}
	}
	return b.f, nil
}

// runs are those of the month; in the file of one creator those that have a payout of theirs: what others were paid by is not theirs to read.
func (b *proofBuilder) runs(ctx context.Context) error {
	runs, err := b.q.Runs(ctx, db.RunsParams{Program: b.program, Period: b.period})
	if err != nil {
		return err
	}
	if b.found, err = b.q.ProofPayouts(ctx, db.ProofPayoutsParams{Program: b.program, Period: b.period, CreatorID: b.creator}); err != nil {
		return err
	}
	b.f.Runs = []check.Run{}
	for _, r := range runs {
		b.from, b.to = r.FromAt, r.ToAt
		if b.creator != nil && !slices.ContainsFunc(b.found, func(p db.ProofPayoutsRow) bool { return p.Payout.RunID == r.ID }) {
			continue
		}
		b.f.Runs = append(b.f.Runs, check.Run{
			ID: r.ID, From: r.FromAt, To: r.ToAt, Cutoff: r.Cutoff, State: string(r.State), Currency: r.Currency, MinimumMinor: r.MinimumMinor, ApproveAbove: r.ApproveAboveMinor,
			NeedApprovers: int(r.NeedApprovers), TotalMinor: r.TotalMinor, Payees: int(r.Payees), PreparedBy: r.PreparedBy, LinesHash: r.LinesHash, LineHashes: []string{}, Approvals: []check.Word{},
		})
	}
	slices.SortFunc(b.f.Runs, byID(func(r check.Run) string { return r.ID }))
	lines, err := b.q.ProofLines(ctx, db.ProofLinesParams{Program: b.program, Period: b.period})
	if err != nil {
		return err
	}
	for _, l := range lines {
		if r := b.run(l.RunID); r != nil {
			r.LineHashes = append(r.LineHashes, l.LineHash)
		}
	}
	for _, r := range b.f.Runs {
		if r.LinesHash != "" && len(r.LineHashes) != r.Payees {
			return partnership.Errorf(partnership.Conflict, "run %s was planned by a build that kept no hash of each line, and cannot be proven by a file", r.ID)
		}
	}
	approvals, err := b.q.ProofApprovals(ctx, db.ProofApprovalsParams{Program: b.program, Period: b.period})
	for _, a := range approvals {
		if r := b.run(a.RunID); r != nil {
			r.Approvals = append(r.Approvals, check.Word{Deed: partnership.DeedApproveRun, By: a.ApprovedBy, At: a.At, On: a.LinesHash, ID: a.DeedID})
		}
	}
	if err != nil {
		return err
	}
	settled, err := b.q.ProofSettled(ctx, db.ProofSettledParams{Program: b.program, Period: b.period})
	for _, w := range settled {
		if r := b.run(w.RunID); r != nil {
			r.Settled = &check.Word{Deed: partnership.DeedSettleDifference, By: w.SettledBy, At: w.At, On: w.TransferID, Reason: w.Reason}
		}
	}
	return err
}

// run is one of the file's, nil for another.
func (b *proofBuilder) run(id string) *check.Run {
	at := slices.IndexFunc(b.f.Runs, func(r check.Run) bool { return r.ID == id })
	if at < 0 {
		return nil
	}
	return &b.f.Runs[at]
}

func (b *proofBuilder) rows(ctx context.Context) error {
	b.f.Rows = []check.Row{}
	if b.from.IsZero() {
		return nil // the month has no run
	}
	rows, err := b.q.ProofRows(ctx, db.ProofRowsParams{Program: b.program, Period: b.period, CreatorID: b.creator, FromAt: b.from, ToAt: b.to})
	for _, r := range rows {
		row := payoutproof.Row(rowOf(r.LedgerRow), r.LedgerRow.PayoutID, r.Booked, r.LedgerRow.CreatedAt)
		row.CapMinor = r.CapMinor
		row.Released = append(row.Released, r.Released...)
		b.f.Rows = append(b.f.Rows, row)
	}
	return err
}

func (b *proofBuilder) words(ctx context.Context) error {
	words, err := b.q.ProofWords(ctx, db.ProofWordsParams{
		Targets: each(b.f.Rows, func(r check.Row) string { return subjectOf(r.ID) }), RowIds: each(b.f.Rows, func(r check.Row) string { return r.ID }),
	})
	for _, w := range words {
		if r := b.row(w.RowID); r != nil {
			r.Words = append(r.Words, check.Word{Deed: w.Action, By: w.Actor, At: w.At, On: w.RowID, Reason: w.Reason, ID: w.DeedID})
		}
	}
	return err
}

func (b *proofBuilder) row(id string) *check.Row {
	at, found := slices.BinarySearchFunc(b.f.Rows, id, func(r check.Row, id string) int { return strings.Compare(r.ID, id) })
	if !found {
		return nil
	}
	return &b.f.Rows[at]
}

// orders are what the rows are of, with what was bought and came back of each since it was credited.
func (b *proofBuilder) orders(ctx context.Context) error {
	var ids []string
	for _, r := range b.f.Rows {
		if r.OrderID != "" {
			ids = append(ids, r.OrderID)
		}
	}
	orders, err := b.q.ProofOrders(ctx, db.ProofOrdersParams{Program: b.program, OrderIds: ids})
	if err != nil {
		return err
	}
	sums, err := b.q.ProofSums(ctx, ids)
	of := map[string][]db.ProofSumsRow{}
	for _, w := range sums {
		of[w.OrderID] = append(of[w.OrderID], w)
	}
	b.f.Orders = []check.Order{}
	for _, o := range orders {
		order := check.Order{ID: o.OrderID, At: o.OccurredAt, Currency: o.Currency, SoldMinor: o.NetMinor, Worth: []check.Worth{}}
		for _, w := range of[o.OrderID] {
			if len(order.Worth) == 1 && order.Worth[0].At.Before(o.RecordedAt) && (w.RecordedAt.Before(o.RecordedAt) || order.Worth[0].BoughtMinor != o.NetMinor) {
				order.Worth = nil // it was credited later, by when it had come to something else
			}
			order.Worth = append(order.Worth, check.Worth{At: w.RecordedAt, BoughtMinor: w.BoughtMinor, BackMinor: w.BackMinor, Refund: w.Refs})
		}
		b.f.Orders = append(b.f.Orders, order)
	}
	return err
}

func (b *proofBuilder) payouts(context.Context) error {
	b.f.Payouts = []check.Payout{}
	for _, p := range b.found {
		var rows []check.Row
		for _, id := range p.Rows {
			if r := b.row(id); r != nil {
				rows = append(rows, *r)
			}
		}
		one := payoutproof.Payout(payoutOf(p.Payout), rows, *b.run(p.Payout.RunID))
		one.Last = p.Erased
		b.f.Payouts = append(b.f.Payouts, one)
	}
	slices.SortFunc(b.f.Payouts, byID(func(p check.Payout) string { return p.ID }))
	return nil
}

// byID is the order of the lists of a proof.
func byID[T any](id func(T) string) func(a, b T) int {
	return func(a, b T) int { return strings.Compare(id(a), id(b)) }
}
