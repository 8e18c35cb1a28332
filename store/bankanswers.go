package store

import (
	"context"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// What a bank did with the payments of a file, as somebody read it there who did not take the file themselves (names are all that they
// have): who could change a file on its way must not say that it was paid as it was.

// TellBank says what the bank did with a payout or, of paid alone, with all of a file that is open. Paid money that comes back later is
// owed again. The same word again changes nothing; *partnership.Error Conflict for another one. It returns the payouts that it is news of.
func (s *Store) TellBank(ctx context.Context, of string, answer partnership.BankAnswer, reference string, names []string, d partnership.Deed) (told []partnership.PayoutID, err error) {
	reference = strings.TrimSpace(reference)
	switch {
	case answer != partnership.BankPaid && answer != partnership.BankReturned:
		return nil, partnership.FieldErrorf("as", "%q is none of %s and %s", answer, partnership.BankPaid, partnership.BankReturned)
	case answer == partnership.BankPaid && reference == "":
		return nil, partnership.FieldErrorf("reference", "give the bank's own reference of the payment, as its statement shows it")
	case answer == partnership.BankReturned && strings.TrimSpace(d.Reason) == "":
		return nil, partnership.FieldErrorf("reason", "say why the bank did not pay it, or sent it back; finance reads it")
	}
	err = s.tx(ctx, "tell bank", func(q *db.Queries) error {
		told = nil
		orders, err := s.ordersToTell(ctx, q, of, names, d)
		if err != nil {
			return err
		}
		whole := string(orders[0].Payout.ID) != of
		if whole && answer == partnership.BankReturned {
			return partnership.FieldErrorf("as", "of a whole file say rapport payouts unexecuted %s, or name the payout that came back", of)
		}
		for _, o := range orders {
			if whole && (o.Paid || o.Returned) {
				continue
			}
			news, err := s.answerBank(ctx, q, o, answer, reference, d)
			if err != nil {
				return err
			}
			if news {
				told = append(told, o.Payout.ID)
			}
		}
		if len(told) == 0 {
			return nil
		}
		d.Deed, d.Subject = partnership.DeedTellBank, "payout/"+of
		if whole {
			d.Subject = "bank-file/" + of
		}
		d.Details = map[string]any{"as": answer, "reference": reference, "file": orders[0].FileID, "payments": len(told)}
		return s.record(ctx, q, d)
	})
	return told, err
}

// VoidBankFile says that the bank never executed a file: all of it that nobody has answered for is owed again, and is in the next run.
func (s *Store) VoidBankFile(ctx context.Context, id string, names []string, d partnership.Deed) (told []partnership.PayoutID, err error) {
	if strings.TrimSpace(d.Reason) == "" {
		return nil, partnership.FieldErrorf("reason", "say how it is known that the bank did not execute the file: its payments are paid again")
	}
	err = s.tx(ctx, "void bank file", func(q *db.Queries) error {
		told = nil
		orders, err := s.ordersToTell(ctx, q, id, names, d)
		if err != nil {
			return err
		}
		if orders[0].FileID != id {
			return partnership.FieldErrorf("file", "%s is a payout and no file", id)
		}
		because := d
		because.Reason = "bank file " + id + " was not executed: " + d.Reason
		for _, o := range orders {
			switch {
			case o.Paid:
				return partnership.Errorf(partnership.Conflict, "the bank has paid payout %s, so it did execute the file: say of each payment that came back rapport payouts confirm PAYOUT --as returned", o.Payout.ID)
			case o.Returned:
				continue
			}
			if _, err := s.answerBank(ctx, q, o, partnership.BankReturned, "", because); err != nil {
				return err
			}
			told = append(told, o.Payout.ID)
		}
		if len(told) == 0 {
			return nil
		}
		d.Deed, d.Subject, d.Details = partnership.DeedVoidBankFile, "bank-file/"+id, map[string]any{"payments": len(told)}
		return s.record(ctx, q, d)
	})
	return told, err
}

// ordersToTell are the order of a payout, or all of a file, for somebody who may say what the bank did with them.
func (s *Store) ordersToTell(ctx context.Context, q *db.Queries, of string, names []string, d partnership.Deed) ([]db.AnsweredOrdersRow, error) {
	ids, err := q.LockBankOrders(ctx, of)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, partnership.Errorf(partnership.NotFound, "no bank was ordered a payout, or by a file, of that id")
	}
	orders, err := q.AnsweredOrders(ctx, each(ids, func(id partnership.PayoutID) string { return string(id) }))
	if err != nil || orders[0].FileID == "" {
		return orders, err
	}
	takers, err := q.WhoTookBankFile(ctx, orders[0].FileID)
	if err != nil {
		return nil, err
	}
	teller := ledger.Approver{By: d.Who, Also: names}
	for _, taker := range takers {
		if teller.Prepared(taker) {
			return nil, partnership.Errorf(partnership.Forbidden, "what the bank did is said by someone other than who took the file")
		}
	}
	return orders, nil
}

// answerBank keeps one answer, and owes again what was paid and came back.
func (s *Store) answerBank(ctx context.Context, q *db.Queries, o db.AnsweredOrdersRow, answer partnership.BankAnswer, reference string, d partnership.Deed) (news bool, err error) {
	switch {
	case answer == partnership.BankReturned && o.Returned, answer == partnership.BankPaid && o.Paid && !o.Returned && o.PaidReference == reference:
		return false, nil
	case o.Returned:
		return false, partnership.Errorf(partnership.Conflict, "payout %s was returned: its money is owed, and the next run pays it", o.Payout.ID)
	case answer == partnership.BankPaid && o.Paid:
		return false, partnership.Errorf(partnership.Conflict, "payout %s is paid already, with the reference %s", o.Payout.ID, o.PaidReference)
	case answer == partnership.BankPaid && o.FileID == "":
		return false, partnership.Errorf(partnership.Conflict, "payout %s is in no bank file yet: rapport payouts bankfile makes it", o.Payout.ID)
	}
	err = q.AnswerBankOrder(ctx, db.AnswerBankOrderParams{PayoutID: o.Payout.ID, Answer: answer, Reference: reference, Why: d.Reason, ToldBy: d.Who, Now: s.now()})
	if err == nil && answer == partnership.BankReturned && o.Payout.State == partnership.PayoutPaid {
		err = s.reverse(ctx, q, o.Payout, o.Payout.AmountMinor)
	}
	return err == nil, err
}
