package report_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/report"
)

func sum(currency string, minor int64) money.Sums {
	return money.SumOf(money.Amount{Currency: currency, Minor: minor})
}

// spent are costs that were for no deliverable alone.
func spent(c partnership.Costs) map[string]partnership.Costs {
	return map[string]partnership.Costs{"": c}
}

func orders(post string, amounts ...int64) report.Sales {
	s := report.Sales{Deliverable: post, Orders: len(amounts), Revenue: money.Amount{Currency: "USD"}}
	for _, a := range amounts {
		s.Revenue.Minor, s.Squares = s.Revenue.Minor+a, s.Squares+float64(a)*float64(a)
	}
	return s
}

// ada sells well, bo not at all: a campaign that a person can do again by hand.
func example() report.Facts {
	return report.Facts{
		Currency: "USD", Arms: []partnership.Arm{{Niche: "home", Share: 100}}, Shop: sum("USD", 2_000_00),
		Partnerships: []report.Partnership{
			{
				Creator: "ada", Tier: partnership.Nano, Niche: "home", Posts: []string{"reel-1", "reel-2"}, Clicks: 40,
				Sales: []report.Sales{orders("reel-1", 300_00, 100_00), orders("reel-2", 100_00), {Orders: 0, Revenue: money.Amount{Currency: "USD"}, New: 0}},
				Costs: map[string]partnership.Costs{
					"reel-1": {Fees: sum("USD", 50_00), Commission: sum("USD", 40_00)}, "reel-2": {Fees: sum("USD", 50_00), Commission: sum("USD", 10_00)},
					"": {Product: sum("USD", 36_00), Shipping: sum("USD", 14_01)},
				},
			},
			{Creator: "bo", Tier: partnership.Micro, Niche: "garden", Clicks: 3, Costs: spent(partnership.Costs{Product: sum("USD", 36_00), Shipping: sum("USD", 14_00)})},
			{Creator: "cy", Tier: partnership.Nano, Niche: "garden"}, // declined,
		},
	}
}

func TestAReportByHand(t *testing.T) {
	f := example()
	f.Partnerships[0].Sales[0].New, f.Partnerships[0].Sales[0].NewKnown = 1, 2
	byName := map[string]report.Line{}
	for _, l := range f.Lines() {
		byName[string(l.By)+" "+l.Name] = l
	}
	for name, want := range map[string]struct {
		revenue, cost int64
		roas, roi     float64
		cac, post     float64
		share         float64
	}{
		"campaign in all":  {500_00, 250_01, 2.0, 1.0, 250_01, 125_00.5, 0.25},
		"creator @ada":     {500_00, 200_01, 2.5, 1.5, 200_01, 100_00.5, 0.25},
		"creator @bo":      {0, 50_00, 0, -1, 0, 0, 0},
		"post @ada reel-1": {400_00, 115_01, 3.478, 2.478, 115_01, 115_01, 0.2}, // 50 fee, 40 of the commission, 18 and 7.01
		"post @ada reel-2": {100_00, 85_00, 1.176, 0.176, 0, 85_00, 0.05},
		"tier nano":        {500_00, 200_01, 2.5, 1.5, 200_01, 100_00.5, 0.25},
		"niche garden":     {0, 50_00, 0, -1, 0, 0, 0},
		"arm home":         {500_00, 200_01, 2.5, 1.5, 200_01, 100_00.5, 0.25},
	} {
		l, there := byName[name]
		if !there {
			t.Errorf("no line %q", name)
			continue
		}
		got := l.Figures
		roas, _ := got.ROAS()
		roi, _ := got.ROI()
		for what, pair := range map[string][2]float64{
			"revenue": {float64(got.RevenueMinor), float64(want.revenue)}, "cost": {float64(got.CostMinor), float64(want.cost)}, "ROAS": {roas, want.roas}, "ROI": {roi, want.roi},
			"CAC": {got.CAC, want.cac}, "cost per post": {got.PostCost, want.post}, "share of the shop": {got.ShopShare, want.share},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-3 {
				t.Errorf("%s: %s is %g, want %g", name, what, pair[0], pair[1])
			}
		}
	}
	for _, none := range []string{"arm garden", "creator @cy"} {
		if _, there := byName[none]; there {
			t.Errorf("there is a line %q: a niche that is no arm, or somebody who did nothing", none)
		}
	}
	if in := byName["campaign in all"].CACWithin; math.Abs(in.Low-250_01/3.9333) > 10 || math.Abs(in.High-250_01*3.9333) > 10 { // exp(1.6449 x sqrt(ln 2)) is 3.9333
		t.Errorf("CAC lies between %g and %g", in.Low, in.High)
	}
}

