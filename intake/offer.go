package intake

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

var tierNames = []string{string(partnership.Nano), string(partnership.Micro), string(partnership.AboveMicro)}

func selection(o object) partnership.Selection {
	s := partnership.Selection{
		Target:        o.whole("target", 0, 1, maxTargets, true),
		Standby:       o.whole("standby", 0, 0, maxTargets, false),
		MinEngagement: o.number("min_engagement", 0, 0, 100),
		Niches:        o.texts("niches", "niches as in creators.csv", false),
	}
	for i, name := range o.texts("tiers", strings.Join(tierNames, ", "), true) {
		if !slices.Contains(tierNames, name) {
			o.r.fault(o.r.line(fmt.Sprintf("selection.tiers[%d]", i)), fmt.Sprintf("selection.tiers[%d]", i),
				"%q is no tier%s; allowed: %s", name, suggest(name, tierNames), strings.Join(tierNames, ", "))
			continue
		}
		s.Tiers = append(s.Tiers, partnership.Tier(name))
	}
	s.Arms = arms(o, s.Niches)
	if err := roster.Carries(s.Target, s.Standby); err != nil {
		o.r.refuse(err)
	}
	return s
}

// arms are niches tested side by side; their shares make up 100 per cent.
func arms(o object, niches []string) []partnership.Arm {
	var out []partnership.Arm
	sum := 0
	for i, n := range o.items("arms", "{niche, share}", false) {
		path := fmt.Sprintf("%s[%d]", o.field("arms"), i)
		item, ok := o.r.object(n, path, lineOf(n), "niche", "share")
		if !ok {
			continue
		}
		arm := partnership.Arm{Niche: item.text("niche", "one of selection.niches", true), Share: item.whole("share", 0, 1, 100, true)}
		switch {
		case arm.Niche != "" && len(niches) > 0 && !slices.Contains(niches, arm.Niche):
			item.fault("niche", "%q is not in selection.niches%s", arm.Niche, suggest(arm.Niche, niches))
		case slices.ContainsFunc(out, func(a partnership.Arm) bool { return a.Niche == arm.Niche }):
			item.fault("niche", "%q has an arm already", arm.Niche)
		}
		out = append(out, arm)
		sum += arm.Share
	}
	if len(out) > 0 && sum != 100 && !slices.ContainsFunc(out, func(a partnership.Arm) bool { return a.Share == 0 }) {
		o.fault("arms", "the shares make up %d; they must make up 100", sum)
	}
	return out
}

func offer(o object, c partnership.Campaign, known Vendors) partnership.Offer {
	out := partnership.Offer{
		CommissionBPS: percent(o, "commission_percent", 100),
		CommissionCap: amount(o, "commission_cap", c.Currency, 0, false),
		DiscountBPS:   percent(o, "discount_percent", 100),
		Gift:          gift(o, c.Currency, known),
		UsageRights:   rights(o.group("usage_rights", "channels", "days", "paid")),
		Deliverables:  deliverables(o),
	}
	out.FeeMinor = fees(o, c)
	out.Incentives = incentives(o, c, out.CommissionBPS)
	n := o.optional("negotiation", "max_fee_uplift_percent", "rounds")
	out.Negotiation = partnership.NegotiationLimits{MaxFeeUpliftBPS: percent(n, "max_fee_uplift_percent", 1000), Rounds: n.whole("rounds", 0, 0, 20, false)}
	if out.CommissionCap > 0 && out.CommissionBPS == 0 {
		o.fault("commission_cap", "limits a commission, and there is no commission_percent")
	}
	if !o.silent && len(out.FeeMinor) == 0 && out.CommissionBPS == 0 && out.Gift == nil &&
		!slices.ContainsFunc(o.r.faults, func(f Fault) bool { return strings.HasPrefix(f.Field, "offer.") }) {
		o.r.fault(o.r.line("offer"), "offer", "gives the creator nothing; add a fee, a commission_percent or a gift")
	}
	return out
}

// fees by tier: none at all, or one for each tier that the campaign invites.
func fees(o object, c partnership.Campaign) map[partnership.Tier]int64 {
	if !o.has("fee") {
		return nil
	}
	g := o.group("fee", tierNames...)
	out := map[partnership.Tier]int64{}
	for _, name := range tierNames {
		if g.has(name) {
			out[partnership.Tier(name)] = amount(g, name, c.Currency, 0, false)
		}
	}
	for _, tier := range c.Selection.Tiers {
		if !g.has(string(tier)) {
			g.missing(string(tier), "selection.tiers invites this tier, so say what it is paid")
		}
	}
	return out
}

func gift(o object, currency string, known Vendors) *partnership.Gift {
	if !o.has("gift") {
		return nil
	}
	g := o.group("gift", "sku", "name", "value", "weight_oz", "carrier")
	out := &partnership.Gift{
		SKU:        g.text("sku", "the shop's SKU of the product", true),
		Name:       g.text("name", "what creators read", true),
		ValueMinor: amount(g, "value", currency, 0, true),
		WeightOz:   g.number("weight_oz", 0, 0.1, 2400),
		Carrier:    chosen(g, "carrier", "who ships it", known.Carriers, known.On),
	}
	if !g.has("weight_oz") {
		g.missing("weight_oz", "the carrier needs the weight in ounces")
	}
	return out
}

func rights(o object) partnership.UsageRights {
	return partnership.UsageRights{
		Channels: o.texts("channels", "where the brand may use the content, such as paid_social", true),
		Days:     o.whole("days", 0, 1, maxDays, true),
		Paid:     o.flag("paid"),
	}
}

func deliverables(o object) []partnership.Deliverable {
	var out []partnership.Deliverable
	for i, n := range o.items("deliverables", "what is to be made, such as {kind: instagram_reel, count: 1}", true) {
		item, ok := o.r.object(n, fmt.Sprintf("%s[%d]", o.field("deliverables"), i), lineOf(n), "kind", "count")
		if !ok {
			continue
		}
		out = append(out, partnership.Deliverable{
			Kind:  item.text("kind", "such as instagram_reel", true),
			Count: item.whole("count", 0, 1, 100, true),
		})
	}
	return out
}
