package shopify

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

func inShop(amount string) string { return `{"shopMoney":{"amount":"` + amount + `"}}` }

const noMore = `{"hasNextPage":false,"endCursor":null}`

func lineJSON(id int, price string, quantity, now int, more string) string {
	return fmt.Sprintf(`{"id":"gid://shopify/LineItem/%d","quantity":%d,"currentQuantity":%d,"isGiftCard":false,"originalUnitPriceSet":%s,"discountAllocations":[],"taxLines":[]%s}`, id, quantity, now, inShop(price), more)
}

// orderJSON is an answer of OrderNow, its lines as given.
func orderJSON(lines, page string, replace ...string) reply {
	s := `{"order":{"legacyResourceId":"820982911946154508","currencyCode":"USD","taxesIncluded":false,"test":false,"tags":["vip"],"sourceName":"web",
"processedAt":"2026-12-02T10:00:00Z","updatedAt":"2026-12-03T10:00:00Z","cancelledAt":null,"displayFinancialStatus":"PARTIALLY_REFUNDED",
"discountCodes":["ADA15"],"customAttributes":[{"key":"rapport_click","value":"c1"},{"key":"empty","value":null}],
"customerJourneySummary":{"customerOrderIndex":1,"lastVisit":{"landingPage":"https://shop.example/?utm_source=ada"}},
"subtotalPriceSet":` + inShop("119.00") + `,"totalTipReceivedSet":` + inShop("0.0") + `,"totalReceivedSet":` + inShop("124.90") + `,"totalOutstandingSet":` + inShop("0.0") + `,
"shippingLines":{"nodes":[{"discountedPriceSet":` + inShop("4.90") + `,"taxLines":[]}]},"refunds":[],"disputes":[],
"lineItems":{"nodes":[` + lines + `],"pageInfo":` + page + `}}}`
	return data(strings.NewReplacer(replace...).Replace(s))
}

// What the Admin API tells of an order comes to the same as what a webhook tells of it.
func TestOrderNow(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string][]reply{"OrderNow": {orderJSON(lineJSON(1, "119.00", 1, 1, ""), noMore)}})
	got, err := f.client().Order(t.Context(), "820982911946154508")
	if err != nil {
		t.Fatal(err)
	}
	yes := true
	want := Order{
		SaleState: partnership.SaleState{
			SaidAt: time.Date(2026, 12, 3, 10, 0, 0, 0, time.UTC), TotalMinor: 12_390, ReceivedMinor: 12_490, RefundsListed: true, NewCustomer: &yes,
		},
		ID: "820982911946154508", Currency: "USD", LineNetMinor: 11_900, Paid: true,
		DiscountCodes: []string{"ADA15"}, LandingSite: "https://shop.example/?utm_source=ada",
		NoteAttributes: map[string]string{"rapport_click": "c1"}, Tags: []string{"vip"}, SourceName: "web",
		ProcessedAt: time.Date(2026, 12, 2, 10, 0, 0, 0, time.UTC),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if v := f.vars["OrderNow"]; v["id"] != "gid://shopify/Order/820982911946154508" {
		t.Errorf("variables %v", v)
	}
}

// RULE 14 as the Admin API tells it: gift cards, tips, discounts, what is left of a line, tax inside.
func TestOrderNowAmounts(t *testing.T) {
	t.Parallel()
	discounted := strings.Replace(lineJSON(1, "48.00", 2, 1, ""), `"discountAllocations":[]`, `"discountAllocations":[{"allocatedAmountSet":`+inShop("19.20")+`}]`, 1)
	taxed := strings.Replace(lineJSON(1, "120.00", 1, 1, ""), `"taxLines":[]`, `"taxLines":[{"priceSet":`+inShop("20.00")+`}]`, 1)
	card := strings.Replace(lineJSON(2, "150.00", 1, 1, ""), `"isGiftCard":false`, `"isGiftCard":true`, 1)
	for name, c := range map[string]struct {
		answer     reply
		net, total int64
	}{
		"a discount goes with its pieces": {orderJSON(discounted, noMore), 3840, 4330},
		"tax in the prices":               {orderJSON(taxed, noMore, `"taxesIncluded":false`, `"taxesIncluded":true`), 10_000, 12_490},
		"tax beside the prices":           {orderJSON(taxed, noMore), 12_000, 14_490},
		"a gift card":                     {orderJSON(lineJSON(1, "84.00", 1, 1, "")+","+card, noMore), 8400, 23_890},
		"a tip":                           {orderJSON(lineJSON(1, "84.00", 1, 1, "")+","+lineJSON(2, "12.00", 1, 1, ""), noMore, `"totalTipReceivedSet":`+inShop("0.0"), `"totalTipReceivedSet":`+inShop("12.00")), 8400, 10_090},
		"a line that was taken out":       {orderJSON(lineJSON(1, "84.00", 1, 1, "")+","+lineJSON(2, "24.00", 1, 0, ""), noMore), 8400, 8890},
	} {
		f := newFake(t, map[string][]reply{"OrderNow": {c.answer}})
		if o, err := f.client().Order(t.Context(), "1"); err != nil || o.LineNetMinor != c.net || o.TotalMinor != c.total {
			t.Errorf("%s: %d of %d, %v; want %d of %d", name, o.LineNetMinor, o.TotalMinor, err, c.net, c.total)
		}
	}
}

