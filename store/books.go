package store

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// LedgerFilter narrows the ledger; its zero value is all of it.
type LedgerFilter struct {
	Handle     string
	CampaignID partnership.CampaignID // rows only: accounts are not kept by campaign
}

// LedgerDocument reads rows and balances.
func (s *Store) LedgerDocument(ctx context.Context, f LedgerFilter) (board.Ledger, error) {
	var which db.LedgerRowsParams
	accounts := ""
	if f.Handle != "" {
		creator, err := s.FindCreator(ctx, f.Handle)
		if err != nil {
			return board.Ledger{}, err
		}
		id := string(creator.ID)
		which.CreatorID, accounts = &id, "creator:"+id+":"
	}
	if f.CampaignID != "" {
		id := string(f.CampaignID)
		which.CampaignID = &id
	}
	rows, err := s.q.LedgerRows(ctx, which)
	if err != nil {
		return board.Ledger{}, mapped("ledger", err)
	}
	balances, err := s.q.Balances(ctx, accounts)
	return board.Ledger{
		Rows: each(rows, func(r db.LedgerRowsRow) board.Row {
			return board.RowOf(rowOf(r.LedgerRow), board.Whose{Platform: r.Platform, Handle: r.Handle}, r.LedgerRow.PayoutID)
		}),
		Balances: each(balances, func(b db.BalancesRow) board.Balance { return board.Balance(b) }),
	}, mapped("ledger", err)
}

// PayoutFilter narrows payouts; its zero value is all of them.
type PayoutFilter struct{ Program, Period, Handle, RunID string }

// PayoutDocuments are payouts by period, run and creator, those that were void or failed included.
func (s *Store) PayoutDocuments(ctx context.Context, f PayoutFilter) ([]board.Payout, error) {
	which := db.PayoutDocumentsParams{Program: f.Program, Period: f.Period}
	if f.Handle != "" {
		creator, err := s.FindCreator(ctx, f.Handle)
		if err != nil {
			return nil, err
		}
		id := string(creator.ID)
		which.CreatorID = &id
	}
	rows, err := s.q.PayoutDocuments(ctx, which)
	return each(rows, func(r db.PayoutDocumentsRow) board.Payout {
		return board.PayoutOf(payoutOf(r.Payout), board.Whose{Platform: r.Platform, Handle: r.Handle}, r.Rows, r.Payout.Reason)
	}), mapped("payouts", err)
}

// HeldRows are the earnings that are held, the longest held first: all, or so many at most.
func (s *Store) HeldRows(ctx context.Context, most int) ([]board.HeldRow, error) {
	rows, err := s.q.HeldRows(ctx, int32(most))
	return each(rows, heldOf), mapped("held rows", err)
}

// HeldCount is how many earnings are held.
func (s *Store) HeldCount(ctx context.Context) (int, error) {
	n, err := s.q.HeldCount(ctx)
	return int(n), mapped("held rows", err)
}

func heldOf(r db.HeldRowsRow) board.HeldRow {
	return board.HeldRow{
		ID: r.ID, PartnershipID: r.PartnershipID, Platform: r.Platform, Creator: r.Handle, Kind: r.Kind, AmountMinor: r.AmountMinor, Currency: r.Currency,
		Reason: r.Reason, Since: r.Since,
	}
}

// UntoldHolds are those of them that finance was not told of: neither what a person held by hand, nor what the creator is asked to mend.
func (s *Store) UntoldHolds(ctx context.Context) ([]board.HeldRow, error) {
	rows, err := s.q.UntoldHolds(ctx, ledger.Undisclosed)
	return each(rows, func(r db.UntoldHoldsRow) board.HeldRow { return heldOf(db.HeldRowsRow(r)) }), mapped("untold holds", err)
}

// HoldsTold says that finance was told why these wait.
func (s *Store) HoldsTold(ctx context.Context, ids []string) error {
	return mapped("holds told", s.q.HoldsTold(ctx, db.HoldsToldParams{Ids: ids, Now: s.now()}))
}
