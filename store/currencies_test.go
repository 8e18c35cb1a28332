package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
)

// A campaign in yen whose shop and carrier count in dollars shows both apart, wherever it shows money.
func TestTwoCurrenciesAreNeverAdded(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx, rates := t.Context(), money.Rates{"USD": {Worth: 150_000_000_000, AsOf: "2026-11-01"}}
	id, parties := f.launch(2, func(c *partnership.Campaign, agreed *partnership.Terms) {
		c.Currency, agreed.Currency = "JPY", "JPY"
		c.Payout.MinimumMinor, c.Rates = 2_500, rates
		agreed.Gift = &partnership.Gift{ValueMinor: 5_400}
	})
	seller, other := parties[0], parties[1]
	must(t, f.EarnFee(ctx, seller.id, "reel-1", 50_000, f.clock()))
	f.order(seller, "o1", 41_20)
	f.refund("o1", "r1", 1_20)
	must(t, recorded(f.RecordOrder(ctx, store.OrderIn{OrderID: "o2", Currency: "JPY", NetMinor: 12_000, Codes: []string{seller.kit.DiscountCode}, OccurredAt: f.clock()})))
	f.refund("o2", "elsewhere", 5_00) // of another currency than the order: it takes nothing from it
	for _, pa := range parties {
		must(t, f.SaveDelivery(ctx, partnership.Delivery{PartnershipID: pa.id, OrderID: "gift", ShipmentID: "shp", CostMinor: 7_70, CostCurrency: "USD", Status: partnership.ParcelPreTransit}))
	}

	sums := func(jpy, usd int64) money.Sums {
		return money.SumOf(money.Amount{Currency: "JPY", Minor: jpy}, money.Amount{Currency: "USD", Minor: usd})
	}
	want := partnership.Results{
		Orders: 2, Revenue: sums(12_000, 40_00), Currency: "JPY", Rates: rates,
		Costs:   partnership.Costs{Fees: sums(50_000, 0), Commission: sums(1_200, 4_00), Product: sums(5_400, 0), Shipping: sums(0, 7_70)},
		Squares: map[string]float64{"JPY": 12_000 * 12_000, "USD": 40_00 * 40_00},
	}
	got, err := f.Performance(ctx, seller.id)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	totals := func(spent, revenue money.Sums) {
		t.Helper()
		all, err := f.CampaignTotals(ctx, id)
		must(t, err)
		doc, err := f.CampaignDocument(ctx, id)
		must(t, err)
		if diff := cmp.Diff(spent, all.Spent); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(revenue, all.Revenue); diff != "" {
			t.Error(diff)
		}
		if b := doc.Budget; b.SpentMinor != spent.Of("JPY") || b.Spent() != spent.Display("JPY") || !cmp.Equal(b.SpentOther, spent.Other("JPY")) {
			t.Errorf("the board says %+v", b)
		}
	}
	totals(sums(50_000+1_200+2*5_400, 4_00+2*7_70), sums(12_000, 40_00))

	// What was taken back in time costs nothing.
	must(t, f.SaveDelivery(ctx, partnership.Delivery{PartnershipID: other.id, GiftCancelled: true}))
	must(t, f.SaveDelivery(ctx, partnership.Delivery{PartnershipID: other.id, LabelRefunded: true}))
	totals(sums(50_000+1_200+5_400, 4_00+7_70), sums(12_000, 40_00))
	// A parcel that the carrier has is gone, whatever became of its order in the shop.
	must(t, f.SaveDelivery(ctx, partnership.Delivery{PartnershipID: seller.id, GiftCancelled: true, Status: partnership.ParcelInTransit}))
	totals(sums(50_000+1_200+5_400, 4_00+7_70), sums(12_000, 40_00))
	f.sound()
}

func recorded(_ store.OrderResult, err error) error { return err }

// A budget is in its campaign's currency, and so is what is reserved of it.
func TestABudgetPaysTermsOfItsCurrency(t *testing.T) {
	t.Parallel()
	f := open(t)
	id, parties := f.launch(1)
	abroad := terms()
	abroad.Currency = "JPY"
	wantCode(t, f.ReserveBudget(t.Context(), id, partnership.RosterEntry{CreatorID: parties[0].creator}, abroad, 100), partnership.Invalid)
	if err := f.sql("update partnerships set terms = jsonb_set(terms, '{currency}', '\"JPY\"')"); err == nil {
		t.Error("terms were moved to another currency")
	}
	if err := f.sql("insert into deliveries select id, '', '', '', '', '', '', 770, '', now() from partnerships"); err == nil {
		t.Error("a label's cost was kept without its currency")
	}
}
