package store

import (
	"context"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// HoldRow holds a row until a person clears or voids it, beside what it waits for already; no timer releases it. A payout that has claimed it
// is taken out of its run, and the rest of that is in the next. Repeated it changes nothing. *partnership.Error Conflict for a row whose
// payout was sent, that is over, or that takes something back.
func (s *Store) HoldRow(ctx context.Context, id, by, reason string) error {
	return s.decideRow(ctx, id, ledger.Hold, by, reason)
}

// ClearRow releases a held row on a person's word; its sale hold goes on where it was, and it goes on waiting for an objection that nobody
// has decided about. The creator reads the reason. Repeated it changes nothing. *partnership.Error Conflict for a row that is not held, that
// waits for an objection alone, whose post lacks its disclosure, or whose currency its program does not pay.
func (s *Store) ClearRow(ctx context.Context, id, by, reason string) error {
	return s.decideRow(ctx, id, ledger.Clear, by, reason)
}

// VoidRow rejects a held row for good; the creator reads the reason. Repeated it changes nothing.
func (s *Store) VoidRow(ctx context.Context, id, by, reason string) error {
	return s.decideRow(ctx, id, ledger.Void, by, reason)
}

func (s *Store) decideRow(ctx context.Context, id string, event ledger.Event, by, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return partnership.FieldErrorf("reason", "say why; the creator reads it, and so does whoever looks at the books")
	}
	return s.tx(ctx, "decide row", func(q *db.Queries) error {
		row, err := q.Row(ctx, id)
		if err != nil {
			return notFound("ledger row", err)
		}
		e, err := q.Earner(ctx, row.PartnershipID) // before the rows: a disclosure that goes missing now waits for this, or is seen
		if err != nil {
			return err
		}
		row, payout, err := lockClaimed(ctx, q, row)
		if err != nil {
			return err
		}
		if done, err := decided(ctx, q, row, event, reason, e.PayoutHold); err != nil || done {
			return err
		}
		switch event {
		case ledger.Hold:
			err = s.holdClaimed(ctx, q, row, payout, by, reason)
		case ledger.Void:
			err = s.rejectRow(ctx, q, row, reason)
		default:
			err = s.clearRow(ctx, q, row, reason)
		}
		if err != nil {
			return err
		}
		if row.OrderID != "" || row.Kind == ledger.BonusRow { // a sale that waits for a person, or was rejected, reaches no bonus; and a bonus waits with its sale
			if _, err := s.settleBonuses(ctx, q, row.PartnershipID); err != nil {
				return err
			}
		}
		return s.record(ctx, q, partnership.Deed{
			Who: by, Deed: decision(event), Subject: subjectOf(id), Reason: reason,
			Details: map[string]any{"amount_minor": row.AmountMinor, "currency": row.Currency, "partnership": row.PartnershipID},
		})
	})
}

// decided says whether a row has been held for that, released or rejected before, and refuses what is not a person's to decide. hold is why
// all money of its partnership waits, "" it does not.
func decided(ctx context.Context, q *db.Queries, row db.LedgerRow, event ledger.Event, reason, hold string) (bool, error) {
	if event == ledger.Hold {
		return row.State == ledger.Held && rowOf(row).Waits(reason) == rowOf(row), nil
	}
	if row.State != ledger.Held {
		trail, err := q.AuditOf(ctx, subjectOf(row.ID))
		if err != nil {
			return false, err
		}
		was := func(a db.Audit) bool { return a.Action == decision(event) }
		if slices.ContainsFunc(trail, was) && (row.State == ledger.Voided) == (event == ledger.Void) {
			return true, nil
		}
		return false, partnership.Errorf(partnership.Conflict, "the row is %s; only a held one is released or rejected", row.State)
	}
	if event == ledger.Clear && hold != "" {
		return false, partnership.Errorf(partnership.Conflict, "its post still lacks its disclosure: release it once that is mended")
	}
	program, err := q.Program(ctx, row.Program)
	if err == nil && event == ledger.Clear && row.Currency != program.Currency {
		err = partnership.Errorf(partnership.Conflict, "the row is in %s and program %q pays in %s: settle it by hand, then reject it", row.Currency, row.Program, program.Currency)
	}
	return false, err
}

