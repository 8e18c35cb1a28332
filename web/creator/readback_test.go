package creator

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// What a fee may mean next to an offer of $500: only more than it makes sense.
func TestFeesThatAreMeant(t *testing.T) {
	t.Parallel()
	terms := partnership.Terms{Currency: "USD", FeeMinor: 50_000}
	for text, want := range map[string][]int64{
		"2300,00": {230_000}, "2.300": {230_000}, "2 300": {230_000}, "2300$": {230_000}, "2.3k": {230_000}, "２３００": {230_000}, "$2,300": {230_000},
		"500": nil, "2,30": nil, "600 €": nil, "lots": nil, "600.001": nil, "-600": nil,
	} {
		got, why := fees(locale.English(), url.Values{"fee": {text}}, terms)
		if !slices.Equal(got, want) || (want == nil) != (why != "") {
			t.Errorf("%q: %v %q, want %v", text, got, why, want)
		}
	}
	dinars := partnership.Terms{Currency: "KWD", FeeMinor: 1_000}
	if got, _ := fees(locale.English(), url.Values{"fee": {"2.300"}}, dinars); !slices.Equal(got, []int64{2_300_000, 2_300}) {
		t.Errorf("2.300 dinars are %v", got)
	}
}

// A form shows the fields of the country that was chosen, in its own words, and no other.
func TestTheFieldsOfACountry(t *testing.T) {
	t.Parallel()
	for country, c := range map[string]struct{ has, lacks string }{
		"US": {`name="region" ZIP&nbsp;code State`, ""},
		"AE": {"Emirate", `name="postal_code" name="city"`},
		"HK": {"District Area", `name="postal_code"`},
		"JP": {`Prefecture name="postal_code"`, "State"},
		"IE": {"Eircode County", ""},
		"DE": {`name="postal_code"`, `name="region"`},
		"":   {"State", ""},
	} {
		s := sheet{View: view(true), Form: url.Values{"action": {doAccept}, "country": {country}}}
		var out strings.Builder
		if err := delivery(s).Render(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
		for _, words := range strings.Fields(c.has) {
			if words = strings.ReplaceAll(words, "&nbsp;", " "); !strings.Contains(out.String(), words) {
				t.Errorf("%s lacks %s", country, words)
			}
		}
		for _, words := range strings.Fields(c.lacks) {
			if strings.Contains(strings.ReplaceAll(out.String(), "United States", ""), words) {
				t.Errorf("%s has %s", country, words)
			}
		}
	}
}
