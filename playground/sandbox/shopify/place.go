package shopify

// place is where the shop is: what it counts in, and how its prices hold tax. A shop has one currency from its first order on.
type place struct {
	Currency      string `json:"currency"`
	Country       string `json:"country"`
	TaxBPS        int64  `json:"tax_bps"`        // 0: a checkout says its tax itself
	TaxesIncluded bool   `json:"taxes_included"` // prices hold it, as buyers in Japan and Europe know them
}

var home = place{Currency: "USD", Country: "US"}

// taxOn is the tax that is in an amount, or comes on top of it.
func (p place) taxOn(minor int64) int64 {
	whole := int64(10_000)
	if p.TaxesIncluded {
		whole += p.TaxBPS
	}
	return percentOf(minor, float64(p.TaxBPS)/float64(whole))
}
