package store

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// OrderIn is an order as the shop reports it.
type OrderIn struct {
	Program    string // "" when only the code or the link says which
	Shop       string // by its name, "" the one that reports by itself
	OrderID    string // the shop's id
	Currency   string
	NetMinor   int64    // goods still in it, net of all discounts; tax, shipping, gift cards and tips are out (RULES, money 3)
	Codes      []string // discount codes in the order in which the shop applied them
	LinkCode   string   // of the last click: the landing page's utm_content
	OccurredAt time.Time
	Gift       bool // carries our own key: a gift never earns
	Buyer      partnership.Buyer
	Referrer   string // the host that the buyer came from, "" not known

	partnership.SaleState // what else of it decides what it is worth

	Refunds  []partnership.SaleRefund // that it tells of
	Disputes []partnership.SaleDispute
	Heard    Heard
}

// OrderOf is an order as a shop tells it.
func OrderOf(o partnership.Sale) OrderIn {
	return OrderIn{
		Shop: o.Shop, OrderID: o.ID, Currency: o.Currency, NetMinor: o.NetMinor, Codes: o.Codes, LinkCode: o.LinkCode, OccurredAt: o.ProcessedAt, Gift: o.Gift,
		Buyer: o.Buyer, Referrer: o.Referrer, SaleState: o.SaleState, Refunds: o.Refunds, Disputes: o.Disputes,
	}
}

// OrderResult is what became of an order.
type OrderResult struct {
	Fresh           bool // false: it was credited already
	Program         string
	PartnershipID   partnership.PartnershipID // who is credited, "" nobody
	Why             ledger.Why                // by what, or why nobody is
	CommissionMinor int64
	Look            string        // why a person has to look, where nothing of it could be held for them
	ChangedMinor    int64         // booked because of what is new about the order, in all programs
	Others          []OrderResult // the same order in further programs, whose touches it carries too
}

// RecordOrder credits an order to at most one partnership of each program, exactly once however often and however concurrently it is reported,
// and keeps how it stands: what it is worth more or less than before is credited or taken back. Rate and eligibility are frozen on the row; a
// refund that came before its order is taken off at once.
func (s *Store) RecordOrder(ctx context.Context, in OrderIn) (result OrderResult, err error) {
	if in.OrderID == "" || in.NetMinor < 0 {
		return result, partnership.Errorf(partnership.Invalid, "an order has an id and a net amount of zero or more")
	}
	if in.OrderID, err = keyOf(ctx, s.q, in.Shop, in.OrderID, in.OccurredAt); err != nil {
		return result, mapped("record order", err)
	}
	err = s.tx(ctx, "record order", func(q *db.Queries) error {
		if err := q.LockOrder(ctx, in.OrderID); err != nil {
			return err
		}
		known, err := orderOf(ctx, q, in)
		if err != nil {
			return err
		}
		fresh, err := s.keepOrder(ctx, q, in)
		if err != nil {
			return err
		}
		result = deref(known)
		if known == nil && !in.Part && in.CancelledAt.IsZero() { // what is not paid, or is over, was never a sale
			if result, err = s.creditOrder(ctx, q, in); err != nil {
				return err
			}
			if fresh, err = heardOf(ctx, q, in.OrderID); err != nil { // to its rows all of them are
				return err
			}
		}
		settled, err := s.settleOrder(ctx, q, in.OrderID, fresh, in.change())
		if err != nil {
			return err
		}
		if err := s.lookAtBuyer(ctx, q, in); err != nil {
			return err
		}
		bonuses, err := s.settleBonusesOf(ctx, q, in.OrderID)
		result.ChangedMinor, result.Look = settled.minor+bonuses, settled.look
		return err
	})
	return result, err
}

// keyOf is the id under which an order is kept. Builds that did not ask for the shop kept imported orders under their number alone: one of
// the same number and instant, of which nobody but files told, is that order.
func keyOf(ctx context.Context, q *db.Queries, shop, id string, at time.Time) (string, error) {
	if shop == "" {
		return ledger.OrderKey(id), nil
	}
	before, err := q.ImportedBefore(ctx, db.ImportedBeforeParams{OrderID: ledger.OrderKey(id), OccurredAt: at})
	if err != nil || before {
		return ledger.OrderKey(id), err
	}
	return ledger.OrderOf(shop, id), nil
}

func (s *Store) earnCommission(ctx context.Context, q *db.Queries, in OrderIn, credit ledger.Credit) (int64, error) {
	e, err := q.Earner(ctx, credit.Partnership)
	if err != nil {
		return 0, err
	}
	row, ok := earnerOf(e).Commission(in.OrderID, in.Currency, in.NetMinor, in.OccurredAt, s.opt.Day)
	if !ok {
		return 0, nil
	}
	used, err := s.commissionUsed(ctx, q, credit.Partnership, e.Terms)
	if err != nil {
		return 0, err
	}
	row = ledger.Capped(e.Terms, row.Waits(credit.Hold), used)
	_, err = s.addRow(ctx, q, row)
	return row.AmountMinor, err
}

// commissionUsed is what a partnership's sales have earned so far, where the terms limit it: nobody else of them adds to it meanwhile.
func (s *Store) commissionUsed(ctx context.Context, q *db.Queries, id partnership.PartnershipID, t partnership.Terms) (int64, error) {
	if t.CommissionCap == 0 {
		return 0, nil
	}
	if err := q.LockCommission(ctx, string(id)); err != nil {
		return 0, err
	}
	return q.CommissionUsed(ctx, db.CommissionUsedParams{PartnershipID: id, Currency: t.Currency})
}

func idOrNil(id partnership.PartnershipID) *partnership.PartnershipID {
	if id == "" {
		return nil
	}
	return &id
}
