package store

import (
	"context"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/store/db"
)

// Page is which part of a list is read: what comes after a key, and how many at most. A list may have one line for each of 100,000
// creators and month, and no door reads that whole.
type Page struct {
	After string
	Most  int
}

// cut takes the one off that was read to see whether there is more, and says after which key the next page begins, "" at the end.
func cut[T any](rows []T, p Page, key func(T) string) (page []T, next string) {
	if len(rows) <= p.Most {
		return rows, ""
	}
	return rows[:p.Most], key(rows[p.Most-1])
}

// most is how many rows are read for a page.
func (p Page) most() int32 { return int32(p.Most) + 1 }

// creatorID is the id of a creator of that handle, nil for "".
func (s *Store) creatorID(ctx context.Context, handle string) (*string, error) {
	if handle == "" {
		return nil, nil //nolint:nilnil // no creator is asked for
	}
	creator, err := s.FindCreator(ctx, handle)
	id := string(creator.ID)
	return &id, err
}

// LedgerRows are rows in the order in which they were booked.
func (s *Store) LedgerRows(ctx context.Context, f LedgerFilter, p Page) (rows []board.Row, next string, err error) {
	which := db.LedgerPageParams{After: p.After, Most: p.most()}
	if which.CreatorID, err = s.creatorID(ctx, f.Handle); err != nil {
		return nil, "", err
	}
	if f.CampaignID != "" {
		id := string(f.CampaignID)
		which.CampaignID = &id
	}
	found, err := s.q.LedgerPage(ctx, which)
	rows, next = cut(each(found, func(r db.LedgerPageRow) board.Row {
		return board.RowOf(rowOf(r.LedgerRow), board.Whose{Platform: r.Platform, Handle: r.Handle}, r.LedgerRow.PayoutID)
	}), p, func(r board.Row) string { return r.ID })
	return rows, next, mapped("ledger rows", err)
}

// Balances are accounts by their names. A key is an account and its currency, with a space between.
func (s *Store) Balances(ctx context.Context, f LedgerFilter, p Page) (balances []board.Balance, next string, err error) {
	which := db.BalancesPageParams{Most: p.most()}
	at := strings.LastIndexByte(p.After, ' ')
	if p.After != "" && at < 0 {
		return nil, "", partnership.FieldErrorf("balances_after", "%q is no account with its currency, such as %q", p.After, "creator:ID:payable USD")
	}
	if p.After != "" {
		which.AfterAccount, which.AfterCurrency = p.After[:at], p.After[at+1:]
	}
	id, err := s.creatorID(ctx, f.Handle)
	if err != nil {
		return nil, "", err
	}
	if id != nil {
		which.AccountPrefix = "creator:" + *id + ":"
	}
	found, err := s.q.BalancesPage(ctx, which)
	balances, next = cut(each(found, func(b db.BalancesPageRow) board.Balance { return board.Balance(b) }), p, func(b board.Balance) string {
		return b.Account + " " + b.Currency
	})
	return balances, next, mapped("balances", err)
}

// Unpaid is what is earned and in no payout, by program and by what it waits for.
func (s *Store) Unpaid(ctx context.Context) ([]board.Unpaid, error) {
	rows, err := s.q.Unpaid(ctx)
	return each(rows, func(r db.UnpaidRow) board.Unpaid { return board.Unpaid(r) }), mapped("what is owed", err)
}

// Payouts are payouts in the order in which they were planned, those that were void or failed included.
func (s *Store) Payouts(ctx context.Context, f PayoutFilter, p Page) (payouts []board.Payout, next string, err error) {
	which := db.PayoutPageParams{RunID: f.RunID, Program: f.Program, Period: f.Period, After: p.After, Most: p.most()}
	if which.CreatorID, err = s.creatorID(ctx, f.Handle); err != nil {
		return nil, "", err
	}
	found, err := s.q.PayoutPage(ctx, which)
	payouts, next = cut(each(found, func(r db.PayoutPageRow) board.Payout {
		return board.PayoutOf(payoutOf(r.Payout), board.Whose{Platform: r.Platform, Handle: r.Handle}, r.Rows, r.Payout.Reason)
	}), p, func(po board.Payout) string { return string(po.ID) })
	return payouts, next, mapped("payouts", err)
}

// Runs are runs, the newest first.
func (s *Store) Runs(ctx context.Context, program, period string, p Page) (runs []partnership.PayoutRun, next string, err error) {
	if p.After != "" {
		if _, err := s.q.Run(ctx, p.After); err != nil {
			return nil, "", notFound("payout run", err)
		}
	}
	found, err := s.q.RunsBefore(ctx, db.RunsBeforeParams{Before: p.After, Program: program, Period: period, Most: p.most()})
	if err != nil {
		return nil, "", mapped("payout runs", err)
	}
	found, next = cut(found, p, func(r db.PayoutRun) string { return r.ID })
	runs, err = runsOf(ctx, s.q, found)
	return runs, next, err
}

// CampaignPage are campaigns, oldest first, without their partnerships.
func (s *Store) CampaignPage(ctx context.Context, p Page) (campaigns []board.Campaign, next string, err error) {
	if p.After != "" {
		if _, err := s.q.Campaign(ctx, partnership.CampaignID(p.After)); err != nil {
			return nil, "", notFound("campaign", err)
		}
	}
	found, err := s.q.CampaignsAfter(ctx, db.CampaignsAfterParams{After: p.After, Most: p.most()})
	if err != nil {
		return nil, "", mapped("campaigns", err)
	}
	found, next = cut(found, p, func(c db.Campaign) string { return string(c.ID) })
	campaigns, err = s.campaignHeads(ctx, found)
	return campaigns, next, err
}

// Handles are the handles of these creators. Personal data.
func (s *Store) Handles(ctx context.Context, ids []partnership.CreatorID) (map[partnership.CreatorID]string, error) {
	rows, err := s.q.Handles(ctx, each(ids, func(id partnership.CreatorID) string { return string(id) }))
	of := make(map[partnership.CreatorID]string, len(rows))
	for _, r := range rows {
		of[r.ID] = r.Handle
	}
	return of, mapped("handles", err)
}
