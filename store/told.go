package store

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// Whoever is paid, or is not, is told: the notice is kept in the transaction that settles the payout, so that no way of settling one can
// forget it, and the front door has it sent.

// payeeNotice is what a creator is told of a payout. of tells several of one kind apart.
type payeeNotice struct {
	kind   string
	payout db.Payout
	minor  int64
	why    string
	of     string
	after  *time.Time // not before; it may be overtaken until then
}

func (s *Store) tellPayee(ctx context.Context, q *db.Queries, n payeeNotice) error {
	return q.AddPayoutNotice(ctx, db.AddPayoutNoticeParams{
		ID: n.kind + "/" + string(n.payout.ID) + n.of, Kind: n.kind, PayoutID: n.payout.ID, AmountMinor: n.minor, Why: n.why, SendAfter: n.after, Now: s.now(),
	})
}

// sendBack gives the rows of a payout back that a person did not want sent. Its creator, to whom a statement has promised it, is told after
// a day, when no run has taken it up again.
func (s *Store) sendBack(ctx context.Context, q *db.Queries, payout db.Payout, reason string) error {
	after := s.now().Add(s.opt.Day)
	if err := s.tellPayee(ctx, q, payeeNotice{kind: partnership.NoticePutOff, payout: payout, minor: payout.AmountMinor, after: &after}); err != nil {
		return err
	}
	return s.release(ctx, q, payout, partnership.PayoutVoid, reason)
}

// BankRefused keeps for whoever got money to an account that their bank did not take it from there. Nobody is told of an account that was
// paid nothing.
func (s *Store) BankRefused(ctx context.Context, id partnership.CreatorID, account, event, why string) error {
	return s.tx(ctx, "bank refused", func(q *db.Queries) error {
		last, err := q.LastPaidTo(ctx, db.LastPaidToParams{CreatorID: id, Destination: account})
		if noRows(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.tellPayee(ctx, q, payeeNotice{kind: partnership.NoticeBankRefused, payout: db.Payout{ID: last}, why: why, of: "/" + event})
	})
}

// payoutNews is what a notice of a payout tells.
func (s *Store) payoutNews(ctx context.Context, n db.Notice) (*partnership.PayoutNews, error) {
	told, err := s.q.PayoutTold(ctx, *n.PayoutID)
	if err != nil {
		return nil, err
	}
	page, err := s.EarningsURL(ctx, n.CreatorID, told.Program)
	po := told.Payout
	of := "/" + told.Period
	if n.Kind == partnership.NoticeInvoice || n.Kind == partnership.NoticeCreditNote {
		of = "/invoices"
	}
	return &partnership.PayoutNews{
		ID: po.ID, Period: told.Period, AmountMinor: n.AmountMinor, WholeMinor: po.AmountMinor, Currency: po.Currency, Rail: po.Provider,
		Account: partnership.AccountEnding(po.Destination), SentAt: orZero(po.FirstPostedAt), Ref: po.ProviderRef, Why: n.Why, Page: page + of,
		Overtaken: told.Overtaken,
	}, err
}

// doubleNews is what a notice of a double tells.
func (s *Store) doubleNews(ctx context.Context, n db.Notice) (*partnership.PayoutNews, error) {
	told, err := s.q.DoubleTold(ctx, n.ID)
	if err != nil {
		return nil, err
	}
	page, err := s.EarningsURL(ctx, n.CreatorID, told.Program)
	t := told.PayoutDifference
	return &partnership.PayoutNews{
		AmountMinor: n.AmountMinor, WholeMinor: t.AmountMinor, Currency: t.Currency, Rail: t.Provider, Account: partnership.AccountEnding(t.Destination),
		SentAt: t.MadeAt, Ref: t.TransferID, Page: page,
	}, err
}

// EarningsURL is the secret link of a creator's page of what they earn in a program, always the same until it is revoked.
func (s *Store) EarningsURL(ctx context.Context, id partnership.CreatorID, program string) (string, error) {
	n, err := s.q.EarningsLink(ctx, db.EarningsLinkParams{CreatorID: id, Program: program, TokenHash: digest(s.earningsToken(id, program, 0)), Now: s.now()})
	return s.opt.PublicURL + "/e/" + s.earningsToken(id, program, n), mapped("earnings link", err)
}

// knownEarningsURL is EarningsURL where it was told before, else "".
func (s *Store) knownEarningsURL(ctx context.Context, id partnership.CreatorID, program string) (string, error) {
	n, err := s.q.KnownEarningsLink(ctx, db.KnownEarningsLinkParams{CreatorID: id, Program: program})
	if noRows(err) {
		return "", nil
	}
	return s.opt.PublicURL + "/e/" + s.earningsToken(id, program, n), mapped("earnings link", err)
}

// earningsToken is the {token} of /e/{token}.
func (s *Store) earningsToken(id partnership.CreatorID, program string, n int64) string {
	return s.token("earnings", nth(string(id)+"/"+program, n))
}

func (s *Store) revokeEarnings(ctx context.Context, q *db.Queries, id partnership.CreatorID) (int, error) {
	links, err := q.EarningsLinksOf(ctx, id)
	if err != nil || len(links) == 0 {
		return 0, err
	}
	old := db.RevokeLinksParams{Kind: linkOfEarnings, Now: s.now()}
	for _, l := range links {
		old.TokenHashes, old.Subjects = append(old.TokenHashes, l.TokenHash), append(old.Subjects, string(id)+"/"+l.Program)
		next := db.SetEarningsLinkParams{CreatorID: id, Program: l.Program, LinkN: l.LinkN + 1, TokenHash: digest(s.earningsToken(id, l.Program, l.LinkN+1))}
		if err := q.SetEarningsLink(ctx, next); err != nil {
			return 0, err
		}
	}
	return len(links), q.RevokeLinks(ctx, old)
}
