package creator

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// country is an ISO 3166-1 alpha-2 code and its English name.
type country struct{ Code, Name string }

// countries are all that exist today, by name.
var countries = sync.OnceValue(func() []country {
	var all []country
	names := display.English.Regions()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			region, err := language.ParseRegion(code)
			if err != nil || !region.IsCountry() || region.Canonicalize() != region || region.String() != code {
				continue
			}
			if name := names.Name(region); name != "" && !strings.HasPrefix(name, "Unknown") {
				all = append(all, country{code, name})
			}
		}
	}
	slices.SortFunc(all, func(x, y country) int { return strings.Compare(x.Name, y.Name) })
	return all
})

func isCountry(code string) bool {
	return slices.ContainsFunc(countries(), func(c country) bool { return c.Code == code })
}
