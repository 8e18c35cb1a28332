package partnership

import "strconv"

// FieldWords are somebody's words and the field of campaign.yaml in which they stand.
type FieldWords struct{ Field, Words string }

// ContractWords are all of a campaign's own words that stand in its contracts: each has to be drawn, in whatever script it is.
func (c Campaign) ContractWords() []FieldWords {
	all := []FieldWords{
		{"name", c.Name},
		{"brand.name", c.Brand.Name},
		{"brand.postal_address", c.Brand.PostalAddress},
		{"brief.goal", c.Brief.Goal},
		{"brief.disclosure", c.Brief.Disclosure},
	}
	if by := c.Payout.SelfBilling; by != nil { // they stand on invoices
		all = append(all, FieldWords{"payout.self_billing.name", by.Name}, FieldWords{"payout.self_billing.address", by.Address})
	}
	add := func(field string, list []string) {
		for i, words := range list {
			all = append(all, FieldWords{field + "[" + strconv.Itoa(i) + "]", words})
		}
	}
	add("brief.non_negotiables", c.Brief.NonNegotiables)
	if c.Offer.Gift != nil {
		all = append(all, FieldWords{"offer.gift.name", c.Offer.Gift.Name})
	}
	add("offer.usage_rights.channels", c.Offer.UsageRights.Channels)
	kinds := make([]string, len(c.Offer.Deliverables))
	for i, d := range c.Offer.Deliverables {
		kinds[i] = d.Kind
	}
	add("offer.deliverables", kinds)
	return all
}
