package store

import (
	"context"
	"regexp"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/identity"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// LookAtErasure says what an erasure would end and what is owed. It changes nothing.
func (s *Store) LookAtErasure(ctx context.Context, id partnership.CreatorID) (board.Erasure, error) {
	e, err := s.kept(ctx, s.q, id)
	return e, notFound("creator", err)
}

func (s *Store) kept(ctx context.Context, q *db.Queries, id partnership.CreatorID) (board.Erasure, error) {
	row, err := q.KeptOf(ctx, id)
	if err != nil {
		return board.Erasure{}, err
	}
	owed, err := q.OwedTo(ctx, id)
	if err != nil {
		return board.Erasure{}, err
	}
	e := board.Erasure{
		ID: id, Open: int(row.Open), Owed: []board.Owed{}, AccountReady: row.PayoutReady && row.PayoutAccount != "", Mails: int(row.Mails),
		Submissions: int(row.Submissions), Posts: int(row.Posts), Contracts: int(row.Contracts), Addresses: int(row.Addresses), Links: int(row.Links),
	}
	for _, o := range owed {
		e.Owed = append(e.Owed, board.Owed{Program: o.Program, Currency: o.Currency, State: o.State, AmountMinor: o.AmountMinor, Rows: int(o.Rows)})
	}
	if len(row.EmailHash) == 0 {
		return e, nil
	}
	shared, err := q.SharingMail(ctx, db.SharingMailParams{EmailHash: row.EmailHash, ID: id})
	e.SharedMail = len(shared)
	return e, err
}

// EraseCreator removes a creator's personal data, wherever it came from. The ledger, which knows an opaque id only, stays, and so
// do keyed hashes: of the address on the suppression list, so that the person is not written to again, and of the account, so
// that no file brings them back unasked. What they earned stays payable to an account that is ready; without one it is held, and
// finance is told. An address that others are reached at too, an agency's, is not suppressed.
func (s *Store) EraseCreator(ctx context.Context, ref, by string) (e board.Erasure, err error) {
	creator, err := s.FindCreator(ctx, ref)
	if err != nil {
		return e, err
	}
	err = s.tx(ctx, "erase creator", func(q *db.Queries) error {
		if e, err = s.kept(ctx, q, creator.ID); err != nil {
			return err
		}
		if err := s.rememberErased(ctx, q, creator, e.SharedMail == 0); err != nil {
			return err
		}
		if err := s.eraseData(ctx, q, creator, &e); err != nil {
			return err
		}
		now := s.now()
		if _, err := q.EraseCreator(ctx, db.EraseCreatorParams{ID: creator.ID, Now: &now}); err != nil {
			return err
		}
		if err := q.WipeReceivers(ctx, s.now()); err != nil {
			return err
		}
		id := string(creator.ID)
		if err := q.ForgetScreen(ctx, creator.ID); err != nil {
			return err
		}
		if e.TaxPapers, err = s.forgetPapers(ctx, q, &id); err != nil {
			return err
		}
		open, err := q.LockOpenRowsOf(ctx, creator.ID)
		if err != nil {
			return err
		}
		held, err := holdUnpayable(ctx, q, ledger.Run{}, each(open, func(row db.LockOpenRowsOfRow) ledger.Owed { return owedOf(db.ErasedOpenRowsRow(row)) }))
		if err != nil {
			return err
		}
		e.Erased, e.Held = true, held
		return s.record(ctx, q, partnership.Deed{Who: by, Deed: partnership.DeedEraseCreator, Subject: "creator/" + id})
	})
	return e, err
}

// rememberErased keeps hashes by which the person is known again.
func (s *Store) rememberErased(ctx context.Context, q *db.Queries, c partnership.Creator, alone bool) error {
	hashes := [][]byte{s.accountHash(c)}
	if alone && c.Email != "" {
		hashes = append(hashes, s.emailHash(c.Email))
		if _, err := s.suppress(ctx, q, s.emailHash(c.Email), partnership.ByErasure, "erased"); err != nil {
			return err
		}
	}
	return q.MarkErased(ctx, db.MarkErasedParams{Hashes: hashes, CreatorID: c.ID, Now: s.now()})
}

func (s *Store) eraseData(ctx context.Context, q *db.Queries, c partnership.Creator, e *board.Erasure) error {
	marks, err := s.marksOf(ctx, q, c, e.SharedMail == 0)
	if err != nil {
		return err
	}
	emptied, err := q.EraseInboxBodies(ctx, db.EraseInboxBodiesParams{Marks: marks, CreatorID: c.ID})
	if err != nil {
		return err
	}
	e.Deliveries = int(emptied)
	if _, err := s.revokeTasks(ctx, q, c.ID); err != nil {
		return err
	}
	if err := s.forgetBuyer(ctx, q, c); err != nil { // while their address is still there
		return err
	}
	for _, erase := range []func(context.Context, partnership.CreatorID) error{
		q.EraseAddress, q.ErasePosts, q.EraseNotes, q.EraseSubmissions, q.EraseUploads, q.EraseTaskNotes, q.EraseContracts, q.EraseInboundMessages, q.EraseAnswers, q.EraseLabels, q.EraseReceipts, q.EraseReplies, q.EraseObjections, q.EraseAccountChanges,
	} {
		if err := erase(ctx, c.ID); err != nil {
			return err
		}
	}
	if err := q.ForgetUnaskedLaunches(ctx); err != nil { // any of their lists may hold them
		return err
	}
	if err := q.EraseSavedViews(ctx, c.Handle); err != nil { // they may look for them
		return err
	}
	return q.EraseNotices(ctx, db.EraseNoticesParams{CreatorID: c.ID, Now: s.now()})
}

// marksOf are the words by which a vendor's delivery is known to be about a creator: their address, unless it is others' too, the
// ids that deliveries carry, and the reply addresses that their mails came to, whatever address they were sent from.
func (s *Store) marksOf(ctx context.Context, q *db.Queries, c partnership.Creator, alone bool) ([]string, error) {
	marks, err := q.ErasureMarks(ctx, string(c.ID))
	if err != nil {
		return nil, err
	}
	receivers, err := s.receiversOf(ctx, q, c.ID)
	if err != nil {
		return nil, err
	}
	marks = append(marks, receivers...)
	ids, err := q.PartnershipsOfCreator(ctx, c.ID)
	for _, id := range ids {
		marks = append(marks, s.ReplyToken(id))
	}
	if alone && c.Email != "" {
		marks = append(marks, identity.MailKey(c.Email))
	}
	long := marks[:0]
	for _, mark := range marks {
		if len(mark) >= shortestMark {
			long = append(long, mark)
		}
	}
	return long, err
}

// shortestMark keeps a number of three digits from emptying everything.
const shortestMark = 6

// mentions are the ids in a delivery that may be somebody's: ours, a reply address's, and those of vendors.
var (
	mentionedID    = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|acct_[0-9A-Za-z]+|shp_[0-9a-z]+`)
	mentionedReply = regexp.MustCompile(`(?i)reply(?:\+|%2b)([a-z2-7]{32})`)
)

// forget empties a delivery that was about somebody who is erased, once it has done what it came for.
func (s *Store) forget(ctx context.Context, q *db.Queries, id int64) error {
	if any, err := q.AnybodyErased(ctx); err != nil || !any {
		return err
	}
	body, err := q.InboxBody(ctx, id)
	if err != nil {
		return err
	}
	about := db.BelongsToErasedParams{InboxID: id}
	for _, mention := range mentionedID.FindAll(body, -1) {
		about.Ids = append(about.Ids, string(mention), strings.ToLower(string(mention)))
	}
	for _, reply := range mentionedReply.FindAllSubmatch(body, -1) {
		about.ReplyHashes = append(about.ReplyHashes, digest(strings.ToLower(string(reply[1]))))
	}
	if theirs, err := q.BelongsToErased(ctx, about); err != nil || !theirs {
		return err
	}
	return q.EmptyDelivery(ctx, id)
}
