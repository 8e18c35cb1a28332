package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// AskWriteOff keeps that a person asks for what a creator owes in a program to be forgiven, an amount of zero all of it. One is open for a
// creator at a time: asked again the same, it is returned; another amount is *partnership.Error Conflict.
func (s *Store) AskWriteOff(ctx context.Context, ask partnership.WriteOff, d partnership.Deed) (asked partnership.WriteOff, err error) {
	err = s.tx(ctx, "ask write-off", func(q *db.Queries) error {
		pr, err := q.LockProgram(ctx, ask.Program)
		if err != nil {
			return notFound("program", err)
		}
		row, _, err := s.forgive(ctx, q, pr, ask.CreatorID, ask.AmountMinor, d.Reason)
		if err != nil {
			return err
		}
		kept, err := q.OpenWriteOff(ctx, db.OpenWriteOffParams{Program: pr.Name, CreatorID: ask.CreatorID, Currency: pr.Currency})
		switch {
		case err == nil && kept.AmountMinor != row.AmountMinor:
			return partnership.Errorf(partnership.Conflict, "a write-off of this creator waits already, asked for by %s: approve or withdraw it first", kept.AskedBy)
		case err == nil:
			asked = writeOffOf(kept)
			return nil
		case !errors.Is(err, pgx.ErrNoRows):
			return err
		}
		kept, err = q.InsertWriteOff(ctx, db.InsertWriteOffParams{
			ID: newID(), Program: pr.Name, CreatorID: ask.CreatorID, Currency: pr.Currency, AmountMinor: row.AmountMinor, Reason: d.Reason, AskedBy: d.Who, Now: s.now(),
		})
		if err != nil {
			return err
		}
		asked = writeOffOf(kept)
		return s.record(ctx, q, aboutWriteOff(d, partnership.DeedAskWriteOff, kept))
	})
	return asked, err
}

// ApproveWriteOff books a write-off on the word of somebody else than who asked for it, under any of their names; repeated it changes
// nothing. What has been earned since may leave less to forgive: *partnership.Error, and it can be withdrawn.
func (s *Store) ApproveWriteOff(ctx context.Context, id string, d partnership.Deed, names []string) (done partnership.WriteOff, err error) {
	err = s.tx(ctx, "approve write-off", func(q *db.Queries) error {
		kept, err := q.LockWriteOff(ctx, id)
		if err != nil {
			return notFound("write-off", err)
		}
		if kept.ApprovedBy != "" {
			done = writeOffOf(kept)
			return nil
		}
		if kept.WithdrawnBy != "" {
			return partnership.Errorf(partnership.Conflict, "%s has withdrawn this write-off: ask anew for what is owed now", kept.WithdrawnBy)
		}
		if (ledger.Approver{By: d.Who, Also: names}).Prepared(kept.AskedBy) {
			return partnership.Errorf(partnership.Forbidden, "a write-off is approved by someone other than who asked for it")
		}
		pr, err := q.LockProgram(ctx, kept.Program)
		if err != nil {
			return notFound("program", err)
		}
		row, posting, err := s.forgive(ctx, q, pr, kept.CreatorID, kept.AmountMinor, kept.Reason)
		if err != nil {
			return err
		}
		rowID, err := s.insertRow(ctx, q, row, posting)
		if err != nil {
			return err
		}
		if err := q.ApproveWriteOff(ctx, db.ApproveWriteOffParams{ID: id, ApprovedBy: d.Who, RowID: rowID, Now: s.now()}); err != nil {
			return err
		}
		kept.ApprovedBy, d.Reason = d.Who, kept.Reason
		done = writeOffOf(kept)
		return s.record(ctx, q, aboutWriteOff(d, partnership.DeedApproveWriteOff, kept))
	})
	return done, err
}

// WithdrawWriteOff takes back what somebody has asked for and nobody has approved; repeated it changes nothing. Then another may be asked for.
func (s *Store) WithdrawWriteOff(ctx context.Context, id string, d partnership.Deed) (done partnership.WriteOff, err error) {
	err = s.tx(ctx, "withdraw write-off", func(q *db.Queries) error {
		kept, err := q.LockWriteOff(ctx, id)
		if err != nil {
			return notFound("write-off", err)
		}
		done = writeOffOf(kept)
		switch {
		case kept.WithdrawnBy != "":
			return nil
		case kept.ApprovedBy != "":
			return partnership.Errorf(partnership.Conflict, "the write-off is booked already, on the word of %s", kept.ApprovedBy)
		}
		if err := q.WithdrawWriteOff(ctx, db.WithdrawWriteOffParams{ID: id, WithdrawnBy: d.Who, Now: s.now()}); err != nil {
			return err
		}
		done.WithdrawnBy = d.Who
		return s.record(ctx, q, aboutWriteOff(d, partnership.DeedWithdrawWriteOff, kept))
	})
	return done, err
}

// forgive is the row that would be booked now, while nobody else moves what the creator has open.
func (s *Store) forgive(ctx context.Context, q *db.Queries, pr db.Program, creator partnership.CreatorID, minor int64, why string) (ledger.Row, ledger.Posting, error) {
	open, err := q.LockOwing(ctx, db.LockOwingParams{Program: pr.Name, CreatorID: creator, Currency: pr.Currency})
	if err != nil {
		return ledger.Row{}, ledger.Posting{}, err
	}
	return ledger.WriteOff(each(open, rowOf), minor, s.now(), why)
}

func aboutWriteOff(d partnership.Deed, deed string, w db.WriteOff) partnership.Deed {
	d.Deed, d.Subject = deed, "write-off/"+w.ID
	d.Details = map[string]any{"amount_minor": w.AmountMinor, "currency": w.Currency, "program": w.Program, "creator": w.CreatorID}
	return d
}

// WriteOffsToApprove are those that somebody has asked for and nobody has approved, oldest first.
func (s *Store) WriteOffsToApprove(ctx context.Context) ([]partnership.WriteOff, error) {
	rows, err := s.q.WriteOffsToApprove(ctx)
	return each(rows, func(r db.WriteOffsToApproveRow) partnership.WriteOff {
		return partnership.WriteOff{
			ID: r.ID, Program: r.Program, CreatorID: r.CreatorID, Platform: r.Platform, Creator: r.Handle, AmountMinor: r.AmountMinor, Currency: r.Currency,
			Reason: r.Reason, AskedBy: r.AskedBy, AskedAt: r.AskedAt,
		}
	}), mapped("write-offs", err)
}

// ProgramCurrency is what a program pays in.
func (s *Store) ProgramCurrency(ctx context.Context, program string) (string, error) {
	pr, err := s.q.Program(ctx, program)
	return pr.Currency, notFound("program", err)
}

func writeOffOf(w db.WriteOff) partnership.WriteOff {
	return partnership.WriteOff{
		ID: w.ID, Program: w.Program, CreatorID: w.CreatorID, AmountMinor: w.AmountMinor, Currency: w.Currency, Reason: w.Reason, AskedBy: w.AskedBy, AskedAt: w.AskedAt,
		ApprovedBy: w.ApprovedBy, WithdrawnBy: w.WithdrawnBy,
	}
}
