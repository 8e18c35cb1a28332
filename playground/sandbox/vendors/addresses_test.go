package vendors_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/postal"
)

// reserved are codes of no country of today.
const reserved = "AC AN CP CQ CS DG EA EZ FQ IC NT PC SU TA UN YU"

// What a creator's form takes a carrier takes, in every country; and what leads nowhere neither of them does.
func TestCarriersTakeWhatTheFormTakes(t *testing.T) {
	t.Parallel()
	b := start(t)
	for a := 'A'; a <= 'Z'; a++ {
		for z := 'A'; z <= 'Z'; z++ {
			c := postal.Of(string([]rune{a, z}))
			one := partnership.Address{Name: "Ana", Line1: "2 Side St", City: "Town", Country: c.Code}
			if region, err := language.ParseRegion(c.Code); err != nil || !region.IsCountry() || region.Canonicalize() != region || strings.Contains(reserved, c.Code) || len(c.Regions) > 0 {
				continue // the region and the postcode belong together: below, and in postal's own table
			}
			if c.Needs(postal.Region) {
				one.Region = "Somewhere"
			}
			if c.Needs(postal.Postcode) {
				one.PostalCode = c.Example
			}
			one, wrong := postal.Check(one)
			if len(wrong) > 0 {
				t.Errorf("%s: the form refuses %v", c.Code, wrong)
				continue
			}
			status, out := b.rate(parcelTo(one))
			if status != http.StatusCreated || len(out.Rates) == 0 {
				t.Errorf("%s: the form takes %+v and the carrier says %d %+v %+v", c.Code, one, status, out.Messages, out.Error)
			}
		}
	}
	for _, one := range []partnership.Address{
		{Name: "Ana", Line1: "Villa 5", Region: "Dubai", Country: "AE"},
		{Name: "Ana", Line1: "8 Queen's Rd", Region: "Kowloon", Country: "HK"},
		{Name: "Ana", Line1: "1-1", City: "Chiyoda-ku", Region: "Tokyo", PostalCode: "1000001", Country: "JP"},
		{Name: "Ana", Line1: "1", City: "Sydney", Region: "NSW", PostalCode: "2000", Country: "AU"},
	} {
		one, wrong := postal.Check(one)
		if status, out := b.rate(parcelTo(one)); len(wrong) > 0 || status != http.StatusCreated || len(out.Rates) == 0 {
			t.Errorf("%+v: %v, %d %+v", one, wrong, status, out)
		}
	}
	nowhere := partnership.Address{Name: "Ana", Line1: "PO Box 7", City: "Nowhere", Region: "TX", PostalCode: "00000", Country: "US"}
	if _, out := b.rate(parcelTo(nowhere)); len(out.Rates) > 0 {
		t.Error("a carrier goes to 00000")
	}
}

// parcelTo is a declared parcel to an address.
func parcelTo(a partnership.Address) parcelOf {
	p := declared()
	p["to_address"] = parcelOf{"name": a.Name, "street1": a.Line1, "city": a.City, "state": a.Region, "zip": a.PostalCode, "country": a.Country, "phone": "442055550100"}
	return p
}
