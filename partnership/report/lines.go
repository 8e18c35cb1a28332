package report

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// By is what a line of a report is about.
type By string

// What lines are about.
const (
	ByCampaign By = "campaign"
	ByCreator  By = "creator"
	ByPost     By = "post"
	ByTier     By = "tier"
	ByNiche    By = "niche"
	ByArm      By = "arm"
)

// Views are all of them, in the order of a report.
var Views = []By{ByCampaign, ByArm, ByNiche, ByTier, ByCreator, ByPost}

// Line is what came of a group of partnerships, or of one post.
type Line struct {
	By   By
	Name string

	Partnerships, Posts, Clicks, Orders, Inferred, New, NewKnown int
	Revenue                                                      money.Sums
	Costs                                                        partnership.Costs
	Figures

	squares map[string]float64
	members []member
}

// member is what one partnership of a group brought and what was spent on it whatever it brings.
type member struct{ revenue, fixed money.Sums }

// add counts sales.
func (l *Line) add(s Sales) {
	l.Orders, l.Inferred, l.New, l.NewKnown = l.Orders+s.Orders, l.Inferred+s.Inferred, l.New+s.New, l.NewKnown+s.NewKnown
	l.Revenue = l.Revenue.Plus(s.Revenue)
	if l.squares == nil {
		l.squares = map[string]float64{}
	}
	l.squares[s.Revenue.Currency] += s.Squares
}

// join counts a whole partnership.
func (l *Line) join(p Partnership) {
	l.Partnerships, l.Posts, l.Clicks = l.Partnerships+1, l.Posts+len(p.Posts), l.Clicks+p.Clicks
	var one member
	for _, s := range p.Sales {
		l.add(s)
		one.revenue = one.revenue.Plus(s.Revenue)
	}
	cost := p.cost()
	l.Costs = l.Costs.Plus(cost)
	one.fixed = cost.All().Minus(cost.Commission)
	l.members = append(l.members, one)
}

// group is lines of one kind, each in the order in which it first occurs.
type group struct {
	by    By
	lines []Line
	at    map[string]int
}

// named is the line of a name; it holds until the next one is asked for.
func (g *group) named(name string) *Line {
	i, there := g.at[name]
	if !there {
		if g.at == nil {
			g.at = map[string]int{}
		}
		i = len(g.lines)
		g.lines, g.at[name] = append(g.lines, Line{By: g.by, Name: name}), i
	}
	return &g.lines[i]
}

// Lines are the campaign in all, then its arms, niches, tiers, creators and posts. Who was invited and did nothing is in none.
func (f Facts) Lines() []Line {
	groups := map[By]*group{}
	for _, by := range Views {
		groups[by] = &group{by: by}
	}
	groups[ByCampaign].named("in all")
	for _, p := range f.Partnerships {
		if p.idle() {
			continue
		}
		names := map[By]string{ByCampaign: "in all", ByCreator: "@" + p.Creator, ByTier: string(p.Tier), ByNiche: p.Niche, ByArm: f.armOf(p.Niche)}
		for by, name := range names {
			if name != "" {
				groups[by].named(name).join(p)
			}
		}
		p.posts(groups[ByPost])
	}
	typical := f.typical(groups[ByCampaign].lines[0])
	var all []Line
	for _, by := range Views {
		for _, l := range groups[by].lines {
			l.Figures = f.figures(l, typical)
			all = append(all, l)
		}
	}
	return all
}

// armOf is the arm that a niche is tested in, "" where it is in none.
func (f Facts) armOf(niche string) string {
	for _, a := range f.Arms {
		if a.Niche == niche {
			return a.Niche
		}
	}
	return ""
}

// posts are a partnership's posts, and what none of them is known to have brought or cost. What was spent on all of them, the product, its
// parcel and fees that name no deliverable, is split evenly over those that are live.
func (p Partnership) posts(into *group) {
	named := func(deliverable string) *Line {
		if deliverable == "" {
			return into.named("@" + p.Creator + ", no post known")
		}
		return into.named("@" + p.Creator + " " + deliverable)
	}
	for _, deliverable := range p.Posts {
		named(deliverable).Posts = 1
	}
	for _, s := range p.Sales {
		named(s.Deliverable).add(s)
	}
	for deliverable, costs := range p.Costs {
		if deliverable == "" && len(p.Posts) > 0 {
			costs = p.shared(costs, named)
		}
		if len(costs.All()) > 0 || deliverable != "" {
			l := named(deliverable)
			l.Costs = l.Costs.Plus(costs)
		}
	}
}

// shared splits costs over the live posts and returns what is left: the commission of sales that no post is known to have brought.
func (p Partnership) shared(costs partnership.Costs, named func(string) *Line) (left partnership.Costs) {
	evenly := make([]int64, len(p.Posts))
	for i := range evenly {
		evenly[i] = 1
	}
	for kind, sums := range map[partnership.CostKind]money.Sums{partnership.FeeCost: costs.Fees, partnership.ProductCost: costs.Product, partnership.ShippingCost: costs.Shipping} {
		for _, a := range sums {
			for i, part := range money.Allocate(a.Minor, evenly) {
				named(p.Posts[i]).Costs.Add(kind, money.Amount{Currency: a.Currency, Minor: part})
			}
		}
	}
	return partnership.Costs{Commission: costs.Commission}
}
