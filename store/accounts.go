package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// SavePayoutAccount makes an account a creator's current one and keeps whether it may receive money. Money waits for one that replaces
// another.
func (s *Store) SavePayoutAccount(ctx context.Context, id partnership.CreatorID, a partnership.PayoutAccount) error {
	return s.tx(ctx, "save payout account", func(q *db.Queries) error {
		return s.choose(ctx, q, db.KeepAccountParams{CreatorID: id, Rail: a.Rail, ID: a.ID}, a)
	})
}

func (s *Store) choose(ctx context.Context, q *db.Queries, kept db.KeepAccountParams, a partnership.PayoutAccount) error {
	now := s.now()
	rows, err := q.ChooseAccount(ctx, db.ChooseAccountParams{ID: kept.CreatorID, Account: a.ID, Rail: a.Rail, Ready: a.Ready, Now: now})
	if err := some("creator", rows, err); err != nil || a.ID == "" {
		return err
	}
	if a.Holder != "" {
		if err := q.SaveHolder(ctx, db.SaveHolderParams{ID: kept.CreatorID, Holder: a.Holder}); err != nil {
			return err
		}
	}
	kept.Ready, kept.Now = a.Ready, now
	if a.Ready {
		kept.ReadyAt = &now
	}
	if a.Closed {
		kept.ClosedAt = &now
	}
	return q.KeepAccount(ctx, kept)
}

// NotePayoutAccount keeps what a rail says of an account, whether it is current or not, and returns whose it is: one, unless two handles
// are one person.
func (s *Store) NotePayoutAccount(ctx context.Context, a partnership.PayoutAccount) (whose []partnership.CreatorID, err error) {
	if a.ID == "" {
		return nil, nil
	}
	err = s.tx(ctx, "note payout account", func(q *db.Queries) error {
		whose, err = q.NoteAccount(ctx, db.NoteAccountParams{ID: a.ID, Rail: a.Rail, Ready: a.Ready, Closed: a.Closed, Now: s.now()})
		if err != nil {
			return err
		}
		return q.NoteCurrentAccount(ctx, db.NoteCurrentAccountParams{Account: a.ID, Rail: a.Rail, Ready: a.Ready, Holder: a.Holder, Now: s.now()})
	})
	return whose, err
}

// ChooseAccount is a creator's word on where their money goes, with its line in the audit. A receiver that the rail keeps no account for
// is kept here, encrypted, under an id of ours: the same one again is the same account. partnership.ErrNeedsCode where it would take the place
// of one that could be paid: that is ChangeAccount's.
func (s *Store) ChooseAccount(ctx context.Context, id partnership.CreatorID, a partnership.PayoutAccount, to partnership.Receiver, d partnership.Deed) error {
	return s.tx(ctx, "choose account", func(q *db.Queries) error {
		payee, err := q.LockPayee(ctx, id)
		if err != nil {
			return notFound("creator", err)
		}
		kept, err := s.keptFor(ctx, q, id, a, to)
		if err != nil {
			return err
		}
		if payee.Guarded && payee.PayoutAccount != kept.ID {
			return partnership.ErrNeedsCode
		}
		return s.chosen(ctx, q, kept, a, d)
	})
}

// keptFor is what is kept of an account, the one that is there already where the receiver is known.
func (s *Store) keptFor(ctx context.Context, q *db.Queries, id partnership.CreatorID, a partnership.PayoutAccount, to partnership.Receiver) (db.KeepAccountParams, error) {
	kept := db.KeepAccountParams{CreatorID: id, Rail: a.Rail, ID: a.ID}
	if to.ID == "" {
		return kept, nil
	}
	err := s.sealReceiver(ctx, q, &kept, to)
	return kept, err
}

func (s *Store) chosen(ctx context.Context, q *db.Queries, kept db.KeepAccountParams, a partnership.PayoutAccount, d partnership.Deed) error {
	a.ID = kept.ID
	if err := s.choose(ctx, q, kept, a); err != nil {
		return err
	}
	d.Deed, d.Subject, d.Details = partnership.DeedChooseAccount, "creator/"+string(kept.CreatorID), map[string]any{"rail": a.Rail, "account": a.ID}
	return s.record(ctx, q, d)
}

func (s *Store) sealReceiver(ctx context.Context, q *db.Queries, kept *db.KeepAccountParams, to partnership.Receiver) error {
	kept.Fingerprint, kept.Shown = s.fingerprint(kept.Rail, to.Known()), to.Shown()
	known, err := q.AccountByReceiver(ctx, db.AccountByReceiverParams{CreatorID: kept.CreatorID, Rail: kept.Rail, Fingerprint: kept.Fingerprint})
	switch {
	case err == nil:
		kept.ID = known
	case errors.Is(err, pgx.ErrNoRows):
		kept.ID = "to_" + newID()
	default:
		return err
	}
	plain, err := to.Sealed()
	if err != nil {
		return err
	}
	kept.Sealed = s.seal("payout-account/"+kept.ID, plain)
	return nil
}

