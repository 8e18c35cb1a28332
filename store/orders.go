package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// OrderIn is an order as the shop reports it.
type OrderIn struct {
	Program    string // "" when only the code or the link says which
	OrderID    string // the shop's id
	Currency   string
	NetMinor   int64    // lines net of all discounts; tax and shipping are out (RULES, money 3)
	Codes      []string // discount codes in the order in which the shop applied them
	LinkCode   string   // of the last click: the landing page's utm_content
	OccurredAt time.Time
	Gift       bool // carries our own key: a gift never earns
}

// OrderResult is what became of an order.
type OrderResult struct {
	Fresh           bool // false: it was there already and nothing changed
	Program         string
	PartnershipID   partnership.PartnershipID // who is credited, "" nobody
	Why             ledger.Why                // by what, or why nobody is
	CommissionMinor int64
}

// RecordOrder credits an order to at most one partnership, exactly once however often and however concurrently it is reported.
// Rate and eligibility are frozen on the row; a refund that came before its order is taken off at once.
func (s *Store) RecordOrder(ctx context.Context, in OrderIn) (result OrderResult, err error) {
	if in.OrderID == "" || in.NetMinor < 0 {
		return result, partnership.Errorf(partnership.Invalid, "an order has an id and a net amount of zero or more")
	}
	err = s.tx(ctx, "record order", func(q *db.Queries) error {
		if err := q.LockOrder(ctx, in.OrderID); err != nil {
			return err
		}
		known, err := orderOf(ctx, q, in)
		if err != nil || known != nil {
			result = deref(known)
			return err
		}
		result, err = s.creditOrder(ctx, q, in)
		return err
	})
	return result, err
}

// orderOf finds an order that was recorded before.
func orderOf(ctx context.Context, q *db.Queries, in OrderIn) (*OrderResult, error) {
	orders, err := q.OrdersByID(ctx, in.OrderID)
	if err != nil {
		return nil, err
	}
	for _, o := range orders {
		if in.Program == "" || in.Program == o.Program {
			return &OrderResult{Program: o.Program, PartnershipID: deref(o.PartnershipID), Why: o.Why}, nil
		}
	}
	return nil, nil
}

func (s *Store) creditOrder(ctx context.Context, q *db.Queries, in OrderIn) (OrderResult, error) {
	sale, err := saleOf(ctx, q, in)
	if err != nil {
		return OrderResult{}, err
	}
	credit := ledger.Attribute(sale, s.opt.Day)
	if _, err := q.InsertOrder(ctx, db.InsertOrderParams{
		Program: credit.Program, OrderID: in.OrderID, Currency: in.Currency, NetMinor: in.NetMinor, CodePartnershipID: idOrNil(credit.Code),
		LinkPartnershipID: idOrNil(credit.Link), PartnershipID: idOrNil(credit.Partnership), Why: credit.Why, OccurredAt: in.OccurredAt, Now: s.now(),
	}); err != nil {
		return OrderResult{}, err
	}
	result := OrderResult{Fresh: true, Program: credit.Program, PartnershipID: credit.Partnership, Why: credit.Why}
	if credit.Partnership == "" {
		return result, nil
	}
	if result.CommissionMinor, err = s.earnCommission(ctx, q, in, credit.Partnership); err != nil {
		return result, err
	}
	_, err = s.applyRefunds(ctx, q, credit.Program, in.OrderID, in.Currency, in.NetMinor)
	return result, err
}

// saleOf reads what an order's credit depends on.
func saleOf(ctx context.Context, q *db.Queries, in OrderIn) (sale ledger.Sale, err error) {
	sale = ledger.Sale{Program: in.Program, At: in.OccurredAt, Gift: in.Gift}
	if !sale.Gift {
		if sale.Gift, err = q.IsGiftOrder(ctx, in.OrderID); err != nil {
			return sale, err
		}
	}
	for _, code := range in.Codes {
		kit, err := q.TouchByCode(ctx, code)
		if errors.Is(err, pgx.ErrNoRows) {
			continue // not a creator's
		}
		touch, err := touchOf(ctx, q, kit, err)
		if err != nil {
			return sale, err
		}
		sale.Codes = append(sale.Codes, touch)
	}
	if in.LinkCode == "" {
		return sale, nil
	}
	kit, err := q.TouchByLink(ctx, in.LinkCode)
	if errors.Is(err, pgx.ErrNoRows) {
		return sale, nil
	}
	touch, err := touchOf(ctx, q, db.TouchByCodeRow(kit), err)
	sale.Link = &touch
	return sale, err
}

func touchOf(ctx context.Context, q *db.Queries, kit db.TouchByCodeRow, err error) (ledger.Touch, error) {
	if err != nil {
		return ledger.Touch{}, err
	}
	posted, err := q.LastPost(ctx, kit.PartnershipID)
	if errors.Is(err, pgx.ErrNoRows) {
		posted, err = time.Time{}, nil
	}
	return ledger.Touch{Program: kit.Program, Partnership: kit.PartnershipID, LastPost: posted, WindowDays: kit.Terms.WindowDays}, err
}

func (s *Store) earnCommission(ctx context.Context, q *db.Queries, in OrderIn, id partnership.PartnershipID) (int64, error) {
	e, err := q.Earner(ctx, id)
	if err != nil {
		return 0, err
	}
	row, ok := earnerOf(e).Commission(in.OrderID, in.Currency, in.NetMinor, in.OccurredAt, s.opt.Day)
	if !ok {
		return 0, nil
	}
	_, err = s.addRow(ctx, q, row)
	return row.AmountMinor, err
}

// OrdersOf are the orders that a partnership is credited with, oldest first.
func (s *Store) OrdersOf(ctx context.Context, id partnership.PartnershipID) ([]OrderIn, error) {
	rows, err := s.q.OrdersOfPartnership(ctx, &id)
	out := make([]OrderIn, len(rows))
	for i, o := range rows {
		out[i] = OrderIn{Program: o.Program, OrderID: o.OrderID, Currency: o.Currency, NetMinor: o.NetMinor, OccurredAt: o.OccurredAt}
	}
	return out, mapped("orders", err)
}

func idOrNil(id partnership.PartnershipID) *partnership.PartnershipID {
	if id == "" {
		return nil
	}
	return &id
}
