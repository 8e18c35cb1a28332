package store

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/store/db"
)

// settled is what came of bringing an order's rows to what it comes to.
type settled struct {
	minor int64  // booked
	look  string // why a person has to look, where nothing could be held for them
}

// settleOrder writes down what an order comes to now, and brings the rows of whom it is credited to to it. An order that is credited comes
// to what was said in the currency that it was sold in; what of the fresh facts is in another one waits for a person.
func (s *Store) settleOrder(ctx context.Context, q *db.Queries, orderID string, fresh ledger.Facts, why string) (done settled, err error) {
	orders, err := q.OrdersByID(ctx, orderID)
	if err != nil {
		return done, err
	}
	facts, err := heardOf(ctx, q, orderID)
	if err != nil {
		return done, err
	}
	if len(orders) > 0 {
		facts = facts.In(orders[0].Currency)
	}
	w, ok := facts.Worth() // not ok while only its refunds are known
	if !ok {
		return done, nil
	}
	was, err := s.writeSum(ctx, q, orderID, w)
	if err != nil {
		return done, err
	}
	for _, o := range orders {
		minor, err := s.correct(ctx, q, o, was, w, why)
		if err != nil {
			return done, err
		}
		done.minor += minor
		look, err := s.holdForeign(ctx, q, o, strings.Join(fresh.Foreign(o.Currency), "; "))
		if err != nil {
			return done, err
		}
		done.look = cmp.Or(done.look, look)
	}
	return done, nil
}

// holdForeign holds what is open of an order of which something was said in another currency, "" for nothing: finance reads why among what
// is held. Where all of it is claimed or paid there is nothing to hold, and the reason is returned.
func (s *Store) holdForeign(ctx context.Context, q *db.Queries, o db.Order, reason string) (look string, err error) {
	if reason == "" || o.PartnershipID == nil {
		return "", nil
	}
	rows, err := q.LockOrderRows(ctx, db.LockOrderRowsParams{Program: o.Program, OrderID: o.OrderID})
	if err != nil {
		return "", err
	}
	for _, row := range rows {
		switch rowOf(row).Waits(reason).State {
		case ledger.Held:
			return "", s.holdRows(ctx, q, rows, nil, reason)
		case ledger.InPayout, ledger.Paid:
			look = reason
		}
	}
	return look, nil
}

// writeSum keeps what an order comes to now, and returns what it came to before.
func (s *Store) writeSum(ctx context.Context, q *db.Queries, orderID string, w ledger.Worth) (was ledger.Worth, err error) {
	last, err := q.LastOrderSum(ctx, orderID)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return was, err
	}
	was = ledger.Worth{Currency: last.Currency, BoughtMinor: last.BoughtMinor, BackMinor: last.BackMinor}
	same := last.N > 0 && last.Currency == w.Currency && last.BoughtMinor == w.BoughtMinor && last.BackMinor == w.BackMinor &&
		(last.NewCustomer == nil) == (w.NewCustomer == nil) && deref(last.NewCustomer) == deref(w.NewCustomer)
	if same {
		return was, nil
	}
	return was, q.InsertOrderSum(ctx, db.InsertOrderSumParams{
		OrderID: orderID, N: last.N + 1, Currency: w.Currency, BoughtMinor: w.BoughtMinor, BackMinor: w.BackMinor, NewCustomer: w.NewCustomer, Now: s.now(),
	})
}

// correct posts the difference between what an order earned and what it is to have earned.
func (s *Store) correct(ctx context.Context, q *db.Queries, o db.Order, was, w ledger.Worth, why string) (int64, error) {
	if o.PartnershipID == nil {
		return 0, nil
	}
	locked, err := q.LockOrderRows(ctx, db.LockOrderRowsParams{Program: o.Program, OrderID: o.OrderID})
	if err != nil {
		return 0, err
	}
	rows := each(locked, rowOf)
	c, ok := ledger.CorrectionOf(rows, o.NetMinor, w, s.now(), why)
	if !ok {
		return 0, nil
	}
	e, err := q.Earner(ctx, *o.PartnershipID)
	if err != nil {
		return 0, err
	}
	used, err := s.commissionUsed(ctx, q, *o.PartnershipID, e.Terms)
	if err != nil {
		return 0, err
	}
	c.Row = c.Row.Waits(e.PayoutHold)
	if c, ok = c.Capped(e.Terms, used, ledger.Grown(rows, o.NetMinor, was, w)); !ok {
		return 0, nil
	}
	added, err := s.insertRow(ctx, q, c.Row, c.Posting)
	if err != nil || !c.Full {
		return c.Row.AmountMinor, err
	}
	ids := []string{added}
	for _, row := range rows {
		if row.State.Open() {
			ids = append(ids, row.ID)
		}
	}
	return c.Row.AmountMinor, q.MoveRows(ctx, db.MoveRowsParams{Ids: ids, State: ledger.Reversed, Reason: locale.Words("the order was refunded in full")})
}
