package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
)

type payoutsDifferences struct{}

func (payoutsDifferences) Help() string {
	return `Before a run plans or sends anything, the provider's transfers are read and each has to be explained by the books. After a
restore from a backup those that were made since are not, and would be made again: the run waits until each is settled.`
}

func (payoutsDifferences) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	open, err := kept.OpenDifferences(a.ctx, "")
	if err != nil {
		return err
	}
	return a.show(orEmpty(open), func(w io.Writer) {
		if len(open) == 0 {
			line(w, "The books explain every transfer that was read.")
			return
		}
		var rows [][]string
		for _, d := range open {
			why := d.Why
			if d.Settled == partnership.SettleDouble {
				why = "settled as a double by " + d.By + "; it is reversed when the run goes on"
			}
			rows = append(rows, []string{d.ID, when(d.CreatedAt), money.Display(d.AmountMinor, d.Currency), d.To(), why})
		}
		table(w, "transfer made amount to why", rows)
		line(w, "Look each up at the provider, then: rapport payouts settle TRANSFER --as ours|double|foreign --reason WHY")
	})
}

type payoutsSettle struct {
	Transfer string                 `arg:"" help:"As payouts differences shows it; with --amount, the reference on the bank's statement."`
	As       partnership.Settlement `required:"" placeholder:"ours|double|foreign" help:"ours: it paid this creator, and is netted against what they are owed. double: it paid what another transfer paid, and is reversed at the provider. foreign: Rapport did not make it."`
	Rail     string                 `help:"The rail that shows it, where several show that id."`
	Program  string                 `help:"The program that owes the creator, where several do."`
	Reason   string                 `required:"" help:"Why. The audit keeps it."`

	Creator string `placeholder:"@HANDLE" help:"Whose it is, where several creators share the account that it went to. With --amount: of a bank that is paid by files, and that nobody can ask, whom it has paid what the books do not know; it takes --rail, --program and --on too."`
	Amount  string `help:"How much it paid them, such as 500.00, in the program's currency."`
	On      string `placeholder:"2026-11-28" help:"The day on which it paid, as its statement shows it."`
}

func (c payoutsSettle) Run(a *app) error {
	by, err := a.may(partnership.DeedSettleDifference)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	if c.Amount != "" || c.On != "" {
		return c.atTheBank(a, by, kept)
	}
	if err := c.settle(a, by, kept); err != nil {
		return hint(err, "`rapport payouts differences` lists the transfers that wait")
	}
	return a.show(map[string]string{"transfer": c.Transfer, "settled": string(c.As)}, func(w io.Writer) {
		line(w, "%s", map[partnership.Settlement]string{
			partnership.SettleOurs:    "Booked as paid: the creator's next payout is less by it.",
			partnership.SettleDouble:  "It is reversed at the provider when the run that waits goes on, or before the next one.",
			partnership.SettleForeign: "Noted: it stays out of the books.",
		}[c.As])
	})
}

func (c payoutsSettle) settle(a *app, by deeds.By, kept *store.Store) error {
	word := partnership.DifferenceWord{Rail: c.Rail, Transfer: c.Transfer, As: c.As, Program: c.Program}
	if c.Creator != "" {
		creator, err := kept.FindCreator(a.ctx, c.Creator)
		if err != nil {
			return err
		}
		word.Creator = creator.ID
	}
	return deeds.SettleDifference(a.ctx, kept, by, word, c.Reason)
}

// atTheBank books a payment that only the bank's statement shows.
func (c payoutsSettle) atTheBank(a *app, by deeds.By, kept *store.Store) error {
	if c.As != partnership.SettleOurs {
		return partnership.FieldErrorf("as", "what only a bank's statement shows is settled as %s, or left alone", partnership.SettleOurs)
	}
	if c.Creator == "" {
		return partnership.FieldErrorf("creator", "say whom the bank has paid")
	}
	creator, err := kept.FindCreator(a.ctx, c.Creator)
	if err != nil {
		return err
	}
	p := partnership.BankPayment{Rail: c.Rail, Reference: c.Transfer, Program: c.Program, CreatorID: creator.ID, On: c.On}
	if p.Currency, err = kept.ProgramCurrency(a.ctx, c.Program); err != nil {
		return err
	}
	if p.AmountMinor, err = money.Read(c.Amount, p.Currency); err != nil {
		return partnership.FieldErrorf("amount", "%v", err)
	}
	rails, err := a.banker()
	if err != nil {
		return err
	}
	if err := deeds.SettleBankPayment(a.ctx, kept, rails, by, p, c.Reason); err != nil {
		return err
	}
	return a.show(map[string]string{"reference": c.Transfer, "settled": string(c.As)}, func(w io.Writer) {
		line(w, "Booked: the bank has paid @%s %s. Their next payout is less by it.", creator.Handle, money.Display(p.AmountMinor, p.Currency))
	})
}
