package ledger

import (
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// Papers are what is on file of a payee.
type Papers struct {
	Country     string // of the payee, as far as it is known
	Form        partnership.PaperKind
	FormCountry string
	FormUntil   time.Time // from then on it is worth nothing; zero never
	VAT         bool      // they gave a VAT id, or said that they have none
	Invoice     bool      // nothing of theirs is missing for a self-billed invoice
	Names       partnership.NameCheck
	Told        bool // it is said to the payee, and not to the team
}

// Lacking are the gates, of those that a program asks, that a payee does not pass (RULES, money 9). Whether there is VAT where they live is
// told by the country of their tax form, else by their own; where neither is known they are asked.
func (p Papers) Lacking(asked []partnership.Gate, now time.Time) (lacks []partnership.Gate) {
	if slices.Contains(asked, partnership.GateTaxForm) && (p.Form == "" || !p.FormUntil.IsZero() && !now.Before(p.FormUntil)) {
		lacks = append(lacks, partnership.GateTaxForm)
	}
	country := p.FormCountry
	if country == "" {
		country = p.Country
	}
	if slices.Contains(asked, partnership.GateVATID) && !p.VAT && (country == "" || partnership.ChargesVAT(country)) {
		lacks = append(lacks, partnership.GateVATID)
	}
	if slices.Contains(asked, partnership.GateInvoice) && !p.Invoice {
		lacks = append(lacks, partnership.GateInvoice)
	}
	if p.Names != partnership.NamePasses { // nobody has to ask for it: it is the law everywhere
		lacks = append(lacks, partnership.GateNames)
	}
	return lacks
}

// Waits says why money for a payee waits at an instant, "" when it may go.
func (p Papers) Waits(asked []partnership.Gate, now time.Time) string {
	var why []string
	for _, gate := range p.Lacking(asked, now) {
		if gate == partnership.GateNames {
			if p.Told { // whose name is like whose is between the team and the list
				why = append(why, gate.ToGive())
			} else {
				why = append(why, p.Names.Why())
			}
			continue
		}
		why = append(why, gate.Lacks())
	}
	return strings.Join(why, "; ")
}

// FormUntil is until when a form is worth something: a W-8 until the end of the third calendar year after it was signed
// (26 CFR 1.1441-1(e)(4)(ii)), a W-9 and a VAT id until a newer one.
func FormUntil(kind partnership.PaperKind, given time.Time) time.Time {
	if kind != partnership.FormW8 && kind != partnership.FormW8E {
		return time.Time{}
	}
	return time.Date(given.UTC().Year()+4, 1, 1, 0, 0, 0, 0, time.UTC)
}

// PaperKeptYears is how many calendar years after the year of their last payment the papers of somebody who was erased are kept: as long as
// the law asks who paid to show what they relied on (26 CFR 31.6001-1(e)(2)).
const PaperKeptYears = 4

// MayForget says whether the papers of somebody who was erased may go; paid is when they were last paid, zero never.
func MayForget(paid, now time.Time) bool {
	return paid.IsZero() || now.UTC().Year() > paid.UTC().Year()+PaperKeptYears
}

// InvoiceKeptYears is how many calendar years after its own an invoice is kept of somebody who was erased: as long as any of the EU's tax
// offices asks for one.
const InvoiceKeptYears = 10

// InvoicesSince is the beginning of the oldest year whose invoices are kept.
func InvoicesSince(now time.Time) time.Time {
	return time.Date(now.UTC().Year()-InvoiceKeptYears, 1, 1, 0, 0, 0, 0, time.UTC)
}

// ChaserDays is the least time between two mails about what is missing, in campaign days (RULES, money 9).
const ChaserDays = 3

// waits says why money for a payee waits, "" when it may go.
func (r Run) waits(id partnership.CreatorID, account Account) string {
	why := account.Waits(r.Now, r.Day)
	if why == "" && !r.offers(account) {
		why = locale.Words("this program does not pay that way: choose another way to be paid")
	}
	if more := r.Papers[id].Waits(r.Gates, r.Now); more != "" && why != "" {
		return why + "; " + more
	} else if more != "" {
		return more
	}
	return why
}
