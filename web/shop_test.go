package web_test

import (
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/store"
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
