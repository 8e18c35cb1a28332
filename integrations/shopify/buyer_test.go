package shopify

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
)

// Who bought is read as far as the body tells: apps without access to buyers get nulls, a counter sale has no address.
func TestWhoBoughtIsReadFromAnOrdersBody(t *testing.T) {
	t.Parallel()
	home := partnership.Address{Name: "Ada Lovelace", Line1: "12 Main St", Line2: "Apt 4", City: "Springfield", Region: "IL", PostalCode: "62704", Country: "US"}
	const shipping = `{"name":"Ada Lovelace","address1":"12 Main St","address2":"Apt 4","city":"Springfield","province_code":"IL","zip":"62704","country_code":"US"}`
	for name, c := range map[string]struct {
		body string
		want partnership.Sale
	}{
		"all of it": {
			`{"email":"ada@mail.example","customer":{"email":"old@mail.example","first_name":"Ada","last_name":"King"},"shipping_address":` + shipping + `,"referring_site":"https://www.wethrift.com/acme?x=1"}`,
			partnership.Sale{Buyer: partnership.Buyer{Email: "ada@mail.example", Name: "Ada King", Address: home}, Referrer: "www.wethrift.com"},
		},
		"nothing, as an app without access sees it": {`{"email":"","contact_email":null,"customer":null,"shipping_address":null,"billing_address":null,"referring_site":null}`, partnership.Sale{}},
		"the billing address where nothing is sent": {`{"contact_email":"ada@mail.example","billing_address":` + shipping + `}`, partnership.Sale{Buyer: partnership.Buyer{Email: "ada@mail.example", Name: "Ada Lovelace", Address: home}}},
		"a customer alone":                          {`{"customer":{"email":"ada@mail.example","first_name":null,"last_name":"Lovelace"}}`, partnership.Sale{Buyer: partnership.Buyer{Email: "ada@mail.example", Name: "Lovelace"}}},
		"what cannot be read":                       {`{"email":7}`, partnership.Sale{}},
	} {
		if diff := cmp.Diff(c.want, withBuyer(partnership.Sale{}, []byte(c.body))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
