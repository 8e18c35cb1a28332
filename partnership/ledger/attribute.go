package ledger

import "github.com/rapport-dev/rapport/partnership"

// CodeTouch is a discount code on an order and whose it is; Partnership is "" for codes that are not a creator's.
type CodeTouch struct {
	Code        string
	Partnership partnership.PartnershipID
}

// Touches are the ways in which an order is connected to creators.
type Touches struct {
	Codes           []CodeTouch               // in the order in which the shop applied them
	LinkPartnership partnership.PartnershipID // of the last click inside the window, "" none
}

// Credit says who earns an order and why. Both touches are kept, the one that lost too.
type Credit struct {
	Partnership partnership.PartnershipID `json:"partnership_id"`
	By          string                    `json:"by"` // "code" or "link"
	Touches     Touches                   `json:"touches"`
}

// Attribute credits an order to one partnership: the first creator's code, else the link. ok is false when it is nobody's.
func Attribute(t Touches) (c Credit, ok bool) {
	for _, code := range t.Codes {
		if code.Partnership != "" {
			return Credit{code.Partnership, "code", t}, true
		}
	}
	if t.LinkPartnership != "" {
		return Credit{t.LinkPartnership, "link", t}, true
	}
	return Credit{Touches: t}, false
}