// decision is how an event stands in the audit.
func decision(event ledger.Event) string {
	return map[ledger.Event]string{ledger.Hold: partnership.DeedHoldRow, ledger.Clear: partnership.DeedReleaseRow, ledger.Void: partnership.DeedVoidRow}[event]
}

// subjectOf is how a row stands in the audit.
func subjectOf(row string) string { return "row/" + row }

func (s *Store) moveRow(ctx context.Context, q *db.Queries, row ledger.Row, event ledger.Event, reason string) error {
	to, err := ledger.NextRow(row, event)
	if err != nil {
		return err
	}
	if _, err := q.MoveRow(ctx, db.MoveRowParams{ID: row.ID, FromState: row.State, State: to, Reason: reason}); err != nil || to != ledger.Voided {
		return err
	}
	return s.post(ctx, q, journal{"void/" + row.ID, row.Unearned()})
}

func (s *Store) clearRow(ctx context.Context, q *db.Queries, held db.LedgerRow, reason string) error {
	row := rowOf(held)
	if row.Waits(objectedTo) != row { // nobody has objected
		return s.moveRow(ctx, q, row, ledger.Clear, reason)
	}
	if row.Reason == objectedTo {
		return partnership.Errorf(partnership.Conflict, "its creator has objected to it: decide about the objection, which says to them what became of it")
	}
	_, err := q.MoveRow(ctx, db.MoveRowParams{ID: row.ID, FromState: row.State, State: row.State, Reason: objectedTo})
	return err
}

// holdClaimed is holdRow of a row that a payout may have claimed: one that nobody has sent yet is taken out of its run as a whole, as where
// its creator objects to a line of it.
func (s *Store) holdClaimed(ctx context.Context, q *db.Queries, row db.LedgerRow, payout db.Payout, by, reason string) error {
	const why = "taken out: a line of it is held"
	payout, err := s.withdrawOrder(ctx, q, payout, why, by)
	if err != nil {
		return err
	}
	switch ledger.Objected(rowOf(row), payout.State) {
	case partnership.CameTooLate:
		return partnership.Errorf(partnership.Conflict, "it is too late to hold the row: its payout is being sent, or was paid")
	case partnership.CameDropped:
		if err := s.sendBack(ctx, q, payout, why); err != nil {
			return err
		}
		if row, err = q.LockRow(ctx, row.ID); err != nil { // it may wait for its post by now
			return err
		}
	}
	return holdRow(ctx, q, row, reason)
}

// holdRow holds a row for that, and for what it waits for already.
func holdRow(ctx context.Context, q *db.Queries, row db.LedgerRow, reason string) error {
	held := rowOf(row).Waits(reason)
	if held.State != ledger.Held {
		_, err := ledger.NextRow(held, ledger.Hold)
		return err
	}
	_, err := q.MoveRow(ctx, db.MoveRowParams{ID: row.ID, FromState: row.State, State: held.State, Reason: held.Reason})
	return err
}

// rejectRow rejects a held row for good, and what refunds took off it.
func (s *Store) rejectRow(ctx context.Context, q *db.Queries, row db.LedgerRow, reason string) (err error) {
	if err := s.moveRow(ctx, q, rowOf(row), ledger.Void, reason); err != nil {
		return err
	}
	var rows []db.LedgerRow
	switch row.Kind {
	case ledger.CommissionRow:
		rows, err = q.LockOrderRows(ctx, db.LockOrderRowsParams{Program: row.Program, OrderID: row.OrderID})
	case ledger.BonusRow:
		if rows, err = q.LockBonusRows(ctx, row.PartnershipID); err == nil {
			rows = slices.DeleteFunc(rows, func(r db.LedgerRow) bool { return r.Deliverable != row.Deliverable })
		}
	}
	if err != nil {
		return err
	}
	return s.voidRefunds(ctx, q, rowOf(row), each(rows, rowOf), reason)
}

// voidRefunds undoes what refunds took off an earning that is rejected.
func (s *Store) voidRefunds(ctx context.Context, q *db.Queries, earning ledger.Row, rows []ledger.Row, reason string) error {
	void, back := ledger.Rejected(earning, rows, s.now())
	for _, row := range void {
		if err := s.moveRow(ctx, q, row, ledger.Void, reason); err != nil {
			return err
		}
	}
	if back == nil {
		return nil
	}
	_, err := s.addRow(ctx, q, *back)
	return err
}
