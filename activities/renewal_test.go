package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// What is suggested rests on one currency, or on a rate that a person gave, or is not said.
func TestASuggestionAddsNoCurrencies(t *testing.T) {
	yen := func(n int64) money.Sums { return money.SumOf(money.Amount{Currency: "JPY", Minor: n}) }
	dollars := func(n int64) money.Sums { return money.SumOf(money.Amount{Currency: "USD", Minor: n}) }
	rates := money.Rates{"USD": {Worth: 150_000_000_000, AsOf: "2026-11-01"}}
	for name, c := range map[string]struct {
		r    partnership.Results
		want string
	}{
		"nothing spent":      {partnership.Results{Revenue: yen(100)}, "Nothing was spent: no suggestion."},
		"yen alone":          {partnership.Results{Revenue: yen(50_000), Costs: partnership.Costs{Fees: yen(20_000)}}, "Suggestion: scale (ROAS 2.5)."},
		"dollars alone":      {partnership.Results{Revenue: dollars(90_00), Costs: partnership.Costs{Shipping: dollars(60_00)}}, "Suggestion: hold and try another product or message (ROAS 1.5)."},
		"a label in dollars": {partnership.Results{Revenue: yen(50_000), Costs: partnership.Costs{Fees: yen(20_000), Shipping: dollars(7_70)}}, "No suggestion: it cost ¥20,000 and $7.70, and there is money in several currencies, and the campaign gives no rates for them."},
		"at a rate":          {partnership.Results{Rates: rates, Revenue: yen(20_000), Costs: partnership.Costs{Fees: yen(20_000), Shipping: dollars(7_70)}}, "Suggestion: stop, or go on with gifts only (ROAS 0.9, at JPY 150 for 1 USD of 2026-11-01)."},
	} {
		c.r.Currency = "JPY"
		require.Equal(t, c.want, renewal(c.r), name)
	}
}
