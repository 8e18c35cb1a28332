package web_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
)

// A shop tries its checkout with test orders, which carry everything that real ones do. They earn nothing, and their cancelling and
// refunding takes nothing back.
func TestAShopsTestOrdersEarnNothing(t *testing.T) {
	t.Parallel()
	h := running(t)
	kit, err := h.store.EnsureKit(t.Context(), h.partnership)
	must(t, err)
	code, topic := `{"code":"`+kit.DiscountCode+`"}`, "X-Shopify-Topic"
	test := func(body string) string { return strings.Replace(body, "{", `{"test":true,`, 1) }
	h.deliver("shopify", "shopify", test(order(1, "/", code, "100.00")), topic, "orders/paid")
	h.deliver("shopify", "shopify", test(order(2, "/products/sampler?utm_content="+kit.LinkCode, "", "100.00")), topic, "orders/paid")
	h.deliver("shopify", "shopify", order(3, "/", code, "100.00"), topic, "orders/paid")
	h.settled("shopify", 3)
	h.deliver("shopify", "shopify", test(order(3, "/", code, "100.00")), topic, "orders/cancelled")
	h.settled("shopify", 4)
	rows, err := h.store.LedgerDocument(t.Context(), store.LedgerFilter{})
	must(t, err)
	if len(rows.Rows) != 1 || rows.Rows[0].OrderID != "3" || rows.Rows[0].AmountMinor != 1000 {
		t.Errorf("the ledger has %+v; want the real order's 10.00 alone", rows.Rows)
	}
}

// lateShop shows no order to who asks first: a shop's search lags.
type lateShop struct {
	shopNow
	asked atomic.Int32
}

func (s *lateShop) Sale(ctx context.Context, id string) (partnership.Sale, error) {
	if s.asked.Add(1) == 1 {
		return partnership.Sale{}, partnership.Errorf(partnership.NotFound, "no such order")
	}
	return s.shopNow.Sale(ctx, id)
}

// Whether a refund's amounts hold tax only its order says, and the shop is asked for that one until it shows it.
func TestARefundWaitsForWhatItsOrderSaysOfTax(t *testing.T) {
	t.Parallel()
	for held, want := range map[bool]int64{true: 900, false: 880} { // of 10.00, after 12.00 that hold 2.00 of tax, or 12.00 without it
		t.Run(fmt.Sprintf("%d left", want), func(t *testing.T) {
			t.Parallel()
			shop := &lateShop{shopNow: shopNow{"1": {ID: "1", TaxesIncluded: held}}}
			h := running(t, func(d *web.Deps) { d.Shop = shop })
			kit, err := h.store.EnsureKit(t.Context(), h.partnership)
			must(t, err)
			h.topic(order(1, "/", `{"code":"`+kit.DiscountCode+`"}`, "100.00"), "orders/paid")
			h.topic(`{"id":9,"order_id":1,"created_at":"2026-11-11T15:00:00Z","refund_line_items":[{"id":1,"quantity":1,"subtotal":12.00,"total_tax":2.00,"subtotal_set":{"shop_money":{"amount":"12.00","currency_code":"USD"}}}]}`, "refunds/create")
			eventually(t, "nothing waits", func() bool { return h.counted("shopify", "new") == 0 })
			rows, err := h.store.LedgerDocument(t.Context(), store.LedgerFilter{})
			must(t, err)
			sum := int64(0)
			for _, row := range rows.Rows {
				sum += row.AmountMinor
			}
			if sum != want || shop.asked.Load() != 2 {
				t.Errorf("the commission is %d after the shop was asked %d times, want %d", sum, shop.asked.Load(), want)
			}
		})
	}
}
