package main

import (
	"io"

	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/money"
)

type payoutsCounterfactual struct {
	Program     string `required:"" help:"The program, as in campaign.yaml."`
	Period      string `placeholder:"2026-11" help:"Until the end of this month, in the program's zone; until now where it is left out."`
	Rate        string `placeholder:"12.5" help:"Per cent of each sale."`
	HoldDays    string `placeholder:"14" help:"Days from a sale until it is payable."`
	WindowDays  string `placeholder:"60" help:"Days after a post in which sales count."`
	Attribution string `placeholder:"link" help:"code: a code beats a link, as it is. link: the other way round."`
}

func (payoutsCounterfactual) Help() string {
	return `The sales, refunds, edits and disputes that were recorded are played again through the rules that book them. Fees
and what people corrected by hand are the same in both and left out. Played again as they were, they have to come to the ledger;
where they do not, the line says by how much.

  rapport payouts counterfactual --program dreams --rate 12 --hold-days 14`
}

func (c payoutsCounterfactual) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	doc, err := payouts.Counterfactual(a.ctx, kept, payouts.WhatIf{
		Month: payouts.Month{Program: c.Program, Period: c.Period}, Rate: c.Rate, HoldDays: c.HoldDays, WindowDays: c.WindowDays, Attribution: c.Attribution,
	})
	if err != nil {
		return hint(err, unknownProgram)
	}
	return a.show(doc, func(w io.Writer) { writeCounterfactual(w, doc) })
}

func writeCounterfactual(w io.Writer, doc board.Counterfactual) {
	under := doc.Under
	if under == "" {
		under = "the same rules"
	}
	line(w, "What sales of %s earned until %s, and would have under %s. Nothing was changed.", doc.Program, doc.Until.Format("2006-01-02 15:04 UTC"), under)
	if doc.Moved > 0 {
		line(w, "Orders that would be somebody else's: %d.", doc.Moved)
	}
	if doc.Kept > 0 {
		line(w, "Orders that stand as they were, since a person has corrected them or what credited them is not known any more: %d.", doc.Kept)
	}
	signed := func(minor int64, currency string) string {
		if minor > 0 {
			return "+" + money.Display(minor, currency)
		}
		return money.Display(minor, currency)
	}
	var rows [][]string
	for _, l := range doc.Lines {
		off := ""
		if l.OffMinor != 0 {
			off = "cannot be played again to the cent: " + signed(l.OffMinor, l.Currency)
		}
		rows = append(rows, []string{
			"@" + l.Creator, money.Display(l.EarnedMinor, l.Currency), money.Display(l.ThenMinor, l.Currency), signed(l.ThenMinor-l.EarnedMinor, l.Currency),
			money.Display(l.DueMinor, l.Currency), money.Display(l.DueThen, l.Currency), off,
		})
	}
	table(w, "creator earned then difference payable payable_then note", rows)
}
