package shopify

import (
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
	"github.com/rapport-dev/rapport/partnership"
)

const (
	testKey  = partnership.EffectKey("partnership/p1/gifting/gift-order/1")
	draftID  = "gid://shopify/DraftOrder/1"
	open     = `{"id":"gid://shopify/DraftOrder/1","status":"OPEN","tags":[],"customAttributes":[{"key":"rapport_key","value":"partnership/p1/gifting/gift-order/1"}],"order":null}`
	complete = `{"id":"gid://shopify/DraftOrder/1","status":"COMPLETED","tags":[],"customAttributes":[{"key":"rapport_key","value":"partnership/p1/gifting/gift-order/1"}],"order":{"id":"gid://shopify/Order/9","cancelledAt":null}}`
	ended    = `{"id":"gid://shopify/DraftOrder/1","status":"COMPLETED","tags":[],"customAttributes":[],"order":{"id":"gid://shopify/Order/9","cancelledAt":"2026-11-03T10:00:00Z"}}`
)

func giftRequest() partnership.GiftOrderRequest {
	return partnership.GiftOrderRequest{
		Key: testKey, PartnershipID: "p1", Currency: "USD", Email: "ada@example.test",
		Gift: partnership.Gift{SKU: `SAMPLER-"12"`, Name: "Sampler", ValueMinor: 3600},
		To:   partnership.Address{Name: "Ada B Example", Line1: "1 Main St", City: "Austin", Region: "TX", PostalCode: "78701", Country: "US"},
	}
}

func TestCreateGiftOrder(t *testing.T) {
	t.Parallel()
	created := data(`{"draftOrderCreate":{"draftOrder":` + open + `,"userErrors":[]}}`)
	none := data(`{"productVariants":{"nodes":[{"id":"gid://shopify/ProductVariant/7","sku":"SAMPLER-120"}]}}`)
	variant := data(`{"productVariants":{"nodes":[{"id":"gid://shopify/ProductVariant/7","sku":"SAMPLER-\"12\""}]}}`)

	f := newFake(t, map[string][]reply{"VariantsBySKU": {none, variant}, "DraftOrderCreate": {created}})
	got, err := f.client().CreateGiftOrder(t.Context(), giftRequest())
	if err != nil || got != (partnership.GiftOrder{ID: draftID, Status: "open"}) {
		t.Fatalf("%+v %v", got, err)
	}
	if q := f.vars["VariantsBySKU"]["query"]; q != `sku:"SAMPLER-\"12\""` {
		t.Errorf("query %s", q)
	}
	input := f.vars["DraftOrderCreate"]["input"].(map[string]any)
	line := input["lineItems"].([]any)[0].(map[string]any)
	wantLine := map[string]any{
		"quantity": 1.0, "title": "Sampler", "sku": `SAMPLER-"12"`, "taxable": false, "requiresShipping": false,
		"originalUnitPriceWithCurrency": map[string]any{"amount": "36.00", "currencyCode": "USD"},
	}
	if !reflect.DeepEqual(line, wantLine) {
		t.Errorf("line %v", line)
	}
	if tags := input["tags"]; !reflect.DeepEqual(tags, []any{"rapport-gift", KeyTag(testKey)}) || len(KeyTag(testKey)) > 40 {
		t.Errorf("tags %v", tags)
	}
	if d := input["appliedDiscount"].(map[string]any); d["value"] != 100.0 || d["valueType"] != "PERCENTAGE" {
		t.Errorf("discount %v", d)
	}
	attributes := []any{map[string]any{"key": "rapport_key", "value": string(testKey)}, map[string]any{"key": "partnership_id", "value": "p1"}}
	if !reflect.DeepEqual(input["customAttributes"], attributes) {
		t.Errorf("attributes %v", input["customAttributes"])
	}
	if a := input["shippingAddress"].(map[string]any); a["firstName"] != "Ada B" || a["lastName"] != "Example" || a["provinceCode"] != "TX" || a["province"] != nil {
		t.Errorf("address %v", a)
	}

	if _, err := f.client().CreateGiftOrder(t.Context(), giftRequest()); err != nil {
		t.Fatal(err)
	}
	line = f.vars["DraftOrderCreate"]["input"].(map[string]any)["lineItems"].([]any)[0].(map[string]any)
	if line["variantId"] != "gid://shopify/ProductVariant/7" || line["title"] != nil {
		t.Errorf("the shop's own variant: %v", line)
	}
}

