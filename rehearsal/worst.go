package rehearsal

import (
	"math"

	"github.com/rapport-dev/rapport/partnership/ledger"
)

// WorstCase is what the campaign costs at the very most, in minor units. No run passes it.
type WorstCase struct {
	FeesAndGifts int64 `json:"fees_and_gifts_minor"` // reserved before an offer leaves, so never more than the budget
	Commission   int64 `json:"commission_minor"`     // every invited creator posts and sells the most that the model knows
	Shipping     int64 `json:"shipping_minor"`       // every parcel is lost once; in the report's shipping currency
	LostGifts    int64 `json:"lost_gifts_minor"`     // the same gifts again
	Total        int64 `json:"total_minor"`          // without the shipping where that is in another currency
}

// worst adds up the worst case over everybody who may be invited.
func (w *world) worst() WorstCase {
	var c WorstCase
	best := int64(math.Round(w.Behaviour.Audience.MostValue * float64(w.orderUnit())))
	for _, e := range w.roster {
		terms := w.offers[e.Tier]
		fee := terms.FeeMinor
		if fee > 0 {
			fee = int64(math.Ceil(float64(fee) * mostAsked))
		}
		c.FeesAndGifts += fee
		orders := int64(w.Behaviour.Audience.most(w.people[e.CreatorID]) * len(terms.Units()))
		rate := terms.CommissionBPS
		for _, tier := range terms.Tiers {
			rate = max(rate, tier.BPS)
		}
		commission := orders * ledger.Commission(best, rate)
		if terms.CommissionCap > 0 {
			commission = min(commission, terms.CommissionCap)
		}
		for _, bonus := range terms.Bonuses {
			commission += bonus.AmountMinor
		}
		c.Commission += commission
		if terms.Gift != nil {
			c.FeesAndGifts += terms.Gift.ValueMinor
			c.Shipping += 2 * w.label(terms.Gift.WeightOz)
			c.LostGifts += terms.Gift.ValueMinor
		}
	}
	c.FeesAndGifts = min(c.FeesAndGifts, w.Campaign.BudgetMinor)
	c.Total = c.FeesAndGifts + c.Commission + c.LostGifts
	if w.postage() == shippingFlow {
		c.Total += c.Shipping
	}
	return c
}
