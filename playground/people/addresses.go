package people

import (
	"fmt"

	"github.com/rapport-dev/rapport/partnership"
)

// towns are real places with a postcode each; streets and numbers are made up.
var towns = []partnership.Address{
	{City: "Austin", Region: "TX", PostalCode: "78704", Country: "US"},
	{City: "Portland", Region: "OR", PostalCode: "97214", Country: "US"},
	{City: "Chicago", Region: "IL", PostalCode: "60614", Country: "US"},
	{City: "Denver", Region: "CO", PostalCode: "80205", Country: "US"},
	{City: "Savannah", Region: "GA", PostalCode: "31401", Country: "US"},
	{City: "Brooklyn", Region: "NY", PostalCode: "11215", Country: "US"},
	{City: "Tucson", Region: "AZ", PostalCode: "85705", Country: "US"},
	{City: "Duluth", Region: "MN", PostalCode: "55804", Country: "US"},
}

var streets = []string{"Maple Ave", "Harbor St", "Juniper Ln", "Second St", "Orchard Rd", "Mill Ct"}

// addressOf is where a creator lives, the same in every run with that seed.
func addressOf(c partnership.Creator, seed int64) partnership.Address {
	d := dice(seed, "home", c.Handle)
	a := towns[d.IntN(len(towns))]
	a.Name = c.Name
	a.Line1 = fmt.Sprintf("%d %s", 10+d.IntN(980), streets[d.IntN(len(streets))])
	a.Phone = fmt.Sprintf("555-01%02d", d.IntN(100)) // 555-01xx is kept free for fiction
	return a
}