// An order of more lines than one answer holds is read page by page, and its refunds and disputes one by one.
func TestOrderNowIsWhole(t *testing.T) {
	t.Parallel()
	refund := func(lines, page string) reply {
		return data(`{"refund":{"legacyResourceId":"9","processedAt":"2026-12-05T10:00:00Z","refundLineItems":{"nodes":[` + lines + `],"pageInfo":` + page + `},
"orderAdjustments":{"nodes":[{"amountSet":` + inShop("-5.00") + `,"taxAmountSet":` + inShop("0.0") + `}]},"refundShippingLines":{"nodes":[]},
"transactions":{"nodes":[{"kind":"REFUND","status":"FAILURE","amountSet":` + inShop("15.00") + `},{"kind":"REFUND","status":"SUCCESS","amountSet":` + inShop("15.00") + `}]}}}`)
	}
	line := func(id int) string {
		return fmt.Sprintf(`{"lineItem":{"id":"gid://shopify/LineItem/%d","isGiftCard":false},"subtotalSet":%s,"totalTaxSet":%s}`, id, inShop("5.00"), inShop("0.0"))
	}
	f := newFake(t, map[string][]reply{
		"OrderNow": {orderJSON(lineJSON(1, "10.00", 1, 1, ""), `{"hasNextPage":true,"endCursor":"a"}`, `"refunds":[],"disputes":[]`,
			`"refunds":[{"id":"gid://shopify/Refund/9"}],"disputes":[{"id":"gid://shopify/OrderDisputeSummary/7"}]`)},
		"OrderLines": {
			data(`{"order":{"lineItems":{"nodes":[` + lineJSON(2, "20.00", 1, 1, "") + `],"pageInfo":{"hasNextPage":true,"endCursor":"b"}}}}`),
			data(`{"order":{"lineItems":{"nodes":[` + lineJSON(3, "30.00", 1, 1, "") + `],"pageInfo":` + noMore + `}}}`),
		},
		"RefundNow":  {refund(line(1), `{"hasNextPage":true,"endCursor":"x"}`), refund(line(2), noMore)},
		"DisputeNow": {data(`{"dispute":{"legacyResourceId":"7","status":"LOST","initiatedAt":"2026-12-06T10:00:00Z","finalizedOn":null,"amount":{"amount":"60.00","currencyCode":"USD"}}}`)},
	})
	o, err := f.client().Order(t.Context(), "820982911946154508")
	if err != nil || o.LineNetMinor != 6000 || f.vars["OrderLines"]["after"] != "b" || f.vars["RefundNow"]["after"] != "x" {
		t.Fatalf("%+v %v %v", o, err, f.vars)
	}
	wantRefund := partnership.SaleRefund{
		OrderID: o.ID, RefundID: "9", Currency: "USD", Lines: []partnership.RefundLine{{LineID: "1", SubtotalMinor: 500}, {LineID: "2", SubtotalMinor: 500}},
		BesideMinor: 500, MoneyListed: true, Tried: true, MovedMinor: 1500, At: time.Date(2026, 12, 5, 10, 0, 0, 0, time.UTC),
	}
	if len(o.Refunds) != 1 || !reflect.DeepEqual(o.Refunds[0], wantRefund) || !slices.Equal(o.RefundIDs, []string{"9"}) {
		t.Errorf("%+v\nwant %+v", o.Refunds, wantRefund)
	}
	wantDispute := partnership.SaleDispute{OrderID: o.ID, DisputeID: "7", Currency: "USD", AmountMinor: 6000, Lost: true, At: time.Date(2026, 12, 6, 10, 0, 0, 0, time.UTC)}
	if len(o.Disputes) != 1 || o.Disputes[0] != wantDispute {
		t.Errorf("%+v\nwant %+v", o.Disputes, wantDispute)
	}
}