// PayoutAccounts are a creator's accounts, oldest first.
func (s *Store) PayoutAccounts(ctx context.Context, id partnership.CreatorID) ([]partnership.PayoutAccount, error) {
	rows, err := s.q.AccountsOf(ctx, id)
	return each(rows, func(r db.AccountsOfRow) partnership.PayoutAccount {
		return partnership.PayoutAccount{ID: r.ID, Rail: r.Rail, Ready: r.Ready, Closed: r.ClosedAt != nil, Shown: r.Shown, Current: r.Current, WasReady: r.ReadyAt != nil}
	}), mapped("payout accounts", err)
}

// Receiver is whom an account of our own making stands for. Personal data: it goes to the rail and nowhere else. *partnership.Error
// NotFound where there is none, or none any more.
func (s *Store) Receiver(ctx context.Context, rail, account string) (partnership.Receiver, error) {
	return s.receiver(ctx, s.q, rail, account)
}

func (s *Store) receiver(ctx context.Context, q *db.Queries, rail, account string) (partnership.Receiver, error) {
	sealed, err := q.SealedReceiver(ctx, db.SealedReceiverParams{ID: account, Rail: rail})
	if err != nil {
		return partnership.Receiver{}, notFound("receiver", err)
	}
	plain, err := s.unseal("payout-account/"+account, sealed)
	if err != nil {
		return partnership.Receiver{}, partnership.Errorf(partnership.NotFound, "the receiver that was kept cannot be read under this RAPPORT_SECRET_KEY: the creator has to say again how they are paid")
	}
	to, err := partnership.OpenReceiver(plain)
	if err != nil {
		return to, partnership.Errorf(partnership.NotFound, "%s: the creator has to say again how they are paid", err)
	}
	return to, nil
}

// NameTransfers gives transfers of a rail that show a receiver the account that it is here: the books know no address.
func (s *Store) NameTransfers(ctx context.Context, rail string, list []partnership.Transfer) ([]partnership.Transfer, error) {
	named, err := s.named(ctx, s.q, rail, list)
	return named, mapped("name transfers", err)
}

// named gives transfers that show a receiver the account that it is here, so that no address goes into the books.
func (s *Store) named(ctx context.Context, q *db.Queries, rail string, list []partnership.Transfer) ([]partnership.Transfer, error) {
	out, prints := make([]partnership.Transfer, len(list)), [][]byte{}
	for i, t := range list {
		out[i] = t
		if t.Receiver != "" {
			out[i].Destination = unknownReceiver
			prints = append(prints, s.fingerprint(rail, t.Receiver))
		}
	}
	if len(prints) == 0 {
		return out, nil
	}
	rows, err := q.AccountsByFingerprint(ctx, db.AccountsByFingerprintParams{Rail: rail, Fingerprints: prints})
	if err != nil {
		return nil, err
	}
	byPrint := map[string][]string{}
	for _, r := range rows {
		byPrint[string(r.Fingerprint)] = append(byPrint[string(r.Fingerprint)], r.ID)
	}
	went, err := wentByBooks(ctx, q, rail, list)
	if err != nil {
		return nil, err
	}
	for i, t := range list {
		ids := byPrint[string(s.fingerprint(rail, t.Receiver))]
		switch to := cmp.Or(went[t.ID], went[string(t.PayoutID)]); {
		case t.Receiver == "" || len(ids) == 0:
		case slices.Contains(ids, to): // of those who share the receiver, who was paid
			out[i].Destination = to
		default:
			out[i].Destination = ids[0]
		}
	}
	return out, nil
}

// wentByBooks is where the payouts were to go that transfers have paid, by the transfer, or that they name, by the payout.
func wentByBooks(ctx context.Context, q *db.Queries, rail string, list []partnership.Transfer) (map[string]string, error) {
	of := db.WentByBooksParams{Rail: rail}
	for _, t := range list {
		of.Ids, of.Payouts = append(of.Ids, t.ID), append(of.Payouts, string(t.PayoutID))
	}
	rows, err := q.WentByBooks(ctx, of)
	went := map[string]string{}
	for _, r := range rows {
		went[string(r.ID)] = r.Destination
		if r.ProviderRef != "" {
			went[r.ProviderRef] = r.Destination
		}
	}
	return went, err
}

// unknownReceiver stands for whom nobody here is paid at.
const unknownReceiver = "a receiver that is nobody's here"

// CreatorsByAccount are the creators who are, or were, paid at an account of a rail.
func (s *Store) CreatorsByAccount(ctx context.Context, account string) ([]partnership.CreatorID, error) {
	if account == "" {
		return nil, nil
	}
	ids, err := s.q.CreatorsByAccount(ctx, account)
	return ids, mapped("creators by account", err)
}

// fingerprint is a keyed hash of a receiver at a rail, as whatever case people write it in.
func (s *Store) fingerprint(rail, receiver string) []byte {
	return s.keyed("payout receiver", rail+"\x00"+strings.ToLower(receiver))
}

// receiversOf are what a rail may call a creator by in its deliveries.
func (s *Store) receiversOf(ctx context.Context, q *db.Queries, id partnership.CreatorID) (names []string, err error) {
	rows, err := q.AccountsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		to, err := s.receiver(ctx, q, r.Rail, r.ID)
		if err == nil {
			names = append(names, to.ID)
		}
	}
	return names, nil
}
