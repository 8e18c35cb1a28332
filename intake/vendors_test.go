package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/intake"
)

// alone is where there is one of each: none has to be named.
var alone = intake.Vendors{Carriers: []string{"easypost"}, Rails: []string{"stripe"}}

// Where several stand side by side the file says which; where one is alone it is meant.
func TestACampaignSaysWhoShipsAndWhoPays(t *testing.T) {
	t.Parallel()
	several := intake.Vendors{Carriers: []string{"easypost", "pigeon"}, Rails: []string{"stripe", "purse"}}
	text := string(example(t, "hybrid", "campaign.yaml"))
	with := func(carrier, rail string) []byte {
		out := strings.Replace(text, "weight_oz: 40}", "weight_oz: 40"+carrier+"}", 1)
		return []byte(strings.Replace(out, "provider: stripe", rail, 1))
	}
	for name, c := range map[string]struct {
		carrier, rail string
		known         intake.Vendors
		ships, pays   string
		faults        []string
	}{
		"one of each":             {"", "", alone, "easypost", "stripe", nil},
		"named":                   {", carrier: pigeon", "provider: purse", several, "pigeon", "purse", nil},
		"several to choose from":  {", carrier: pigeon", "provider: [purse, stripe]", several, "pigeon", "purse", nil},
		"one of them unknown":     {", carrier: pigeon", "provider: [stripe, cash]", several, "", "", []string{"payout.provider", "cash", "stripe, purse"}},
		"the first, named":        {", carrier: easypost", "provider: stripe", several, "easypost", "stripe", nil},
		"not named":               {"", "", several, "", "", []string{"offer.gift.carrier", "easypost or pigeon", "payout.provider", "stripe or purse"}},
		"not named, one set up":   {"", "", intake.Vendors{Carriers: several.Carriers, Rails: several.Rails, On: []string{"pigeon", "stripe", "slack"}}, "pigeon", "stripe", nil},
		"not named, all set up":   {"", "", intake.Vendors{Carriers: several.Carriers, Rails: several.Rails, On: []string{"pigeon", "easypost", "stripe", "purse"}}, "", "", []string{"easypost or pigeon", "stripe or purse"}},
		"none of them":            {", carrier: owl", "provider: cash", several, "", "", []string{`offer.gift.carrier: "owl"`, "easypost or pigeon", `payout.provider: "cash"`, "stripe or purse"}},
		"none where one is alone": {", carrier: pigeon", "", alone, "", "", []string{`offer.gift.carrier: "pigeon"`, "easypost"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, faults, _ := intake.ParseCampaign("c.yaml", with(c.carrier, c.rail), now, realDay, c.known)
			said := fmt.Sprint(faults)
			for _, words := range c.faults {
				if !strings.Contains(said, words) {
					t.Errorf("the faults lack %q: %s", words, said)
				}
			}
			if len(c.faults) > 0 {
				return
			}
			if len(faults) > 0 || got.Offer.Gift.Carrier != c.ships || got.Payout.Provider != c.pays {
				t.Errorf("%s and %s, %v; want %s and %s", got.Offer.Gift.Carrier, got.Payout.Provider, faults, c.ships, c.pays)
			}
		})
	}
}
