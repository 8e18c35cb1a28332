package partnership

import (
	"time"

	"github.com/rapport-dev/rapport/partnership/locale"
)

// Gate is something that has to be so before money moves to somebody.
type Gate string

// The gates. The first holds always; a program says which of the others it asks.
const (
	GateAccount Gate = "payout_account"
	GateTaxForm Gate = "tax_form"  // a W-9, W-8BEN or W-8BEN-E that is valid
	GateVATID   Gate = "vat_id"    // where VAT is due: the id, or the word that there is none
	GateInvoice Gate = "invoice"   // what a self-billed invoice needs of them: details, and their agreement
	GateNames   Gate = "sanctions" // the name is like nobody's on the list of sanctions; it holds always, and who asks for it is paid nothing without a list
)

// AskedGates are those that a program may ask.
func AskedGates() []Gate { return []Gate{GateTaxForm, GateVATID, GateInvoice, GateNames} }

// ToGive says of a gate what its payee still has to give, in words for them.
func (g Gate) ToGive() string {
	switch g {
	case GateAccount:
		return locale.Words("where the money should go")
	case GateTaxForm:
		return locale.Words("your tax form: a W-9 if you pay taxes in the US, else a W-8BEN, or a W-8BEN-E for a company")
	case GateVATID:
		return locale.Words("your VAT id, or that you have none")
	case GateInvoice:
		return locale.Words("what belongs on your invoices, and your word that we may write them for you")
	case GateNames:
		return locale.Words("a check of names that the law asks of us: a person sees to it, and you need do nothing")
	}
	return string(g)
}

// Lacks is Gate in words for the team.
func (g Gate) Lacks() string {
	switch g {
	case GateAccount:
		return locale.Words("the payout account is not set up yet")
	case GateTaxForm:
		return locale.Words("no valid tax form is on file")
	case GateVATID:
		return locale.Words("the VAT id is missing")
	case GateInvoice:
		return locale.Words("what a self-billed invoice needs is missing")
	case GateNames:
		return locale.Words("the name has to pass the sanctions list")
	}
	return string(g)
}

// WaitingPayee is somebody to whom something is due and who has to give something first.
type WaitingPayee struct {
	CreatorID     CreatorID
	PartnershipID PartnershipID // the newest in the program, "" none
	Timezone      string        // theirs
	Lacks         []Gate
}

// PaperOnFile is a tax paper without what is encrypted.
type PaperOnFile struct {
	ID         string    `json:"id"`
	CreatorID  CreatorID `json:"creator_id"`
	Platform   string    `json:"platform"`
	Creator    string    `json:"creator"` // the handle
	Kind       PaperKind `json:"kind"`
	Country    string    `json:"country"`
	LastFour   string    `json:"last_four"` // of the tax id
	HasFile    bool      `json:"has_file"`
	Reference  string    `json:"reference,omitempty"` // where a vendor keeps it
	GivenBy    string    `json:"given_by"`
	GivenAt    time.Time `json:"given_at"`
	Until      time.Time `json:"until,omitzero"`
	RejectedBy string    `json:"rejected_by,omitempty"`
	Why        string    `json:"why,omitempty"`
}

// Stands is what a paper is worth, without what is encrypted of it.
func (p PaperOnFile) Stands() string {
	switch {
	case p.RejectedBy != "":
		return "rejected by " + p.RejectedBy + ": " + p.Why
	case p.Reference != "":
		return "kept at " + p.Reference
	case !p.Until.IsZero():
		return "valid until " + p.Until.UTC().Format("2 Jan 2006")
	}
	return "on file"
}

// NameCheck is how somebody's name stands to the sanctions list.
type NameCheck string

// The standings.
const (
	NamePasses    NameCheck = ""             // it is like nobody's, or a person has cleared it
	NameOpen      NameCheck = "open"         // it is like one, and nobody has said whether it is they
	NameConfirmed NameCheck = "confirmed"    // a person has said that it is they
	NameUnknown   NameCheck = "not compared" // with the newest list
	NameNoList    NameCheck = "no list"      // the program asks for a list, and none was imported
)

// Why says why money waits.
func (n NameCheck) Why() string {
	switch n {
	case NameOpen:
		return "the name is like one on the sanctions list: a person has to look (rapport sanctions hits)"
	case NameConfirmed:
		return "on the sanctions list, as a person has confirmed: nothing may be paid"
	case NameUnknown:
		return "the name was not compared with the newest sanctions list yet"
	case NameNoList:
		return "no sanctions list was imported (rapport sanctions import)"
	}
	return ""
}

// NameHit is a creator's name that is like one on the list. The names are personal data.
type NameHit struct {
	ID        string    `json:"id"`
	CreatorID CreatorID `json:"creator_id"`
	Platform  string    `json:"platform"`
	Creator   string    `json:"creator"` // the handle
	Name      string    `json:"name"`
	Country   string    `json:"country"`
	Source    string    `json:"source"`
	UID       string    `json:"uid"`
	Listed    string    `json:"listed"` // the name on the list
	Program   string    `json:"program"`
	Percent   int       `json:"percent"` // how like
	ListHash  string    `json:"list_hash"`
	FoundAt   time.Time `json:"found_at"`
	Decision  string    `json:"decision,omitempty"` // cleared or confirmed
	By        string    `json:"by,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	Current   bool      `json:"current"` // the name is theirs and the entry on the list, as far as was last looked
	// OnlyTheirs and OnlyListed are the words in which the two names differ, of a hit that is about to be shown on a card.
	OnlyTheirs []string `json:"-"`
	OnlyListed []string `json:"-"`
}

// State is how a hit stands: cleared, confirmed, open, or over where name or entry have changed since and nobody has said anything.
func (h NameHit) State() string {
	switch {
	case h.Decision != "":
		return h.Decision
	case h.Current:
		return "open"
	}
	return "over"
}

// SanctionList is a list as it was last imported.
type SanctionList struct {
	Source     string    `json:"source"`
	Published  string    `json:"published"` // yyyy-mm-dd
	Hash       string    `json:"hash"`      // sha256 of its files
	ImportedBy string    `json:"imported_by"`
	ImportedAt time.Time `json:"imported_at"`
}
