package deeds

import (
	"context"
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/app/news"
	"github.com/rapport-dev/rapport/partnership"
)

// Bank keeps what a bank was ordered by files, and what people say that it did, with the audit's lines.
type Bank interface {
	BankFiles(ctx context.Context, program, period string, write func(*partnership.BankFile) error, d partnership.Deed) ([]partnership.BankFile, error)
	TellBank(ctx context.Context, of string, word partnership.BankWord, names []string, d partnership.Deed) ([]partnership.PayoutID, error)
	VoidBankFile(ctx context.Context, id string, names []string, d partnership.Deed) ([]partnership.PayoutID, error)
}

// Banker is a rail that is paid by files.
type Banker interface {
	Write(f partnership.BankFile) (name string, text []byte, err error)
	DueOn(madeAt time.Time) string
}

// BankFiles are the files of payments of a month, for the bank. One that was made before is the same again.
func BankFiles(ctx context.Context, kept Bank, rails func(name string) (Banker, error), by By, program, period string) ([]partnership.BankFile, error) {
	if err := by.May(partnership.DeedBankFile); err != nil {
		return nil, err
	}
	write := func(f *partnership.BankFile) error {
		bank, err := rails(f.Rail)
		if err == nil {
			f.DueOn = bank.DueOn(f.MadeAt)
			f.Name, f.Text, err = bank.Write(*f)
		}
		return err
	}
	return kept.BankFiles(ctx, program, period, write, partnership.Deed{Who: by.Who})
}

// TellBank says what the bank did with a payout or with a whole file; names are all that the teller has. Each payout that still waits looks
// at once; the same word again changes nothing.
func TellBank(ctx context.Context, kept Bank, w news.Teller, by By, of string, word partnership.BankWord, names []string, reason string) (payments int, err error) {
	if err := by.May(partnership.DeedTellBank); err != nil {
		return 0, err
	}
	told, err := kept.TellBank(ctx, of, word, names, partnership.Deed{Who: by.Who, Reason: reason})
	if err != nil {
		return 0, err
	}
	return len(told), look(ctx, w, told, word.Answer)
}

// VoidBankFile says that the bank never executed a file: what it holds is owed again.
func VoidBankFile(ctx context.Context, kept Bank, w news.Teller, by By, id string, names []string, reason string) (payments int, err error) {
	if err := by.May(partnership.DeedVoidBankFile); err != nil {
		return 0, err
	}
	told, err := kept.VoidBankFile(ctx, id, names, partnership.Deed{Who: by.Who, Reason: reason})
	if err != nil {
		return 0, err
	}
	return len(told), look(ctx, w, told, partnership.BankReturned)
}

// look has the payouts look at what was said of them. It is in the books already: one that does not hear it looks within a day.
func look(ctx context.Context, w news.Teller, told []partnership.PayoutID, answer partnership.BankAnswer) error {
	for _, id := range told {
		err := news.PayoutMoved(ctx, w, id, fmt.Sprint(id, "/", answer))
		if err != nil && partnership.CodeOf(err) != partnership.NotFound { // that one has ended
			return fmt.Errorf("it is in the books, and payout %s will see it within a day, for now it was not told: %w", id, err)
		}
	}
	return nil
}
