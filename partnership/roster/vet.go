// Package roster decides whom a campaign invites and in which order: vetting, ranking, niche arms and standby. The field's
// guide sets the rules: engagement and audience before followers, own customers and people who already talk first.
package roster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Reason is a finding about a creator. It holds no personal data.
type Reason struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Refuses bool   `json:"refuses"` // else it is a warning
}

// band is the engagement, in per cent, that the guide gives for a tier. Platforms differ, so leaving it is only a warning.
type band struct{ low, high float64 }

var engagement = map[partnership.Tier]band{partnership.Nano: {1.7, 13}, partnership.Micro: {1.22, 13}}

// Vet checks a creator against a campaign's selection. No reason that refuses means that the creator may be invited.
func Vet(c partnership.Creator, s partnership.Selection) []Reason {
	var out []Reason
	add := func(refuses bool, code, format string, args ...any) {
		out = append(out, Reason{code, fmt.Sprintf(format, args...), refuses})
	}
	tier := partnership.TierOf(c.Followers)
	if len(s.Tiers) > 0 && !slices.Contains(s.Tiers, tier) {
		add(true, "tier", "%d followers is tier %s; the campaign wants %s", c.Followers, tier, join(s.Tiers))
	}
	if c.EngagementRate < s.MinEngagement {
		add(true, "engagement", "%g %% engagement is below the campaign's %g %%", c.EngagementRate, s.MinEngagement)
	}
	if !wanted(c.Niche, s) {
		add(true, "niche", "niche %q is none of the campaign's", c.Niche)
	}
	if c.Email == "" {
		add(true, "email", "there is no address to write to")
	}
	if b, ok := engagement[tier]; ok && c.EngagementRate > b.high {
		add(false, "engagement_high", "%g %% engagement is above the usual %g-%g %% of tier %s; look for bought likes", c.EngagementRate, b.low, b.high, tier)
	} else if ok && c.EngagementRate < b.low {
		add(false, "engagement_low", "%g %% engagement is below the usual %g-%g %% of tier %s", c.EngagementRate, b.low, b.high, tier)
	}
	return out
}

// Passes says whether nothing in reasons refuses.
func Passes(reasons []Reason) bool {
	return !slices.ContainsFunc(reasons, func(r Reason) bool { return r.Refuses })
}

func wanted(niche string, s partnership.Selection) bool {
	if len(s.Niches) == 0 && len(s.Arms) == 0 {
		return true
	}
	is := func(n string) bool { return strings.EqualFold(n, niche) }
	return slices.ContainsFunc(s.Niches, is) || slices.ContainsFunc(s.Arms, func(a partnership.Arm) bool { return is(a.Niche) })
}

func join(tiers []partnership.Tier) string {
	names := make([]string, len(tiers))
	for i, t := range tiers {
		names[i] = string(t)
	}
	return strings.Join(names, " or ")
}

// fees are the guide's cost per post in US cents. It gives none in other currencies and none above micro that we may use.
var fees = map[partnership.Tier]struct{ low, high int64 }{
	partnership.Nano:  {500_00, 2_000_00},
	partnership.Micro: {2_000_00, 8_000_00},
}

// UsualFee is the guide's band for one post of a tier, both ends in; ok is false where it names none.
func UsualFee(tier partnership.Tier, currency string) (low, high int64, ok bool) {
	b, ok := fees[tier]
	return b.low, b.high, ok && currency == "USD"
}

// RateWarnings compares the fee for one post with the guide's band for its tier, both ends in. No fee is a gift or commission
// offer and is not compared.
func RateWarnings(tier partnership.Tier, feeMinor int64, currency string) []string {
	low, high, ok := UsualFee(tier, currency)
	if !ok || feeMinor <= 0 || feeMinor >= low && feeMinor <= high {
		return nil
	}
	usual := fmt.Sprintf("the usual %s to %s per post for tier %s", money.Display(low, currency), money.Display(high, currency), tier)
	if feeMinor < low {
		return []string{fmt.Sprintf("%s is below %s: undercutting harms the relationship and needs a manager's reason", money.Display(feeMinor, currency), usual)}
	}
	return []string{fmt.Sprintf("%s is above %s", money.Display(feeMinor, currency), usual)}
}
