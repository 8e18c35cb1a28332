package report

import (
	"math"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Interval is where a number may well lie: nine in ten times, were the same done again.
type Interval struct{ Low, High float64 }

// z90 is how many deviations on either side hold nine in ten.
const z90 = 1.6449

// ruleOfThree: where nothing was seen, fewer than three were to be expected, with 95 % certainty.
const ruleOfThree = 3

// Figures are a line's numbers in one currency. What was spent is known, so that a post's cost and what was sold have no interval.
type Figures struct {
	Return
	Comparable bool     // all amounts are in one currency, or there is a rate for the others; else only the sums by currency are told
	ROASWithin Interval // both zero where there is nothing to go by
	CAC        float64  // minor units; 0 where no new customer is known
	CACWithin  Interval
	PostCost   float64 // minor units; 0 without a post
	ShopShare  float64 // of what the shop sold, 0..1; 0 where that is not known
}

// figures are what a line comes to. typical is what an order of its campaign brings, in minor units, 0 where none was placed.
func (f Facts) figures(l Line, typical float64) Figures {
	cost := l.Costs.All()
	of, ok := ReturnOf(l.Revenue, cost, f.Currency, f.Rates)
	out := Figures{Return: of, Comparable: ok}
	if !ok {
		return out
	}
	if l.New > 0 {
		out.CAC = float64(of.CostMinor) / float64(l.New)
		spread := math.Exp(z90 * math.Sqrt(math.Log1p(1/float64(l.New)))) // new customers come by chance
		out.CACWithin = Interval{out.CAC / spread, out.CAC * spread}
	}
	if l.Posts > 0 {
		out.PostCost = float64(of.CostMinor) / float64(l.Posts)
	}
	if shop, known := f.Shop.In(of.Currency, f.Rates); known && shop > 0 {
		out.ShopShare = float64(of.RevenueMinor) / float64(shop)
	}
	out.ROASWithin = f.within(l, of, typical)
	return out
}

// within is the interval of a line's ROAS. Orders come by chance and differ in size, so the variance of their sum is the sum of their
// squares (compound Poisson); where creators differ by more than that, a group's is by how far they lie from one another. Around the sum
// the interval is log-normal, so that nothing is below zero. What was spent is known; the commission goes with the sales.
func (f Facts) within(l Line, of Return, typical float64) Interval {
	if of.CostMinor <= 0 {
		return Interval{}
	}
	commission, _ := l.Costs.Commission.In(of.Currency, f.Rates)
	revenue := float64(of.RevenueMinor)
	if l.Orders == 0 || revenue <= 0 {
		return Interval{High: ruleOfThree * typical / float64(of.CostMinor)}
	}
	rate := float64(commission) / revenue
	fixed := float64(of.CostMinor - commission)
	roas := func(sold float64) float64 { return sold / (fixed + rate*sold) }
	deviations := z90 * math.Sqrt(math.Log1p(f.squares(l, of.Currency)/(revenue*revenue)))
	if variance, n := f.between(l, of, fixed); n > 1 {
		deviations = max(deviations, t90(n-1)*math.Sqrt(math.Log1p(variance)))
	}
	return Interval{roas(revenue * math.Exp(-deviations)), roas(revenue * math.Exp(deviations))}
}

// between is the variance of what n partnerships brought for what was spent on them, relative to it.
func (f Facts) between(l Line, of Return, fixed float64) (variance float64, n int) {
	for _, m := range l.members {
		revenue, _ := m.revenue.In(of.Currency, f.Rates)
		spent, _ := m.fixed.In(of.Currency, f.Rates)
		if revenue == 0 && spent == 0 {
			continue
		}
		n++
		off := float64(revenue) / float64(of.RevenueMinor)
		if fixed > 0 {
			off -= float64(spent) / fixed
		}
		variance += off * off
	}
	if n < 2 || fixed <= 0 {
		return 0, 0
	}
	return variance * float64(n) / float64(n-1), n
}

// t90 is z90 where the variance itself is known from few (Student's t, by its expansion).
func t90(freedom int) float64 {
	const z, v3, v5 = z90, z90 * z90 * z90, z90 * z90 * z90 * z90 * z90
	v := float64(freedom)
	return z + (v3+z)/(4*v) + (5*v5+16*v3+3*z)/(96*v*v)
}

// squares are a line's, in one currency.
func (f Facts) squares(l Line, currency string) (sum float64) {
	for code, n := range l.squares {
		x := 1.0
		if code != currency {
			x = float64(f.Rates[code].Worth) / 1e9 * math.Pow10(money.Exponent(currency)-money.Exponent(code))
		}
		sum += n * x * x
	}
	return sum
}

// typical is what an order of the campaign brings on average, 0 where none was placed.
func (f Facts) typical(campaign Line) float64 {
	revenue, ok := campaign.Revenue.In(f.Currency, f.Rates)
	if !ok || campaign.Orders == 0 {
		return 0
	}
	return float64(revenue) / float64(campaign.Orders)
}
