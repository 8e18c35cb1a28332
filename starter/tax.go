package main

import (
	"fmt"
	"io"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

type taxCommands struct {
	Form1099  tax1099      `cmd:"" name:"1099" help:"Per creator: paid in a calendar year, what came back left out, against the threshold of Form 1099-NEC."`
	Forms     taxForms     `cmd:"" help:"The tax forms and VAT ids on file; of their numbers the last four."`
	Record    taxRecord    `cmd:"" help:"Note that a vendor who collects tax forms has a creator's."`
	Open      taxOpen      `cmd:"" help:"Read one whole, for whoever files it."`
	Treatment taxTreatment `cmd:"" help:"Say how a creator's self-billed invoices are taxed."`
	Reject    taxReject    `cmd:"" help:"Say that one is worth nothing, so that another is asked for."`
}

type tax1099 struct {
	Year int  `required:"" placeholder:"2026" help:"By the day of payment in each program's zone."`
	CSV  bool `name:"csv" help:"As CSV, for whoever files the forms."`
}

func (tax1099) Help() string {
	return `What networks moved that report it themselves (Form 1099-K) and delivered gifts stand apart. Amounts in another currency than USD have
no threshold here: nothing is converted. Who is a person of the US is told by the forms on file: rapport tax forms.

  rapport tax 1099 --year 2026 --csv > 1099.csv`
}

func (c tax1099) Run(a *app) error {
	by, err := a.may(partnership.DeedReport1099)
	if err != nil {
		return err
	}
	_, known, err := ledger.NECThreshold(c.Year)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	lines, err := deeds.Report1099(a.ctx, kept, by, c.Year, vendors.Networks())
	if err != nil {
		return err
	}
	if !known {
		_, _ = fmt.Fprintf(a.errOut, "The threshold of %d is indexed and not known to this build: it goes by the last one that is. Look it up before you file.\n", c.Year)
	}
	if c.CSV {
		return board.WriteTaxCSV(a.out, c.Year, lines)
	}
	return a.show(lines, func(w io.Writer) {
		if len(lines) == 0 {
			line(w, "Nobody was paid, and no gift arrived, in %d.", c.Year)
			return
		}
		var rows [][]string
		for _, l := range lines {
			rows = append(rows, []string{"@" + l.Creator, money.Display(l.PaidMinor, l.Currency), money.Display(l.NetworkMinor, l.Currency), money.Display(l.GiftMinor, l.Currency), string(l.Standing)})
		}
		table(w, "creator paid networks gifts threshold", rows)
	})
}

// taxWarnings are those of a program now, with what these payouts add.
func (a *app) taxWarnings(program string, adding []ledger.Payout) (map[partnership.CreatorID]string, error) {
	return payouts.TaxWarnings(a.ctx, a.opened, program, adding, vendors.Networks(), time.Now())
}
