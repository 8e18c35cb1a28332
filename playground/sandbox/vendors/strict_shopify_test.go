package vendors_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// As strict as Shopify: lengths and limits as user errors, ids of the right shape, the shop's currency, points.

type input = map[string]any

// gql runs a document and returns the answer as it is.
func (b *box) gql(query string, vars input) (out struct {
	Data   map[string]json.RawMessage
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
	Extensions struct {
		Cost struct {
			RequestedQueryCost int
			ThrottleStatus     struct{ CurrentlyAvailable float64 }
		}
	}
},
) {
	b.t.Helper()
	status, body := b.call(http.MethodPost, "/shopify/admin/api/2026-10/graphql.json", input{"query": query, "variables": vars}, "X-Shopify-Access-Token", b.keys["shopify_access_token"])
	if err := json.Unmarshal(body, &out); err != nil || status != http.StatusOK {
		b.t.Fatalf("%d %s", status, body)
	}
	return out
}

// refused is the first user error of a mutation's payload: its field's last part and its message.
func (b *box) refused(query, payload string, in input) (field, message string) {
	b.t.Helper()
	out := b.gql(query, input{"i": in})
	if len(out.Errors) > 0 {
		b.t.Fatalf("%+v", out.Errors)
	}
	var p struct {
		UserErrors []struct {
			Field   []string
			Message string
		}
	}
	if err := json.Unmarshal(out.Data[payload], &p); err != nil {
		b.t.Fatal(err)
	}
	if len(p.UserErrors) == 0 {
		return "", ""
	}
	if f := p.UserErrors[0].Field; len(f) > 0 {
		field = f[len(f)-1]
	}
	return field, p.UserErrors[0].Message
}

func TestShopifyDiscountLimits(t *testing.T) {
	t.Parallel()
	b := start(t)
	create := func(change input) (string, string) {
		in := input{
			"code": "C" + chars(len(change)), "title": "t", "startsAt": "2026-01-01T00:00:00Z", "context": input{"all": "ALL"},
			"customerGets": input{"value": input{"percentage": 0.15}, "items": input{"all": true}},
		}
		for k, v := range change {
			in[k] = v
		}
		return b.refused(`mutation($i: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $i) { userErrors { field message } } }`, "discountCodeBasicCreate", in)
	}
	for name, c := range map[string]struct {
		fits, breaks input
		field, want  string
	}{
		"code":      {input{"code": "é" + chars(254)}, input{"code": "é" + chars(255)}, "code", "too long"},
		"no code":   {input{"code": "A"}, input{"code": " "}, "code", "blank"},
		"a line":    {input{"code": "A B"}, input{"code": "A\nB"}, "code", "newlines"},
		"title":     {input{"code": "T", "title": "é" + chars(254)}, input{"code": "T2", "title": "é" + chars(255)}, "title", "too long"},
		"unique":    {input{"code": "SUMMER"}, input{"code": "summer"}, "code", "unique"},
		"usage":     {input{"code": "U1", "usageLimit": 1}, input{"code": "U0", "usageLimit": 0}, "usageLimit", "greater than 0"},
		"the order": {input{"code": "D1", "endsAt": "2026-02-01T00:00:00Z"}, input{"code": "D2", "endsAt": "2025-02-01T00:00:00Z"}, "endsAt", "after"},
	} {
		if field, message := create(c.fits); message != "" {
			t.Errorf("%s: refused at the limit: %s %s", name, field, message)
		}
		if field, message := create(c.breaks); field != c.field || !strings.Contains(message, c.want) {
			t.Errorf("%s: beyond the limit: %s %s", name, field, message)
		}
	}
}

