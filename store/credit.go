package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// orderOf finds an order that was recorded before. A file that has it in another currency than it was sold in is refused: a shop cannot be.
func orderOf(ctx context.Context, q *db.Queries, in OrderIn) (*OrderResult, error) {
	orders, err := q.OrdersByID(ctx, in.OrderID)
	if err != nil {
		return nil, err
	}
	var known []OrderResult
	for _, o := range orders {
		if in.Heard == ByImport && o.Currency != in.Currency {
			return nil, partnership.FieldErrorf("currency", "order %s was sold in %s, and the file has it in %s: an order keeps its currency", in.OrderID, o.Currency, in.Currency)
		}
		if in.Program == "" || in.Program == o.Program {
			known = append(known, OrderResult{Program: o.Program, PartnershipID: deref(o.PartnershipID), Why: o.Why})
		}
	}
	return together(known), nil
}

// together is an order with what it is in further programs, nil for none.
func together(all []OrderResult) *OrderResult {
	if len(all) == 0 {
		return nil
	}
	all[0].Others = all[1:]
	return &all[0]
}

// creditOrder writes the order down in each program whose touches it carries.
func (s *Store) creditOrder(ctx context.Context, q *db.Queries, in OrderIn) (OrderResult, error) {
	sale, err := saleOf(ctx, q, in)
	if err != nil {
		return OrderResult{}, err
	}
	facts, err := heardOf(ctx, q, in.OrderID)
	if err != nil {
		return OrderResult{}, err
	}
	worth, _ := facts.In(in.Currency).Worth()
	in.NetMinor = worth.BoughtMinor // what came back is taken off by rows of their own
	var all []OrderResult
	for _, credit := range ledger.Attribute(sale, s.opt.Day) {
		result, err := s.creditIn(ctx, q, in, credit)
		if err != nil {
			return OrderResult{}, err
		}
		all = append(all, result)
	}
	return deref(together(all)), nil
}

// creditIn writes the order down in one program, with what it earns there.
func (s *Store) creditIn(ctx context.Context, q *db.Queries, in OrderIn, credit ledger.Credit) (OrderResult, error) {
	if _, err := q.InsertOrder(ctx, db.InsertOrderParams{
		Program: credit.Program, OrderID: in.OrderID, Currency: in.Currency, NetMinor: in.NetMinor, CodePartnershipID: idOrNil(credit.Code),
		LinkPartnershipID: idOrNil(credit.Link), PartnershipID: idOrNil(credit.Partnership), Why: credit.Why, Deliverable: credit.Deliverable,
		DeliverableInferred: credit.Inferred, OccurredAt: in.OccurredAt, Now: s.now(),
	}); err != nil {
		return OrderResult{}, err
	}
	result := OrderResult{Fresh: true, Program: credit.Program, PartnershipID: credit.Partnership, Why: credit.Why}
	if credit.Partnership == "" {
		return result, nil
	}
	var err error
	result.CommissionMinor, err = s.earnCommission(ctx, q, in, credit)
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
		owner, err := q.OwnerOfCode(ctx, code)
		if noRows(err) {
			continue // not a creator's
		}
		touch, err := touchOf(ctx, q, owner, "", err)
		if err != nil {
			return sale, err
		}
		sale.Codes = append(sale.Codes, touch)
	}
	if in.LinkCode == "" {
		return sale, nil
	}
	owner, err := q.OwnerOfLink(ctx, in.LinkCode)
	if noRows(err) {
		return sale, nil
	}
	touch, err := touchOf(ctx, q, owner.PartnershipID, owner.Deliverable, err)
	sale.Link = &touch
	return sale, err
}

// touchOf reads what a partnership's code or link is worth; err is that of the look-up of whose it is.
func touchOf(ctx context.Context, q *db.Queries, id partnership.PartnershipID, deliverable string, err error) (ledger.Touch, error) {
	if err != nil {
		return ledger.Touch{}, err
	}
	row, err := q.Touch(ctx, id)
	if err != nil {
		return ledger.Touch{}, err
	}
	posts, err := q.Posts(ctx, []string{string(id)})
	return ledger.Touch{
		Program: row.Program, Partnership: id, ClearedAt: orZero(row.ClearedAt), EndedAt: orZero(row.EndedAt), WindowDays: row.Terms.WindowDays, Deliverable: deliverable,
		Posts: each(posts, func(p db.Post) ledger.LivePost { return ledger.LivePost{Deliverable: p.Deliverable, At: p.ApprovedAt} }),
	}, err
}
