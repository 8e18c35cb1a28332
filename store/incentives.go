package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// settleBonuses brings what is booked of a partnership's bonuses and tiers to what its sales come to by now, and returns what was booked. It
// is asked wherever a sale may have come to something else, in that transaction; without incentives in the terms it does nothing.
func (s *Store) settleBonuses(ctx context.Context, q *db.Queries, id partnership.PartnershipID) (minor int64, err error) {
	e, err := q.Earner(ctx, id)
	if err != nil || len(e.Terms.Bonuses)+len(e.Terms.Tiers) == 0 {
		return 0, err
	}
	if err := q.LockCommission(ctx, string(id)); err != nil {
		return 0, err
	}
	used, err := s.commissionUsed(ctx, q, id, e.Terms)
	if err != nil {
		return 0, err
	}
	rows, err := q.BonusSales(ctx, &id)
	if err != nil {
		return 0, err
	}
	booked, err := q.LockBonusRows(ctx, id)
	if err != nil {
		return 0, err
	}
	sales := each(rows, func(r db.BonusSalesRow) ledger.BonusSale {
		state := ledger.State(r.State)
		return ledger.BonusSale{
			OrderID: r.OrderID, Currency: r.Currency, At: r.OccurredAt, BoughtMinor: r.BoughtMinor, BackMinor: r.BackMinor, RateBPS: int(r.RateBps),
			Out: state == ledger.Voided || state == ledger.Held && r.Reason != e.PayoutHold, // what holds all of the partnership holds its bonuses too
		}
	})
	for _, move := range earnerOf(e).BonusMoves(sales, each(booked, rowOf), e.Terms.CommissionCap-used, s.now(), s.opt.Day) {
		added, err := s.insertRow(ctx, q, move.Row, move.Posting)
		if err != nil {
			return 0, err
		}
		minor += move.Row.AmountMinor
		if len(move.Full) == 0 {
			continue
		}
		if err := q.MoveRows(ctx, db.MoveRowsParams{Ids: append(move.Full, added), State: ledger.Reversed, Reason: move.Row.Reason}); err != nil {
			return 0, err
		}
	}
	return minor, nil
}

// settleBonusesOf is settleBonuses of all whom an order is credited to.
func (s *Store) settleBonusesOf(ctx context.Context, q *db.Queries, orderID string) (minor int64, err error) {
	orders, err := q.OrdersByID(ctx, orderID)
	for _, o := range orders {
		if o.PartnershipID == nil {
			continue
		}
		booked, err := s.settleBonuses(ctx, q, *o.PartnershipID)
		if err != nil {
			return 0, err
		}
		minor += booked
	}
	return minor, err
}
