package intake

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// usedFor are codes that people use for countries that have another one in ISO 3166.
var usedFor = map[string]string{"UK": "GB", "EL": "GR"}

// noCountries are codes that are reserved in ISO 3166 for parts of countries and for unions, and those of countries that are no more.
var noCountries = []string{
	"AC", "CP", "DG", "EA", "EU", "EZ", "IC", "TA", "UN", "QO", "ZZ", "AN", "BU", "CS", "DD", "FX", "NT", "SU", "TP", "YD", "YU", "ZR",
}

// country reads an ISO 3166 code. One that no country has would be found out by a vendor, months later.
func (t *table) country() string {
	c := strings.ToUpper(t.get("country"))
	if c == "" {
		return ""
	}
	if meant, ok := usedFor[c]; ok {
		t.warn(t.line, "country", "%q is read as %s, its code in ISO 3166", c, meant)
		return meant
	}
	region, err := language.ParseRegion(c)
	if len(c) != 2 || err != nil || !region.IsCountry() || region.Canonicalize().String() != c || slices.Contains(noCountries, c) {
		t.fault(t.line, "country", "%q is not an ISO 3166 code of two letters such as US", c)
		return c
	}
	return c
}
