package board

import (
	"fmt"

	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
)

// What an erasure would do and has done, in words for the team.

// Would says what an erasure ends, and what becomes of money.
func (e Erasure) Would() (lines []string) {
	say := func(format string, in ...any) { lines = append(lines, fmt.Sprintf(format, in...)) }
	say("Open partnerships, which end: %d.", e.Open)
	for _, o := range e.Owed {
		say("Owed in %s: %s, %s.", o.Program, money.Display(o.AmountMinor, o.Currency), howOwed(o.State))
	}
	switch {
	case len(e.Owed) == 0:
		say("No money is owed.")
	case e.AccountReady:
		say("Their payout account is ready: what they earned is paid to it without them, to the last cent, as it falls due.")
	default:
		say("They have no payout account that takes money: what they earned will be held for finance, who pays it by hand (rapport ledger holds).")
	}
	say("Kept and to be removed: %d mails, %d submissions, %d posts, %d contracts, %d addresses; %d links end.", e.Mails, e.Submissions, e.Posts, e.Contracts, e.Addresses, e.Links)
	if e.SharedMail > 0 {
		say("%d others are reached at the same address: it stays open to mail for them.", e.SharedMail)
	}
	return lines
}

func howOwed(state ledger.State) string {
	return map[ledger.State]string{
		ledger.Pending: "not due yet", ledger.Eligible: "due with the next payout run", ledger.Held: "held for a person", ledger.InPayout: "in a payout that is under way",
	}[state]
}

// Did says line by line what was done; before is what stood then.
func (e Erasure) Did(before Erasure) (lines []string) {
	say := func(format string, in ...any) { lines = append(lines, fmt.Sprintf(format, in...)) }
	say("Ended %d open partnerships.", before.Open)
	say("Removed the name, handle, address and notes, %d postal addresses, %d submissions and %d links to posts.", e.Addresses, e.Submissions, e.Posts)
	say("Removed %d mails, wherever they were sent from, and %d contracts; their hashes and dates stay.", e.Mails, e.Contracts)
	say("Emptied %d deliveries of vendors; later ones are emptied once they are applied.", e.Deliveries)
	say("Ended %d links.", e.Links)
	if e.SharedMail > 0 {
		say("%d others are reached at their address, which was not suppressed; the account itself is remembered as a keyed hash.", e.SharedMail)
	} else {
		say("Nobody writes to their address again; it and the account are remembered as keyed hashes.")
	}
	for _, o := range e.Owed {
		say("Still owed in %s: %s, %s.", o.Program, money.Display(o.AmountMinor, o.Currency), howOwed(o.State))
	}
	if e.Held > 0 {
		say("%d earnings are held for finance, because no payout account takes them: rapport ledger holds.", e.Held)
	} else if len(e.Owed) > 0 {
		say("It is paid to their account as it falls due.")
	}
	say("The ledger keeps the id %s and no person behind it. What vendors and the chat were sent stays there: docs/operations.md says how to have it removed.", e.ID)
	return lines
}
