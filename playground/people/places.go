package people

// place is where the shop of a campaign is and how people pay there.
type place struct {
	currency, country string
	taxBPS            int64 // in the prices; 0 where the custom is to say it at the checkout, or there is none
	shipping          int64
	times, by         int64 // a price in US cents times this, by that, is one here
}

// here is the country of a shop that nobody has put anywhere else.
const here = "US"

var places = map[string]place{
	"USD": {currency: "USD", country: here, shipping: 495, times: 1, by: 1},
	"EUR": {currency: "EUR", country: "DE", taxBPS: 1_900, shipping: 490, times: 1, by: 1},
	"GBP": {currency: "GBP", country: "GB", taxBPS: 2_000, shipping: 395, times: 1, by: 1},
	"JPY": {currency: "JPY", country: "JP", taxBPS: 1_000, shipping: 600, times: 3, by: 2},
	"KWD": {currency: "KWD", country: "KW", shipping: 1_500, times: 3, by: 1},
}

// placeOf is the place of a currency; what is not known is paid in as at home.
func placeOf(currency string) place {
	if p, ok := places[currency]; ok {
		return p
	}
	p := places["USD"]
	if currency != "" {
		p.currency = currency
	}
	return p
}

func (p place) price(cents int) int64 { return int64(cents) * p.times / p.by }
