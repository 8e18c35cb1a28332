package store

import (
	"context"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store/db"
)

// AnswerCreator keeps what a person of the brand writes to a creator, with its line in the audit, and leaves it to be mailed. The same id is
// the same answer. Who is not written to is *partnership.Error Conflict, with why.
func (s *Store) AnswerCreator(ctx context.Context, a partnership.AnswerToCreator, d partnership.Deed) (partnership.AnswerToCreator, error) {
	v, err := s.View(ctx, a.PartnershipID)
	if err != nil {
		return a, err
	}
	if err := unreachable(v); err != nil {
		return a, err
	}
	if a.ID == "" {
		a.ID = newID()
	}
	err = s.tx(ctx, "answer creator", func(q *db.Queries) error {
		mail, err := s.answered(ctx, q, a)
		if err != nil {
			return err
		}
		a.MessageID = mail.MessageID
		if a.Subject == "" {
			a.Subject = partnership.AnswerSubject(partnership.HideLinks(mail.Subject), v.Campaign.Name)
		}
		rows, err := q.AddAnswer(ctx, db.AddAnswerParams{
			ID: a.ID, PartnershipID: a.PartnershipID, MessageID: a.MessageID, Subject: text(a.Subject), Text: text(a.Words), WrittenBy: d.Who, Now: s.now(),
		})
		if err != nil || rows == 0 {
			return err
		}
		if err := q.AddAnswerNotice(ctx, db.AddAnswerNoticeParams{
			ID: "answer/" + a.ID, Kind: partnership.NoticeAnswer, PartnershipID: a.PartnershipID, AnswerID: &a.ID, Now: s.now(),
		}); err != nil {
			return err
		}
		return s.settleMails(ctx, q, mail, true, answerOf(d, a.PartnershipID, map[string]any{"answer": a.ID, "mail": a.MessageID}))
	})
	return a, err
}

// unreachable is why somebody is not written to.
func unreachable(v partnership.PartnershipView) error {
	signed := v.Contract != nil && v.Contract.Status == partnership.EnvelopeCompleted
	switch {
	case v.Creator.Erased:
		return partnership.Errorf(partnership.Conflict, "this creator was erased: there is no address to write to")
	case v.OptedOut && !v.SaidNo:
		return partnership.Errorf(partnership.Conflict, "this creator's address does not take mail; `rapport suppressions list` says why")
	case v.OptedOut && !signed:
		return partnership.Errorf(partnership.Conflict, "this creator wants no more mail and has signed nothing, so they are not written to; `rapport suppressions lift` is for one who asked for mail again")
	}
	return nil
}

// answered is the mail that is answered: the one that is named, else the newest, else none.
func (s *Store) answered(ctx context.Context, q *db.Queries, a partnership.AnswerToCreator) (db.InboundMessage, error) {
	if a.MessageID == "" {
		row, err := q.NewestInboundMessage(ctx, a.PartnershipID)
		if noRows(err) {
			return db.InboundMessage{}, nil
		}
		return row, err
	}
	row, err := q.InboundMessage(ctx, a.MessageID)
	if noRows(err) || err == nil && row.PartnershipID != a.PartnershipID {
		return row, partnership.Errorf(partnership.NotFound, "there is no such mail in this conversation")
	}
	return row, err
}

// NeedsNoAnswer settles a creator's mail without a word to them, with its line in the audit. *partnership.Error Conflict when somebody has
// seen to it already.
func (s *Store) NeedsNoAnswer(ctx context.Context, id partnership.PartnershipID, message string, d partnership.Deed) error {
	return s.tx(ctx, "needs no answer", func(q *db.Queries) error {
		mail, err := s.answered(ctx, q, partnership.AnswerToCreator{PartnershipID: id, MessageID: message})
		switch {
		case err != nil:
			return err
		case mail.MessageID == "":
			return partnership.Errorf(partnership.NotFound, "this creator has written no mail yet")
		case mail.SettledBy == d.Who:
			return nil
		case mail.SettledAt != nil:
			return partnership.Errorf(partnership.Conflict, "%s has seen to this mail already, on %s", mail.SettledBy, mail.SettledAt.UTC().Format("2 Jan 15:04 UTC"))
		}
		return s.settleMails(ctx, q, mail, false, answerOf(d, id, map[string]any{"as": partnership.ChoiceNone, "mail": mail.MessageID}))
	})
}

func answerOf(d partnership.Deed, id partnership.PartnershipID, details map[string]any) partnership.Deed {
	d.Deed, d.Subject, d.Details = partnership.DeedAnswerCreator, partnership.WorkflowOfPartnership(id), details
	return d
}

// settleMails says that a mail, and with earlier those before it, wait for nobody any more.
func (s *Store) settleMails(ctx context.Context, q *db.Queries, mail db.InboundMessage, earlier bool, d partnership.Deed) error {
	now := s.now()
	if _, err := q.SettleMessages(ctx, db.SettleMessagesParams{
		PartnershipID: mail.PartnershipID, MessageID: mail.MessageID, Earlier: earlier, At: mail.At, SettledBy: d.Who, Now: &now,
	}); err != nil {
		return err
	}
	return s.record(ctx, q, d)
}

// answerNews is what a notice sends of an answer.
func (s *Store) answerNews(ctx context.Context, n db.Notice) (*partnership.AnswerNews, error) {
	row, err := s.q.Answer(ctx, *n.AnswerID)
	if err != nil {
		return nil, err
	}
	news := &partnership.AnswerNews{ID: row.ID, Subject: row.Subject, Words: row.Text}
	if strings.TrimSpace(row.MessageID) == "" {
		return news, nil
	}
	mail, err := s.q.InboundMessage(ctx, row.MessageID)
	if noRows(err) {
		return news, nil
	}
	m := inboundOf(mail)
	news.MailID, news.Earlier = m.MailID, m.Earlier
	return news, err
}
