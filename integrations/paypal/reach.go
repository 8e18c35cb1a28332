package paypal

import (
	"context"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/locale"
)

// currencies are those in which PayPal holds balances (developer.paypal.com/api/rest/reference/currency-codes).
var currencies = strings.Fields("AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD")

// inCountry are those that only accounts of their own country receive.
var inCountry = map[string]string{"BRL": "BR", "MYR": "MY", "CNY": "CN"}

// nobody are the countries where PayPal pays nobody out: sanctioned ones, those without PayPal, and those whose accounts only send.
var nobody = strings.Fields("AF BY CU IR KP SY MM SD SS YE LY IQ LB PK BD TR UZ TM TJ VE HT LR GH CM CI CF TG GN GQ SO ER GW CG CD")

// Serves says in words why PayPal cannot pay somebody of a country in a currency, "" when it can. No country is any.
func Serves(country, currency string) string {
	switch {
	case !slices.Contains(currencies, currency):
		return "PayPal does not pay in " + currency
	case country == "":
		return ""
	case slices.Contains(nobody, country):
		return "PayPal pays nobody in " + country
	case inCountry[currency] != "" && inCountry[currency] != country:
		return "PayPal pays " + currency + " only within " + inCountry[currency]
	}
	return ""
}

// Serves says in words why PayPal cannot pay somebody, "" when it can.
func (c *Client) Serves(_ context.Context, country, currency string) (string, error) {
	return Serves(country, currency), nil
}

var (
	phone    = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	paypalID = regexp.MustCompile(`^[2-9A-HJ-NP-Z]{13}$`)
)

// validReceiver says whether PayPal could know somebody by that.
func validReceiver(r partnership.Receiver) bool {
	if r.ID == "" || len(r.ID) > 127 {
		return false
	}
	switch r.Kind {
	case "EMAIL":
		a, err := mail.ParseAddress(r.ID)
		return err == nil && a.Address == r.ID
	case "PHONE":
		return phone.MatchString(r.ID)
	case "PAYPAL_ID":
		return paypalID.MatchString(r.ID)
	}
	return false
}

// ReadReceiver reads what a creator typed: a mail address, a phone number with its country, or a PayPal id.
func ReadReceiver(text string) (partnership.Receiver, error) {
	text = strings.TrimSpace(text)
	r := partnership.Receiver{ID: text, Kind: "EMAIL"}
	switch digits := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "").Replace(text); {
	case strings.Contains(text, "@"):
	case strings.HasPrefix(digits, "+"):
		r.Kind, r.ID = "PHONE", digits
	default:
		r.Kind, r.ID = "PAYPAL_ID", strings.ToUpper(text)
	}
	if !validReceiver(r) {
		return partnership.Receiver{}, partnership.FieldErrorf("receiver", "%s", locale.Words("that is no address, phone number (with its + and country) or PayPal id of 13 letters and digits"))
	}
	return r, nil
}

// ReadReceiver is how a creator's words are read.
func (c *Client) ReadReceiver(text string) (partnership.Receiver, error) { return ReadReceiver(text) }
