package intake

import (
	"fmt"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// incentives are what more a creator earns by selling more.
func incentives(o object, c partnership.Campaign, baseBPS int) (out partnership.Incentives) {
	out.Bonuses, out.Tiers = bonuses(o, c), tiers(o, c, baseBPS)
	out.LookbackDays = o.number("tier_lookback_days", 0, 1, maxDays)
	if out.LookbackDays > 0 && !o.has("commission_tiers") {
		o.fault("tier_lookback_days", "says how far commission_tiers look back, and there are none")
	}
	return out
}

func bonuses(o object, c partnership.Campaign) (out []partnership.Bonus) {
	for i, n := range o.items("bonuses", `{when: sales, at: 20, amount: "100.00"}, or {when: revenue, at: "2000.00", amount: "100.00"}`, false) {
		item, ok := o.r.object(n, fmt.Sprintf("%s[%d]", o.field("bonuses"), i), lineOf(n), "when", "at", "amount")
		if !ok {
			continue
		}
		b := partnership.Bonus{When: partnership.BonusWhen(item.text("when", "sales or revenue", true)), AmountMinor: above(item, "amount", c.Currency)}
		switch b.When {
		case partnership.WhenSales:
			b.At = int64(item.whole("at", 0, 1, 1_000_000, true))
		case partnership.WhenRevenue:
			b.At = above(item, "at", c.Currency)
		case "":
		default:
			item.fault("when", "%q is not allowed; sales or revenue", b.When)
		}
		at := slices.IndexFunc(out, func(x partnership.Bonus) bool { return x.When == b.When && x.At >= b.At })
		switch {
		case at >= 0 && b.At > 0 && out[at].At == b.At:
			item.fault("at", "there is a bonus for that already, bonuses[%d]", at)
		case at >= 0 && b.At > 0:
			item.fault("at", "comes after bonuses[%d], which is later: list those of one kind by rising milestones", at)
		}
		out = append(out, b)
	}
	return out
}

func tiers(o object, c partnership.Campaign, baseBPS int) (out []partnership.CommissionTier) {
	last := partnership.CommissionTier{BPS: baseBPS}
	for i, n := range o.items("commission_tiers", `{from: "1000.00", percent: "12"}`, false) {
		item, ok := o.r.object(n, fmt.Sprintf("%s[%d]", o.field("commission_tiers"), i), lineOf(n), "from", "percent")
		if !ok {
			continue
		}
		tier := partnership.CommissionTier{FromMinor: above(item, "from", c.Currency), BPS: percent(item, "percent", 100)}
		switch {
		case !item.has("percent"):
			item.missing("percent", `the rate from there on, such as "12"`)
		case tier.FromMinor > 0 && tier.FromMinor <= last.FromMinor:
			item.fault("from", "must be above the %s of the tier before it", money.Display(last.FromMinor, c.Currency))
		case tier.BPS > 0 && tier.BPS <= last.BPS:
			item.fault("percent", "must be above the %s %% before it: a tier is a higher rate", money.FormatPercent(last.BPS))
		}
		last, out = tier, append(out, tier)
	}
	if len(out) > 0 && baseBPS == 0 {
		o.fault("commission_tiers", "are higher rates of a commission, and there is no commission_percent")
	}
	return out
}

// above is an amount above zero.
func above(o object, key, currency string) int64 {
	n := amount(o, key, currency, 0, true)
	if n == 0 && o.has(key) && !slices.ContainsFunc(o.r.faults, func(f Fault) bool { return f.Field == o.field(key) }) {
		o.fault(key, "must be above zero")
	}
	return n
}
