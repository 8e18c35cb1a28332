package store_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/report"
	"github.com/rapport-dev/rapport/store"
)

// lineOf is a line of a report.
func lineOf(t *testing.T, r report.Document, by, name string) report.DocumentLine {
	t.Helper()
	for _, l := range r.Lines {
		if string(l.By) == by && l.Name == name {
			return l
		}
	}
	t.Fatalf("the report has no line %s %s", by, name)
	return report.DocumentLine{}
}

// A report over real rows, whose every number is done again beside it by hand.
func TestACampaignsReport(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	id, parties := f.launch(3, func(c *partnership.Campaign, agreed *partnership.Terms) {
		c.Selection.Arms = []partnership.Arm{{Niche: "sleep", Share: 100}}
		agreed.Deliverables = []partnership.Deliverable{{Kind: "instagram_reel", Count: 2}}
		agreed.Gift = &partnership.Gift{ValueMinor: 36_00}
	})
	seller, quiet := parties[0], parties[1] // the third was invited and declined
	post := func(pa party, unit string) {
		sub := must2(f.AddSubmission(ctx, partnership.Submission{PartnershipID: pa.id, Task: unit}))(t)
		must(t, f.SavePost(ctx, pa.id, sub, unit, true, ""))
	}
	sell := func(order string, net int64, code, link string, fresh *bool) {
		must(t, recorded(f.RecordOrder(ctx, store.OrderIn{
			OrderID: order, Currency: "USD", NetMinor: net, Codes: []string{code}, LinkCode: link, OccurredAt: f.clock(), SaleState: partnership.SaleState{NewCustomer: fresh},
		})))
	}
	yes, no := true, false
	for _, unit := range []string{"instagram_reel-1", "instagram_reel-2"} {
		post(seller, unit)
		f.pass(time.Minute)
	}
	post(quiet, "instagram_reel-1")
	must(t, f.EarnFee(ctx, seller.id, "instagram_reel-1", 100_00, f.clock()))
	must(t, f.EarnFee(ctx, quiet.id, "instagram_reel-1", 150_00, f.clock()))
	for _, pa := range parties[:2] {
		must(t, f.SaveDelivery(ctx, partnership.Delivery{PartnershipID: pa.id, OrderID: "gift", ShipmentID: "shp", CostMinor: 7_70, CostCurrency: "USD", Status: partnership.ParcelDelivered}))
	}
	sell("o1", 200_00, "", seller.kit.LinkOf("instagram_reel-1").Code, &yes)
	sell("o2", 120_00, seller.kit.DiscountCode, "", &yes) // by code: the latest post, inferred
	sell("o3", 80_00, "", seller.kit.LinkCode, &no)       // the kit's own link is the first deliverable's
	sell("o4", 50_00, seller.kit.DiscountCode, "", nil)   // nobody said
	sell("elsewhere", 550_00, "SOMEBODYELSE", "", nil)    // the shop sold it, no creator of ours did
	f.refund("o2", "r2", 20_00)
	must(t, f.RecordClick(ctx, seller.kit.LinkCode, f.clock(), false))

	r := must2(f.CampaignReport(ctx, id))(t)
	usd := func(minor int64) money.Sums {
		if minor == 0 {
			return nil
		}
		return money.Sums{{Currency: "USD", Minor: minor}}
	}
	handle := func(pa party) string { return "@" + must2(f.Creator(ctx, pa.creator))(t).Handle }
	for _, c := range []struct {
		by, name                        string
		posts, orders, inferred         int
		revenue, fee, commission, other int64 // other: product and parcel
	}{
		// 200 + 100 + 80 + 50 sold; a tenth of each earned, a fee, and 36.00 + 7.70 sent.
		{"creator", handle(seller), 2, 4, 2, 430_00, 100_00, 43_00, 43_70},
		{"creator", handle(quiet), 1, 0, 0, 0, 150_00, 0, 43_70},
		{"campaign", "in all", 3, 4, 2, 430_00, 250_00, 43_00, 87_40},
		{"niche", "sleep", 3, 4, 2, 430_00, 250_00, 43_00, 87_40},
		{"arm", "sleep", 3, 4, 2, 430_00, 250_00, 43_00, 87_40},
		{"tier", "nano", 3, 4, 2, 430_00, 250_00, 43_00, 87_40},
		{"post", handle(seller) + " instagram_reel-1", 1, 2, 0, 280_00, 100_00, 28_00, 21_85},
		{"post", handle(seller) + " instagram_reel-2", 1, 2, 2, 150_00, 0, 15_00, 21_85},
		{"post", handle(quiet) + " instagram_reel-1", 1, 0, 0, 0, 150_00, 0, 43_70},
	} {
		l := lineOf(t, r, c.by, c.name)
		cost := c.fee + c.commission + c.other
		got := []any{l.Posts, l.Orders, l.Inferred, l.Revenue, l.Fees, l.Commission, l.Product.Plus(l.Shipping...), l.Cost}
		if diff := cmp.Diff([]any{c.posts, c.orders, c.inferred, usd(c.revenue), usd(c.fee), usd(c.commission), usd(c.other), usd(cost)}, got); diff != "" {
			t.Errorf("%s %s: %s", c.by, c.name, diff)
		}
		roas := float64(c.revenue) / float64(cost)
		if l.ROAS == nil || math.Abs(*l.ROAS-roas) > 1e-4 || math.Abs(*l.ROI-(roas-1)) > 1e-4 {
			t.Errorf("%s %s: ROAS %v, ROI %v, want %.4f and %.4f", c.by, c.name, l.ROAS, l.ROI, roas, roas-1)
		}
		if l.CostPerPost == nil || math.Abs(float64(l.CostPerPost.Minor)-float64(cost)/float64(c.posts)) > 0.51 {
			t.Errorf("%s %s: a post cost %v", c.by, c.name, l.CostPerPost)
		}
	}
	// Two of three known buyers are new; 380.40 were spent, and 980.00 kept by the shop in all.
	all := r.InAll()
	if *all.NewCustomers != 2 || all.NewKnown != 3 || *all.CAC != (money.Amount{Currency: "USD", Minor: 190_20}) || *all.ShopShare != 0.4388 || all.Clicks != 1 {
		t.Errorf("of new customers and the shop: %+v", all)
	}
	if n := len(r.Lines); n != 9 {
		t.Errorf("%d lines: who declined has none", n)
	}
	// What came later is not the campaign's, once it is over.
	must(t, f.SetCampaignState(ctx, id, "finished", ""))
	f.pass(day)
	sell("later", 1_000_00, "SOMEBODYELSE", "", nil)
	if again := must2(f.CampaignReport(ctx, id))(t); *again.InAll().ShopShare != 0.4388 {
		t.Errorf("the share of the shop is %v", *again.InAll().ShopShare)
	}
	// One creator by themselves is told the same.
	if alone := must2(f.Performance(ctx, quiet.id))(t); alone.Typical != 107_50 {
		t.Errorf("an order of the campaign brings %v", alone.Typical)
	}
	f.sound()
}

// Money that was paid and came back costs nothing more when it is owed again, and nothing at all when it stays.
func TestWhatCameBackIsNoCost(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	parties, plan := f.month(1)
	f.pay(plan)
	spent := func(want int64) {
		t.Helper()
		r := must2(f.Performance(ctx, parties[0].id))(t)
		if got := r.Costs.All().Of("USD"); got != want {
			t.Errorf("it cost %d, want %d", got, want)
		}
	}
	spent(50_00)
	must(t, f.ReverseTransfer(ctx, plan.Payouts[0], "tr_"+string(plan.Payouts[0]), 50_00))
	spent(50_00)
	rows, _ := f.rows("")
	for _, row := range rows {
		if row.Kind == "adjustment" {
			must(t, f.VoidRow(ctx, row.ID, "cli:fin", "the bank says the account was never theirs"))
		}
	}
	spent(0)
	f.sound()
}
