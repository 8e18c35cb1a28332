package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/money"
)

// What a creator earns by selling more is a function of all their sales as they are known now, and not of when they were heard of: what is
// booked is brought to it by further rows, so that any order and repetition of orders and refunds ends at one sum.

// BonusSale is a sale as far as bonuses depend on it.
type BonusSale struct {
	OrderID     string
	Currency    string
	At          time.Time
	BoughtMinor int64
	BackMinor   int64 // of that
	RateBPS     int   // frozen on its commission, 0 it has none
	Out         bool  // rejected, or held for a person: it does not count
}

func (s BonusSale) kept() int64 { return s.BoughtMinor - s.BackMinor }

// BonusDue is what is due of one bonus, or of what a tier adds to one sale.
type BonusDue struct {
	Key   string // which: sales/20/10000, revenue/200000/25000, tier/1200/<order>
	Minor int64
	At    time.Time // of the sale that reached it
	Why   string
}

const tierKey = "tier/"

// SalesNotHeld is why a bonus waits for a person where the terms pay no commission: what looks odd about a sale holds what it earned, and
// these earned nothing that could be held.
var SalesNotHeld = locale.Words("its sales earn no commission, so a person looks at them first")

// OfTier says whether a row adds to a sale what its tier is worth: it counts to what sales may earn at most.
func OfTier(key string) bool { return strings.HasPrefix(key, tierKey) }

// BonusesDue is all that is due by the terms, in the order in which it was reached. Sales in another currency than the terms' do not count.
func BonusesDue(t partnership.Terms, sales []BonusSale, day time.Duration) (due []BonusDue) {
	counted := slices.DeleteFunc(slices.Clone(sales), func(s BonusSale) bool { return s.Out || s.Currency != t.Currency || s.kept() <= 0 })
	slices.SortFunc(counted, func(a, b BonusSale) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.OrderID, b.OrderID)) })
	for _, b := range t.Bonuses {
		reached := int64(0)
		for _, s := range counted {
			reached += map[partnership.BonusWhen]int64{partnership.WhenSales: 1, partnership.WhenRevenue: s.kept()}[b.When]
			if reached >= b.At {
				due = append(due, BonusDue{Key: fmt.Sprintf("%s/%d/%d", b.When, b.At, b.AmountMinor), Minor: b.AmountMinor, At: s.At, Why: bonusWhy(b, t.Currency)})
				break
			}
		}
	}
	due = append(due, tiersDue(t, counted, day)...)
	slices.SortStableFunc(due, func(a, b BonusDue) int { return a.At.Compare(b.At) })
	return due
}

func bonusWhy(b partnership.Bonus, currency string) string {
	if b.When == partnership.WhenSales {
		return fmt.Sprintf("%d sales were made", b.At)
	}
	return "sales have come to " + money.Display(b.At, currency)
}

// tiersDue is what the tiers add to sales, which are by their time: each at the highest rate that the sales of the look-back before it have
// come to.
func tiersDue(t partnership.Terms, sales []BonusSale, day time.Duration) (due []BonusDue) {
	if len(t.Tiers) == 0 {
		return nil
	}
	lookback := time.Duration(t.LookbackDays * float64(day))
	first, sum := 0, int64(0)
	for _, s := range sales {
		for lookback > 0 && sales[first].At.Before(s.At.Add(-lookback)) {
			first, sum = first+1, sum-sales[first].kept()
		}
		if tier, reached := tierAt(t.Tiers, sum); reached && tier.BPS > s.RateBPS && s.RateBPS > 0 {
			due = append(due, BonusDue{
				Key: tierKey + strconv.Itoa(tier.BPS) + "/" + s.OrderID, Minor: max(0, s.at(tier.BPS)-s.at(s.RateBPS)), At: s.At,
				Why: fmt.Sprintf("order %s: %s %% instead of %s %%, for sales had come to %s", s.OrderID, money.FormatPercent(tier.BPS), money.FormatPercent(s.RateBPS), money.Display(tier.FromMinor, t.Currency)),
			})
		}
		sum += s.kept()
	}
	return due
}

// tierAt is the highest tier that a sum reaches; tiers are by rising sums.
func tierAt(tiers []partnership.CommissionTier, sum int64) (tier partnership.CommissionTier, reached bool) {
	for _, one := range tiers {
		if sum >= one.FromMinor {
			tier, reached = one, true
		}
	}
	return tier, reached
}

// at is what a sale is worth at a rate, less what came back of it.
func (s BonusSale) at(bps int) int64 {
	full := Commission(s.BoughtMinor, bps)
	return full - money.RefundShare(full, s.BackMinor, s.BoughtMinor)
}
