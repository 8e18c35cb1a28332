package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// sold is what a program's sales were and came to, as it was recorded. It only reads, and the database is told so.
func (s *Store) sold(ctx context.Context, program string) (past ledger.Past, err error) {
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		past, err = readPast(ctx, s.q.WithTx(tx), program)
		return err
	})
	return past, mapped("past", err)
}

func readPast(ctx context.Context, q *db.Queries, program string) (past ledger.Past, err error) {
	past.Holds = map[partnership.PartnershipID]string{}
	touches, earners, err := pastTouches(ctx, q, program, past.Holds)
	if err != nil {
		return past, err
	}
	past.Earners = earners
	bonuses, err := q.PastBonuses(ctx, program)
	if err != nil {
		return past, err
	}
	past.Bonuses = each(bonuses, func(in db.PastBonusesRow) ledger.PastRow {
		return ledger.PastRow{Row: rowOf(in.LedgerRow), WrittenAt: in.LedgerRow.CreatedAt}
	})
	orders, err := q.PastOrders(ctx, program)
	if err != nil {
		return past, err
	}
	at := map[string]*ledger.PastOrder{}
	past.Orders = make([]ledger.PastOrder, len(orders))
	for i, row := range orders {
		past.Orders[i] = pastOrder(row.Order, touches)
		at[row.Order.OrderID] = &past.Orders[i]
	}
	sums, err := q.PastSums(ctx, program)
	if err != nil {
		return past, err
	}
	for _, in := range sums {
		w := ledger.Worth{Currency: in.OrderSum.Currency, BoughtMinor: in.OrderSum.BoughtMinor, BackMinor: in.OrderSum.BackMinor, NewCustomer: in.OrderSum.NewCustomer}
		o := at[in.OrderSum.OrderID]
		o.Worths = append(o.Worths, ledger.PastWorth{Worth: w, At: in.OrderSum.RecordedAt})
	}
	rows, err := q.PastRows(ctx, program)
	for _, in := range rows {
		o := at[in.LedgerRow.OrderID]
		o.Rows = append(o.Rows, ledger.PastRow{Row: rowOf(in.LedgerRow), WrittenAt: in.LedgerRow.CreatedAt, VoidedAt: in.VoidedAt})
	}
	return past, err
}

// pastTouches are all partnerships of a program: what their codes and links are worth, and by which terms they earn; holds takes what holds
// all of their money.
func pastTouches(ctx context.Context, q *db.Queries, program string, holds map[partnership.PartnershipID]string) (map[partnership.PartnershipID]ledger.Touch, map[partnership.PartnershipID]ledger.Earner, error) {
	rows, err := q.PastTouches(ctx, program)
	if err != nil {
		return nil, nil, err
	}
	posts, err := q.PastPosts(ctx, program)
	if err != nil {
		return nil, nil, err
	}
	live := map[partnership.PartnershipID][]ledger.LivePost{}
	for _, post := range posts {
		live[post.PartnershipID] = append(live[post.PartnershipID], ledger.LivePost{Deliverable: post.Deliverable, At: post.ApprovedAt})
	}
	touches, earners := map[partnership.PartnershipID]ledger.Touch{}, map[partnership.PartnershipID]ledger.Earner{}
	for _, r := range rows {
		touches[r.ID] = ledger.Touch{Program: program, Partnership: r.ID, ClearedAt: orZero(r.ClearedAt), EndedAt: orZero(r.EndedAt), WindowDays: r.Terms.WindowDays, Posts: live[r.ID]}
		holds[r.ID] = r.PayoutHold
		earners[r.ID] = ledger.Earner{Program: program, CampaignID: r.CampaignID, PartnershipID: r.ID, CreatorID: r.CreatorID, Terms: r.Terms}
	}
	return touches, earners, nil
}

// pastOrder is an order with the touches that were kept with it: its first code's, its link's, and that of whoever earned by a later code.
func pastOrder(o db.Order, touches map[partnership.PartnershipID]ledger.Touch) ledger.PastOrder {
	sale := ledger.Sale{Program: o.Program, At: o.OccurredAt, Gift: o.Why == ledger.OwnGift}
	code, link, credited := deref(o.CodePartnershipID), deref(o.LinkPartnershipID), deref(o.PartnershipID)
	if code != "" {
		sale.Codes = append(sale.Codes, touches[code])
	}
	if credited != "" && credited != code && o.Why == ledger.ByCode {
		sale.Codes = append(sale.Codes, touches[credited])
	}
	if link != "" {
		touch := touches[link]
		sale.Link = &touch
	}
	return ledger.PastOrder{
		ID: o.OrderID, Currency: o.Currency, Sale: sale, Net: o.NetMinor, At: o.RecordedAt,
		Credited: ledger.Credit{Program: o.Program, Partnership: credited, Why: o.Why, Code: code, Link: link},
	}
}

// Counterfactual plays a program's sales again until the end of a month, now where that has not come or none is named: as they were, which
// has to be the ledger, and under a change. Nothing is written.
func (s *Store) Counterfactual(ctx context.Context, program, period string, c ledger.Change) (board.Counterfactual, error) {
	out := board.Counterfactual{Program: program, Until: s.now().Add(time.Microsecond).UTC()}
	pr, err := s.q.Program(ctx, program)
	if err != nil {
		return out, notFound("program", err)
	}
	if period != "" {
		_, to, err := ledger.Period(pr.Timezone, period)
		if err != nil {
			return out, err
		}
		out.Until = ledger.Cutoff(to, out.Until)
	}
	past, err := s.sold(ctx, program)
	if err != nil {
		return out, err
	}
	was, then := past.Play(ledger.Change{}, s.opt.Day, out.Until), past.Play(c, s.opt.Day, out.Until)
	creators, err := s.handles(ctx, past)
	out.Moved, out.Kept, out.Lines = then.Moved, then.Kept, board.CounterfactualOf(was, then, func(id partnership.CreatorID) string { return creators[id] })
	return out, err
}

func (s *Store) handles(ctx context.Context, past ledger.Past) (map[partnership.CreatorID]string, error) {
	var ids []string
	for _, e := range past.Earners {
		ids = append(ids, string(e.CreatorID))
	}
	rows, err := s.q.HandlesOf(ctx, ids)
	all := map[partnership.CreatorID]string{}
	for _, r := range rows {
		all[r.ID] = r.Handle
	}
	return all, mapped("handles", err)
}
