package report

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Facts are what is known of a campaign when it is reported on.
type Facts struct {
	Currency     string
	Rates        money.Rates
	Arms         []partnership.Arm
	Partnerships []Partnership
	Shop         money.Sums // all that the shop sold while the campaign ran, whoever brought it
}

// Partnership is what one creator did, brought and cost.
type Partnership struct {
	Creator string // handle
	Tier    partnership.Tier
	Niche   string
	Posts   []string // the deliverables that are live
	Clicks  int
	Sales   []Sales
	Costs   map[string]partnership.Costs // by the deliverable that they were for, "" for none of them
}

// Sales are a deliverable's orders in one currency, of deliverable "" where none is known to have brought them.
type Sales struct {
	Deliverable   string
	Orders        int
	Inferred      int          // of them by code, so that the deliverable is that of the latest post before the order
	New, NewKnown int          // orders of new customers, out of those of which the shop said whether they are
	Revenue       money.Amount // net of what came back
	Squares       float64      // the sum of the squares of the orders' amounts, in minor units
}

// cost is all that a partnership cost.
func (p Partnership) cost() (all partnership.Costs) {
	for _, c := range p.Costs {
		all = all.Plus(c)
	}
	return all
}

// idle says that there is nothing to report: nobody clicked, nothing was posted, sold or spent.
func (p Partnership) idle() bool {
	return p.Clicks == 0 && len(p.Posts) == 0 && len(p.Sales) == 0 && len(p.cost().All()) == 0
}

// Of is what one partnership came to, by itself.
func Of(r partnership.Results) Line {
	l := Line{By: ByCreator, Partnerships: 1, Clicks: r.Clicks, Orders: r.Orders, Revenue: r.Revenue, Costs: r.Costs, squares: r.Squares}
	l.Figures = Facts{Currency: r.Currency, Rates: r.Rates}.figures(l, r.Typical)
	return l
}