func TestGiftOrderRefused(t *testing.T) {
	t.Parallel()
	f := newFake(t, map[string][]reply{
		"VariantsBySKU": {data(`{"productVariants":{"nodes":[]}}`)},
		"DraftOrderCreate": {
			data(`{"draftOrderCreate":{"draftOrder":null,"userErrors":[{"field":["input","shippingAddress","provinceCode"],"message":"Ada lives elsewhere"}]}}`),
			data(`{"draftOrderCreate":null}`),
			data(`{"draftOrderCreate":{"draftOrder":null,"userErrors":[]}}`),
		},
	})
	_, err := f.client().CreateGiftOrder(t.Context(), giftRequest())
	if partnership.ClassOf(err) != partnership.Permanent || !strings.Contains(err.Error(), "input.shippingAddress.provinceCode") || strings.Contains(err.Error(), "Ada") {
		t.Errorf("%v", err)
	}
	for range 2 {
		if _, err := f.client().CreateGiftOrder(t.Context(), giftRequest()); partnership.ClassOf(err) != partnership.Ambiguous {
			t.Errorf("no draft in the answer: %v", err)
		}
	}
}

func TestFindGiftOrder(t *testing.T) {
	t.Parallel()
	other := strings.ReplaceAll(open, "gift-order/1", "gift-order/2")
	second := strings.ReplaceAll(complete, "DraftOrder/1", "DraftOrder/2")
	for _, tc := range []struct {
		name, nodes string
		want        partnership.GiftOrder
		code        partnership.Code
	}{
		{"open", open, partnership.GiftOrder{ID: draftID, Status: "open"}, ""},
		{"completed", complete, partnership.GiftOrder{ID: draftID, OrderID: "gid://shopify/Order/9", Status: "completed"}, ""},
		{"the completed one of two", open + "," + second, partnership.GiftOrder{ID: "gid://shopify/DraftOrder/2", OrderID: "gid://shopify/Order/9", Status: "completed"}, ""},
		{"another's", other, partnership.GiftOrder{}, partnership.NotFound},
		{"none", "", partnership.GiftOrder{}, partnership.NotFound},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFake(t, map[string][]reply{"DraftOrdersByTag": {data(`{"draftOrders":{"nodes":[` + tc.nodes + `]}}`)}})
			got, err := f.client().FindGiftOrder(t.Context(), testKey)
			if got != tc.want || partnership.CodeOf(err) != tc.code || tc.code == "" && err != nil {
				t.Fatalf("%+v %v", got, err)
			}
			if q := f.vars["DraftOrdersByTag"]["query"]; q != "tag:"+KeyTag(testKey) {
				t.Errorf("query %v", q)
			}
		})
	}
}

func TestCompleteIsRepeatable(t *testing.T) {
	t.Parallel()
	draft := func(s string) reply { return data(`{"draftOrder":` + s + `}`) }
	done := data(`{"draftOrderComplete":{"draftOrder":` + complete + `,"userErrors":[]}}`)
	refused := data(`{"draftOrderComplete":{"draftOrder":null,"userErrors":[{"field":null,"message":"This draft order is already completed"}]}}`)
	for _, tc := range []struct {
		name  string
		reads []reply
		act   []reply
		code  partnership.Code
		class partnership.Class
		acts  int
	}{
		{"open", []reply{draft(open)}, []reply{done}, "", "", 1},
		{"completed before", []reply{draft(complete)}, nil, "", "", 0},
		{"another was faster", []reply{draft(open), draft(complete)}, []reply{refused}, "", "", 1},
		{"refused", []reply{draft(open)}, []reply{refused}, "", partnership.Permanent, 1},
		{"deleted", []reply{draft("null")}, nil, partnership.NotFound, "", 0},
		{"down", []reply{draft(open)}, []reply{{status: 502}}, "", partnership.Retry, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFake(t, map[string][]reply{"DraftOrderByID": tc.reads, "DraftOrderComplete": tc.act})
			got, err := f.client().CompleteGiftOrder(t.Context(), draftID)
			if partnership.CodeOf(err) != tc.code || partnership.ClassOf(err) != tc.class || f.calls("DraftOrderComplete") != tc.acts {
				t.Fatalf("%v after %d completions", err, f.calls("DraftOrderComplete"))
			}
			if err == nil && (got.Status != "completed" || got.OrderID != "gid://shopify/Order/9") {
				t.Fatalf("%+v", got)
			}
		})
	}
}

