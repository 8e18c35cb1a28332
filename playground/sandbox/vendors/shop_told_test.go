package vendors_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership/ledger"
)

// What people remove in the shop is not reported any more, until it is put back.
func TestShopSubscriptions(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.shop()
	if restored, err := c.KeepSubscriptions(ctx, "https://rapport.example"); err != nil || len(restored) != 9 {
		t.Fatalf("%v %v", restored, err)
	}
	b.post("/sandbox/shop/unsubscribe", map[string]any{"topic": "orders/paid"})
	b.post("/sandbox/shop/checkout", map[string]any{"subtotal_minor": 1000})
	for _, h := range b.door.wait(t, "/webhooks/shopify", 1) {
		if topic := h.header.Get("X-Shopify-Topic"); topic != "orders/create" {
			t.Errorf("%s is reported, and nobody has subscribed to it", topic)
		}
	}
	if restored, err := c.KeepSubscriptions(ctx, "https://rapport.example"); err != nil || len(restored) != 1 || restored[0] != "orders/paid" {
		t.Errorf("%v %v", restored, err)
	}
	if restored, err := c.KeepSubscriptions(ctx, "http://rapport.example"); err == nil {
		t.Errorf("an address without a certificate is taken: %v", restored)
	}
}

// Whatever happens to an order, its webhooks, the Admin API and the shop's own record come to the same.
func TestShopOrdersComeToTheSame(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.shop()
	bought := b.post("/sandbox/shop/checkout", map[string]any{
		"tax_minor": 1200, "taxes_included": true, "shipping_minor": 500, "tip_minor": 300,
		"items": []map[string]any{{"title": "Sampler", "price_minor": 4000, "quantity": 2}, {"title": "Card", "price_minor": 5000, "gift_card": true}},
	})
	id := bought["order_id"]
	b.post("/sandbox/shop/edit", map[string]any{"order_id": id, "add": []map[string]any{{"title": "Candle", "price_minor": 2000}}})
	b.post("/sandbox/shop/edit", map[string]any{"order_id": id, "remove": []map[string]any{{"index": 3}}})
	b.post("/sandbox/shop/refund", map[string]any{"order_id": id, "amount_minor": 2000}) // what the edit left to be given back
	pending := b.post("/sandbox/shop/refund", map[string]any{"order_id": id, "lines": []map[string]any{{"index": 0, "quantity": 1}}, "status": "pending"})
	b.post("/sandbox/shop/refund", map[string]any{"order_id": id, "lines": []map[string]any{{"index": 1}}, "status": "failure"})
	same := func(kept int64) {
		t.Helper()
		var facts ledger.Facts
		asked, err := c.Sale(ctx, id.(string))
		if err != nil {
			t.Fatal(err)
		}
		facts.Said = []ledger.Said{{SaleState: asked.SaleState, Currency: asked.Currency, NetMinor: asked.NetMinor}}
		facts.Refunds, facts.Disputes = asked.Refunds, asked.Disputes
		w, _ := facts.Worth()
		row := b.truth("orders")[0]
		if w.KeptMinor() != kept || row["net_minor"].(float64)-row["refunded_minor"].(float64) != float64(kept) {
			t.Errorf("the rule keeps %d of %+v, the shop's record is %v; want %d", w.KeptMinor(), w, row, kept)
		}
	}
	same(6800)
	b.post("/sandbox/shop/settle-refund", map[string]any{"order_id": id, "refund_id": pending["refund_id"], "status": "success"})
	same(3400)
	b.post("/sandbox/shop/dispute", map[string]any{"order_id": id, "status": "needs_response"})
	same(3400)
	b.post("/sandbox/shop/dispute", map[string]any{"order_id": id, "status": "lost"})
	same(0)
	b.post("/sandbox/shop/dispute", map[string]any{"order_id": id, "status": "won"})
	same(3400)
	b.post("/sandbox/shop/cancel", map[string]any{"order_id": id})
	same(0)
}
