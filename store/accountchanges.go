package store

import (
	"context"
	"crypto/hmac"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/store/db"
)

// Where money could once reach a creator, another account takes a code that only their mail has. Each step holds the creator's row, so that
// of several that come at once one counts; each says in the audit what came of it.

// changesKept is how long a wish that has ended is known: longer than its mails are tried, and than codes are counted.
const changesKept = 30 * 24 * time.Hour

// AskAccountChange keeps a wish to be paid elsewhere, encrypted, and has its code mailed. The same wish again is the one that waits already;
// another one ends it. A rail with pages of its own has no receiver yet.
func (s *Store) AskAccountChange(ctx context.Context, id partnership.CreatorID, of partnership.PartnershipID, rail string, to partnership.Receiver, d partnership.Deed) error {
	return s.tx(ctx, "ask for another account", func(q *db.Queries) error {
		payee, err := q.LockPayee(ctx, id)
		if err != nil {
			return notFound("creator", err)
		}
		now := s.now()
		add := db.AddAccountChangeParams{ID: newID(), CreatorID: id, PartnershipID: of, Rail: rail, MailHash: payee.EmailHash, Now: now, ExpiresAt: now.Add(partnership.CodeLife)}
		if to.ID != "" {
			plain, err := to.Sealed()
			if err != nil {
				return err
			}
			add.Shown, add.Fingerprint, add.Sealed = to.Shown(), s.fingerprint(rail, to.Known()), s.seal("account-change/"+add.ID, plain)
		}
		open, err := q.OpenAccountChange(ctx, id)
		switch {
		case err != nil && !noRows(err):
			return err
		case err == nil && s.overBy(open, payee.EmailHash) == "" && open.Rail == rail && hmac.Equal(open.Fingerprint, add.Fingerprint):
			return nil
		}
		if err := s.mayMailCode(ctx, q, id, payee); err != nil {
			return err
		}
		if open.ID != "" {
			if err := s.endChange(ctx, q, open, partnership.ChangeReplaced); err != nil {
				return err
			}
		}
		if err := q.ForgetAccountChanges(ctx, db.ForgetAccountChangesParams{CreatorID: id, Before: now.Add(-changesKept)}); err != nil {
			return err
		}
		if err := q.AddAccountChange(ctx, add); err != nil {
			return err
		}
		if err := s.tellChange(ctx, q, partnership.NoticeCode, add.ID, 1); err != nil {
			return err
		}
		return s.refuseChange(ctx, q, d, db.AccountChange{ID: add.ID, CreatorID: id, Rail: rail}, "it takes the code that was mailed to the creator")
	})
}

// MailCodeAgain mails the code of a wish once more.
func (s *Store) MailCodeAgain(ctx context.Context, id partnership.CreatorID, change string) error {
	return s.onChange(ctx, id, change, func(q *db.Queries, c db.AccountChange, payee db.LockPayeeRow) (*partnership.Error, error) {
		if err := s.mayMailCode(ctx, q, id, payee); err != nil {
			return nil, err
		}
		n, err := q.CodeMailed(ctx, db.CodeMailedParams{ID: c.ID, Now: s.now()})
		if err != nil {
			return nil, err
		}
		return nil, s.tellChange(ctx, q, partnership.NoticeCode, c.ID, int(n))
	})
}

