package invoice

import (
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/paper"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// Draw sets a document on pages. What no font here has is *partnership.Error Invalid: then it is not issued.
func Draw(d Document, fonts *paper.Fonts) ([]byte, error) {
	doc := paper.New(d.title()+" "+d.Number, fonts)
	text := func(words string) { doc.Text(10, words); doc.Space(2) }
	doc.Heading(18, d.title())
	doc.Space(4)
	text("Number: " + d.Number)
	text("Date of issue: " + d.day(d.IssuedAt))
	if d.Kind == partnership.KindCreditNote {
		text("Corrects invoice " + d.Credits + ".")
	} else {
		from, to := d.Supplied()
		text("Supplied: " + d.day(from) + " to " + d.day(to))
	}
	party(doc, "Supplier", d.Supplier)
	party(doc, "Customer", d.Customer)
	doc.Space(8)
	doc.Heading(12, "For content and sales in the program "+d.Program+", "+partnership.MonthName(d.Period))
	doc.Space(3)
	for _, l := range d.Lines {
		amount := money.Display(l.GrossMinor, d.Currency)
		if d.VATMinor != 0 {
			amount = money.Display(l.NetMinor, d.Currency) + " net, " + amount + " gross"
		}
		text(d.day(l.At) + "  " + paper.Isolated(l.Words) + ": " + amount)
	}
	doc.Space(8)
	sums(doc, d)
	for _, note := range d.notes() {
		text(note)
	}
	pdf, err := doc.PDF()
	if err != nil {
		return nil, partnership.Errorf(partnership.Invalid, "it cannot be drawn: %v; add a font that has it (RAPPORT_FONTS)", err)
	}
	return pdf, nil
}

func (d Document) title() string {
	if d.Kind == partnership.KindCreditNote {
		return "Credit note (self-billing)"
	}
	return "Invoice (self-billing)"
}

func (d Document) day(at time.Time) string { return at.In(zones.Or(d.Zone)).Format("2 January 2006") }

func party(doc *paper.Document, what string, p Party) {
	doc.Space(8)
	doc.Heading(11, what)
	doc.Space(2)
	for _, words := range []string{p.Name, p.Address, p.Country} {
		if words != "" {
			doc.Text(10, words)
		}
	}
	if p.TaxID != "" {
		doc.Text(10, "VAT id or tax number: "+p.TaxID)
	}
}

func sums(doc *paper.Document, d Document) {
	line := func(what string, minor int64) {
		doc.Text(11, what+": "+money.Display(minor, d.Currency)+" "+d.Currency)
	}
	line("Net", d.NetMinor)
	if d.Treatment.Kind == partnership.TaxDomestic {
		line(fmt.Sprintf("VAT %s %%", money.FormatPercent(d.Treatment.RateBPS)), d.VATMinor)
	}
	doc.Space(2)
	doc.Heading(12, "Total: "+money.Display(d.GrossMinor, d.Currency)+" "+d.Currency)
	doc.Space(8)
}

// notes are what the law wants said beside the sums.
func (d Document) notes() (notes []string) {
	switch {
	case d.Treatment.Kind == partnership.TaxReverse:
		notes = append(notes, "Reverse charge: the customer accounts for the VAT.")
	case d.Treatment.Kind == partnership.TaxDomestic && d.Supplier.Country == "GB":
		notes = append(notes, "The VAT shown is your output tax due to HMRC.")
	}
	if d.Treatment.Note != "" {
		notes = append(notes, paper.Isolated(d.Treatment.Note))
	}
	return append(notes, "Self-billing: issued by the customer in the name and on behalf of the supplier, as agreed between them.", "Payout "+d.PayoutID+".")
}
