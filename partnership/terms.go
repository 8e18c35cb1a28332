package partnership

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/money"
)

// OfferFor makes the offer of a campaign to a creator of a tier. There is no offer without deliverables, usage rights and a
// budget (the field's guide), nor one that gives the creator nothing.
func OfferFor(c Campaign, tier Tier) (Terms, error) {
	o := c.Offer
	switch {
	case len(o.Deliverables) == 0:
		return Terms{}, FieldErrorf("offer.deliverables", "an offer says what is to be made; name at least one kind and its count")
	case len(o.UsageRights.Channels) == 0 || o.UsageRights.Days <= 0:
		return Terms{}, FieldErrorf("offer.usage_rights", "an offer says where and for how many days the brand may use the content")
	case c.BudgetMinor <= 0:
		return Terms{}, FieldErrorf("budget", "an offer needs a budget above zero")
	}
	t := Terms{
		Version: 1, Currency: c.Currency, FeeMinor: o.FeeMinor[tier], CommissionBPS: o.CommissionBPS, CommissionCap: o.CommissionCap, Incentives: o.Incentives, DiscountBPS: o.DiscountBPS,
		Gift: o.Gift, UsageRights: o.UsageRights, Deliverables: o.Deliverables,
		HoldDays: c.Payout.HoldDays, WindowDays: c.Schedule.WindowDays, BriefVersion: 1, Rail: c.Payout.Provider,
	}
	t = t.Clone()
	if t.FeeMinor <= 0 && t.CommissionBPS <= 0 && t.Gift == nil {
		return Terms{}, FieldErrorf("offer", "an offer to tier %s needs a fee, a commission or a gift", tier)
	}
	if t.CostMinor() > c.BudgetMinor {
		return Terms{}, FieldErrorf("budget", "one offer to tier %s commits %s; the whole budget is %s",
			tier, money.Display(t.CostMinor(), c.Currency), money.Display(c.BudgetMinor, c.Currency))
	}
	return t, nil
}

// PromisesMoney says whether an offer of the campaign holds any: a gift alone needs no rail.
func (c Campaign) PromisesMoney() bool {
	for _, fee := range c.Offer.FeeMinor {
		if fee > 0 {
			return true
		}
	}
	return c.Offer.CommissionBPS > 0
}

// Clone is a copy that shares nothing, so that a later change of the campaign cannot reach it.
func (t Terms) Clone() Terms {
	if t.Gift != nil {
		gift := *t.Gift
		t.Gift = &gift
	}
	t.UsageRights.Channels = slices.Clone(t.UsageRights.Channels)
	t.Deliverables = slices.Clone(t.Deliverables)
	t.Bonuses, t.Tiers = slices.Clone(t.Bonuses), slices.Clone(t.Tiers)
	return t
}

// CostMinor is what the terms commit of a campaign's budget: the fee and the gift's value. Commission comes out of sales.
func (t Terms) CostMinor() int64 {
	cost := t.FeeMinor
	if t.Gift != nil {
		cost += t.Gift.ValueMinor
	}
	return cost
}

// WithFee is the terms with another fee, as the next version.
func (t Terms) WithFee(feeMinor int64) Terms {
	t = t.Clone()
	t.FeeMinor = feeMinor
	t.Version++
	return t
}

// Lines describes the terms in plain words, a line each, for pages and the contract.
func (t Terms) Lines() []string { return t.LinesIn(locale.English()) }

