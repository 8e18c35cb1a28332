package main

import (
	"cmp"
	"io"
	"os"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
)

type payoutsInvoices struct {
	Program string `help:"Only of this program."`
	Period  string `placeholder:"2026-11" help:"Only of this month."`
	Creator string `placeholder:"HANDLE" help:"Only of this creator."`
}

func (c payoutsInvoices) Run(a *app) error {
	kept, err := a.store()
	if err != nil {
		return err
	}
	f := store.InvoiceFilter{Program: c.Program, Period: c.Period}
	if c.Creator != "" {
		creator, err := kept.FindCreator(a.ctx, c.Creator)
		if err != nil {
			return err
		}
		f.Creator = creator.ID
	}
	states, err := kept.InvoiceStates(a.ctx, f)
	if err != nil {
		return err
	}
	return a.show(orEmpty(states), func(w io.Writer) {
		if len(states) == 0 {
			line(w, "No invoice was written there, and none waits: a campaign file says by payout.self_billing who writes them.")
			return
		}
		var rows [][]string
		for _, s := range states {
			stands := "issued " + when(s.IssuedAt)
			switch {
			case s.Number == "" && len(s.Waits) == 0:
				stands = "is about to be issued"
			case s.Number == "":
				stands = "waits: " + strings.Join(s.Waits, "; ")
			case s.Credits != "":
				stands += ", corrects " + s.Credits + ": " + s.Why
			}
			gross := money.Display(s.GrossMinor, s.Currency)
			if s.Kind == partnership.KindCreditNote {
				gross = "-" + gross
			}
			rows = append(rows, []string{cmp.Or(s.Number, "-"), "@" + s.Creator, s.Period, gross, money.Display(s.VATMinor, s.Currency), string(s.PayoutID), stands})
		}
		table(w, "number creator month gross VAT payout standing", rows)
		line(w, "To read one: rapport payouts invoice NUMBER --out FILE. To correct one: rapport payouts credit NUMBER --reason WHY")
	})
}

type payoutsInvoice struct {
	Number string `arg:"" help:"As payouts invoices shows it."`
	Out    string `required:"" placeholder:"FILE" type:"path" help:"Where the PDF is written to, readable by you alone."`
}

func (c payoutsInvoice) Run(a *app) error {
	by, err := a.may(partnership.DeedTakeInvoice)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	pdf, err := deeds.TakeInvoice(a.ctx, kept, by, c.Number)
	if err != nil {
		return hint(err, noInvoice)
	}
	if err := os.WriteFile(c.Out, pdf, 0o600); err != nil {
		return err
	}
	return a.show(map[string]string{"number": c.Number, "file": c.Out}, func(w io.Writer) { line(w, "%s is written to %s.", c.Number, c.Out) })
}

const noInvoice = "there is no such invoice; `rapport payouts invoices` lists them"

type payoutsCredit struct {
	Number string `arg:"" help:"The invoice, as payouts invoices shows it."`
	Reason string `required:"" help:"What is wrong with it; it stands on the credit note."`
}

func (payoutsCredit) Help() string {
	return `Corrects an invoice by a credit note over all of it. An invoice that was issued never changes; within a minute another one follows, of what is on file by
then: so mend first what was wrong (rapport tax treatment, or the creator's own details).`
}

func (c payoutsCredit) Run(a *app) error {
	by, err := a.may(partnership.DeedCreditInvoice)
	if err != nil {
		return err
	}
	kept, err := a.store()
	if err != nil {
		return err
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	note, err := deeds.CreditInvoice(a.ctx, kept, by, c.Number, c.Reason, s.Fonts)
	if err != nil {
		return hint(err, noInvoice)
	}
	return a.show(map[string]string{"invoice": c.Number, "credit_note": note}, func(w io.Writer) { line(w, "%s is corrected by %s; the creator is told.", c.Number, note) })
}

type taxTreatment struct {
	Creator string              `arg:"" help:"Whose invoices."`
	As      partnership.TaxKind `required:"" placeholder:"KIND" help:"domestic, reverse_charge, exempt, outside_scope, or own for who writes their own invoices."`
	Rate    string              `placeholder:"19" help:"The rate of VAT in per cent, with domestic."`
	Note    string              `help:"What the invoice says of it, such as the rule of the law."`
}

func (taxTreatment) Help() string {
	return `Says how the invoices are taxed that the brand writes in a creator's name. Nobody guesses it: it follows from where both sides are and how they
are registered, and a wrong one is the creator's tax. It holds for invoices that are issued from now on.

  rapport tax treatment @lena --as domestic --rate 19
  rapport tax treatment @noor --as reverse_charge
  rapport tax treatment @mika --as exempt --note "no VAT: small business, section 19 UStG"`
}

func (c taxTreatment) Run(a *app) error {
	by, err := a.may(partnership.DeedSetTaxTreatment)
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
	t := partnership.TaxTreatment{Kind: c.As, Note: c.Note}
	if c.Rate != "" {
		if t.RateBPS, err = money.ParsePercentBPS(c.Rate); err != nil {
			return partnership.FieldErrorf("rate", "%q is no rate: %v", c.Rate, err)
		}
	}
	if err := deeds.SetTaxTreatment(a.ctx, kept, by, creator.ID, t); err != nil {
		return err
	}
	return a.show(map[string]any{"creator": creator.Handle, "treatment": t}, func(w io.Writer) {
		line(w, "The invoices of @%s are %s from now on.", creator.Handle, c.As)
	})
}
