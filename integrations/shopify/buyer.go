package shopify

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
)

// buyerPayload is what the body of an order says of who bought: as much of it as the shop lets the app see.
type buyerPayload struct {
	Email         string         `json:"email"`
	ContactEmail  string         `json:"contact_email"`
	ReferringSite string         `json:"referring_site"`
	Shipping      *addressOfBody `json:"shipping_address"`
	Billing       *addressOfBody `json:"billing_address"`
	Customer      *struct {
		Email     string `json:"email"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
	} `json:"customer"`
}

type addressOfBody struct {
	Name        string `json:"name"`
	Address1    string `json:"address1"`
	Address2    string `json:"address2"`
	City        string `json:"city"`
	Province    string `json:"province_code"`
	Zip         string `json:"zip"`
	CountryCode string `json:"country_code"`
}

// withBuyer adds to a sale who bought and where they came from.
func withBuyer(sale partnership.Sale, body []byte) partnership.Sale {
	var w buyerPayload
	if json.Unmarshal(body, &w) != nil {
		return sale // an order whose buyer cannot be read is an order all the same
	}
	sale.Buyer.Email = cmp.Or(w.Email, w.ContactEmail)
	if c := w.Customer; c != nil {
		sale.Buyer.Email = cmp.Or(sale.Buyer.Email, c.Email)
		sale.Buyer.Name = strings.TrimSpace(c.FirstName + " " + c.LastName)
	}
	for _, a := range []*addressOfBody{w.Shipping, w.Billing} {
		if a == nil || a.Address1 == "" {
			continue
		}
		sale.Buyer.Name = cmp.Or(sale.Buyer.Name, a.Name)
		sale.Buyer.Address = partnership.Address{
			Name: a.Name, Line1: a.Address1, Line2: a.Address2, City: a.City, Region: a.Province, PostalCode: a.Zip, Country: a.CountryCode,
		}
		break
	}
	if u, err := url.Parse(w.ReferringSite); err == nil {
		sale.Referrer = u.Hostname()
	}
	return sale
}
