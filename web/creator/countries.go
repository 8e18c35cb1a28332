package creator

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/rapport-dev/rapport/partnership/locale"
)

// country is an ISO 3166-1 alpha-2 code and its name.
type country struct{ Code, Name string }

// first stands at the top of the list: most parcels go there.
const first = "US"

// reserved are codes of CLDR that are no country in ISO 3166-1: parts of one, which carriers know by the country's own code, and
// unions. Kosovo's XK is none either, but shops and carriers use it.
var reserved = []string{"AC", "CP", "DG", "EA", "EU", "EZ", "IC", "TA", "UN"}

// newNames are those of countries that CLDR 32, the newest in x/text, calls by an older name or by one for diplomats.
var newNames = map[string]string{
	"CD": "Congo (Democratic Republic)", "CG": "Congo (Republic)", "HK": "Hong Kong", "MK": "North Macedonia", "MM": "Myanmar", "MO": "Macao",
	"PS": "Palestine", "SZ": "Eswatini", "TR": "Türkiye",
}

// countries are all that exist today, by their English names: first, then by name as a dictionary orders it (Åland between Albania and
// Algeria).
func countries() []country { return countriesIn(locale.English()) }

var listed sync.Map // of countries, by language

// countriesIn are the countries in a language, and in its order.
func countriesIn(l locale.Locale) []country {
	if all, ok := listed.Load(l.Name()); ok {
		return all.([]country)
	}
	all := listCountries(language.MustParse(l.Name()))
	listed.Store(l.Name(), all)
	return all
}

func listCountries(in language.Tag) []country {
	var all []country
	names := display.Regions(in)
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			region, err := language.ParseRegion(code)
			if err != nil || !region.IsCountry() || region.Canonicalize() != region || region.String() != code || slices.Contains(reserved, code) {
				continue
			}
			name := names.Name(region)
			if newer, ok := newNames[code]; ok && in == language.English {
				name = newer
			}
			if name != "" && !strings.HasPrefix(display.English.Regions().Name(region), "Unknown") {
				all = append(all, country{code, name})
			}
		}
	}
	dictionary := collate.New(in)
	slices.SortFunc(all, func(x, y country) int { return dictionary.CompareString(x.Name, y.Name) })
	at := slices.IndexFunc(all, func(c country) bool { return c.Code == first })
	top := all[at]
	return slices.Insert(slices.Delete(all, at, at+1), 0, top)
}

func isCountry(code string) bool {
	return slices.ContainsFunc(countries(), func(c country) bool { return c.Code == code })
}

// countryName is a country's name on a label.
func countryName(code string) string {
	at := slices.IndexFunc(countries(), func(c country) bool { return c.Code == code })
	if at < 0 {
		return code
	}
	return countries()[at].Name
}
