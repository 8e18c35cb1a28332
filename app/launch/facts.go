package launch

import (
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Fact is a number that decides, with what it is of.
type Fact struct{ Label, Value string }

// Facts are whom and what a launch costs, as people are shown it before the leap.
func (l Look) Facts() []Fact {
	c, invited := l.Campaign, len(l.Invited())
	show := func(minor int64) string { return money.Display(minor, c.Currency) }
	var each []string
	for _, tier := range []partnership.Tier{partnership.Nano, partnership.Micro, partnership.AboveMicro} {
		if fee, paid := c.Offer.FeeMinor[tier]; paid {
			each = append(each, show(fee)+" "+string(tier))
		}
	}
	if c.Offer.CommissionBPS > 0 {
		each = append(each, fmt.Sprintf("%g %% of sales", float64(c.Offer.CommissionBPS)/100))
	}
	if g := c.Offer.Gift; g != nil {
		each = append(each, g.Name+" worth "+show(g.ValueMinor))
	}
	byRule := "nothing; you are asked about each"
	if n := c.Offer.Negotiation; n.MaxFeeUpliftBPS > 0 {
		byRule = fmt.Sprintf("%g %% more than offered; above it you are asked", float64(n.MaxFeeUpliftBPS)/100)
	}
	return []Fact{
		{"Invites", fmt.Sprintf("%d now, %d standing by", invited, len(l.Places)-invited)},
		{"Costs, in the middle", show(l.Forecast.Spend.P50)},
		{"Costs, at the very most", show(l.Forecast.Worst)},
		{"Budget", show(c.BudgetMinor)},
		{"Each gets", strings.Join(each, " + ")},
		{"A counter-offer passes by rule up to", byRule},
	}
}
