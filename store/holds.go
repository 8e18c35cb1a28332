package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// HoldRow holds a row at risk until a person clears or voids it. No timer releases it.
func (s *Store) HoldRow(ctx context.Context, id, by, reason string) error {
	return s.decideRow(ctx, id, ledger.Hold, by, reason)
}

// ClearRow releases a held row on a person's word; its sale hold goes on where it was.
func (s *Store) ClearRow(ctx context.Context, id, by, reason string) error {
	return s.decideRow(ctx, id, ledger.Clear, by, reason)
}

// VoidRow rejects a row that no payout has claimed; the creator reads the reason.
func (s *Store) VoidRow(ctx context.Context, id, by, reason string) error {
	return s.decideRow(ctx, id, ledger.Void, by, reason)
}

func (s *Store) decideRow(ctx context.Context, id string, event ledger.Event, by, reason string) error {
	return s.tx(ctx, "decide row", func(q *db.Queries) error {
		row, err := q.Row(ctx, id)
		if err != nil {
			return notFound("ledger row", err)
		}
		if row.OrderID != "" { // before the rows, as orders and refunds do
			if err := q.LockOrder(ctx, row.OrderID); err != nil {
				return err
			}
		}
		if row, err = q.LockRow(ctx, id); err != nil {
			return err
		}
		if err := s.moveRow(ctx, q, row, event, reason); err != nil {
			return err
		}
		if event == ledger.Void && row.Kind == ledger.CommissionRow {
			if err := s.voidRefunds(ctx, q, row, reason); err != nil {
				return err
			}
		}
		return s.audit(ctx, q, by, string(event)+" ledger row", id, reason)
	})
}

func (s *Store) moveRow(ctx context.Context, q *db.Queries, row db.LedgerRow, event ledger.Event, reason string) error {
	to, err := ledger.NextRow(ledger.Row{State: row.State, AmountMinor: row.AmountMinor}, event)
	if err != nil {
		return err
	}
	if _, err := q.MoveRow(ctx, db.MoveRowParams{ID: row.ID, FromState: row.State, State: to, Reason: reason}); err != nil || to != ledger.Voided {
		return err
	}
	return s.post(ctx, q, journal{"void/" + row.ID, ledger.ReverseEarned(row.Program, row.CreatorID, row.Kind, row.Currency, row.AmountMinor)})
}

// voidRefunds undoes what refunds took off a commission that is rejected as a whole: what is open is voided with it, what a
// payout has netted is given back as a row of its own.
func (s *Store) voidRefunds(ctx context.Context, q *db.Queries, commission db.LedgerRow, reason string) error {
	rows, err := q.LockOrderRows(ctx, db.LockOrderRowsParams{Program: commission.Program, OrderID: commission.OrderID})
	if err != nil {
		return err
	}
	var netted int64
	for _, row := range rows {
		switch {
		case row.Kind != ledger.AdjustmentRow:
		case row.State.Open():
			if err := s.moveRow(ctx, q, row, ledger.Void, reason); err != nil {
				return err
			}
		case row.State != ledger.Voided:
			netted -= row.AmountMinor
		}
	}
	if netted == 0 {
		return nil
	}
	return s.addRow(ctx, q, db.InsertRowParams{
		ID: newID(), Program: commission.Program, CampaignID: commission.CampaignID, PartnershipID: commission.PartnershipID, CreatorID: commission.CreatorID,
		Kind: ledger.AdjustmentRow, State: ledger.Eligible, AmountMinor: netted, Currency: commission.Currency, OrderID: commission.OrderID,
		OccurredAt: s.now(), EligibleAt: s.now(), Reason: "a refund that was netted before is given back",
	})
}
