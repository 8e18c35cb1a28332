package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

type payoutsResolve struct {
	Payout   partnership.PayoutID `arg:"" help:"As payouts status shows it."`
	As       partnership.Choice   `required:"" placeholder:"paid|release" help:"paid: the provider shows the transfer. release: it is certainly not there, and its rows are in the next run."`
	Transfer string               `placeholder:"ID" help:"The transfer at the provider, with paid: it is held against the provider's own before it is booked."`
}

func (payoutsResolve) Help() string {
	return `Answers for a payout that is unknown: look at the provider's own pages first. Released money is paid again in the next run; the provider's list is
read once more before anything is done. Every question of this kind, by its id: rapport decisions.

  rapport payouts resolve po_1 --as paid --transfer tr_1Nabc`
}

func (c payoutsResolve) Run(a *app) error {
	by, err := a.may(partnership.DeedResolvePayout)
	if err != nil {
		return err
	}
	deed, err := deeds.ResolvePayout(c.Payout, c.As, c.Transfer)
	if err != nil {
		return err
	}
	w, err := a.workflows()
	if err != nil {
		return err
	}
	if err := deed.Decide(a.ctx, w, by, nil); err != nil {
		return hint(err, "no payout of that id waits for a person; `rapport payouts status` shows them")
	}
	return a.show(map[string]string{"payout": string(c.Payout), "as": string(c.As)}, func(out io.Writer) {
		if c.As == partnership.ChoicePaid {
			line(out, "Noted: it is looked up at the provider, and booked when it is there.")
			return
		}
		line(out, "Noted: unless the provider shows it after all, its rows are in the next run.")
	})
}
