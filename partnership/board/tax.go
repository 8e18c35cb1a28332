package board

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// TaxLine is what one creator was paid in a calendar year of the payer's, in one currency. The handle is personal data.
type TaxLine struct {
	CreatorID      partnership.CreatorID `json:"creator_id"`
	Platform       string                `json:"platform"`
	Creator        string                `json:"creator"` // handle
	Currency       string                `json:"currency"`
	PaidMinor      int64                 `json:"paid_minor"` // for Form 1099-NEC: what came back is out
	Payouts        int                   `json:"payouts"`
	NetworkMinor   int64                 `json:"network_minor"` // by networks that report it themselves (Form 1099-K): not in PaidMinor
	GiftMinor      int64                 `json:"gift_minor"`    // delivered gifts at their value, apart
	ThresholdMinor int64                 `json:"threshold_minor"`
	Standing       ledger.NECStanding    `json:"standing"`
}
