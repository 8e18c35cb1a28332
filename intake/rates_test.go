package intake_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership/money"
)

func TestRatesAreAPersonsWord(t *testing.T) {
	t.Parallel()
	text := minimal + `rates: [{currency: JPY, worth: "0.00664", as_of: 2026-10-01}, {currency: KWD, worth: "3.25", as_of: 2026-10-02}]` + "\n"
	c, faults, _ := intake.ParseCampaign("c.yaml", []byte(text), now, realDay, alone)
	want := money.Rates{"JPY": {Worth: 6_640_000, AsOf: "2026-10-01"}, "KWD": {Worth: 3_250_000_000, AsOf: "2026-10-02"}}
	if len(faults) > 0 || !maps.Equal(c.Rates, want) {
		t.Errorf("%v, %s", c.Rates, lines(faults))
	}
}

func TestRatesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, new, want string }{
		{"destination:", "rates: [{currency: EUR, worth: 1.1, as_of: 2026-10-01}]\ndestination:", `c.yaml:15: rates[0].worth: 1.1 is not allowed; what one EUR is worth in USD, in quotes such as "150.25"`},
		{"destination:", "rates: [{currency: EUR, worth: \"0\", as_of: 2026-10-01}]\ndestination:", `c.yaml:15: rates[0].worth: 0 is not allowed; what one EUR is worth in USD, in quotes such as "150.25"`},
		{"destination:", "rates: [{currency: EUR, worth: \"1.1\"}]\ndestination:", "c.yaml:15: rates[0].as_of: missing; the day of the rate, such as 2026-11-01"},
		{"destination:", "rates: [{currency: EUR, worth: \"1.1\", as_of: 2031-01-01}]\ndestination:", "c.yaml:15: rates[0].as_of: 2031-01-01 has not come yet; the day of the rate, such as 2026-11-01 is wanted"},
		{"destination:", "rates: [{currency: USD, worth: \"1.1\", as_of: 2026-10-01}]\ndestination:", "c.yaml:15: rates[0].currency: USD is the campaign's own currency: it needs no rate"},
		{"destination:", "rates: [{currency: YEN, worth: \"1.1\", as_of: 2026-10-01}]\ndestination:", `c.yaml:15: rates[0].currency: "YEN" is not an ISO 4217 code such as USD, in capitals`},
		{"destination:", "rates: [{currency: EUR, worth: \"1.1\", as_of: 2026-10-01}, {currency: EUR, worth: \"1.2\", as_of: 2026-10-02}]\ndestination:", "c.yaml:15: rates[1].currency: EUR has a rate already"},
	} {
		_, faults, _ := intake.ParseCampaign("c.yaml", []byte(strings.Replace(minimal, c.old, c.new, 1)), now, realDay, alone)
		if got := strings.TrimSuffix(lines(faults), "\n"); got != c.want {
			t.Errorf("%q:\ngot  %s\nwant %s", c.new, got, c.want)
		}
	}
}