// Whatever there is, it is told once in each view: creators, posts with a post or a sale, tiers and niches sum to the campaign.
func TestEveryViewSumsToTheCampaign(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := report.Facts{Currency: "USD"}
		amount := func(name string) money.Sums {
			return money.SumOf(money.Amount{Currency: rapid.SampledFrom([]string{"USD", "JPY"}).Draw(rt, name), Minor: rapid.Int64Range(0, 9999).Draw(rt, name)})
		}
		for i := range rapid.IntRange(1, 6).Draw(rt, "creators") {
			p := report.Partnership{
				Creator: string(rune('a' + i)), Tier: rapid.SampledFrom([]partnership.Tier{partnership.Nano, partnership.Micro}).Draw(rt, "tier"),
				Niche: rapid.SampledFrom([]string{"home", "garden"}).Draw(rt, "niche"), Posts: []string{"reel-1", "reel-2"}[:rapid.IntRange(1, 2).Draw(rt, "posts")],
				Costs: map[string]partnership.Costs{
					"reel-1": {Fees: amount("fee"), Commission: amount("commission")}, "gone": {Fees: amount("fee")},
					"": {Fees: amount("fee"), Commission: amount("commission"), Product: amount("product"), Shipping: amount("shipping")},
				},
			}
			for range rapid.IntRange(0, 4).Draw(rt, "sales") {
				p.Sales = append(p.Sales, report.Sales{
					Deliverable: rapid.SampledFrom([]string{"", "reel-1", "reel-2"}).Draw(rt, "post"), Orders: rapid.IntRange(1, 9).Draw(rt, "orders"),
					Revenue: money.Amount{Currency: rapid.SampledFrom([]string{"USD", "JPY"}).Draw(rt, "currency"), Minor: rapid.Int64Range(0, 99999).Draw(rt, "revenue")},
				})
			}
			f.Partnerships = append(f.Partnerships, p)
		}
		views := map[report.By]report.Line{}
		for _, l := range f.Lines() {
			v := views[l.By]
			v.Orders, v.Revenue, v.Costs = v.Orders+l.Orders, v.Revenue.Plus(l.Revenue...), v.Costs.Plus(l.Costs)
			views[l.By] = v
		}
		all := views[report.ByCampaign]
		for _, by := range []report.By{report.ByCreator, report.ByPost, report.ByTier, report.ByNiche} {
			v := views[by]
			if v.Orders != all.Orders || len(v.Revenue.Minus(all.Revenue)) != 0 || len(v.Costs.All().Minus(all.Costs.All())) != 0 {
				rt.Fatalf("by %s: %d orders, %v, %v; the campaign: %d, %v, %v", by, v.Orders, v.Revenue, v.Costs.All(), all.Orders, all.Revenue, all.Costs.All())
			}
		}
	})
}

// Nine in ten intervals hold what was to be expected, where orders come by chance and differ in size.
func TestTheIntervalHoldsNineInTen(t *testing.T) {
	d := rand.New(rand.NewPCG(7, 7))
	for _, expected := range []float64{8, 20, 60} {
		held, rounds := 0, 4_000
		const mean = 40_00 * 1.1331 // of a log-normal with a median of 40 and a deviation of 0.5
		for range rounds {
			var amounts []int64
			for p := d.ExpFloat64(); p < expected; p += d.ExpFloat64() {
				amounts = append(amounts, int64(40_00*math.Exp(0.5*d.NormFloat64())))
			}
			f := report.Facts{Currency: "USD", Partnerships: []report.Partnership{{
				Creator: "a", Posts: []string{"reel-1"}, Sales: []report.Sales{orders("reel-1", amounts...)}, Costs: spent(partnership.Costs{Fees: sum("USD", 100_00)}),
			}}}
			in := f.Lines()[0].ROASWithin
			if truth := expected * mean / 100_00; in.Low <= truth && truth <= in.High {
				held++
			}
		}
		if share := float64(held) / float64(rounds); share < 0.86 || share > 0.95 {
			t.Errorf("at %g orders expected, %.1f %% of the intervals hold it", expected, 100*share)
		}
	}
}

