package vendors_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/integrations/shopify"
	"github.com/rapport-dev/rapport/partnership"
)

// A shop in Japan sells in yen with the consumption tax in its prices: what the client reads of its webhooks and its list is what the
// record says was sold, before and after part of it comes back.
func TestAShopElsewhere(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.shop()
	b.discount(c)
	b.post("/sandbox/shop/place", map[string]any{"currency": "JPY", "country": "JP", "tax_bps": 1000, "taxes_included": true})
	bought := b.post("/sandbox/shop/checkout", map[string]any{
		"code": "ana15", "shipping_minor": 605, "items": []map[string]any{{"title": "Sampler", "price_minor": 5399, "quantity": 2}, {"title": "Candle", "price_minor": 1201, "quantity": 1}},
	})
	// 10798-1620 = 9178 and 1201-180 = 1021: 10199 with 927 of tax in it.
	if bought["net_minor"] != 9272.0 || bought["total_minor"] != 10804.0 || bought["currency"] != "JPY" {
		t.Fatalf("%v", bought)
	}
	o, err := shopify.ParseOrder(b.door.wait(t, "/webhooks/shopify", 2)[1].body)
	if err != nil || o.LineNetMinor != 9272 || o.Currency != "JPY" || !o.TaxesIncluded {
		t.Errorf("%+v %v", o, err)
	}
	if asked, err := c.Order(ctx, o.ID); err != nil || asked.LineNetMinor != 9272 || !asked.TaxesIncluded {
		t.Errorf("%+v %v", asked, err)
	}
	if row := b.truth("orders")[0]; row["net_minor"] != 9272.0 || row["paid_minor"] != 10199.0 || row["refunded_minor"] != 0.0 {
		t.Errorf("%v", row)
	}
	gift := partnership.GiftOrderRequest{
		Key: "partnership/0198-aaaa/gifting/order/1", PartnershipID: pid, Gift: partnership.Gift{SKU: "MISSING-1", Name: "Sampler", ValueMinor: 3600, WeightOz: 40}, Currency: "USD", To: brand, Email: "ana@creators.example",
	}
	if _, err := c.CreateGiftOrder(ctx, gift); err == nil || !strings.Contains(err.Error(), "lineItems") {
		t.Errorf("a price in dollars in a shop in yen: %v", err)
	}
	if status, _ := b.call(http.MethodPost, "/sandbox/shop/place", map[string]any{"currency": "EUR", "country": "DE"}); status != http.StatusBadRequest {
		t.Errorf("a shop that has sold in yen sells in euros: %d", status)
	}
}

// The record of what left the bank is in minor units of ISO 4217 for every currency, however Stripe's API counts.
func TestTheRecordOfTransfersIsInMinorUnits(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.rail()
	acct := b.onboarded(c)
	sent := map[string]int64{"USD": 123_45, "JPY": 5_000, "ISK": 700, "UGX": 900, "MGA": 1_234_00, "KWD": 1_250}
	for currency, minor := range sent {
		b.post("/sandbox/stripe/balance", map[string]any{"currency": currency, "amount_minor": 10_000_000})
		tr, err := c.Transfer(ctx, partnership.TransferRequest{
			Key: partnership.EffectKey("payout/" + currency), PayoutID: partnership.PayoutID(currency), Destination: acct, AmountMinor: minor, Currency: currency,
		})
		if err != nil || tr.AmountMinor != minor {
			t.Errorf("%s: %+v %v", currency, tr, err)
		}
		b.post("/sandbox/stripe/reverse", map[string]any{"transfer_id": tr.ID})
	}
	for _, row := range b.truth("transfers") {
		want := float64(sent[row["currency"].(string)])
		if row["amount_minor"] != want || row["reversed_minor"] != want {
			t.Errorf("%v, want %v", row, want)
		}
	}
}
