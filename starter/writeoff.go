package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

type ledgerWriteOff struct {
	Creator string `arg:"" optional:"" help:"Who owes. Nobody: list what waits to be approved."`
	Program string `help:"The program that is owed."`
	Amount  string `help:"How much is to be forgiven, such as 12.50, in the program's currency; all of it unless set."`
	Reason  string `help:"Why. The creator reads it, and so does whoever approves."`
	Approve string `placeholder:"ID" xor:"which" help:"Forgive what somebody else has asked for."`

	Withdraw string `placeholder:"ID" xor:"which" help:"Take back what nobody has approved, such as more than is owed by now."`
}

func (c ledgerWriteOff) Run(a *app) error {
	switch {
	case c.Approve != "":
		return c.approve(a)
	case c.Withdraw != "":
		return c.withdraw(a)
	case c.Creator != "":
		return c.ask(a)
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	open, err := kept.WriteOffsToApprove(a.ctx)
	if err != nil {
		return err
	}
	return a.show(orEmpty(open), func(w io.Writer) {
		if len(open) == 0 {
			line(w, "No write-off waits to be approved.")
			return
		}
		var rows [][]string
		for _, o := range open {
			rows = append(rows, []string{o.ID, o.Program, "@" + o.Creator, money.Display(o.AmountMinor, o.Currency), o.AskedBy, when(o.AskedAt), o.Reason})
		}
		table(w, "id program creator amount by asked why", rows)
		line(w, "Somebody other than who asked: rapport ledger writeoff --approve ID. One that is not to be: --withdraw ID")
	})
}

func (c ledgerWriteOff) ask(a *app) error {
	by, err := a.may(partnership.DeedAskWriteOff)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	creator, err := kept.FindCreator(a.ctx, c.Creator)
	if err != nil {
		return err
	}
	ask := partnership.WriteOff{Program: c.Program, CreatorID: creator.ID, Reason: c.Reason}
	if c.Amount != "" {
		currency, err := kept.ProgramCurrency(a.ctx, c.Program)
		if err != nil {
			return err
		}
		if ask.AmountMinor, err = money.Read(c.Amount, currency); err != nil {
			return partnership.FieldErrorf("amount", "%v", err)
		}
	}
	asked, err := deeds.AskWriteOff(a.ctx, kept, by, ask)
	if err != nil {
		return err
	}
	return a.show(asked, func(w io.Writer) {
		line(w, "Asked for: %s of @%s. Nothing is forgiven before somebody else approves it: rapport ledger writeoff --approve %s", money.Display(asked.AmountMinor, asked.Currency), creator.Handle, asked.ID)
	})
}

func (c ledgerWriteOff) approve(a *app) error {
	by, names, err := a.mayUnder(partnership.DeedApproveWriteOff)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	done, err := deeds.ApproveWriteOff(a.ctx, kept, by, c.Approve, names)
	if err != nil {
		return hint(err, "there is no such write-off; `rapport ledger writeoff` lists those that wait")
	}
	return a.show(done, func(w io.Writer) {
		line(w, "%s is forgiven; the next run nets it.", money.Display(done.AmountMinor, done.Currency))
	})
}

func (c ledgerWriteOff) withdraw(a *app) error {
	by, err := a.may(partnership.DeedWithdrawWriteOff)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	done, err := deeds.WithdrawWriteOff(a.ctx, kept, by, c.Withdraw)
	if err != nil {
		return hint(err, "there is no such write-off; `rapport ledger writeoff` lists those that wait")
	}
	return a.show(done, func(w io.Writer) {
		line(w, "Withdrawn: %s. Nothing is forgiven; another may be asked for.", money.Display(done.AmountMinor, done.Currency))
	})
}
