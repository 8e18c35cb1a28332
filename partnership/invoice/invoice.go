// Package invoice is what stands on an invoice that the brand writes in a creator's name, and on the credit note that corrects one: who
// bills whom, for what, how it is taxed as a person has said, and sums that are exact to the last unit of the currency.
package invoice

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Party is one of the two sides. Personal data.
type Party struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	Country string `json:"country,omitempty"`
	TaxID   string `json:"tax_id,omitempty"`
}

// Line is one row of the books, as the creator's statement has it.
type Line struct {
	At         time.Time `json:"at"`
	Words      string    `json:"words"`
	NetMinor   int64     `json:"net_minor"`
	GrossMinor int64     `json:"gross_minor"`
}

// Document is an invoice or a credit note. It never changes once it is issued.
type Document struct {
	Kind     string    `json:"kind"`
	Number   string    `json:"number"`
	Credits  string    `json:"credits,omitempty"` // the invoice that a credit note corrects
	Why      string    `json:"why,omitempty"`     // it corrects it
	IssuedAt time.Time `json:"issued_at"`
	Zone     string    `json:"zone"` // in which its days are said

	Supplier  Party                    `json:"supplier"` // the creator
	Customer  Party                    `json:"customer"` // the brand
	Treatment partnership.TaxTreatment `json:"treatment"`

	Program  string `json:"program"`
	Period   string `json:"period"`
	PayoutID string `json:"payout_id"`

	Currency   string `json:"currency"`
	Lines      []Line `json:"lines"`
	NetMinor   int64  `json:"net_minor"`
	VATMinor   int64  `json:"vat_minor"`
	GrossMinor int64  `json:"gross_minor"`
}

// Bill fills in what the lines come to. What was paid is the gross: VAT, where there is some, is a part of it. It is rounded once, over the
// whole, and each line's net is its share of that, so that the lines sum to the totals.
func (d *Document) Bill(lines []partnership.StatementLine) {
	gross, vat := int64(0), int64(0)
	for _, l := range lines {
		gross += l.AmountMinor
		so := d.vatWithin(gross)
		d.Lines = append(d.Lines, Line{At: l.At, Words: words(l), NetMinor: l.AmountMinor - (so - vat), GrossMinor: l.AmountMinor})
		vat = so
	}
	d.GrossMinor, d.VATMinor, d.NetMinor = gross, vat, gross-vat
}

// CreditOf is the credit note over a part of an invoice, or over what is left of it.
func CreditOf(of Document, number, why string, minor int64, at time.Time) Document {
	d := of
	d.Kind, d.Number, d.Credits, d.Why, d.IssuedAt = partnership.KindCreditNote, number, of.Number, why, at
	d.GrossMinor, d.VATMinor = minor, d.vatWithin(minor)
	d.NetMinor = d.GrossMinor - d.VATMinor
	d.Lines = []Line{{At: at, Words: "Correction of invoice " + of.Number + ": " + why, NetMinor: d.NetMinor, GrossMinor: d.GrossMinor}}
	return d
}

func (d *Document) vatWithin(gross int64) int64 { return money.VATWithin(gross, d.Treatment.RateBPS) }

// Supplied are the first and the last day of what is billed.
func (d *Document) Supplied() (from, to time.Time) {
	for i, l := range d.Lines {
		if i == 0 || l.At.Before(from) {
			from = l.At
		}
		if i == 0 || l.At.After(to) {
			to = l.At
		}
	}
	return from, to
}

func words(l partnership.StatementLine) string {
	what := map[string]string{"commission": "Commission", "fee": "Fee for content", "bonus": "Bonus", "adjustment": "Correction"}[l.Kind]
	if what == "" {
		what = l.Kind
	}
	if l.OrderID != "" {
		what += " on order " + l.OrderID
	}
	if l.Kind == "commission" && l.RateBPS > 0 {
		what += ", " + money.FormatPercent(l.RateBPS) + " %"
		if l.NetMinor > 0 {
			what += " of " + money.Display(l.NetMinor, l.Currency)
		}
	}
	if l.Reason != "" {
		what += " (" + l.Reason + ")"
	}
	return what
}

// Missing says what an invoice still needs, in words for the team; nil when it can be written.
func Missing(by partnership.SelfBilling, agreed bool, supplier Party, t partnership.TaxTreatment) (lacks []string) {
	add := func(lacking bool, what string) {
		if lacking {
			lacks = append(lacks, what)
		}
	}
	add(supplier.Name == "" || supplier.Address == "", "the creator has not given name, address and VAT id for it")
	add(!agreed, "the creator has not agreed that "+by.Name+" writes their invoices")
	add(t.Kind == "", "nobody has said how it is taxed (rapport tax treatment)")
	add(t.Kind == partnership.TaxDomestic && supplier.TaxID == "" && supplier.Name != "", "it is to show VAT, and the creator has given no VAT id")
	add(t.Kind == partnership.TaxReverse && supplier.TaxID == "" && supplier.Name != "", "the VAT is to be the brand's, and the creator has given no VAT id")
	add(t.Kind == partnership.TaxReverse && by.TaxID == "", "the VAT is to be the brand's, and the campaign file has no tax_id under self_billing")
	return lacks
}
