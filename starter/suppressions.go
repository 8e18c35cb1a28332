package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

type suppressionsCommands struct {
	List suppressionsList `cmd:"" help:"Whom nobody may write to, and why. Addresses are masked."`
	Lift suppressionsLift `cmd:"" help:"Let an address be written to again."`
}

type suppressionsList struct{}

func (suppressionsList) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	all, err := kept.Suppressions(a.ctx)
	if err != nil {
		return err
	}
	return a.show(orEmpty(all), func(w io.Writer) {
		if len(all) == 0 {
			line(w, "Nobody is suppressed.")
			return
		}
		var rows [][]string
		for _, s := range all {
			handle := "-"
			if s.Handle != "" {
				handle = "@" + s.Handle
			}
			rows = append(rows, []string{s.ID, handle, s.Masked, string(s.Cause), when(s.At), s.Reason})
		}
		table(w, "id creator address cause since why", rows)
		line(w, "address: a dead mailbox, lifted with rapport suppressions lift. person: they said no, lifted only when they asked. erased: never.")
	})
}

type suppressionsLift struct {
	Who       string `arg:"" help:"An address, a creator's @handle, or an id of suppressions list."`
	Reason    string `required:"" help:"Why; the audit keeps it."`
	TheyAsked bool   `help:"The person themselves asked to hear from you again. Without it an opt-out is not lifted."`
}

func (c suppressionsLift) Run(a *app) error {
	by, err := a.may(partnership.DeedLiftSuppression)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	lifted, err := deeds.LiftSuppression(a.ctx, kept, by, c.Who, c.Reason, c.TheyAsked)
	if err != nil {
		return err
	}
	return a.show(lifted, func(w io.Writer) { line(w, "Lifted: %s may be written to again.", lifted.ID) })
}