// ProveAccountChange takes the code of a wish, and says what is wished for. A wrong one is counted, whatever else is refused.
func (s *Store) ProveAccountChange(ctx context.Context, id partnership.CreatorID, change, code string, d partnership.Deed) (wish partnership.AccountChange, err error) {
	err = s.onChange(ctx, id, change, func(q *db.Queries, c db.AccountChange, _ db.LockPayeeRow) (*partnership.Error, error) {
		wish = changeOf(c)
		if hmac.Equal([]byte(s.accountCode(c.ID)), []byte(digits(code))) {
			return nil, q.ProveAccountChange(ctx, db.ProveAccountChangeParams{ID: c.ID, Now: s.now()})
		}
		wrong, err := q.WrongCode(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		d.ID = "" // each is a line of its own
		if err := s.refuseChange(ctx, q, d, c, fmt.Sprintf("the code was wrong, %d of %d", wrong, partnership.CodeTries)); err != nil {
			return nil, err
		}
		if wrong < partnership.CodeTries {
			return partnership.FieldErrorf("code", "%s", locale.Words("that is not the code: look at the newest mail from us")), nil
		}
		return ended(partnership.ChangeMistyped), s.endChange(ctx, q, c, partnership.ChangeMistyped)
	})
	return wish, err
}

// ChangeAccount makes a wish come true whose code was given, once: it goes to what was typed when it was asked for, or, at a rail with pages of
// its own, to the account there that a names. The creator is told. partnership.ErrNeedsCode without the code.
func (s *Store) ChangeAccount(ctx context.Context, id partnership.CreatorID, change string, a partnership.PayoutAccount, d partnership.Deed) error {
	return s.onChange(ctx, id, change, func(q *db.Queries, c db.AccountChange, _ db.LockPayeeRow) (*partnership.Error, error) {
		if c.ProvenAt == nil || c.Rail != a.Rail || (len(c.Sealed) > 0) != (a.ID == "") {
			return nil, partnership.ErrNeedsCode
		}
		to, err := s.wished(c)
		if err != nil {
			return nil, err
		}
		kept, err := s.keptFor(ctx, q, id, a, to)
		if err != nil {
			return nil, err
		}
		if err := s.chosen(ctx, q, kept, a, d); err != nil {
			return nil, err
		}
		rows, err := q.EndAccountChange(ctx, db.EndAccountChangeParams{ID: c.ID, Ended: string(partnership.ChangeMade), Now: s.now(), Account: kept.ID})
		if err := some("wish", rows, err); err != nil {
			return nil, err
		}
		return nil, s.tellChange(ctx, q, partnership.NoticeAccountChanged, c.ID, 1)
	})
}

// wished is the receiver that was typed, none at a rail with pages of its own.
func (s *Store) wished(c db.AccountChange) (to partnership.Receiver, err error) {
	if len(c.Sealed) == 0 {
		return to, nil
	}
	plain, err := s.unseal("account-change/"+c.ID, c.Sealed)
	if err != nil {
		return to, err
	}
	return partnership.OpenReceiver(plain)
}

// LeaveAccount ends a wish: money goes where it went.
func (s *Store) LeaveAccount(ctx context.Context, id partnership.CreatorID, change string, d partnership.Deed) error {
	return s.onChange(ctx, id, change, func(q *db.Queries, c db.AccountChange, _ db.LockPayeeRow) (*partnership.Error, error) {
		if err := s.endChange(ctx, q, c, partnership.ChangeKept); err != nil {
			return nil, err
		}
		return nil, s.refuseChange(ctx, q, d, c, "they left it as it is")
	})
}

// AccountChange is the newest wish of a creator; *partnership.Error NotFound when there is none.
func (s *Store) AccountChange(ctx context.Context, id partnership.CreatorID) (partnership.AccountChange, error) {
	row, err := s.q.NewestAccountChange(ctx, id)
	if err != nil {
		return partnership.AccountChange{}, notFound("wish", err)
	}
	mail, err := s.q.MailHashOf(ctx, id)
	c := changeOf(row)
	if end := s.overBy(row, mail); c.End == "" && end != "" {
		c.End, c.EndedAt = end, row.ExpiresAt
	}
	return c, mapped("wish", err)
}

// EndLateChanges ends wishes whose code nobody gave in time: what was typed lies here no longer.
func (s *Store) EndLateChanges(ctx context.Context) error {
	return s.tx(ctx, "end wishes", func(q *db.Queries) error {
		late, err := q.LateAccountChanges(ctx, s.now())
		for _, c := range late {
			if err := s.endChange(ctx, q, c, partnership.ChangeLate); err != nil {
				return err
			}
			if err := s.refuseChange(ctx, q, partnership.Deed{Who: "rapport"}, c, "nobody gave the code in time"); err != nil {
				return err
			}
		}
		return err
	})
}

// onChange does something with a wish that is open. What it refuses with an *Error of its own is kept all the same.
func (s *Store) onChange(ctx context.Context, id partnership.CreatorID, change string, do func(*db.Queries, db.AccountChange, db.LockPayeeRow) (*partnership.Error, error)) error {
	var refusal *partnership.Error
	err := s.tx(ctx, "another account", func(q *db.Queries) error {
		refusal = nil
		payee, err := q.LockPayee(ctx, id)
		if err != nil {
			return notFound("creator", err)
		}
		c, err := q.AccountChange(ctx, db.AccountChangeParams{ID: change, CreatorID: id})
		if err != nil {
			return notFound("wish", err)
		}
		if end := s.overBy(c, payee.EmailHash); end != "" {
			refusal = ended(end)
			return nil
		}
		refusal, err = do(q, c, payee)
		return err
	})
	if err == nil && refusal != nil {
		return refusal
	}
	return err
}

// overBy is why a wish is open no longer, "" while it is. An address that was changed since was not the one that the code went to.
func (s *Store) overBy(c db.AccountChange, mail []byte) partnership.ChangeEnd {
	switch {
	case c.EndedAt != nil:
		return partnership.ChangeEnd(c.Ended)
	case !s.now().Before(c.ExpiresAt):
		return partnership.ChangeLate
	case !hmac.Equal(c.MailHash, mail):
		return partnership.ChangeReplaced
	}
	return ""
}

// ended says to a creator why a code opens nothing any more.
func ended(by partnership.ChangeEnd) *partnership.Error {
	why := map[partnership.ChangeEnd]string{
		partnership.ChangeMade:     locale.Words("this code was used: it works once"),
		partnership.ChangeKept:     locale.Words("it was left as it is, so nothing is changed; choose again, and we send a new code"),
		partnership.ChangeMistyped: locale.Words("five codes were wrong, so nothing is changed; choose again, and we send a new code"),
		partnership.ChangeLate:     locale.Words("the fifteen minutes are over, so nothing is changed; choose again, and we send a new code"),
		partnership.ChangeReplaced: locale.Words("something else was asked for since, so this code opens nothing; look at the newest mail from us"),
	}[by]
	return &partnership.Error{Code: partnership.Gone, Field: "code", Message: why}
}

func (s *Store) endChange(ctx context.Context, q *db.Queries, c db.AccountChange, end partnership.ChangeEnd) error {
	_, err := q.EndAccountChange(ctx, db.EndAccountChangeParams{ID: c.ID, Ended: string(end), Now: s.now()})
	return err
}

// refuseChange is the line in the audit of what changed nothing.
func (s *Store) refuseChange(ctx context.Context, q *db.Queries, d partnership.Deed, c db.AccountChange, why string) error {
	d.Deed, d.Subject, d.Details = partnership.DeedChooseAccount, "creator/"+string(c.CreatorID), map[string]any{"rail": c.Rail, "wish": c.ID}
	_, err := s.writeDeed(ctx, q, d, Refused, why, "")
	return err
}

// mayMailCode refuses a code that would reach nobody, and more of them than somebody who guesses may have.
func (s *Store) mayMailCode(ctx context.Context, q *db.Queries, id partnership.CreatorID, payee db.LockPayeeRow) error {
	if payee.ErasedAt != nil {
		return partnership.Errorf(partnership.NotFound, "there is no such creator")
	}
	if payee.Email == "" || payee.Dead {
		return partnership.FieldErrorf("rail", "%s", locale.Words("this takes a code by mail, and mail to the address that we have does not arrive; write to us below, and a person helps"))
	}
	now := s.now()
	sent, err := q.CodesMailed(ctx, db.CodesMailedParams{CreatorID: id, Lately: now.Add(-partnership.CodeLife), Yesterday: now.Add(-24 * time.Hour)})
	switch {
	case err != nil:
		return err
	case sent.Today >= partnership.CodeMailsADay:
		return partnership.FieldErrorf("rail", "%s", locale.Words("we have sent as many codes as we send in a day; try again tomorrow, or write to us below"))
	case sent.Lately >= partnership.CodeMails:
		return partnership.FieldErrorf("rail", "%s", locale.Words("we have sent three codes within a quarter of an hour; wait a little, and look at the newest mail from us"))
	}
	return nil
}

func (s *Store) tellChange(ctx context.Context, q *db.Queries, kind, change string, n int) error {
	return q.AddChangeNotice(ctx, db.AddChangeNoticeParams{ID: fmt.Sprintf("%s/%s/%d", kind, change, n), Kind: kind, ChangeID: change, Now: s.now()})
}

// changeNews is what a notice tells of a wish.
func (s *Store) changeNews(ctx context.Context, n db.Notice) (*partnership.ChangeNews, error) {
	c, err := s.q.AccountChange(ctx, db.AccountChangeParams{ID: *n.ChangeID, CreatorID: n.CreatorID})
	if err != nil {
		return nil, err
	}
	news := &partnership.ChangeNews{Rail: c.Rail, Account: c.Shown}
	if n.Kind == partnership.NoticeCode {
		mail, err := s.q.MailHashOf(ctx, n.CreatorID)
		news.Code, news.Until, news.Over = s.accountCode(c.ID), c.ExpiresAt, s.overBy(c, mail) != ""
		return news, err
	}
	if news.Account == "" {
		news.Account = partnership.AccountEnding(c.Account)
	}
	news.At = orZero(c.EndedAt)
	news.From = news.At.Add(ledger.AccountWaitDays * s.opt.Day)
	return news, nil
}

// accountCode is the code of a wish: it is made again each time that it is needed, and kept nowhere.
func (s *Store) accountCode(change string) string {
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(s.keyed("account change", change))%1_000_000)
}

// digits are those of what somebody typed, as a keyboard of any width writes them.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '0' <= r && r <= '9':
			return r
		case '０' <= r && r <= '９':
			return r - '０' + '0'
		}
		return -1
	}, typed)
}

func changeOf(c db.AccountChange) partnership.AccountChange {
	return partnership.AccountChange{ID: c.ID, Rail: c.Rail, Shown: c.Shown, ExpiresAt: c.ExpiresAt, End: partnership.ChangeEnd(c.Ended), EndedAt: orZero(c.EndedAt)}
}