func TestOrdersChangedSince(t *testing.T) {
	t.Parallel()
	page := func(id, info string) reply {
		return data(`{"orders":{"nodes":[{"legacyResourceId":"` + id + `"}],"pageInfo":` + info + `}}`)
	}
	f := newFake(t, map[string][]reply{"OrdersChangedSince": {page("1", `{"hasNextPage":true,"endCursor":"c1"}`), page("2", noMore)}})
	since := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	got, cursor, err := f.client().OrdersChanged(t.Context(), since, "")
	if err != nil || !slices.Equal(got, []string{"1"}) || cursor != "c1" {
		t.Fatalf("%v %q %v", got, cursor, err)
	}
	got, cursor, err = f.client().OrdersChanged(t.Context(), since, cursor)
	if err != nil || !slices.Equal(got, []string{"2"}) || cursor != "" {
		t.Fatalf("%v %q %v", got, cursor, err)
	}
	if v := f.vars["OrdersChangedSince"]; v["query"] != "updated_at:>='2026-12-01T00:00:00Z'" || v["after"] != "c1" {
		t.Errorf("variables %v", v)
	}
	// A cursor that does not move would ask for ever.
	f = newFake(t, map[string][]reply{"OrdersChangedSince": {page("1", `{"hasNextPage":true,"endCursor":"c1"}`)}})
	if _, cursor, err := f.client().OrdersChanged(t.Context(), since, "c1"); err != nil || cursor != "" {
		t.Errorf("%q, %v", cursor, err)
	}
}

// The shop removes a subscription after failed deliveries, and people do: what is missing is put back, and what stands is left.
func TestKeepSubscriptions(t *testing.T) {
	t.Parallel()
	const front = "https://rapport.example"
	node := func(topic, more string) string {
		return `{"id":"gid://shopify/WebhookSubscription/1","topic":"` + topic + `","uri":"` + front + `/webhooks/shopify","format":"JSON","includeFields":[],"filter":null` + more + `}`
	}
	list := func(nodes ...string) reply {
		return data(`{"webhookSubscriptions":{"nodes":[` + strings.Join(nodes, ",") + `],"pageInfo":` + noMore + `}}`)
	}
	var all []string
	for _, topic := range subscribed {
		all = append(all, node(topic, ""))
	}
	f := newFake(t, map[string][]reply{"Subscriptions": {list(all...)}})
	if restored, err := f.client().KeepSubscriptions(t.Context(), front); err != nil || len(restored) != 0 || f.calls("Subscribe") != 0 {
		t.Errorf("restored %v, %v", restored, err)
	}
	made := data(`{"webhookSubscriptionCreate":{"webhookSubscription":` + node("ORDERS_PAID", "") + `,"userErrors":[]}}`)
	f = newFake(t, map[string][]reply{"Subscriptions": {list(all[2:]...)}, "Subscribe": {made}})
	restored, err := f.client().KeepSubscriptions(t.Context(), front+"/")
	if err != nil || !slices.Equal(restored, []string{"orders/create", "orders/paid"}) || f.calls("Subscribe") != 2 {
		t.Errorf("restored %v, %v", restored, err)
	}
	if v := f.vars["Subscribe"]["input"].(map[string]any); v["uri"] != front+"/webhooks/shopify" {
		t.Errorf("subscribed at %v", v)
	}
	// One that somebody has narrowed tells only a part.
	f = newFake(t, map[string][]reply{"Subscriptions": {list(append([]string{strings.Replace(all[0], `"includeFields":[]`, `"includeFields":["id"]`, 1)}, all[1:]...)...)}})
	if _, err := f.client().KeepSubscriptions(t.Context(), front); partnership.ClassOf(err) != partnership.Permanent {
		t.Errorf("a subscription of some fields: %v", err)
	}
	// What the app may not see it says.
	refused := data(`{"webhookSubscriptionCreate":{"webhookSubscription":null,"userErrors":[{"field":["topic"],"message":"Invalid topic"}]}}`)
	f = newFake(t, map[string][]reply{"Subscriptions": {list(all[:len(all)-1]...)}, "Subscribe": {refused}})
	if _, err := f.client().KeepSubscriptions(t.Context(), front); err == nil || !strings.Contains(err.Error(), "disputes/update") {
		t.Errorf("a refused subscription: %v", err)
	}
}

func TestOrderNowFailsLoudly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer reply
		want   partnership.Class
	}{
		"amount": {orderJSON(lineJSON(1, "119.001", 1, 1, ""), noMore), partnership.Permanent},
		"tax":    {orderJSON(lineJSON(1, "119.00", 1, 1, ""), noMore, `"taxLines":[]`, `"taxLines":[{"priceSet":`+inShop("x")+`}]`), partnership.Permanent},
	} {
		f := newFake(t, map[string][]reply{"OrderNow": {c.answer}})
		if _, err := f.client().Order(t.Context(), "1"); partnership.ClassOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := newFake(t, map[string][]reply{"OrderNow": {data(`{"order":null}`)}})
	if _, err := f.client().Order(t.Context(), "1"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("an order that the shop does not show: %v", err)
	}
}
