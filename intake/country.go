package intake

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"
)

// usedFor are what people write for countries besides their codes and names.
var usedFor = map[string]string{
	"UK": "GB", "EL": "GR", "ENGLAND": "GB", "SCOTLAND": "GB", "WALES": "GB", "NORTHERNIRELAND": "GB", "GREATBRITAIN": "GB", "BRITAIN": "GB",
	"UNITEDSTATESOFAMERICA": "US", "AMERICA": "US", "EMIRATES": "AE", "UAE": "AE", "HOLLAND": "NL", "THENETHERLANDS": "NL", "TURKEY": "TR",
	"CZECHREPUBLIC": "CZ", "MACEDONIA": "MK", "SWAZILAND": "SZ", "BURMA": "MM", "KOREA": "KR", "SOUTHKOREA": "KR", "REPUBLICOFKOREA": "KR",
	"HONGKONG": "HK", "MACAU": "MO", "TAIWAN": "TW", "RUSSIANFEDERATION": "RU", "VIETNAM": "VN", "IVORYCOAST": "CI", "ESWATINI": "SZ",
	"NORTHMACEDONIA": "MK", "MYANMAR": "MM", "PALESTINE": "PS", "TURKIYE": "TR", "BRASIL": "BR", "KSA": "SA", "PRC": "CN", "MAINLANDCHINA": "CN",
	"REPUBLICOFIRELAND": "IE", "ROI": "IE",
}

// noCountries are codes that are reserved in ISO 3166 for parts of countries and for unions, and those of countries that are no more.
var noCountries = []string{
	"AC", "CP", "DG", "EA", "EU", "EZ", "IC", "TA", "UN", "QO", "ZZ", "AN", "BU", "CS", "DD", "FX", "NT", "SU", "TP", "YD", "YU", "ZR",
}

// isCountry says whether a country of today has this code.
func isCountry(code string) bool {
	region, err := language.ParseRegion(code)
	return len(code) == 2 && err == nil && region.IsCountry() && region.Canonicalize().String() == code && !slices.Contains(noCountries, code)
}

// listLanguages are those in which lists name countries.
var listLanguages = []language.Tag{
	language.English, language.German, language.French, language.Spanish, language.Italian, language.Portuguese, language.Dutch, language.Polish,
	language.Swedish, language.Danish, language.Norwegian, language.Finnish, language.Turkish, language.Russian, language.Japanese, language.Chinese, language.Korean,
}

// countryNames are countries by their names in those languages. A name that two countries have is none.
var countryNames = sync.OnceValue(func() map[string]string {
	out, twice := map[string]string{}, map[string]bool{}
	add := func(name, code string) {
		if other := out[name]; other != "" && other != code {
			twice[name] = true
		}
		out[name] = code
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			if !isCountry(code) {
				continue
			}
			region, _ := language.ParseRegion(code) // isCountry has
			add(region.ISO3(), code)
			for _, tag := range listLanguages {
				add(bareCountry(display.Regions(tag).Name(region)), code)
			}
		}
	}
	maps.DeleteFunc(out, func(name, _ string) bool { return twice[name] || name == "" })
	return out
})

// bareCountry is a country's letters, in capitals and without accents.
func bareCountry(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, norm.NFKD.String(text))
}

// alias is what a file calls a country without its code, and where.
type alias struct {
	means string
	lines []int
}

// country reads an ISO 3166 code, or what is plainly one country's name. What no country has would be found out by a vendor, months later.
func (t *table) country() string {
	text := t.get("country")
	code := strings.ToUpper(text)
	if text == "" || isCountry(code) {
		return code
	}
	bare := bareCountry(text)
	means := usedFor[bare]
	if means == "" && len([]rune(bare)) > 1 {
		means = countryNames()[bare]
	}
	if means == "" {
		t.fault(t.line, "country", "%q is not an ISO 3166 code of two letters such as US, nor a country's name", text)
		return code
	}
	if t.aliases[text] == nil {
		t.aliases[text] = &alias{means: means}
	}
	t.aliases[text].lines = append(t.aliases[text].lines, t.line)
	return means
}

// readAs says once of each name which country it is taken for.
func (t *table) readAs() {
	for text, a := range t.aliases {
		t.warn(a.lines[0], "country", "%q is read as %s, in %s", text, a.means, inLines(a.lines))
	}
}
