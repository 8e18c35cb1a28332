package partnership

import "time"

// Gate is something that has to be so before money moves to somebody.
type Gate string

// The gates. The first holds always; a program says which of the others it asks.
const (
	GateAccount Gate = "payout_account"
	GateTaxForm Gate = "tax_form" // a W-9, W-8BEN or W-8BEN-E that is valid
	GateVATID   Gate = "vat_id"   // where VAT is due: the id, or the word that there is none
)

// AskedGates are those that a program may ask.
func AskedGates() []Gate { return []Gate{GateTaxForm, GateVATID} }

// ToGive says of a gate what its payee still has to give, in words for them.
func (g Gate) ToGive() string {
	switch g {
	case GateAccount:
		return "where the money should go"
	case GateTaxForm:
		return "your tax form: a W-9 if you pay taxes in the US, else a W-8BEN, or a W-8BEN-E for a company"
	case GateVATID:
		return "your VAT id, or that you have none"
	}
	return string(g)
}

// Lacks is Gate in words for the team.
func (g Gate) Lacks() string {
	switch g {
	case GateAccount:
		return "the payout account is not set up yet"
	case GateTaxForm:
		return "no valid tax form is on file"
	case GateVATID:
		return "the VAT id is missing"
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
