package partnership_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
)

// What was agreed of bonuses and tiers stands in the terms in words, frozen as all else of them.
func TestIncentivesInWords(t *testing.T) {
	t.Parallel()
	c := campaign()
	c.Offer.Incentives = partnership.Incentives{
		Bonuses: []partnership.Bonus{{When: partnership.WhenSales, At: 20, AmountMinor: 100_00}, {When: partnership.WhenRevenue, At: 2000_00, AmountMinor: 250_00}},
		Tiers:   []partnership.CommissionTier{{FromMinor: 1000_00, BPS: 1200}}, LookbackDays: 30,
	}
	terms, err := partnership.OfferFor(c, partnership.Nano)
	if err != nil {
		t.Fatal(err)
	}
	c.Offer.Bonuses[0].AmountMinor, c.Offer.Tiers[0].BPS = 1, 9999
	lines := strings.Join(terms.Lines(), "\n")
	for _, want := range []string{
		"You earn more by selling more: 12 % of what is sold after your sales of the 30 days before have come to $1,000.00. What was sold before keeps its rate",
		"Bonuses, each once: $100.00 once you have made 20 sales; $250.00 once your sales come to $2,000.00.",
	} {
		if !strings.Contains(lines, want) {
			t.Errorf("the terms lack %q:\n%s", want, lines)
		}
	}
	if got := terms.Summary(); got != "$500.00 fee, 10 % commission, up to 12 %, bonuses, gift worth $36.00" {
		t.Errorf("in one line: %s", got)
	}
	without := terms.Clone()
	without.Incentives = partnership.Incentives{}
	want := []string{
		"Higher rates: 12 % of what is sold after your sales of the 30 days before have come to $1,000.00 instead of none",
		"Bonuses: $100.00 once you have made 20 sales; $250.00 once your sales come to $2,000.00 instead of none",
	}
	if diff := cmp.Diff(want, partnership.TermsChanges(without, terms)); diff != "" {
		t.Error(diff)
	}
}
