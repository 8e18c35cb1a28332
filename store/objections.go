package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/store/db"
)

// What creators object to on their statements, and what a person decides about it. The books change here as they do for any hold, and in
// one transaction with the word that changes them.

// objectedTo is why a row is held that its creator objected to: they read it too, and their own words stay out of the books.
const objectedTo = "objected to by its creator, until a person has looked at it"

// Object keeps what a creator objects to, with its line in the audit, and stops what can be stopped of it. A line is objected to once: a
// repetition is that one. *partnership.Error NotFound for a line that is not theirs, in that program.
func (s *Store) Object(ctx context.Context, of EarningsOwner, rowID, words string, d partnership.Deed) (o partnership.Objection, err error) {
	if strings.TrimSpace(words) == "" {
		return o, partnership.FieldErrorf("words", "say what is wrong; a person reads it")
	}
	var id string
	err = s.tx(ctx, "object", func(q *db.Queries) error {
		row, payout, err := lockObjected(ctx, q, of, rowID)
		if err != nil {
			return err
		}
		before, err := q.ObjectionOfRow(ctx, rowID)
		if err == nil {
			id = before.ID
			return nil
		}
		if !noRows(err) {
			return err
		}
		const why = "taken out: its creator objected to a line of it"
		if payout, err = s.withdrawOrder(ctx, q, payout, why, d.Who); err != nil {
			return err
		}
		add := db.AddObjectionParams{
			ID: newID(), Program: row.Program, CreatorID: row.CreatorID, PartnershipID: row.PartnershipID, RowID: rowID, Words: words, Now: s.now(),
			Came: ledger.Objected(rowOf(row), payout.State), PayoutID: row.PayoutID,
		}
		if add.Came == partnership.CameDropped {
			if err := s.release(ctx, q, payout, partnership.PayoutVoid, why); err != nil {
				return err
			}
			if row, err = q.LockRow(ctx, rowID); err != nil { // it may wait for its post by now
				return err
			}
		}
		if add.Came.Holds() {
			if err := holdRow(ctx, q, row, objectedTo); err != nil {
				return err
			}
			if _, err := s.settleBonuses(ctx, q, row.PartnershipID); err != nil {
				return err
			}
		}
		id = add.ID
		if _, err := q.AddObjection(ctx, add); err != nil {
			return err
		}
		d.Deed, d.Subject = partnership.DeedObject, subjectOf(rowID)
		d.Details = map[string]any{"objection": id, "came": add.Came, "amount_minor": row.AmountMinor, "currency": row.Currency, "partnership": row.PartnershipID}
		return s.record(ctx, q, d)
	})
	if err != nil {
		return o, err
	}
	return s.Objection(ctx, id)
}

// lockObjected is lockClaimed of a line of theirs.
func lockObjected(ctx context.Context, q *db.Queries, of EarningsOwner, rowID string) (row db.LedgerRow, payout db.Payout, err error) {
	seen, err := q.Row(ctx, rowID)
	if noRows(err) || err == nil && (seen.CreatorID != of.Creator || seen.Program != of.Program) {
		return row, payout, partnership.Errorf(partnership.NotFound, "there is no such line")
	}
	if err != nil {
		return row, payout, err
	}
	return lockClaimed(ctx, q, seen)
}

// lockClaimed locks a row and the payout that has claimed it, in the order in which orders and payouts are.
func lockClaimed(ctx context.Context, q *db.Queries, seen db.LedgerRow) (row db.LedgerRow, payout db.Payout, err error) {
	if seen.OrderID != "" {
		if err := q.LockOrder(ctx, seen.OrderID); err != nil {
			return row, payout, err
		}
	}
	if seen.PayoutID != nil {
		if payout, err = q.LockPayout(ctx, *seen.PayoutID); err != nil {
			return row, payout, err
		}
	}
	if row, err = q.LockRow(ctx, seen.ID); err != nil {
		return row, payout, err
	}
	if (row.PayoutID == nil) != (seen.PayoutID == nil) || row.PayoutID != nil && *row.PayoutID != *seen.PayoutID {
		return row, payout, partnership.Errorf(partnership.Conflict, "%s", locale.Words("a payout takes this line up just now; look again in a moment"))
	}
	return row, payout, nil
}

// DecideObjection says what comes of an objection, with its line in the audit, and leaves the creator a mail with the words. One is decided
// once: *partnership.Error Conflict says how it was, but for the same decision by the same person. An answer decides nothing while the line
// is held: it is sent, and the question stays open.
func (s *Store) DecideObjection(ctx context.Context, id string, how partnership.Choice, words string, d partnership.Deed) (o partnership.Objection, err error) {
	if strings.TrimSpace(words) == "" {
		return o, partnership.FieldErrorf("words", "write to the creator why; they read it word for word")
	}
	err = s.tx(ctx, "decide objection", func(q *db.Queries) error {
		kept, err := q.LockObjection(ctx, id)
		if err != nil {
			return notFound("objection", err)
		}
		if kept.DecidedAt != nil {
			if kept.Decision == how && kept.DecidedBy == d.Who && kept.Answer == words {
				return nil
			}
			return partnership.Errorf(partnership.Conflict, "this was decided already, as %s by %s on %s", kept.Decision, kept.DecidedBy, kept.DecidedAt.UTC().Format("2 Jan 15:04 UTC"))
		}
		if err := s.settleObjection(ctx, q, kept, how, words); err != nil {
			return err
		}
		if _, err := s.settleBonuses(ctx, q, kept.PartnershipID); err != nil {
			return err
		}
		set := db.DecideObjectionParams{ID: id, Decision: how, Answer: words, DecidedBy: d.Who}
		if now := s.now(); how != partnership.ChoiceAnswer || !kept.Came.Holds() {
			set.DecidedAt = &now
		}
		if err := q.DecideObjection(ctx, set); err != nil {
			return err
		}
		d.Deed, d.Subject, d.Details = partnership.DeedDecideObjection, "objection/"+id, map[string]any{"as": how, "row": kept.RowID}
		if err := s.record(ctx, q, d); err != nil {
			return err
		}
		return q.AddObjectionNotice(ctx, db.AddObjectionNoticeParams{
			ID: fmt.Sprintf("objection/%s/%s/%d", id, how, s.now().UnixMicro()), Kind: partnership.NoticeObjection, ObjectionID: id, Why: words, Now: s.now(),
		})
	})
	if err != nil {
		return o, err
	}
	return s.Objection(ctx, id)
}