func TestCancelIsRepeatable(t *testing.T) {
	t.Parallel()
	draft := func(s string) reply { return data(`{"draftOrder":` + s + `}`) }
	deleted := data(`{"draftOrderDelete":{"deletedId":"` + draftID + `","userErrors":[]}}`)
	notDeleted := data(`{"draftOrderDelete":{"deletedId":null,"userErrors":[{"field":["id"],"message":"?"}]}}`)
	cancelled := data(`{"orderCancel":{"orderCancelUserErrors":[]}}`)
	notCancelled := data(`{"orderCancel":{"orderCancelUserErrors":[{"code":"INVALID","field":["orderId"],"message":"?"}]}}`)
	for _, tc := range []struct {
		name  string
		reads []reply
		del   []reply
		can   []reply
		class partnership.Class
	}{
		{"open", []reply{draft(open)}, []reply{deleted}, nil, ""},
		{"gone before", []reply{draft("null")}, nil, nil, ""},
		{"gone meanwhile", []reply{draft(open), draft("null")}, []reply{notDeleted}, nil, ""},
		{"completed meanwhile", []reply{draft(open), draft(complete)}, []reply{notDeleted}, []reply{cancelled}, ""},
		{"not deleted", []reply{draft(open)}, []reply{notDeleted}, nil, partnership.Permanent},
		{"completed", []reply{draft(complete)}, nil, []reply{cancelled}, ""},
		{"cancelled before", []reply{draft(ended)}, nil, nil, ""},
		{"cancelled meanwhile", []reply{draft(complete), draft(ended)}, nil, []reply{notCancelled}, ""},
		{"not cancelled", []reply{draft(complete)}, nil, []reply{notCancelled}, partnership.Permanent},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFake(t, map[string][]reply{"DraftOrderByID": tc.reads, "DraftOrderDelete": tc.del, "OrderCancel": tc.can})
			err := f.client().CancelGiftOrder(t.Context(), draftID)
			if partnership.ClassOf(err) != tc.class || tc.class == "" && err != nil {
				t.Fatal(err)
			}
			if f.calls("OrderCancel") != min(len(tc.can), 1) || f.calls("DraftOrderDelete") != min(len(tc.del), 1) {
				t.Fatalf("%v", f.seen)
			}
		})
	}
}

