package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

type ledgerFee struct {
	whichPartnership

	Deliverable string `placeholder:"NAME" help:"Which of several, as the terms name it: instagram_reel-1."`
	On          string `required:"" placeholder:"2026-11-28" help:"The day on which the post went live."`
	Reason      string `required:"" help:"Why it is booked by hand. The audit keeps it."`
}

func (ledgerFee) Help() string {
	return `Books the fee of a post that is live, where a database that was restored from a backup has lost it and the creator's story, which has booked it,
has moved on. Look at the post first. What it comes to is what the signed terms say, and it stands once: where it is booked already, nothing
is. The next run pays it, by an approval as ever; a transfer that paid it before is settled as ours.`
}

func (c ledgerFee) Run(a *app) error {
	by, err := a.may(partnership.DeedBookFee)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	id, err := c.find(a)
	if err != nil {
		return err
	}
	fee, booked, err := deeds.BookFee(a.ctx, kept, by, id, c.Deliverable, c.On, c.Reason)
	if err != nil {
		return hint(err, unknownPartnership)
	}
	return a.show(map[string]any{"partnership": id, "fee": fee, "booked": booked}, func(w io.Writer) {
		if !booked {
			line(w, "The fee of %s, %s, is in the books already.", fee.Deliverable, money.Display(fee.AmountMinor, fee.Currency))
			return
		}
		line(w, "Booked: %s for %s.", money.Display(fee.AmountMinor, fee.Currency), fee.Deliverable)
	})
}
