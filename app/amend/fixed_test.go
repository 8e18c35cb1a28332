package amend

import (
	"errors"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// What was signed counts all sales of a partnership: bonuses and tiers are another campaign's, and whatever else may change leaves them alone.
func TestWhatMakesAnotherCampaignIsRefused(t *testing.T) {
	t.Parallel()
	running := partnership.Campaign{Name: "Dreams", Program: "dreams", Currency: "USD", Timezone: "America/New_York"}
	running.Offer.CommissionBPS = 1000
	running.Offer.Bonuses = []partnership.Bonus{{When: partnership.WhenSales, At: 20, AmountMinor: 10_000}}
	running.Offer.Tiers = []partnership.CommissionTier{{FromMinor: 100_000, BPS: 1200}}
	for name, x := range map[string]struct {
		change func(*partnership.Campaign)
		field  string
	}{
		"nothing":    {func(*partnership.Campaign) {}, ""},
		"a deadline": {func(c *partnership.Campaign) { c.Schedule.ReviewDays = 5 }, ""},
		"a larger bonus": {func(c *partnership.Campaign) {
			c.Offer.Bonuses = []partnership.Bonus{{When: partnership.WhenSales, At: 20, AmountMinor: 20_000}}
		}, "offer.bonuses"},
		"a nearer bonus": {func(c *partnership.Campaign) {
			c.Offer.Bonuses = []partnership.Bonus{{When: partnership.WhenSales, At: 10, AmountMinor: 10_000}}
		}, "offer.bonuses"},
		"no bonus any more": {func(c *partnership.Campaign) { c.Offer.Bonuses = nil }, "offer.bonuses"},
		"another tier": {func(c *partnership.Campaign) {
			c.Offer.Tiers = []partnership.CommissionTier{{FromMinor: 50_000, BPS: 1200}}
		}, "offer.commission_tiers"},
		"another look-back": {func(c *partnership.Campaign) { c.Offer.LookbackDays = 30 }, "offer.commission_tiers"},
		"another program":   {func(c *partnership.Campaign) { c.Program = "nights" }, "program"},
	} {
		spec := running
		x.change(&spec)
		no, _ := errors.AsType[*partnership.Error](fixed(running, spec))
		if (no == nil) != (x.field == "") || no != nil && (no.Field != x.field || no.Code != partnership.Invalid) {
			t.Errorf("%s: %v, want it to be about %q", name, no, x.field)
		}
	}
}
