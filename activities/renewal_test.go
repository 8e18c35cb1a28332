package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// What is suggested rests on one currency, or on a rate that a person gave, or is not said; and on enough orders, as in the campaign's report.
func TestASuggestionAddsNoCurrencies(t *testing.T) {
	yen := func(n int64) money.Sums { return money.SumOf(money.Amount{Currency: "JPY", Minor: n}) }
	dollars := func(n int64) money.Sums { return money.SumOf(money.Amount{Currency: "USD", Minor: n}) }
	rates := money.Rates{"USD": {Worth: 150_000_000_000, AsOf: "2026-11-01"}}
	// each of n orders brought the same
	sold := func(n int, each int64, currency string) partnership.Results {
		return partnership.Results{Orders: n, Revenue: money.SumOf(money.Amount{Currency: currency, Minor: int64(n) * each}), Squares: map[string]float64{currency: float64(n) * float64(each) * float64(each)}}
	}
	spent := func(r partnership.Results, c partnership.Costs) partnership.Results {
		r.Costs = c
		return r
	}
	at := func(r partnership.Results) partnership.Results {
		r.Rates = rates
		return r
	}
	for name, c := range map[string]struct {
		r    partnership.Results
		want string
	}{
		"nothing spent":      {sold(1, 100, "JPY"), "Suggestion: hold. It cost ¥0; nothing was spent."},
		"yen alone":          {spent(sold(100, 500, "JPY"), partnership.Costs{Fees: yen(20_000)}), "Suggestion: scale. It cost ¥20,000; ROAS 2.50, 2.12 to 2.95: it pays for itself even at the low end."},
		"one order":          {spent(sold(1, 50_000, "JPY"), partnership.Costs{Fees: yen(20_000)}), "Suggestion: hold. It cost ¥20,000; ROAS 2.50, 0.64 to 9.83: good, but with 1 order it may be luck."},
		"dollars alone":      {spent(sold(90, 1_00, "USD"), partnership.Costs{Shipping: dollars(60_00)}), "Suggestion: hold. It cost $60.00; ROAS 1.50, 1.26 to 1.78: it pays for itself; try another product or message before more budget."},
		"a label in dollars": {spent(sold(100, 500, "JPY"), partnership.Costs{Fees: yen(20_000), Shipping: dollars(7_70)}), "Suggestion: hold. It cost ¥20,000 and $7.70; there is money in several currencies, and the campaign gives no rates for them."},
		"at a rate":          {at(spent(sold(100, 100, "JPY"), partnership.Costs{Fees: yen(20_000), Shipping: dollars(7_70)})), "Suggestion: stop. It cost ¥20,000 and $7.70; ROAS 0.47, 0.40 to 0.56: it does not pay for itself even at the high end (at JPY 150 for 1 USD of 2026-11-01)."},
		"nothing sold":       {partnership.Results{Typical: 4_000, Costs: partnership.Costs{Fees: yen(20_000)}}, "Suggestion: stop. It cost ¥20,000; ROAS 0.00, 0.00 to 0.60: it does not pay for itself even at the high end."},
	} {
		c.r.Currency = "JPY"
		require.Equal(t, c.want, renewal(c.r), name)
	}
}
