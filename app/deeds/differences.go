package deeds

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
)

// Differences keep a person's word on transfers that the books do not explain, with its line of the audit.
type Differences interface {
	SettleDifference(ctx context.Context, word partnership.DifferenceWord, d partnership.Deed) error
}

// BankPayments keep what a bank has paid and the books have lost, on a person's word.
type BankPayments interface {
	BookBankPayment(ctx context.Context, p partnership.BankPayment, d partnership.Deed) error
}

// SettleBankPayment is SettleDifference of a payment that no list shows, because its bank is paid by files: a person has read it on the
// statement. It is ours. rails refuses what is no such bank.
func SettleBankPayment(ctx context.Context, kept BankPayments, rails func(name string) (Banker, error), by By, p partnership.BankPayment, reason string) error {
	if err := by.May(partnership.DeedSettleDifference); err != nil {
		return err
	}
	if _, err := rails(p.Rail); err != nil {
		return err
	}
	return kept.BookBankPayment(ctx, p, partnership.Deed{Who: by.Who, Reason: reason})
}

// SettleDifference says what a transfer is that the provider shows and the books do not explain; the run that waits for it goes on by
// itself. The same word again changes nothing.
func SettleDifference(ctx context.Context, kept Differences, by By, word partnership.DifferenceWord, reason string) error {
	if err := by.May(partnership.DeedSettleDifference); err != nil {
		return err
	}
	return kept.SettleDifference(ctx, word, partnership.Deed{Who: by.Who, Reason: reason})
}
