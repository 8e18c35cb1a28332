package ledger

import "github.com/rapport-dev/rapport/partnership"

// CostMinor is what a partnership has cost, in the currency of its terms (RULES, money 12): its fees and commission as they stand after
// refunds, the parcel, and the product once it was ordered. delivery is nil where nothing was sent.
func CostMinor(feeMinor, commissionMinor int64, terms partnership.Terms, delivery *partnership.Delivery) int64 {
	cost := feeMinor + commissionMinor
	if delivery == nil {
		return cost
	}
	cost += delivery.CostMinor
	if terms.Gift != nil && delivery.OrderID != "" {
		cost += terms.Gift.ValueMinor
	}
	return cost
}