// settleObjection does to the row what was decided. What waited for another reason too goes on waiting for it.
func (s *Store) settleObjection(ctx context.Context, q *db.Queries, kept db.Objection, how partnership.Choice, words string) error {
	row, err := q.Row(ctx, kept.RowID)
	if err != nil {
		return err
	}
	if row.OrderID != "" {
		if err := q.LockOrder(ctx, row.OrderID); err != nil {
			return err
		}
	}
	if row, err = q.LockRow(ctx, kept.RowID); err != nil {
		return err
	}
	held := row.State == ledger.Held
	switch how {
	case partnership.ChoiceAnswer:
		return nil
	case partnership.ChoiceRelease:
		if held && row.Reason == objectedTo {
			return s.moveRow(ctx, q, rowOf(row), ledger.Clear, "")
		}
		return waitFor(ctx, q, ledger.HeldOtherwise([]ledger.Row{rowOf(row)}, objectedTo))
	case partnership.ChoiceVoid:
		if !held {
			return partnership.Errorf(partnership.Conflict, "the line is %s and is not held any more, so it cannot be rejected; answer in words", row.State)
		}
		return s.rejectRow(ctx, q, row, words)
	}
	return partnership.FieldErrorf("decision", "must be %s, %s or %s", partnership.ChoiceRelease, partnership.ChoiceVoid, partnership.ChoiceAnswer)
}

// mostObjections are shown where a list is not read in pages.
const mostObjections = 500

// Objections are those that wait for a person, oldest first; all of them when open is false. Personal data.
func (s *Store) Objections(ctx context.Context, open bool) ([]partnership.Objection, error) {
	list, _, err := s.ObjectionPage(ctx, open, Page{Most: mostObjections})
	return list, err
}

// ObjectionPage is Objections, in pages. Personal data.
func (s *Store) ObjectionPage(ctx context.Context, open bool, p Page) (list []partnership.Objection, next string, err error) {
	rows, err := s.q.Objections(ctx, db.ObjectionsParams{OnlyOpen: open, After: p.After, Most: p.most()})
	list, next = cut(each(rows, objectionOf), p, func(o partnership.Objection) string { return o.ID })
	return list, next, mapped("objections", err)
}

// Objection is one by its id. Personal data.
func (s *Store) Objection(ctx context.Context, id string) (partnership.Objection, error) {
	rows, err := s.q.Objections(ctx, db.ObjectionsParams{ID: id, Most: 1})
	if err == nil && (len(rows) == 0 || id == "") {
		return partnership.Objection{}, partnership.Errorf(partnership.NotFound, "there is no such objection")
	}
	if err != nil {
		return partnership.Objection{}, mapped("objection", err)
	}
	return objectionOf(rows[0]), nil
}

// ObjectionTo is a creator's to a line of theirs; *partnership.Error NotFound when there is none. Personal data.
func (s *Store) ObjectionTo(ctx context.Context, of EarningsOwner, rowID string) (partnership.Objection, error) {
	row, err := s.q.ObjectionOfRow(ctx, rowID)
	if err == nil && (row.CreatorID != of.Creator || row.Program != of.Program) || noRows(err) {
		return partnership.Objection{}, partnership.Errorf(partnership.NotFound, "there is no such objection")
	}
	if err != nil {
		return partnership.Objection{}, mapped("objection", err)
	}
	return s.Objection(ctx, row.ID)
}

// UntoldObjections are those that finance was not asked about yet. Personal data.
func (s *Store) UntoldObjections(ctx context.Context) (all []partnership.Objection, err error) {
	ids, err := s.q.UntoldObjections(ctx)
	for _, id := range ids {
		o, err := s.Objection(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, mapped("untold objections", err)
}

func objectionOf(r db.ObjectionsRow) partnership.Objection {
	b := r.Objection
	o := partnership.Objection{
		ID: b.ID, Program: b.Program, CreatorID: b.CreatorID, PartnershipID: b.PartnershipID, Platform: r.Platform, Creator: r.Handle, RowID: b.RowID,
		Kind: string(r.Kind), OrderID: r.OrderID, AmountMinor: r.AmountMinor, Currency: r.Currency, Words: b.Words, At: b.At, Came: b.Came, RunID: r.RunID,
		PayoutMinor: r.PayoutMinor, Decision: b.Decision, Answer: b.Answer, By: b.DecidedBy, DecidedAt: orZero(b.DecidedAt),
	}
	if b.PayoutID != nil {
		o.PayoutID = *b.PayoutID
	}
	return o
}

// objectionNews is what a notice tells of an objection.
func (s *Store) objectionNews(ctx context.Context, n db.Notice) (*partnership.ObjectionNews, error) {
	o, err := s.Objection(ctx, *n.ObjectionID)
	if err != nil {
		return nil, err
	}
	page, err := s.EarningsURL(ctx, o.CreatorID, o.Program)
	return &partnership.ObjectionNews{Objection: o, Said: n.Why, Page: page}, err
}
