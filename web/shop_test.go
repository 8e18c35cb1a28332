package web_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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

// Whether a refund's amounts hold tax only its order says: whenever that is heard of, and though the shop shows it to nobody.
func TestARefundGoesByWhatItsOrderSaysOfTax(t *testing.T) {
	t.Parallel()
	for held, want := range map[bool]int64{true: 900, false: 880} { // of 10.00, after 12.00 that hold 2.00 of tax, or 12.00 without it
		for _, early := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d left, early %t", want, early), func(t *testing.T) {
				t.Parallel()
				h := running(t, func(d *web.Deps) { d.Shop = shopNow{} })
				kit, err := h.store.EnsureKit(t.Context(), h.partnership)
				must(t, err)
				sold := order(1, "/", `{"code":"`+kit.DiscountCode+`"}`, "100.00")
				if held {
					sold = edited(sold, `"currency"`, `"taxes_included":true,"currency"`)
				}
				steps := []func(){
					func() { h.topic(sold, "orders/paid") },
					func() {
						h.topic(`{"id":9,"order_id":1,"created_at":"2026-11-11T15:00:00Z","refund_line_items":[{"id":1,"quantity":1,"subtotal":12.00,"total_tax":2.00,"subtotal_set":{"shop_money":{"amount":"12.00","currency_code":"USD"}}}]}`, "refunds/create")
					},
				}
				if early {
					slices.Reverse(steps)
				}
				for _, step := range steps {
					step()
					eventually(t, "nothing waits", func() bool { return h.counted("shopify", "new") == 0 })
				}
				if got := h.commissionOf("1"); got != want {
					t.Errorf("the commission is %d, want %d", got, want)
				}
			})
		}
	}
}

// commissionOf is what all rows of an order come to, "" of all orders.
func (h *house) commissionOf(order string) (sum int64) {
	h.t.Helper()
	rows, err := h.store.LedgerDocument(h.t.Context(), store.LedgerFilter{})
	must(h.t, err)
	for _, row := range rows.Rows {
		if order == "" || row.OrderID == order {
			sum += row.AmountMinor
		}
	}
	return sum
}
