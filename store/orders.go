package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	p "github.com/rapport-dev/rapport/partnership"
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
	PartnershipID   p.PartnershipID // who is credited, "" nobody
	Why             string          // code, link, or why nobody is credited
	CommissionMinor int64
}

// RecordOrder credits an order to at most one partnership, exactly once however often and however concurrently it is reported.
// Rate and eligibility are frozen on the row; a refund that came before its order is taken off at once.
func (s *Store) RecordOrder(ctx context.Context, in OrderIn) (result OrderResult, err error) {
	if in.OrderID == "" || in.NetMinor < 0 {
		return result, p.Errorf(p.Invalid, "an order has an id and a net amount of zero or more")
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
	touches, program, err := s.touchesOf(ctx, q, in)
	if err != nil {
		return OrderResult{}, err
	}
	credit, why, err := s.creditOf(ctx, q, in, touches)
	if err != nil {
		return OrderResult{}, err
	}
	order := db.InsertOrderParams{
		Program: program, OrderID: in.OrderID, Currency: in.Currency, NetMinor: in.NetMinor, LinkPartnershipID: idOrNil(touches.LinkPartnership),
		PartnershipID: idOrNil(credit), Why: why, OccurredAt: in.OccurredAt, Now: s.now(),
	}
	if len(touches.Codes) > 0 {
		order.CodePartnershipID = idOrNil(touches.Codes[0].Partnership)
	}
	if _, err := q.InsertOrder(ctx, order); err != nil {
		return OrderResult{}, err
	}
	result := OrderResult{Fresh: true, Program: program, PartnershipID: credit, Why: why}
	if credit == "" {
		return result, nil
	}
	if result.CommissionMinor, err = s.earnCommission(ctx, q, in, credit); err != nil {
		return result, err
	}
	_, err = s.applyRefunds(ctx, q, program, in.OrderID, in.Currency, in.NetMinor)
	return result, err
}

// touchesOf finds whose codes and link an order carries, within one program: the order's own, else the first code's, else the link's.
func (s *Store) touchesOf(ctx context.Context, q *db.Queries, in OrderIn) (t ledger.Touches, program string, err error) {
	program = in.Program
	for _, code := range in.Codes {
		kit, err := q.KitByCode(ctx, code)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && program != "" && kit.Program != program {
			continue // not a creator's, or another program's
		}
		if err != nil {
			return t, "", err
		}
		program = kit.Program
		t.Codes = append(t.Codes, ledger.CodeTouch{Code: code, Partnership: kit.PartnershipID})
	}
	if in.LinkCode == "" {
		return t, program, nil
	}
	kit, err := q.KitByLink(ctx, in.LinkCode)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && program != "" && kit.Program != program {
		return t, program, nil
	}
	t.LinkPartnership = kit.PartnershipID
	return t, kit.Program, err
}

// creditOf says who earns an order, or why nobody does. A touch outside its window does not count, so a late code leaves the
// order to a link that is in time.
func (s *Store) creditOf(ctx context.Context, q *db.Queries, in OrderIn, t ledger.Touches) (credit p.PartnershipID, why string, err error) {
	if gift, err := q.IsGiftOrder(ctx, in.OrderID); err != nil || gift || in.Gift {
		return "", "our own gift order", err
	}
	if len(t.Codes) == 0 && t.LinkPartnership == "" {
		return "", "no code or link of a creator", nil
	}
	inTime := ledger.Touches{}
	for _, code := range t.Codes {
		if ok, err := s.inWindow(ctx, q, code.Partnership, in.OccurredAt); err != nil {
			return "", "", err
		} else if ok {
			inTime.Codes = append(inTime.Codes, code)
		}
	}
	if t.LinkPartnership != "" {
		ok, err := s.inWindow(ctx, q, t.LinkPartnership, in.OccurredAt)
		if err != nil {
			return "", "", err
		}
		if ok {
			inTime.LinkPartnership = t.LinkPartnership
		}
	}
	c, ok := ledger.Attribute(inTime)
	if !ok {
		return "", "after the attribution window", nil
	}
	return c.Partnership, c.By, nil
}

// defaultWindowDays is the attribution window where the terms name none (RULES, money 3).
const defaultWindowDays = 30

// inWindow says whether a partnership earns a sale at that instant: until its window after the last post is over.
func (s *Store) inWindow(ctx context.Context, q *db.Queries, id p.PartnershipID, at time.Time) (bool, error) {
	posted, err := q.WindowStart(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return true, nil // a code that sells before the post is still the creator's
	}
	if err != nil {
		return false, err
	}
	pa, err := q.PartnershipByID(ctx, id)
	days := pa.Terms.WindowDays
	if days <= 0 {
		days = defaultWindowDays
	}
	return at.Before(posted.Add(s.days(days))), err
}

func (s *Store) earnCommission(ctx context.Context, q *db.Queries, in OrderIn, id p.PartnershipID) (int64, error) {
	e, err := q.Earner(ctx, id)
	if err != nil {
		return 0, err
	}
	if e.Terms.CommissionBPS == 0 {
		return 0, nil // the terms pay no commission; the order still counts for the results
	}
	row := earning(e, ledger.CommissionRow, ledger.Commission(in.NetMinor, e.Terms.CommissionBPS), in.Currency)
	row.State, row.OrderID, row.RateBps = ledger.Pending, in.OrderID, int64(e.Terms.CommissionBPS)
	row.OccurredAt, row.EligibleAt = in.OccurredAt, in.OccurredAt.Add(s.days(e.Terms.HoldDays))
	switch {
	case in.Currency != e.Terms.Currency:
		row.State, row.Reason = ledger.Held, fmt.Sprintf("the order is in %s, the terms are in %s", in.Currency, e.Terms.Currency)
	case e.PayoutHold != "":
		row.State, row.Reason = ledger.Held, e.PayoutHold
	}
	return row.AmountMinor, s.addRow(ctx, q, row)
}

// OrdersOf are the orders that a partnership is credited with, oldest first.
func (s *Store) OrdersOf(ctx context.Context, id p.PartnershipID) ([]OrderIn, error) {
	rows, err := s.q.OrdersOfPartnership(ctx, &id)
	out := make([]OrderIn, len(rows))
	for i, o := range rows {
		out[i] = OrderIn{Program: o.Program, OrderID: o.OrderID, Currency: o.Currency, NetMinor: o.NetMinor, OccurredAt: o.OccurredAt}
	}
	return out, mapped("orders", err)
}

func idOrNil(id p.PartnershipID) *p.PartnershipID {
	if id == "" {
		return nil
	}
	return &id
}
