package ledger

import (
	"fmt"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Earner is a partnership as far as what it earns depends on it.
type Earner struct {
	Program       string
	CampaignID    partnership.CampaignID
	PartnershipID partnership.PartnershipID
	CreatorID     partnership.CreatorID
	Terms         partnership.Terms
	Hold          string // why its money waits, "" it does not
}

// Commission is the row that an order earns the partnership it is credited to; ok is false where the terms pay none, and the order
// still counts for the results. netMinor is in the order's currency (RULES, money 3). It is payable once the hold of the terms is over
// (money 4). Rate and hold are frozen on it: a later change of the terms does not reach it. Money in a currency that the terms do not
// pay is held for a person, never converted (money 15).
func (e Earner) Commission(orderID, currency string, netMinor int64, at time.Time, day time.Duration) (row Row, ok bool) {
	if e.Terms.CommissionBPS == 0 {
		return Row{}, false
	}
	row = e.row(CommissionRow, Commission(netMinor, e.Terms.CommissionBPS), currency)
	row.State, row.OrderID, row.RateBPS = Pending, orderID, e.Terms.CommissionBPS
	row.OccurredAt, row.EligibleAt = at, at.Add(time.Duration(e.Terms.HoldDays*float64(day)))
	switch {
	case currency != e.Terms.Currency:
		row.State, row.Reason = Held, fmt.Sprintf("the order is in %s, the terms are in %s", currency, e.Terms.Currency)
	case e.Hold != "":
		row.State, row.Reason = Held, e.Hold
	}
	return row, true
}

// Fee is the row of a flat fee whose deliverable was approved at that instant: in the terms' currency, without a sale hold (RULES, money 4).
func (e Earner) Fee(deliverable string, minor int64, at time.Time) Row {
	row := e.row(FeeRow, minor, e.Terms.Currency)
	row.State, row.Deliverable, row.OccurredAt, row.EligibleAt = Eligible, deliverable, at, at
	if e.Hold != "" {
		row.State, row.Reason = Held, e.Hold
	}
	return row
}

func (e Earner) row(kind Kind, minor int64, currency string) Row {
	return Row{
		Program: e.Program, CampaignID: e.CampaignID, PartnershipID: e.PartnershipID, CreatorID: e.CreatorID, Kind: kind, AmountMinor: minor, Currency: currency,
	}
}
