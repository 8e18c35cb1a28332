// Package ledger holds the rules of earnings: the states of a row, what a refund reverses, the double-entry postings, who is
// credited for an order, a program's months, and which rows a payout holds. It is pure; store/ keeps the rows.
package ledger

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Kind is why a row is there.
type Kind string

// The kinds of rows.
const (
	CommissionRow Kind = "commission" // a share of an order
	FeeRow        Kind = "fee"        // a flat fee, earned when the deliverable is approved, without a hold
	BonusRow      Kind = "bonus"
	AdjustmentRow Kind = "adjustment" // a correction of what can no longer be edited; mostly negative
)

// Row is one earning or correction. Its amount, rate and eligible_at are frozen when it is written.
type Row struct {
	ID            string
	CreatorID     partnership.CreatorID
	CampaignID    partnership.CampaignID
	PartnershipID partnership.PartnershipID
	Kind          Kind
	State         State
	AmountMinor   int64
	Currency      string
	OrderID       string
	OccurredAt    time.Time
	EligibleAt    time.Time
	PayoutID      partnership.PayoutID
	Reason        string // shown to the creator
}

// Commission is what an order earns: its net basis (lines after all discounts, without tax and shipping) at the frozen rate,
// rounded once. An order whose net is not positive earns nothing.
func Commission(netMinor int64, bps int) int64 {
	return money.ShareBPS(max(netMinor, 0), bps)
}

// RefundDelta is how much more of a commission to reverse now that refundedTotal of an order's orderTotal has been refunded
// in all, given what was reversed before. The same event twice, or an older one that comes late, gives zero.
func RefundDelta(commission, alreadyReversed, refundedTotal, orderTotal int64) int64 {
	return max(0, money.RefundShare(max(commission, 0), refundedTotal, orderTotal)-alreadyReversed)
}
