package store

import (
	"context"
	"time"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// RefundIn is one refund of an order as the shop reports it.
type RefundIn struct {
	OrderID     string
	RefundID    string // the shop's id of this refund
	Currency    string
	AmountMinor int64 // of order lines, net as in the order; tax and shipping are out
	OccurredAt  time.Time
}

// RefundResult is what became of a refund.
type RefundResult struct {
	Fresh         bool  // false: it was there already and nothing changed
	Parked        bool  // its order is not there yet
	ReversedMinor int64 // of commission, now
}

// RecordRefund takes off commission what a refund reverses: cumulative at the rate frozen on the sale, so that every order of
// events and every replay ends at the same sum. The commission's row never changes: the difference is a negative row, payable
// at once, netted in the next run.
func (s *Store) RecordRefund(ctx context.Context, in RefundIn) (result RefundResult, err error) {
	if in.OrderID == "" || in.RefundID == "" || in.AmountMinor < 0 {
		return result, p.Errorf(p.Invalid, "a refund has an order, an id and an amount of zero or more")
	}
	if in.AmountMinor == 0 {
		return result, nil // of shipping or tax only
	}
	err = s.tx(ctx, "record refund", func(q *db.Queries) error {
		result = RefundResult{}
		if err := q.LockOrder(ctx, in.OrderID); err != nil {
			return err
		}
		rows, err := q.InsertRefund(ctx, db.InsertRefundParams{
			OrderID: in.OrderID, RefundID: in.RefundID, AmountMinor: in.AmountMinor, Currency: in.Currency, OccurredAt: in.OccurredAt, Now: s.now(),
		})
		if err != nil || rows == 0 {
			return err
		}
		orders, err := q.OrdersByID(ctx, in.OrderID)
		if err != nil {
			return err
		}
		result = RefundResult{Fresh: true, Parked: len(orders) == 0}
		for _, o := range orders {
			reversed, err := s.applyRefunds(ctx, q, o.Program, o.OrderID, o.Currency, o.NetMinor)
			if err != nil {
				return err
			}
			result.ReversedMinor += reversed
		}
		return nil
	})
	return result, err
}

// applyRefunds brings an order's reversals to what all its refunds so far ask for.
func (s *Store) applyRefunds(ctx context.Context, q *db.Queries, program, orderID, currency string, netMinor int64) (int64, error) {
	rows, err := q.LockOrderRows(ctx, db.LockOrderRowsParams{Program: program, OrderID: orderID})
	if err != nil {
		return 0, err
	}
	commission, reversed := split(rows)
	if commission == nil || commission.State == ledger.Voided {
		return 0, nil
	}
	refunded, err := q.RefundedTotal(ctx, db.RefundedTotalParams{OrderID: orderID, Currency: currency})
	if err != nil {
		return 0, err
	}
	delta := ledger.RefundDelta(commission.AmountMinor, reversed, min(refunded, netMinor), netMinor)
	if delta == 0 {
		return 0, nil
	}
	row := db.InsertRowParams{
		ID: newID(), Program: program, CampaignID: commission.CampaignID, PartnershipID: commission.PartnershipID, CreatorID: commission.CreatorID,
		Kind: ledger.AdjustmentRow, State: ledger.Eligible, AmountMinor: -delta, Currency: commission.Currency, OrderID: orderID,
		RateBps: commission.RateBps, OccurredAt: s.now(), EligibleAt: s.now(), Reason: "refund of the order",
	}
	posting := ledger.ReverseEarned(program, row.CreatorID, ledger.CommissionRow, row.Currency, delta)
	if !commission.State.Open() {
		posting = ledger.AdjustAfterPay(program, row.CreatorID, ledger.CommissionRow, row.Currency, delta)
	}
	if err := s.insertRow(ctx, q, row, posting); err != nil {
		return 0, err
	}
	if reversed+delta == commission.AmountMinor {
		return delta, cancelOut(ctx, q, program, orderID)
	}
	return delta, nil
}

// split tells an order's commission from what was taken off it before.
func split(rows []db.LedgerRow) (commission *db.LedgerRow, reversed int64) {
	for i, row := range rows {
		switch row.Kind {
		case ledger.CommissionRow:
			commission = &rows[i]
		case ledger.AdjustmentRow:
			reversed -= row.AmountMinor
		}
	}
	return commission, reversed
}

// cancelOut closes an order's rows that sum to zero, provided that no payout has claimed any: nothing is left to net.
func cancelOut(ctx context.Context, q *db.Queries, program, orderID string) error {
	rows, err := q.LockOrderRows(ctx, db.LockOrderRowsParams{Program: program, OrderID: orderID})
	if err != nil {
		return err
	}
	for _, row := range rows {
		if !row.State.Open() {
			return nil
		}
	}
	for _, row := range rows {
		to, err := ledger.Next(row.State, ledger.Reverse)
		if err != nil {
			return err
		}
		if _, err := q.MoveRow(ctx, db.MoveRowParams{ID: row.ID, FromState: row.State, State: to, Reason: "the order was refunded in full"}); err != nil {
			return err
		}
	}
	return nil
}
