package store

import (
	"context"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
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
		known, err := q.BankPaidWith(ctx, db.BankPaidWithParams{Reference: p.Reference, Rail: p.Rail, CreatorID: creator.ID, AmountMinor: p.AmountMinor, Currency: p.Currency})
		switch {
		case err != nil:
			return err
		case len(known) > 0:
			return partnership.Errorf(partnership.Conflict, "the books know that payment: it paid payout %s", known[0])
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
			return partnership.Errorf(partnership.Conflict, "a payment to them of that reference is booked already, of another amount: give the bank's reference of this one")
		}
		return s.settleDifference(ctx, q, row, partnership.SettleOurs, p.Program, d)
	})
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
