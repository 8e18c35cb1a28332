package people

import (
	"context"
	"fmt"
)

// givePapers fills in what the page asks for the tax office, where it does: the form of the creator's own country, with a number of their
// own, and for the invoice that they are not in business.
func (c *creator) givePapers(ctx context.Context, shown page) (page, error) {
	home := addressOf(c.who, c.town.seed)
	paper := map[string]string{
		"tax_kind": "W-9", "tax_name": c.who.Name, "tax_country": home.Country, "tax_address": home.Line1 + ", " + home.City,
		"tax_number": fmt.Sprintf("%09d", 200_000_000+number(c.town.seed, c.who.Handle, "tax")%700_000_000),
		"tax_file":   "%PDF-1.7 signed by " + c.who.Handle,
	}
	if home.Country != "US" {
		paper["tax_kind"] = "W-8BEN"
	}
	shown, err := c.submitted(ctx, shown, "tax_form", paper)
	if err != nil {
		return shown, err
	}
	paper["tax_number"], paper["tax_none"] = "", tick
	return c.submitted(ctx, shown, "vat_id", paper)
}
