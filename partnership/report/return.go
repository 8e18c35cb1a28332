// Package report says what came of partnerships: what they brought, what they cost, and what to do next. It counts and divides;
// what there is to count is the store's.
package report

import (
	"fmt"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Return is what was brought and what it cost, in one currency (RULES, money 12).
type Return struct {
	Currency                string
	RevenueMinor, CostMinor int64
	Rates                   string // at which rates other currencies were brought to this one, "" where there was no other
}

// ReturnOf puts revenue and cost side by side. Where they are in one currency, whichever it is, they are as they are; else all is
// brought to home at the rates that a person gave. ok is false where a rate is missing: then they cannot be compared.
func ReturnOf(revenue, cost money.Sums, home string, rates money.Rates) (r Return, ok bool) {
	if all := revenue.Plus(cost...); len(all) == 1 && len(revenue) <= 1 && len(cost) <= 1 {
		home = all[0].Currency
	}
	r = Return{Currency: home, Rates: rates.Note(home, revenue, cost)}
	inRevenue, inCost := false, false
	r.RevenueMinor, inRevenue = revenue.In(home, rates)
	r.CostMinor, inCost = cost.In(home, rates)
	return r, inRevenue && inCost
}

// ROAS is attributed revenue by cost. Nothing costs nothing: ok is false then.
func (r Return) ROAS() (x float64, ok bool) {
	return float64(r.RevenueMinor) / float64(r.CostMinor), r.CostMinor > 0
}

// ROI is what is left of the revenue after the cost, by the cost.
func (r Return) ROI() (x float64, ok bool) {
	return float64(r.RevenueMinor-r.CostMinor) / float64(r.CostMinor), r.CostMinor > 0
}

// Words are both, labelled, with the rates they rest on: "ROAS 7.12, ROI 612 %".
func (r Return) Words() string {
	roas, ok := r.ROAS()
	if !ok {
		return "no cost, so no ROAS"
	}
	roi, _ := r.ROI()
	words := fmt.Sprintf("ROAS %.2f, ROI %.0f %%", roas, 100*roi)
	if r.Rates != "" {
		words += " (" + r.Rates + ")"
	}
	return words
}

// Apart is said where revenue and cost cannot be compared.
const Apart = "there is money in several currencies, and the campaign gives no rates for them"
