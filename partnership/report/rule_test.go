package report_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/report"
)

// RULES, money 12: ROAS is revenue by cost, ROI what is left of it by the cost, and both are labelled. A commission of 10 % alone caps ROI at
// 900 %.
func TestReturnOnWhatWasSpent(t *testing.T) {
	t.Parallel()
	usd := func(minor int64) money.Sums { return money.Sums{{Currency: "USD", Minor: minor}} }
	for _, c := range []struct {
		revenue, cost money.Sums
		words         string
	}{
		{usd(100_000), usd(10_000), "ROAS 10.00, ROI 900 %"},
		{usd(71_200), usd(10_000), "ROAS 7.12, ROI 612 %"},
		{usd(5_000), usd(10_000), "ROAS 0.50, ROI -50 %"},
		{usd(5_000), nil, "no cost, so no ROAS"},
		{nil, usd(5_000), "ROAS 0.00, ROI -100 %"},
	} {
		r, ok := report.ReturnOf(c.revenue, c.cost, "USD", nil)
		require.True(t, ok)
		require.Equal(t, c.words, r.Words())
	}
	_, ok := report.ReturnOf(usd(5_000), money.Sums{{Currency: "JPY", Minor: 5}}, "USD", nil)
	require.False(t, ok, "what a person gave no rate for is not compared")
}
