package deeds

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
)

// Differences keep a person's word on transfers that the books do not explain, with its line of the audit.
type Differences interface {
	SettleDifference(ctx context.Context, rail, transferID string, as partnership.Settlement, program string, d partnership.Deed) error
}

// SharedDifferences are those that went to an account of several creators.
type SharedDifferences interface {
	SettleSharedDifference(ctx context.Context, rail, transferID string, to partnership.CreatorID, program string, d partnership.Deed) error
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
// itself. program is the one that owes the creator, needed where several do. The same word again changes nothing.
func SettleDifference(ctx context.Context, kept Differences, by By, rail, transferID string, as partnership.Settlement, program, reason string) error {
	if err := by.May(partnership.DeedSettleDifference); err != nil {
		return err
	}
	return kept.SettleDifference(ctx, rail, transferID, as, program, partnership.Deed{Who: by.Who, Reason: reason})
}

// SettleSharedDifference is SettleDifference of a transfer that went to an account of several creators: whose it is matters where it is ours.
func SettleSharedDifference(ctx context.Context, kept SharedDifferences, by By, rail, transferID string, as partnership.Settlement, to partnership.CreatorID, program, reason string) error {
	if err := by.May(partnership.DeedSettleDifference); err != nil {
		return err
	}
	if as != partnership.SettleOurs {
		return partnership.FieldErrorf("creator", "only what is settled as %s is a creator's: leave the creator out", partnership.SettleOurs)
	}
	return kept.SettleSharedDifference(ctx, rail, transferID, to, program, partnership.Deed{Who: by.Who, Reason: reason})
}
