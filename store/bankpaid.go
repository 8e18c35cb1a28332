package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store/db"
)

// BookBankPayment books what a bank has paid somebody and the books have lost with a restored backup. Of a rail that is paid by files they
// cannot be asked what the bank did, so no list shows it: a person has read it on the statement. It is booked as a transfer is that a list
// shows and a person calls ours, and once: the bank's reference of a payment to somebody is one payment.
func (s *Store) BookBankPayment(ctx context.Context, p partnership.BankPayment, d partnership.Deed) error {
	p.Reference = strings.TrimSpace(p.Reference)
	switch {
	case p.Reference == "":
		return partnership.FieldErrorf("reference", "give the bank's own reference of the payment, as its statement shows it")
	case p.AmountMinor <= 0:
		return partnership.FieldErrorf("amount", "say how much the bank has paid")
	case strings.TrimSpace(d.Reason) == "":
		return partnership.FieldErrorf("reason", "say why; whoever looks at the books reads it")
	}
	id := statementID(p.CreatorID, p.Reference)
	return s.tx(ctx, "book bank payment", func(q *db.Queries) error {
		pr, err := q.Program(ctx, p.Program)
		if err != nil {
			return notFound("program", err)
		}
		paidAt, err := s.bankDay(pr.Timezone, p.On)
		if err != nil {
			return err
		}
		creator, err := q.Creator(ctx, p.CreatorID)
		if err != nil {
			return notFound("creator", err)
		}
		if err := notPaidWith(ctx, q, p); err != nil {
			return err
		}
		err = q.NoteDifference(ctx, db.NoteDifferenceParams{
			Provider: p.Rail, TransferID: id, CreatorID: &creator.ID, Destination: creator.PayoutAccount, AmountMinor: p.AmountMinor, Currency: p.Currency,
			MadeAt: paidAt, Now: s.now(), Why: "a person has read it on the bank's statement, and the books do not know it",
		})
		if err != nil {
			return err
		}
		row, err := lockDifference(ctx, q, p.Rail, id)
		switch {
		case err != nil:
			return err
		case row.AmountMinor != p.AmountMinor || row.Currency != p.Currency:
			return anotherAmount("a payment to them with the reference "+p.Reference+" is booked already", row.AmountMinor, row.Currency, p.AmountMinor, p.Currency)
		}
		return s.settleDifference(ctx, q, row, partnership.SettleOurs, p.Program, d)
	})
}

// notPaidWith refuses what the books know from what was said of an order, and another amount under the same reference.
func notPaidWith(ctx context.Context, q *db.Queries, p partnership.BankPayment) error {
	if err := q.LockBankReference(ctx, db.LockBankReferenceParams{Rail: p.Rail, Reference: p.Reference}); err != nil {
		return err
	}
	known, err := q.BankPaidWith(ctx, db.BankPaidWithParams{Reference: p.Reference, Rail: p.Rail, CreatorID: p.CreatorID})
	if err != nil || len(known) == 0 {
		return err
	}
	for _, po := range known {
		if po.AmountMinor == p.AmountMinor && po.Currency == p.Currency {
			return partnership.Errorf(partnership.Conflict, "the books know that payment: it paid payout %s", po.ID)
		}
	}
	return anotherAmount(fmt.Sprintf("with the reference %s the bank has paid them payout %s", p.Reference, known[0].ID), known[0].AmountMinor, known[0].Currency, p.AmountMinor, p.Currency)
}

// anotherAmount refuses a payment under the reference of another: the bank's reference of a payment to somebody is one payment.
func anotherAmount(known string, knownMinor int64, knownCurrency string, minor int64, currency string) error {
	return partnership.Errorf(partnership.Conflict, "%s, %s, and this says %s: give the bank's own reference of this payment, or the amount that its statement shows",
		known, money.Display(knownMinor, knownCurrency), money.Display(minor, currency))
}

// statementID is how a payment is called that only a bank's statement shows.
func statementID(to partnership.CreatorID, reference string) string {
	return "statement/" + string(to) + "/" + reference
}

// statementTransfer is a payment from a statement as a rail shows transfers.
func statementTransfer(po db.Payout) partnership.Transfer {
	return partnership.Transfer{
		ID: po.ProviderRef, PayoutID: po.ID, Destination: po.Destination, AmountMinor: po.AmountMinor, ReversedMinor: po.ReversedMinor, Currency: po.Currency,
		State: partnership.TransferMoved, CreatedAt: orZero(po.FirstPostedAt),
	}
}

// statementReturned says of a payment that was booked from a statement that it came back: it is owed again, and held. No bank was ordered it,
// so nobody took it there who could not say this. The same word again changes nothing.
func (s *Store) statementReturned(ctx context.Context, q *db.Queries, po db.Payout, word partnership.BankWord, d partnership.Deed) (told []partnership.PayoutID, err error) {
	switch {
	case word.Answer != partnership.BankReturned:
		return nil, partnership.Errorf(partnership.Conflict, "payout %s was booked from the bank's statement, as %s: it is paid already", po.ID, po.ProviderRef)
	case po.State == partnership.PayoutReturned:
		return nil, nil
	}
	if err := s.reverse(ctx, q, po, po.AmountMinor); err != nil {
		return nil, err
	}
	d.Deed, d.Subject, d.Details = partnership.DeedTellBank, "payout/"+string(po.ID), map[string]any{"as": word.Answer, "reference": po.ProviderRef, "payments": 1}
	return []partnership.PayoutID{po.ID}, s.record(ctx, q, d)
}