func TestBrokenExchanges(t *testing.T) {
	t.Parallel()
	cut, calls := httpxtest.CutServer(t)
	c := New(Config{AccessToken: "shpat_test", BaseURL: cut.URL})
	r := giftRequest()
	r.Gift.SKU = "" // no look-up first
	if _, err := c.CreateGiftOrder(t.Context(), r); partnership.ClassOf(err) != partnership.Ambiguous || calls() != 1 {
		t.Errorf("draft: %v after %d calls", err, calls())
	}
	if _, err := c.CreateDiscount(t.Context(), discountRequest()); partnership.ClassOf(err) != partnership.Ambiguous {
		t.Errorf("discount: %v", err)
	}
	if err := c.DeactivateDiscount(t.Context(), "x"); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("deactivate: %v", err)
	}
	if _, err := c.FindDiscount(t.Context(), "x"); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("find: %v", err)
	}
	dead := New(Config{AccessToken: "shpat_test", BaseURL: httpxtest.DeadURL(t)})
	if _, err := dead.CreateGiftOrder(t.Context(), r); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("dial: %v", err)
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	for shop, want := range map[string]string{
		"acme":               "https://acme.myshopify.com/admin/api/2026-10/graphql.json",
		"acme.myshopify.com": "https://acme.myshopify.com/admin/api/2026-10/graphql.json",
	} {
		if got := New(Config{Shop: shop, AccessToken: "x"}).gql.url; got != want {
			t.Errorf("%s: %s", shop, got)
		}
	}
	for want, c := range map[string]Config{"SHOPIFY_ACCESS_TOKEN": {Shop: "acme"}, "SHOPIFY_SHOP": {AccessToken: "x"}} {
		if _, err := New(c).FindDiscount(t.Context(), "x"); partnership.ClassOf(err) != partnership.Barred || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// TestErrorClasses covers Shopify's first two places for errors; userErrors are covered where they occur.
func TestErrorClasses(t *testing.T) {
	t.Parallel()
	gql := func(code string) reply {
		return reply{body: `{"errors":[{"message":"for ada@example.test","extensions":{"code":"` + code + `"}}]}`}
	}
	for _, tc := range []struct {
		name   string
		answer reply
		create partnership.Class
		find   partnership.Class
		after  time.Duration
	}{
		{"throttled", reply{body: `{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":{"requestedQueryCost":252,
			"actualQueryCost":null,"throttleStatus":{"maximumAvailable":2000.0,"currentlyAvailable":2,"restoreRate":100.0}}}}`}, partnership.Retry, partnership.Retry, 3 * time.Second},
		{"throttled without cost", gql("THROTTLED"), partnership.Retry, partnership.Retry, time.Second},
		{"access denied", gql("ACCESS_DENIED"), partnership.Barred, partnership.Barred, 0},
		{"internal", gql("INTERNAL_SERVER_ERROR"), partnership.Ambiguous, partnership.Retry, 0},
		{"cost", gql("MAX_COST_EXCEEDED"), partnership.Permanent, partnership.Permanent, 0},
		{"no code", gql(""), partnership.Permanent, partnership.Permanent, 0},
		{"429", reply{status: 429, header: http.Header{"Retry-After": {"2.5"}}}, partnership.Retry, partnership.Retry, 2500 * time.Millisecond},
		{"401", reply{status: 401}, partnership.Barred, partnership.Barred, 0},
		{"402", reply{status: 402}, partnership.Barred, partnership.Barred, 0},
		{"403", reply{status: 403}, partnership.Barred, partnership.Barred, 0},
		{"404", reply{status: 404}, partnership.Barred, partnership.Barred, 0},
		{"423", reply{status: 423}, partnership.Barred, partnership.Barred, 0},
		{"500", reply{status: 500}, partnership.Ambiguous, partnership.Retry, 0},
		{"503", reply{status: 503}, partnership.Retry, partnership.Retry, 0},
		{"not JSON", reply{body: "<html>"}, partnership.Ambiguous, partnership.Permanent, 0},
		{"nothing", reply{body: "{}"}, partnership.Ambiguous, partnership.Permanent, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFake(t, map[string][]reply{"DiscountCodeBasicCreate": {tc.answer}, "DiscountByCode": {tc.answer}})
			_, createErr := f.client().CreateDiscount(t.Context(), discountRequest())
			_, findErr := f.client().FindDiscount(t.Context(), "ADA15")
			for _, got := range []struct {
				err  error
				want partnership.Class
			}{{createErr, tc.create}, {findErr, tc.find}} {
				v, ok := errors.AsType[*partnership.VendorError](got.err)
				if !ok || v.Class != got.want || v.RetryAfter != tc.after || v.Message == "" || strings.Contains(v.Error(), "ada@") {
					t.Errorf("%v, want %s after %v", got.err, got.want, tc.after)
				}
			}
		})
	}
}
