// Package ledger holds the rules of earnings: whose an order is, what it earns and when that may be paid, what a refund takes back,
// what waits and for whom, which rows a payout holds, a program's months, and the double-entry postings. It is pure: store/ reads the
// rows that it decides about and writes what it says.
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
	ID            string // "" while it is not written
	Program       string
	CreatorID     partnership.CreatorID
	CampaignID    partnership.CampaignID
	PartnershipID partnership.PartnershipID
	Kind          Kind
	State         State
	AmountMinor   int64
	Currency      string
	OrderID       string // of a commission and of what corrects it
	Deliverable   string // of a fee
	RateBPS       int    // of the sale
	OccurredAt    time.Time
	EligibleAt    time.Time
	Reason        string // shown to the creator
}

// Earned is the posting that goes with a row when it is written.
func (r Row) Earned() Posting {
	return Earn(r.Program, r.CreatorID, r.Kind, r.Currency, r.AmountMinor)
}

// Unearned is the posting that takes back all that a row earned.
func (r Row) Unearned() Posting {
	return ReverseEarned(r.Program, r.CreatorID, r.Kind, r.Currency, r.AmountMinor)
}

// correction is a further row about the same earning, payable at once: adjustments have no hold of their own.
func (r Row) correction(minor int64, at time.Time, why string) Row {
	return Row{
		Program: r.Program, CreatorID: r.CreatorID, CampaignID: r.CampaignID, PartnershipID: r.PartnershipID, Kind: AdjustmentRow, State: Eligible,
		AmountMinor: minor, Currency: r.Currency, OccurredAt: at, EligibleAt: at, Reason: why,
	}
}

// Commission is what an order earns: its net basis (lines after all discounts, without tax and shipping) at the frozen rate,
// rounded once. An order whose net is not positive earns nothing.
func Commission(netMinor int64, bps int) int64 {
	return money.ShareBPS(max(netMinor, 0), bps)
}