// Nine in ten hold it too where creators differ by more than chance does: they are drawn with the group, and what each sells is its own.
func TestAGroupsIntervalHoldsNineInTen(t *testing.T) {
	d := rand.New(rand.NewPCG(11, 11))
	for _, creators := range []int{4, 8, 25} {
		held, rounds := 0, 2_000
		for range rounds {
			f := report.Facts{Currency: "USD"}
			for i := range creators {
				sells := 10 * math.Exp(0.8*d.NormFloat64()-0.32) // 10 on average
				var amounts []int64
				for p := d.ExpFloat64(); p < sells; p += d.ExpFloat64() {
					amounts = append(amounts, 40_00)
				}
				f.Partnerships = append(f.Partnerships, report.Partnership{
					Creator: string(rune('a' + i)), Niche: "home", Posts: []string{"reel-1"}, Sales: []report.Sales{orders("reel-1", amounts...)}, Costs: spent(partnership.Costs{Fees: sum("USD", 100_00)}),
				})
			}
			if in := f.Lines()[0].ROASWithin; in.Low <= 4 && 4 <= in.High {
				held++
			}
		}
		if share := float64(held) / float64(rounds); share < 0.84 || share > 0.96 {
			t.Errorf("of %d creators, %.1f %% of the intervals hold what was to be expected", creators, 100*share)
		}
	}
}

func TestAdvice(t *testing.T) {
	many := func(n int, amount int64) (all []int64) {
		for range n {
			all = append(all, amount)
		}
		return all
	}
	for name, c := range map[string]struct {
		sold  []int64
		cost  money.Sums
		rates money.Rates
		want  report.Advice
		why   string
	}{
		"sells well, often":        {many(50, 40_00), sum("USD", 500_00), nil, report.Scale, "even at the low end"},
		"sells well, once":         {many(1, 1_800_00), sum("USD", 500_00), nil, report.Hold, "with 1 order it may be luck"},
		"pays for itself":          {many(50, 15_00), sum("USD", 500_00), nil, report.Hold, "try another"},
		"below cost, but who says": {many(3, 100_00), sum("USD", 500_00), nil, report.Hold, "3 orders say too little"},
		"does not pay":             {many(50, 4_00), sum("USD", 500_00), nil, report.Stop, "even at the high end"},
		"costs nothing":            {many(5, 4_00), nil, nil, report.Hold, "nothing was spent"},
		"two currencies":           {many(50, 40_00), sum("JPY", 5_000), nil, report.Hold, "several currencies"},
		"two, at a rate":           {many(50, 40_00), sum("JPY", 50_000), money.Rates{"JPY": {Worth: 6_640_000, AsOf: "2026-11-01"}}, report.Scale, "even at the low end"},
		"nobody sold anything":     {nil, sum("USD", 500_00), nil, report.Hold, "nothing was sold yet"},
	} {
		f := report.Facts{Currency: "USD", Rates: c.rates, Partnerships: []report.Partnership{
			{Creator: "a", Posts: []string{"reel-1"}, Sales: []report.Sales{orders("reel-1", c.sold...)}, Costs: spent(partnership.Costs{Fees: c.cost})},
		}}
		l := f.Lines()[0]
		got, why := l.Advise()
		if got != c.want || !strings.Contains(why, c.why) {
			t.Errorf("%s: %s, %s", name, got, why)
		}
	}
	// Somebody who sold nothing while others sold: fewer than three orders were to be expected.
	f := example()
	for _, l := range f.Lines() {
		if l.Name == "@bo" {
			if got, why := l.Advise(); got != report.Hold || !strings.Contains(why, "0 orders say too little") || math.Abs(l.ROASWithin.High-10) > 0.01 {
				t.Errorf("%s, %s", got, why)
			}
		}
	}
}
