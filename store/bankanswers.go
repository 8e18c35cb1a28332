package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store/db"
)

// What a bank did with the payments of a file, as somebody read it there who did not take the file themselves (names are all that they
// have): who could change a file on its way must not say that it was paid as it was.

// TellBank says what the bank did with a payout or, of paid alone, with all of a file that is open. Paid money that comes back later is
// owed again, also where it was booked from a statement. The same word again changes nothing; *partnership.Error Conflict for another one. It returns the payouts that it is news of.
func (s *Store) TellBank(ctx context.Context, of string, word partnership.BankWord, names []string, d partnership.Deed) (told []partnership.PayoutID, err error) {
	word.Reference = strings.TrimSpace(word.Reference)
	if err := wholeWord(word, d.Reason); err != nil {
		return nil, err
	}
	err = s.tx(ctx, "tell bank", func(q *db.Queries) error {
		told = nil
		if read, err := q.LockStatementPayment(ctx, of); err != nil || len(read) > 0 {
			if err == nil {
				told, err = s.statementReturned(ctx, q, read[0], word, d)
			}
			return err
		}
		orders, err := s.ordersToTell(ctx, q, of, names, d)
		if err != nil {
			return err
		}
		whole := string(orders[0].Payout.ID) != of
		if whole && word.Answer == partnership.BankReturned {
			return partnership.FieldErrorf("as", "of a whole file say rapport payouts unexecuted %s, or name the payout that came back", of)
		}
		for _, o := range orders {
			if whole && (o.Paid || o.Returned) {
				continue
			}
			news, err := s.answerBank(ctx, q, o, word, d)
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
		d.Details = map[string]any{"as": word.Answer, "reference": word.Reference, "on": word.On, "file": orders[0].FileID, "payments": len(told)}
		return s.record(ctx, q, d)
	})
	return told, err
}

// wholeWord refuses a word that says too little.
func wholeWord(word partnership.BankWord, reason string) error {
	switch paid := word.Answer == partnership.BankPaid; {
	case !paid && word.Answer != partnership.BankReturned:
		return partnership.FieldErrorf("as", "%q is none of %s and %s", word.Answer, partnership.BankPaid, partnership.BankReturned)
	case paid && word.Reference == "":
		return partnership.FieldErrorf("reference", "give the bank's own reference of the payment, as its statement shows it")
	case paid && word.On == "":
		return partnership.FieldErrorf("on", "give the day on which the bank paid, such as 2026-11-28, as its statement shows it: the payment is of that day's year")
	case !paid && word.On != "":
		return partnership.FieldErrorf("on", "it is the day on which the bank paid, and it did not: leave it out")
	case !paid && strings.TrimSpace(reason) == "":
		return partnership.FieldErrorf("reason", "say why the bank did not pay it, or sent it back; finance reads it")
	}
	return nil
}

// bankDay is the first instant of a day on which a bank has paid, in the program's zone.
func (s *Store) bankDay(zone, on string) (time.Time, error) {
	at, err := ledger.Day(zone, "on", on)
	if err == nil && at.After(s.now()) {
		return at, partnership.FieldErrorf("on", "the bank has not paid on %s, which is yet to come", on)
	}
	return at, err
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
			if _, err := s.answerBank(ctx, q, o, partnership.BankWord{Answer: partnership.BankReturned}, because); err != nil {
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

// answerBank keeps one answer and books it: what the bank has paid is paid, whether its workflow looks at it or not, so that what comes back
// of it is owed again and held. What it never paid its workflow gives back.
func (s *Store) answerBank(ctx context.Context, q *db.Queries, o db.AnsweredOrdersRow, word partnership.BankWord, d partnership.Deed) (news bool, err error) {
	if word.Answer == partnership.BankPaid {
		return s.bankPaid(ctx, q, o, word, d)
	}
	if o.Returned {
		return false, nil
	}
	if o.Paid && o.Payout.State != partnership.PayoutPaid { // said in a build that left it to its workflow, which has not looked yet
		if err := s.confirm(ctx, q, o.Payout, bankOrder(o.Payout)); err != nil {
			return false, err
		}
	}
	if err := q.AnswerBankOrder(ctx, db.AnswerBankOrderParams{PayoutID: o.Payout.ID, Answer: word.Answer, Why: d.Reason, ToldBy: d.Who, Now: s.now()}); err != nil || !o.Paid {
		return err == nil, err
	}
	return true, s.reverse(ctx, q, o.Payout, o.Payout.AmountMinor)
}

func (s *Store) bankPaid(ctx context.Context, q *db.Queries, o db.AnsweredOrdersRow, word partnership.BankWord, d partnership.Deed) (news bool, err error) {
	on, err := s.bankDay(o.Timezone, word.On)
	known := o.PaidAt.Unix() != 0 // words of before have no day
	switch {
	case err != nil:
		return false, err
	case o.Returned:
		return false, partnership.Errorf(partnership.Conflict, "payout %s was returned: its money is owed, and the next run pays it", o.Payout.ID)
	case o.Paid && o.PaidReference == word.Reference && (!known || o.PaidAt.Equal(on)):
		return false, nil
	case o.Paid && o.PaidReference == word.Reference:
		return false, partnership.Errorf(partnership.Conflict, "payout %s is paid already, on another day, with that reference", o.Payout.ID)
	case o.Paid:
		return false, partnership.Errorf(partnership.Conflict, "payout %s is paid already, with the reference %s", o.Payout.ID, o.PaidReference)
	case o.FileID == "":
		return false, partnership.Errorf(partnership.Conflict, "payout %s is in no bank file yet: rapport payouts bankfile makes it", o.Payout.ID)
	case on.AddDate(0, 0, 2).Before(o.MonthEnded): // not by the file's day: one that was made again after a restore is newer than what the bank has paid; and its zone may be another
		return false, partnership.FieldErrorf("on", "the bank has not paid on %s what was earned until the end of %s: give the day that its statement shows", word.On, o.Period)
	}
	if err := checkReference(ctx, q, o, word.Reference); err != nil {
		return false, err
	}
	err = q.AnswerBankOrder(ctx, db.AnswerBankOrderParams{
		PayoutID: o.Payout.ID, Answer: word.Answer, Reference: word.Reference, PaidAt: &on, Why: d.Reason, ToldBy: d.Who, Now: s.now(),
	})
	if err != nil {
		return false, err
	}
	return true, s.confirm(ctx, q, o.Payout, bankOrder(o.Payout))
}

// checkReference refuses a reference with which the bank has paid somebody already: another payout of theirs, or what was booked from the
// statement, of this amount or of another.
func checkReference(ctx context.Context, q *db.Queries, o db.AnsweredOrdersRow, reference string) error {
	po := o.Payout
	if err := q.LockBankReference(ctx, db.LockBankReferenceParams{Rail: po.Provider, Reference: reference}); err != nil {
		return err
	}
	paid, err := q.BankPaidWith(ctx, db.BankPaidWithParams{Reference: reference, Rail: po.Provider, CreatorID: po.CreatorID})
	if err != nil {
		return err
	}
	if len(paid) > 0 {
		return partnership.FieldErrorf("reference", "with %s the bank has paid the creator of payout %s another one, %s: give the bank's own reference of this payment", reference, po.ID, paid[0].ID)
	}
	booked, err := q.LockDifference(ctx, db.LockDifferenceParams{TransferID: statementID(po.CreatorID, reference), Provider: po.Provider})
	switch {
	case err != nil || len(booked) == 0:
		return err
	case booked[0].AmountMinor == po.AmountMinor && booked[0].Currency == po.Currency:
		return partnership.Errorf(partnership.Conflict, "that payment to the creator of payout %s is booked already, as %s read it on the statement: where it is the one, "+
			"bank file %s was not carried out", po.ID, booked[0].SettledBy, o.FileID)
	}
	return anotherAmount(fmt.Sprintf("a payment to the creator of payout %s with the reference %s is booked already, as %s read it on the statement", po.ID, reference, booked[0].SettledBy),
		booked[0].AmountMinor, booked[0].Currency, po.AmountMinor, po.Currency)
}

// bankOrder is the transfer that a payout's order is.
func bankOrder(po db.Payout) partnership.Transfer {
	return bankTransfer(db.BankOrdersRow{PayoutID: po.ID, Destination: po.Destination, AmountMinor: po.AmountMinor, Currency: po.Currency, Paid: true})
}
