package postal_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/postal"
)

func at(country, street, city, region, postcode string) partnership.Address {
	return partnership.Address{Name: "Ada Example", Line1: street, City: city, Region: region, PostalCode: postcode, Country: country}
}

// Addresses of thirty countries and more: what a person types, and the label without the name, its lines divided by bars.
func TestAddressesOfThirtyCountries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed partnership.Address
		label string
	}{
		{at("US", "1 Main St", "Austin", "tx", "78701"), "1 Main St|Austin, TX 78701"},
		{at("US", "PO Box 7", "Chicago", "Illinois", "60601 - 1234"), "PO Box 7|Chicago, IL 60601-1234"},
		{at("CA", "111 Wellington St", "Ottawa", "Ontario", "k1a0b1"), "111 Wellington St|OTTAWA ON K1A 0B1"},
		{at("GB", "10 Downing St", "London", "", "sw1a2aa"), "10 Downing St|LONDON|SW1A 2AA"},
		{at("IE", "1 Main Street", "Dublin 2", "Co. Dublin", ""), "1 Main Street|Dublin 2|Co. Dublin"},
		{at("IE", "1 Main Street", "Dublin 2", "", "d02af30"), "1 Main Street|Dublin 2|D02 AF30"},
		{at("AE", "Villa 5, Al Wasl Rd", "", "Dubai", ""), "Villa 5, Al Wasl Rd|Dubai"},
		{at("HK", "Flat 5, 8 Queen's Rd", "Central", "Hong Kong Island", ""), "Flat 5, 8 Queen's Rd|Central|HONG KONG ISLAND"},
		{at("HK", "Flat 5, 8 Queen's Rd", "", "Kowloon", "999077"), "Flat 5, 8 Queen's Rd|Kowloon|KOWLOON"},
		{at("PA", "Calle 50", "Ciudad de Panamá", "", ""), "Calle 50|CIUDAD DE PANAMÁ"},
		{at("JP", "1-1 Chiyoda", "Chiyoda-ku", "Tokyo", "1000001"), "1-1 Chiyoda|Chiyoda-ku, Tokyo|100-0001"},
		{at("JP", "千代田1-1", "千代田区", "東京都", "〒１００－０００１"), "千代田1-1|千代田区, Tokyo|100-0001"},
		{at("BR", "Av. Paulista 1000", "São Paulo", "sao paulo", "01310100"), "Av. Paulista 1000|São Paulo-SP|01310-100"},
		{at("NL", "Damrak 1", "Amsterdam", "", "1012lg"), "Damrak 1|1012 LG Amsterdam"},
		{at("DE", "Hauptstraße 5", "Berlin", "", "D-10115"), "Hauptstraße 5|10115 Berlin"},
		{at("DE", "Hauptstraße 5", "Berlin", "Berlin", "10115"), "Hauptstraße 5|10115 Berlin"},
		{at("FR", "1 rue de Rivoli", "Paris", "", "75001"), "1 rue de Rivoli|75001 PARIS"},
		{at("IT", "Via Roma 1", "Milano", "Milano", "20121"), "Via Roma 1|20121 Milano MI"},
		{at("ES", "Gran Vía 1", "Madrid", "Madrid", "28013"), "Gran Vía 1|28013 MADRID M"},
		{at("PT", "Rua Augusta 1", "Lisboa", "", "1100048"), "Rua Augusta 1|1100-048 Lisboa"},
		{at("CH", "Bahnhofstrasse 1", "Zürich", "", "CH-8001"), "Bahnhofstrasse 1|CH-8001 Zürich"},
		{at("AT", "Ring 1", "Wien", "", "1010"), "Ring 1|1010 Wien"},
		{at("SE", "Storgatan 1", "Stockholm", "", "111 22"), "Storgatan 1|SE-111 22 STOCKHOLM"},
		{at("NO", "Karl Johans gate 1", "Oslo", "", "0154"), "Karl Johans gate 1|0154 Oslo"},
		{at("DK", "Strøget 1", "København", "", "1160"), "Strøget 1|1160 København"},
		{at("FI", "Aleksanterinkatu 1", "Helsinki", "", "00100"), "Aleksanterinkatu 1|FI-00100 HELSINKI"},
		{at("PL", "Nowy Świat 1", "Warszawa", "", "00496"), "Nowy Świat 1|00-496 Warszawa"},
		{at("GR", "Ermou 1", "Athina", "", "10563"), "Ermou 1|105 63 Athina"},
		{at("TR", "İstiklal Cd. 1", "Beyoğlu", "İstanbul", "34430"), "İstiklal Cd. 1|34430 Beyoğlu/İstanbul"},
		{at("IN", "1 MG Road", "Bengaluru", "Karnataka", "५६०००१"), "1 MG Road|Bengaluru 560001|Karnataka"},
		{at("AU", "1 George St", "Sydney", "New South Wales", "2000"), "1 George St|SYDNEY NSW 2000"},
		{at("NZ", "1 Queen St", "Auckland", "", "1010"), "1 Queen St|Auckland 1010"},
		{at("SG", "1 Raffles Place", "", "", "048616"), "1 Raffles Place|SINGAPORE 048616"},
		{at("KR", "1 Sejong-daero", "Jung-gu", "Seoul", "04524"), "1 Sejong-daero|Jung-gu|Seoul|04524"},
		{at("MX", "Av. Juárez 1", "Ciudad de México", "CDMX", "06050"), "Av. Juárez 1|06050 Ciudad de México, CDMX"},
		{at("KW", "Block 5, Street 1", "Salmiya", "", "20001"), "Block 5, Street 1|20001 Salmiya"},
		{at("ZA", "1 Long St", "Cape Town", "", "8001"), "1 Long St|Cape Town|8001"},
		{at("XK", "Rr. Agim Ramadani 1", "Prishtinë", "", "10000"), "Rr. Agim Ramadani 1|10000 Prishtinë"},
	} {
		a, wrong := postal.Check(c.typed)
		if len(wrong) > 0 {
			t.Errorf("%+v is refused: %v", c.typed, wrong)
			continue
		}
		if a.City == "" {
			t.Errorf("%s: carriers want a town", c.typed.Country)
		}
		label := postal.Label(a, "There")
		if !slices.Contains(label, "Ada Example") && !slices.Contains(label, "ADA EXAMPLE") || label[len(label)-1] != "THERE" {
			t.Errorf("%s: %q lacks the name or the country", c.typed.Country, label)
		}
		got := strings.Join(slices.DeleteFunc(label, func(line string) bool { return strings.EqualFold(line, "Ada Example") || line == "THERE" }), "|")
		if !strings.EqualFold(got, c.label) {
			t.Errorf("%s:\n got %s\nwant %s", c.typed.Country, got, c.label)
		}
		again, wrong := postal.Check(a)
		if diff := cmp.Diff(a, again); diff != "" || len(wrong) > 0 {
			t.Errorf("checked again it is another one: %v %s", wrong, diff)
		}
	}
}

func TestAddressesThatLeadNowhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed partnership.Address
		wrong string // the fields, in order
		says  string
	}{
		{at("US", "PO Box 7", "Nowhere", "ZZ", "00000"), "postal_code region", "There is no state of that name"},
		{at("US", "PO Box 7", "Nowhere", "TX", "00000"), "postal_code", "00000 does not belong to Texas"},
		{at("US", "1 Main St", "Austin", "IL", "78701"), "postal_code", "78701 does not belong to Illinois. Look at both."},
		{at("US", "1 Main St", "Austin", "", "78701"), "region", "Enter the state."},
		{at("US", "1 Main St", "Austin", "TX", ""), "postal_code", "Enter the ZIP code."},
		{at("US", "1 Main St", "Austin", "TX", "7870"), "postal_code", "not how the ZIP code is written there: 95014"},
		{at("JP", "1-1", "Chiyoda-ku", "Tokyo", "not a postcode"), "postal_code", "154-0023"},
		{at("JP", "1-1", "Chiyoda-ku", "Narnia", "100-0001"), "region", "There is no prefecture"},
		{at("GB", "1 High St", "London", "", "12345"), "postal_code", "EC1Y 8SY"},
		{at("GB", "1 High St", "London", "", "QX1 1AA"), "postal_code", "EC1Y 8SY"},
		{at("CA", "1 Main St", "Ottawa", "ON", "90210"), "postal_code", "H3Z 2Y7"},
		{at("CA", "1 Main St", "Ottawa", "BC", "K1A 0B1"), "postal_code", "does not belong to British Columbia"},
		{at("NL", "Damrak 1", "Amsterdam", "", "1012"), "postal_code", "1234 AB"},
		{at("DE", "Hauptstr. 1", "Berlin", "", "1011"), "postal_code", "26133"},
		{at("AE", "Villa 5", "Dubai", "", ""), "region", "Enter the emirate."},
		{at("IE", "1 Main St", "", "", ""), "city", "Enter the town or city."},
		{at("BR", "Av. 1", "São Paulo", "RJ", "01310-100"), "postal_code", "does not belong to Rio de Janeiro"},
		{at("DE", "-", ".", "", "10115"), "city line1", "This says nothing"},
		{at("DE", "", "", "", ""), "city line1 postal_code", "Enter the street and number."},
		{at("DE", "\u200b", "Berlin", "", "10115"), "line1", "Enter the street"},
	} {
		_, wrong := postal.Check(c.typed)
		fields := strings.Join(slices.Sorted(maps.Keys(wrong)), " ")
		said := strings.Join(slices.Collect(maps.Values(wrong)), " ")
		if fields != c.wrong || !strings.Contains(said, c.says) {
			t.Errorf("%+v: %v", c.typed, wrong)
		}
	}
}

// Every country's own example is one, and every country can be written to.
func TestTheTableIsWhole(t *testing.T) {
	t.Parallel()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			c := postal.Of(string([]rune{a, b}))
			one := partnership.Address{Name: "Ada", Line1: "1 Main St", City: "Town", Region: "Somewhere", PostalCode: c.Example, Country: c.Code}
			if len(c.Regions) > 0 {
				one.Region = c.Regions[0].Names[0]
			}
			_, wrong := postal.Check(one)
			delete(wrong, postal.Postcode) // another region's, where they are told apart
			if len(wrong) > 0 {
				t.Errorf("%s: %v", c.Code, wrong)
			}
			for _, field := range c.Fields() {
				if c.Name(field) == "" {
					t.Errorf("%s has no word for %s", c.Code, field)
				}
			}
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("US", "1 Main St", "Austin", "TX", "78701")
	f.Add("JP", "〒", "東京都", "Tokyo", "１００－０００１")
	f.Add("AE", "", "", "Dubai", "-")
	f.Fuzz(func(t *testing.T, country, street, city, region, postcode string) {
		a, wrong := postal.Check(at(country, street, city, region, postcode))
		if len(wrong) > 0 {
			return
		}
		if again, wrong := postal.Check(a); len(wrong) > 0 || again != a {
			t.Fatalf("%+v checked again is %+v, %v", a, again, wrong)
		}
		for _, line := range postal.Label(a, "x") {
			if strings.TrimSpace(line) == "" {
				t.Fatalf("an empty line on the label of %+v", a)
			}
		}
	})
}