func TestShopifyDraftLimits(t *testing.T) {
	t.Parallel()
	b := start(t)
	line := func(change input) []any {
		l := input{"title": "Gift", "quantity": 1, "originalUnitPriceWithCurrency": input{"amount": "36.00", "currencyCode": "USD"}}
		for k, v := range change {
			l[k] = v
		}
		return []any{l}
	}
	create := func(change input) (string, string) {
		in := input{"lineItems": line(nil), "email": "ana@creators.example"}
		for k, v := range change {
			in[k] = v
		}
		return b.refused(`mutation($i: DraftOrderInput!) { draftOrderCreate(input: $i) { userErrors { field message } } }`, "draftOrderCreate", in)
	}
	tags := func(n, length int) []any {
		all := make([]any, n)
		for i := range all {
			all[i] = chars(length)
		}
		return all
	}
	home := func(code string) input {
		return input{"address1": "1 Main St", "city": "Austin", "zip": "78701", "countryCode": code}
	}
	for name, c := range map[string]struct {
		fits, breaks input
		field, want  string
	}{
		"tag":        {input{"tags": tags(1, 40)}, input{"tags": tags(1, 41)}, "tags", "40 characters"},
		"tags":       {input{"tags": tags(250, 1)}, input{"tags": tags(251, 1)}, "tags", "250"},
		"note":       {input{"note": chars(5000)}, input{"note": chars(5001)}, "note", "too long"},
		"email":      {input{"email": "a@x.example"}, input{"email": "a at x"}, "email", "invalid"},
		"attributes": {input{"customAttributes": []any{input{"key": "k", "value": ""}}}, input{"customAttributes": []any{input{"key": "", "value": "v"}}}, "customAttributes", "blank"},
		"country":    {input{"shippingAddress": home("US")}, input{"shippingAddress": home("USA")}, "shippingAddress", "not a country"},
		"title":      {input{"lineItems": line(input{"title": chars(255)})}, input{"lineItems": line(input{"title": chars(256)})}, "lineItems", "too long"},
		"currency": {
			input{"presentmentCurrencyCode": "USD"}, input{"presentmentCurrencyCode": "EUR"}, "presentmentCurrencyCode", "not enabled",
		},
		"a price's currency": {
			input{"lineItems": line(nil)}, input{"lineItems": line(input{"originalUnitPriceWithCurrency": input{"amount": "36.00", "currencyCode": "EUR"}})}, "lineItems", "currency of the order",
		},
		"a price's digits": {
			input{"lineItems": line(input{"originalUnitPriceWithCurrency": input{"amount": "0.01", "currencyCode": "USD"}})},
			input{"lineItems": line(input{"originalUnitPriceWithCurrency": input{"amount": "0.001", "currencyCode": "USD"}})},
			"lineItems", "price",
		},
	} {
		if field, message := create(c.fits); message != "" {
			t.Errorf("%s: refused at the limit: %s %s", name, field, message)
		}
		if field, message := create(c.breaks); field != c.field || !strings.Contains(message, c.want) {
			t.Errorf("%s: beyond the limit: %s %s", name, field, message)
		}
	}
}

func TestShopifyIDsAndPoints(t *testing.T) {
	t.Parallel()
	b := start(t)
	for id, fine := range map[string]bool{"gid://shopify/DraftOrder/1": true, "1": false, "gid://shopify/DraftOrder/": false} {
		if out := b.gql(`query($id: ID!) { draftOrder(id: $id) { id } }`, input{"id": id}); (len(out.Errors) == 0) != fine {
			t.Errorf("%q: %+v", id, out.Errors)
		}
	}
	shops := func(n int) string {
		var q strings.Builder
		q.WriteString("query {")
		for i := range n {
			q.WriteString(" s" + strings.Repeat("x", 1+i%9) + strings.Repeat("y", i/9) + ": shop { id }")
		}
		return q.String() + " }"
	}
	if out := b.gql(shops(1001), nil); len(out.Errors) != 1 || out.Errors[0].Extensions.Code != "MAX_COST_EXCEEDED" {
		t.Errorf("1,001 points: %+v", out.Errors)
	}
	for spent := 0; ; spent += 500 { // of 2,000, of which the ids above have taken a few, and some come back meanwhile
		out := b.gql(shops(500), nil)
		if len(out.Errors) == 0 && out.Extensions.Cost.RequestedQueryCost == 500 && spent < 10_000 {
			continue
		}
		if len(out.Errors) != 1 || out.Errors[0].Extensions.Code != "THROTTLED" || spent < 1500 || out.Extensions.Cost.ThrottleStatus.CurrentlyAvailable >= 500 {
			t.Errorf("after %d points: %+v", spent, out)
		}
		break
	}
	if _, err := b.shop().CreateGiftOrder(ctx, partnership.GiftOrderRequest{Key: giftKey, PartnershipID: pid, Gift: partnership.Gift{SKU: "S", Name: "S", ValueMinor: 100}, Currency: "USD", To: brand, Email: "ana@creators.example"}); err != nil && partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("a throttled call is to be repeated: %v", err)
	}
}
