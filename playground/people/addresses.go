package people

import (
	"fmt"

	"github.com/rapport-dev/rapport/partnership"
)

// towns are real places with a postcode each, by country; streets and numbers are made up.
var towns = map[string][]partnership.Address{here: {
	{City: "Austin", Region: "TX", PostalCode: "78704", Country: "US"},
	{City: "Portland", Region: "OR", PostalCode: "97214", Country: "US"},
	{City: "Chicago", Region: "IL", PostalCode: "60614", Country: "US"},
	{City: "Denver", Region: "CO", PostalCode: "80205", Country: "US"},
	{City: "Savannah", Region: "GA", PostalCode: "31401", Country: "US"},
	{City: "Brooklyn", Region: "NY", PostalCode: "11215", Country: "US"},
	{City: "Tucson", Region: "AZ", PostalCode: "85705", Country: "US"},
	{City: "Duluth", Region: "MN", PostalCode: "55804", Country: "US"},
}, "JP": {
	{City: "Shibuya", Region: "Tokyo", PostalCode: "150-0001", Country: "JP"},
	{City: "Sakyo", Region: "Kyoto", PostalCode: "606-8501", Country: "JP"},
	{City: "Naha", Region: "Okinawa", PostalCode: "900-0013", Country: "JP"},
}, "DE": {
	{City: "Berlin", PostalCode: "10119", Country: "DE"},
	{City: "Leipzig", PostalCode: "04109", Country: "DE"},
	{City: "Freiburg", PostalCode: "79098", Country: "DE"},
}, "KW": {
	{City: "Salmiya", PostalCode: "20001", Country: "KW"},
	{City: "Hawally", PostalCode: "32001", Country: "KW"},
}}

var streets = []string{"Maple Ave", "Harbor St", "Juniper Ln", "Second St", "Orchard Rd", "Mill Ct"}

// addressOf is where a creator lives, the same in every run with that seed.
func addressOf(c partnership.Creator, seed int64) partnership.Address {
	d := dice(seed, "home", c.Handle)
	there, known := towns[c.Country]
	if !known {
		there = towns[here]
	}
	a := there[d.IntN(len(there))]
	a.Name = c.Name
	a.Line1 = fmt.Sprintf("%d %s", 10+d.IntN(980), streets[d.IntN(len(streets))])
	a.Phone = fmt.Sprintf("555-01%02d", d.IntN(100)) // 555-01xx is kept free for fiction
	return a
}
