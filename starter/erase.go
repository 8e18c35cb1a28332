package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/creators"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
)

type eraseCommand struct {
	whoever
	Yes bool `help:"Do it: it cannot be undone. Without this it says what is open and owed, and changes nothing."`
}

func (c eraseCommand) Run(a *app) error {
	by, err := a.may(partnership.DeedEraseCreator)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	eraser := creators.Eraser{
		People: kept, Workflows: func() (creators.Workflows, error) { return a.workflows() }, Patiently: a.patiently, Patience: shellPatience, Look: askAgainEvery,
	}
	if !c.Yes {
		before, err := eraser.Preview(a.ctx, by, c.ref())
		if err != nil {
			return err
		}
		if err := a.show(before, func(w io.Writer) {
			showOpen(w, before)
			line(w, "Nothing was changed. Erasing cannot be undone; to do it, run it again with --yes.")
		}); err != nil {
			return err
		}
		return &exitCode{wrong}
	}
	before, done, err := eraser.Erase(a.ctx, by, c.ref())
	if err != nil {
		return err
	}
	return a.show(done, func(w io.Writer) { showErased(w, before, done) })
}

// showOpen says what an erasure ends, and what becomes of money.
func showOpen(w io.Writer, e board.Erasure) {
	line(w, "Open partnerships, which end: %d.", e.Open)
	for _, o := range e.Owed {
		line(w, "Owed in %s: %s, %s.", o.Program, money.Display(o.AmountMinor, o.Currency), howOwed(o.State))
	}
	switch {
	case len(e.Owed) == 0:
		line(w, "No money is owed.")
	case e.AccountReady:
		line(w, "Their payout account is ready: what they earned is paid to it without them, to the last cent, as it falls due.")
	default:
		line(w, "They have no payout account that takes money: what they earned will be held for finance, who pays it by hand (rapport ledger holds).")
	}
	line(w, "Kept and to be removed: %d mails, %d submissions, %d posts, %d contracts, %d addresses; %d links end.", e.Mails, e.Submissions, e.Posts, e.Contracts, e.Addresses, e.Links)
	if e.SharedMail > 0 {
		line(w, "%d others are reached at the same address: it stays open to mail for them.", e.SharedMail)
	}
}

func howOwed(state ledger.State) string {
	return map[ledger.State]string{
		ledger.Pending: "not due yet", ledger.Eligible: "due with the next payout run", ledger.Held: "held for a person", ledger.InPayout: "in a payout that is under way",
	}[state]
}

// showErased says line by line what was done.
func showErased(w io.Writer, before, done board.Erasure) {
	line(w, "Ended %d open partnerships.", before.Open)
	line(w, "Removed the name, handle, address and notes, %d postal addresses, %d submissions and %d links to posts.", done.Addresses, done.Submissions, done.Posts)
	line(w, "Removed %d mails, wherever they were sent from, and %d contracts; their hashes and dates stay.", done.Mails, done.Contracts)
	line(w, "Emptied %d deliveries of vendors; later ones are emptied once they are applied.", done.Deliveries)
	line(w, "Ended %d links.", done.Links)
	if done.SharedMail > 0 {
		line(w, "%d others are reached at their address, which was not suppressed; the account itself is remembered as a keyed hash.", done.SharedMail)
	} else {
		line(w, "Nobody writes to their address again; it and the account are remembered as keyed hashes.")
	}
	for _, o := range done.Owed {
		line(w, "Still owed in %s: %s, %s.", o.Program, money.Display(o.AmountMinor, o.Currency), howOwed(o.State))
	}
	if done.Held > 0 {
		line(w, "%d earnings are held for finance, because no payout account takes them: rapport ledger holds.", done.Held)
	} else if len(done.Owed) > 0 {
		line(w, "It is paid to their account as it falls due.")
	}
	line(w, "The ledger keeps the id %s and no person behind it. What vendors and Slack were sent stays there: docs/operations.md says how to have it removed.", done.ID)
}
