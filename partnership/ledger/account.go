package ledger

import (
	"time"

	"github.com/rapport-dev/rapport/partnership/locale"
)

// AccountWaitDays is how many campaign days money waits for an account that replaced another: somebody who took over a creator's
// mail must not be paid before the creator could notice (RULES, money 9).
const AccountWaitDays = 2

// Erased is why earnings of somebody who was erased wait for a person.
const Erased = "the creator was erased and no payout account takes money for them: pay them by hand and void it, or release it once their account is ready"

// erasedLacks is why they wait although an account takes money.
const erasedLacks = "the creator was erased and cannot be asked: %s. Note what a vendor has of theirs (rapport tax record) and release it, or pay them by hand and void it"

// Account is where a creator's money goes.
type Account struct {
	ID        string    // at the payout rail
	Rail      string    // "" the program's first
	Ready     bool      // it takes money
	ChangedAt time.Time // when it replaced another, zero never
	Erased    bool      // whose it is was erased at their own wish
}

// Waits says why money for the account waits at an instant, in words for its creator; "" when it may go. day is the length of a
// campaign day.
func (a Account) Waits(now time.Time, day time.Duration) string {
	if !a.Ready && a.Erased {
		return Erased
	}
	if !a.Ready {
		return locale.Words("the payout account is not set up yet")
	}
	if from := a.ChangedAt.Add(AccountWaitDays * day); !a.ChangedAt.IsZero() && now.Before(from) {
		return "new payout account, first payable from " + from.UTC().Format("2 Jan 2006 15:04 UTC")
	}
	return ""
}
