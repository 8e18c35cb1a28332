package shopify

import (
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// buyer is who checked out, besides the mail address.
type buyer struct {
	Name     string  `json:"name"`
	ShipTo   *shipTo `json:"ship_to"`
	Referrer string  `json:"referrer"`
}

// shipTo is where a parcel goes, as a storefront asks for it.
type shipTo struct {
	Address1    string `json:"address1"`
	Address2    string `json:"address2"`
	City        string `json:"city"`
	Province    string `json:"province_code"`
	Zip         string `json:"zip"`
	CountryCode string `json:"country_code"`
}

// customer stands in an order's body where the buyer left a mail address or a name.
func (o *order) customer() any {
	if o.Email == "" && o.Buyer.Name == "" {
		return nil
	}
	first, last, _ := strings.Cut(o.Buyer.Name, " ")
	return map[string]any{"email": sandbox.Nullable(o.Email), "first_name": sandbox.Nullable(first), "last_name": sandbox.Nullable(last)}
}

func (b buyer) address() any {
	if b.ShipTo == nil {
		return nil
	}
	return map[string]any{
		"name": b.Name, "address1": b.ShipTo.Address1, "address2": sandbox.Nullable(b.ShipTo.Address2), "city": b.ShipTo.City,
		"province_code": sandbox.Nullable(b.ShipTo.Province), "zip": sandbox.Nullable(b.ShipTo.Zip), "country_code": b.ShipTo.CountryCode,
	}
}