// LinesIn is Lines in a language, for mails. What the campaign's file names (gifts, formats) stays as it is there; steps and bonuses are
// said in English, each line whole.
func (t Terms) LinesIn(l locale.Locale) []string {
	lines := []string{l.T("You make: %s", deliverables(t.Deliverables))}
	add := func(line string) { lines = append(lines, line) }
	if t.FeeMinor > 0 {
		add(l.T("You are paid: %s once your content is live", l.Money(t.FeeMinor, t.Currency)))
	}
	if t.CommissionBPS > 0 {
		add(l.T("You earn: %s %% of what your code or link sells, after discounts, without tax and shipping, for %s after you post; paid after a hold of %s for returns",
			l.Percent(t.CommissionBPS), l.Days(t.WindowDays), l.Days(t.HoldDays)))
	}
	if t.CommissionBPS > 0 && t.CommissionCap > 0 {
		add(l.T("Your sales earn at most: %s in all", l.Money(t.CommissionCap, t.Currency)))
	}
	if words := t.TierWords(t.Currency); words != "" {
		add("You earn more by selling more: " + words + ". What was sold before keeps its rate")
	}
	if words := t.BonusWords(t.Currency); words != "" {
		add("Bonuses, each once: " + words + ". What comes back does not count, and a bonus waits for returns as the sale does that reaches it")
	}
	if t.Gift != nil {
		add(l.T("You get: %s, worth %s, yours to keep", t.Gift.Name, l.Money(t.Gift.ValueMinor, t.Currency)))
	}
	if t.DiscountBPS > 0 {
		add(l.T("Your audience gets: %s %% off with your code", l.Percent(t.DiscountBPS)))
	}
	add(t.UsageRights.line(l))
	return lines
}

func (u UsageRights) line(l locale.Locale) string {
	channels := make([]string, len(u.Channels))
	for i, c := range u.Channels {
		channels[i] = l.T(strings.ReplaceAll(c, "_", " "))
	}
	if u.Paid {
		return l.T("We may use it: %s for %s, paid advertising included", strings.Join(channels, ", "), l.Days(float64(u.Days)))
	}
	return l.T("We may use it: %s for %s, not as paid advertising", strings.Join(channels, ", "), l.Days(float64(u.Days)))
}

// TermsChanges says in words what differs from old to new, a line each; nothing when nothing that a creator agreed to differs.
func TermsChanges(old, new Terms) []string {
	var lines []string
	changed := func(what, from, to string) {
		if from != to {
			lines = append(lines, fmt.Sprintf("%s: %s instead of %s", what, to, from))
		}
	}
	changed("Fee", money.Display(old.FeeMinor, old.Currency), money.Display(new.FeeMinor, new.Currency))
	changed("Commission", money.FormatPercent(old.CommissionBPS)+" %", money.FormatPercent(new.CommissionBPS)+" %")
	changed("Most that sales earn", capWords(old), capWords(new))
	changed("Higher rates", none(old.TierWords(old.Currency)), none(new.TierWords(new.Currency)))
	changed("Bonuses", none(old.BonusWords(old.Currency)), none(new.BonusWords(new.Currency)))
	changed("Discount for the audience", money.FormatPercent(old.DiscountBPS)+" %", money.FormatPercent(new.DiscountBPS)+" %")
	changed("Gift", giftWords(old), giftWords(new))
	changed("Deliverables", deliverables(old.Deliverables), deliverables(new.Deliverables))
	changed("Usage rights", old.UsageRights.words(), new.UsageRights.words())
	changed("Hold", days(old.HoldDays), days(new.HoldDays))
	changed("Sales window", days(old.WindowDays), days(new.WindowDays))
	return lines
}

func capWords(t Terms) string {
	if t.CommissionCap == 0 {
		return "no limit"
	}
	return money.Display(t.CommissionCap, t.Currency)
}

// CommissionOnly says whether the creator risks all the work for sales alone.
func (t Terms) CommissionOnly() bool { return t.FeeMinor <= 0 && t.Gift == nil && t.CommissionBPS > 0 }

func giftWords(t Terms) string {
	if t.Gift == nil {
		return "none"
	}
	return t.Gift.Name + " worth " + money.Display(t.Gift.ValueMinor, t.Currency)
}

func deliverables(list []Deliverable) string {
	parts := make([]string, len(list))
	for i, d := range list {
		parts[i] = fmt.Sprintf("%d × %s", d.Count, strings.ReplaceAll(d.Kind, "_", " "))
	}
	return strings.Join(parts, ", ")
}

func (u UsageRights) words() string {
	paid := "not as paid advertising"
	if u.Paid {
		paid = "paid advertising included"
	}
	return fmt.Sprintf("%s for %s, %s", strings.ReplaceAll(strings.Join(u.Channels, ", "), "_", " "), days(float64(u.Days)), paid)
}

func days(n float64) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%g days", n)
}
