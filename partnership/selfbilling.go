package partnership

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/partnership/locale"
)

// SelfBilling says that the brand writes its creators' invoices for them, and who it is on these.
type SelfBilling struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	TaxID   string `json:"tax_id,omitempty"` // with its country, such as DE123456789
}

// Agreement is what a creator says yes to before the first invoice is written in their name (Directive 2006/112/EC, article 224), and by
// which each of them is accepted: in the language in which they read it.
func (b SelfBilling) Agreement(l locale.Locale) string {
	return l.T("%s writes my invoices for what it pays me, and sends me each. I write none for the same. I have accepted an invoice unless I say within 14 days that it is wrong. I say at once when my name, address or VAT registration changes. This holds until one of us ends it.", b.Name)
}

// TaxKind is how what a creator supplies is taxed. A person says it of each creator: it follows from places, registrations and laws that no
// program may guess.
type TaxKind string

// The kinds.
const (
	TaxDomestic TaxKind = "domestic"       // VAT at a rate, which the creator owes
	TaxReverse  TaxKind = "reverse_charge" // the brand owes it
	TaxExempt   TaxKind = "exempt"         // such as a small business
	TaxOutside  TaxKind = "outside_scope"
	TaxOwn      TaxKind = "own" // the creator writes their own invoices
)

// TaxTreatment is a person's word on how a creator's supplies are taxed.
type TaxTreatment struct {
	Kind    TaxKind   `json:"kind"`
	RateBPS int       `json:"rate_bps,omitempty"`
	Note    string    `json:"note,omitempty"` // what the invoice says of it, such as the rule of the law
	GivenBy string    `json:"given_by,omitempty"`
	GivenAt time.Time `json:"given_at,omitzero"`
}

// mostRate is above every rate of VAT there is, in basis points; maxNote bounds what an invoice says of it, in characters.
const mostRate, maxNote = 3500, 300

// Check says what is wrong with a treatment.
func (t TaxTreatment) Check() error {
	switch {
	case t.Kind != TaxDomestic && t.RateBPS != 0:
		return FieldErrorf("rate", "a rate goes with domestic alone: under %s no VAT is shown", t.Kind)
	case utf8.RuneCountInString(t.Note) > maxNote:
		return FieldErrorf("note", "at most %d characters", maxNote)
	}
	switch t.Kind {
	case TaxDomestic:
		if t.RateBPS <= 0 || t.RateBPS > mostRate {
			return FieldErrorf("rate", "say at which rate, in per cent from 0.01 to 35, such as 19")
		}
	case TaxExempt, TaxOutside:
		if strings.TrimSpace(t.Note) == "" {
			return FieldErrorf("note", "say why no VAT is shown, as it has to stand on the invoice, such as \"no VAT: small business, section 19 UStG\"")
		}
	case TaxReverse, TaxOwn:
	default:
		return FieldErrorf("as", "%q is none: domestic, reverse_charge, exempt, outside_scope, or own for who writes their own invoices", t.Kind)
	}
	return nil
}

// InvoiceState is a document of a payout that is there, or the one that waits.
type InvoiceState struct {
	Number     string    `json:"number,omitempty"` // "" of one that waits
	Kind       string    `json:"kind"`             // invoice or credit_note
	Credits    string    `json:"credits,omitempty"`
	Program    string    `json:"program"`
	Period     string    `json:"period"`
	PayoutID   PayoutID  `json:"payout_id"`
	CreatorID  CreatorID `json:"creator_id"`
	Creator    string    `json:"creator"` // the handle
	Currency   string    `json:"currency"`
	NetMinor   int64     `json:"net_minor"`
	VATMinor   int64     `json:"vat_minor"`
	GrossMinor int64     `json:"gross_minor"`
	IssuedAt   time.Time `json:"issued_at,omitzero"`
	Why        string    `json:"why,omitempty"`   // it corrects another
	Waits      []string  `json:"waits,omitempty"` // what it lacks
}

// The kinds of these documents.
const (
	KindInvoice    = "invoice"
	KindCreditNote = "credit_note"
)

// InvoicesView is a creator's page of the invoices that are written in their name. Personal data.
type InvoicesView struct {
	Creator   Creator
	Brand     Brand
	Zone      string
	By        *SelfBilling // nil where the brand writes none any more
	Given     bool         // what belongs on them is on file
	Agreed    bool
	Alone     bool // they write their own
	Documents []InvoiceState
}
