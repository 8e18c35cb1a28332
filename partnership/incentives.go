package partnership

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Incentives are what more a creator earns by selling more. They are the same for all who sign under a campaign, and are never amended:
// what was signed counts all sales from the first one on.
type Incentives struct {
	Bonuses []Bonus `json:"bonuses,omitempty"` // each is earned once, beside the commission and its cap
	// Tiers are higher rates, by rising sums: what is sold after the sales of the look-back have come to one earns its rate. A sale of before keeps its own.
	Tiers        []CommissionTier `json:"commission_tiers,omitempty"`
	LookbackDays float64          `json:"tier_lookback_days,omitempty"` // campaign days before a sale, 0 all of them
}

// BonusWhen is what a bonus counts.
type BonusWhen string

// What a bonus may count: sales of which something is left, or what is left of them.
const (
	WhenSales   BonusWhen = "sales"
	WhenRevenue BonusWhen = "revenue"
)

// Bonus is an amount that is earned when sales reach a milestone.
type Bonus struct {
	When        BonusWhen `json:"when"`
	At          int64     `json:"at"` // sales, or minor units of what they come to
	AmountMinor int64     `json:"amount_minor"`
}

// CommissionTier is a rate, and the sum of earlier sales from which on it is earned.
type CommissionTier struct {
	FromMinor int64 `json:"from_minor"`
	BPS       int   `json:"bps"`
}

func (b Bonus) words(currency string) string {
	if b.When == WhenSales {
		return money.Display(b.AmountMinor, currency) + " once you have made " + strconv.FormatInt(b.At, 10) + " sales"
	}
	return money.Display(b.AmountMinor, currency) + " once your sales come to " + money.Display(b.At, currency)
}

// BonusList says what bonuses there are.
func (i Incentives) BonusList(currency string) []string {
	parts := make([]string, len(i.Bonuses))
	for n, b := range i.Bonuses {
		parts[n] = b.words(currency)
	}
	return parts
}

// BonusWords is BonusList in one line, "" for none.
func (i Incentives) BonusWords(currency string) string {
	return strings.Join(i.BonusList(currency), "; ")
}

// TierWords say by which rates the commission grows, "" none.
func (i Incentives) TierWords(currency string) string {
	of := "your sales"
	if i.LookbackDays > 0 {
		of = "your sales of the " + days(i.LookbackDays) + " before"
	}
	parts := make([]string, len(i.Tiers))
	for n, t := range i.Tiers {
		parts[n] = fmt.Sprintf("%s %% of what is sold after %s have come to %s", money.FormatPercent(t.BPS), of, money.Display(t.FromMinor, currency))
	}
	return strings.Join(parts, "; ")
}

// none is what stands where there is nothing of a kind.
func none(words string) string { return cmp.Or(words, "none") }
