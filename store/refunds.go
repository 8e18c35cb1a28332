package store

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
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
		return result, partnership.Errorf(partnership.Invalid, "a refund has an order, an id and an amount of zero or more")
	}
	if in.AmountMinor == 0 {
		return result, nil // of shipping or tax only
	}
	in.OrderID = ledger.OrderKey(in.OrderID)
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
	locked, err := q.LockOrderRows(ctx, db.LockOrderRowsParams{Program: program, OrderID: orderID})
	if err != nil {
		return 0, err
	}
	refunded, err := q.RefundedTotal(ctx, db.RefundedTotalParams{OrderID: orderID, Currency: currency})
	if err != nil {
		return 0, err
	}
	rows := each(locked, rowOf)
	refund, ok := ledger.RefundOf(rows, refunded, netMinor, s.now())
	if !ok {
		return 0, nil
	}
	added, err := s.insertRow(ctx, q, refund.Row, refund.Posting)
	if err != nil || !refund.Full {
		return refund.DeltaMinor(), err
	}
	ids := append(each(rows, func(row ledger.Row) string { return row.ID }), added)
	return refund.DeltaMinor(), q.MoveRows(ctx, db.MoveRowsParams{Ids: ids, State: ledger.Reversed, Reason: "the order was refunded in full"})
}
