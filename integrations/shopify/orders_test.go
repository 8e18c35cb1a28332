package shopify

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

const page = `{"orders":{"nodes":[NODE],"pageInfo":{"hasNextPage":MORE,"endCursor":CURSOR}}}`

func orderJSON(replace ...string) string {
	s := `{"legacyResourceId":"820982911946154508","currencyCode":"USD","taxesIncluded":false,"test":false,"tags":["vip"],"sourceName":"web",
"processedAt":"2026-12-02T10:00:00Z","updatedAt":"2026-12-03T10:00:00Z","cancelledAt":null,"displayFinancialStatus":"PARTIALLY_REFUNDED",
"discountCodes":["ADA15"],"customAttributes":[{"key":"rapport_click","value":"c1"},{"key":"empty","value":null}],
"customerJourneySummary":{"lastVisit":{"landingPage":"https://shop.example/?utm_source=ada"}},
"subtotalPriceSet":{"shopMoney":{"amount":"119.00"}},"totalTaxSet":{"shopMoney":{"amount":"19.95"}},
"currentSubtotalPriceSet":{"shopMoney":{"amount":"59.5"}},
"shippingLines":{"nodes":[{"taxLines":[{"priceSet":{"shopMoney":{"amount":"0.95"}}}]}]}}`
	return strings.NewReplacer(replace...).Replace(s)
}

func pageOf(node, more, cursor string) reply {
	return data(strings.NewReplacer("NODE", node, "MORE", more, "CURSOR", cursor).Replace(page))
}

func TestOrdersUpdatedSince(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string][]reply{"OrdersUpdatedSince": {
		pageOf(orderJSON(), "true", `"c1"`),
		pageOf(orderJSON(`"taxesIncluded":false`, `"taxesIncluded":true`, `"cancelledAt":null`, `"cancelledAt":"2026-12-04T10:00:00Z"`,
			`["vip"]`, `["rapport-gift"]`, `"PARTIALLY_REFUNDED"`, "null", `{"lastVisit":{"landingPage":"https://shop.example/?utm_source=ada"}}`, "null"), "false", `"c2"`),
	}})
	got, err := f.client().OrdersUpdatedSince(t.Context(), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || len(got) != 2 {
		t.Fatalf("%v %v", got, err)
	}
	want := Order{
		ID: "820982911946154508", Currency: "USD", LineNetMinor: 11900, RefundedMinor: 5950, Paid: true,
		DiscountCodes: []string{"ADA15"}, LandingSite: "https://shop.example/?utm_source=ada",
		NoteAttributes: map[string]string{"rapport_click": "c1"}, Tags: []string{"vip"}, SourceName: "web",
		ProcessedAt: time.Date(2026, 12, 2, 10, 0, 0, 0, time.UTC), UpdatedAt: time.Date(2026, 12, 3, 10, 0, 0, 0, time.UTC),
	}
	if !reflect.DeepEqual(got[0], want) {
		t.Errorf("%+v\nwant %+v", got[0], want)
	}
	// With tax in the prices: 119.00 less 19.00 tax on lines is 100.00, and half of it came back.
	if o := got[1]; o.LineNetMinor != 10000 || o.RefundedMinor != 5000 || !o.IsGift() || o.Paid || o.CancelledAt.IsZero() || o.LandingSite != "" {
		t.Errorf("%+v", o)
	}
	if v := f.vars["OrdersUpdatedSince"]; v["query"] != "updated_at:>='2026-12-01T00:00:00Z'" || v["after"] != "c1" {
		t.Errorf("variables %v", v)
	}
}

func TestPollFailsLoudly(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]reply{
		"amount": pageOf(orderJSON("119.00", "119.001"), "false", "null"),
		"tax":    pageOf(orderJSON("19.95", "x", `"taxesIncluded":false`, `"taxesIncluded":true`), "false", "null"),
	} {
		f := newFake(t, map[string][]reply{"OrdersUpdatedSince": {answer}})
		if _, err := f.client().OrdersUpdatedSince(t.Context(), time.Time{}); partnership.ClassOf(err) != partnership.Permanent {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A cursor that does not move would ask for ever.
	f := newFake(t, map[string][]reply{"OrdersUpdatedSince": {pageOf(orderJSON(), "true", `"c1"`)}})
	if got, err := f.client().OrdersUpdatedSince(t.Context(), time.Time{}); err != nil || len(got) != 2 {
		t.Errorf("%d orders, %v", len(got), err)
	}
}
