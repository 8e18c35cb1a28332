package vendors_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	stripego "github.com/stripe/stripe-go/v85"
)

func TestSendGridRefusals(t *testing.T) {
	t.Parallel()
	b := start(t)
	good := `"personalizations":[{"to":[{"email":"a@x.example"}]}],"from":{"email":"partners@rapport.example"},"subject":"s","content":[{"type":"text/plain","value":"v"}]`
	for _, c := range []struct{ body, field string }{
		{`{` + good + `}`, ""},
		{`{"from":{"email":"partners@rapport.example"},"subject":"s","content":[{"type":"text/plain","value":"v"}]}`, "personalizations"},
		{strings.Replace(`{`+good+`}`, "a@x.example", "a at x", 1), "personalizations.0.to"},
		{strings.Replace(`{`+good+`}`, "partners@rapport.example", "", 1), "from.email"},
		{strings.Replace(`{`+good+`}`, `"subject":"s",`, "", 1), "subject"},
		{strings.Replace(`{`+good+`}`, `"value":"v"`, `"value":""`, 1), "content.0.value"},
		{`{` + good + `,"custom_args":{"n":1}}`, "custom_args"},
		{`{` + good + `,"headers":{"Reply-To":"x@x.example"}}`, "headers"},
	} {
		status, body := b.call(http.MethodPost, "/sendgrid/v3/mail/send", c.body, "Authorization", "Bearer "+b.keys["sendgrid_api_key"])
		if c.field == "" {
			if status != http.StatusAccepted || len(body) != 0 {
				t.Errorf("good mail: %d %s", status, body)
			}
			continue
		}
		var out struct {
			Errors []struct{ Message, Field string }
		}
		_ = json.Unmarshal(body, &out)
		if status != http.StatusBadRequest || len(out.Errors) != 1 || !strings.HasPrefix(out.Errors[0].Field, c.field) {
			t.Errorf("%s: %d %s", c.field, status, body)
		}
	}
	status, _ := b.call(http.MethodPost, "/sendgrid/v3/mail/send", `{`+good+`,"costum_args":{}}`, "Authorization", "Bearer "+b.keys["sendgrid_api_key"])
	if status != http.StatusBadRequest || len(b.truth("mails")) != 1 {
		t.Errorf("a misspelt field: %d, %d mails", status, len(b.truth("mails")))
	}
}

// TestGraphQL runs documents that no client of ours writes: aliases, inline arguments, fragments, mistakes.
func TestGraphQL(t *testing.T) {
	t.Parallel()
	b := start(t)
	run := func(query string, vars map[string]any) (data map[string]any, problem string) {
		t.Helper()
		status, body := b.call(http.MethodPost, "/shopify/admin/api/2026-10/graphql.json", map[string]any{"query": query, "variables": vars}, "X-Shopify-Access-Token", b.keys["shopify_access_token"])
		var out struct {
			Data   map[string]any
			Errors []struct {
				Message    string
				Extensions struct{ Code string }
			}
			Extensions map[string]any
		}
		if err := json.Unmarshal(body, &out); err != nil || status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		if len(out.Errors) > 0 {
			return nil, out.Errors[0].Extensions.Code + " " + out.Errors[0].Message
		}
		if out.Extensions["cost"] == nil {
			t.Error("an answer tells its cost")
		}
		return out.Data, ""
	}
	data, problem := run(`mutation { made: discountCodeBasicCreate(basicCodeDiscount: {code: "X", title: "rapport p partnership/1/tracking/code/1", startsAt: "2026-01-01T00:00:00Z",
		context: {all: ALL}, customerGets: {value: {percentage: 0.1}, items: {all: true}}}) { node: codeDiscountNode { ...N } userErrors { code } } }
		fragment N on DiscountCodeNode { id codeDiscount { ... on DiscountCodeApp { appId } ... on DiscountCodeBasic { kind: __typename status codes(first: 1) { edges { node { code } } pageInfo { hasNextPage } } } } }`, nil)
	if problem != "" {
		t.Fatal(problem)
	}
	node := data["made"].(map[string]any)["node"].(map[string]any)["codeDiscount"].(map[string]any)
	if node["kind"] != "DiscountCodeBasic" || node["status"] != "ACTIVE" || node["codes"].(map[string]any)["edges"].([]any)[0].(map[string]any)["node"].(map[string]any)["code"] != "X" {
		t.Errorf("%v", node)
	}
	if data, problem := run(`query($q: String = "sku:'A B'") { productVariants(first: 1, query: $q) { nodes { sku } } }`, nil); problem != "" || data["productVariants"].(map[string]any)["nodes"].([]any)[0].(map[string]any)["sku"] != "A B" {
		t.Errorf("%v %s", data, problem)
	}
	for name, c := range map[string]struct {
		query string
		vars  map[string]any
		want  string
	}{
		"syntax":           {`query {`, nil, "GRAPHQL_PARSE_FAILED"},
		"no such root":     {`query { giftOrders { id } }`, nil, "undefinedField"},
		"no such field":    {`query { shop { iden } }`, nil, "undefinedField"},
		"no selection":     {`query { shop }`, nil, "selectionMismatch"},
		"scalar selected":  {`query { shop { id { x } } }`, nil, "selectionMismatch"},
		"wrong argument":   {`query { draftOrder(ident: "1") { id } }`, nil, "argumentNotAccepted"},
		"missing argument": {`query { draftOrder { id } }`, nil, "argumentLiteralsIncompatible"},
		"missing variable": {`query($id: ID!) { draftOrder(id: $id) { id } }`, nil, "INVALID_VARIABLE"},
		"no page size":     {`query { draftOrders { nodes { id } } }`, nil, "you must provide first"},
		"wrong input": {
			`mutation($i: DraftOrderInput!) { draftOrderCreate(input: $i) { userErrors { message } } }`,
			map[string]any{"i": map[string]any{"lineItemz": []any{}}},
			"Field is not defined on DraftOrderInput",
		},
		"wrong type": {
			`mutation($i: DraftOrderInput!) { draftOrderCreate(input: $i) { userErrors { message } } }`,
			map[string]any{"i": map[string]any{"lineItems": []any{map[string]any{"quantity": "two"}}}},
			"lineItems.0.quantity",
		},
		"user error has no code": {`mutation { draftOrderDelete(input: {id: "gid://shopify/DraftOrder/1"}) { userErrors { code } } }`, nil, "undefinedField"},
	} {
		if _, problem := run(c.query, c.vars); !strings.Contains(problem, c.want) {
			t.Errorf("%s: %q", name, problem)
		}
	}
	data, _ = run(`mutation { draftOrderCreate(input: {lineItems: [], tags: ["x"]}) { draftOrder { id } userErrors { field message } } }`, nil)
	if created := data["draftOrderCreate"].(map[string]any); created["draftOrder"] != nil || len(created["userErrors"].([]any)) != 1 {
		t.Errorf("%v", created)
	}
}

func TestDocuSignRefusals(t *testing.T) {
	t.Parallel()
	b := start(t)
	status, body := b.call(http.MethodPost, "/docusign/oauth/token", url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {"a.b.c"}})
	if status != http.StatusBadRequest || !strings.Contains(string(body), "no_valid_keys_or_signatures") {
		t.Errorf("a forged assertion: %d %s", status, body)
	}
	long := b.envelope(1)
	long.Subject = strings.Repeat("x", 101)
	if e, err := b.signer().CreateEnvelope(ctx, long); err == nil {
		if kept, _ := b.signer().Envelope(ctx, e.ID); kept.ID == "" {
			t.Error("the client cut the subject and lost the envelope")
		}
	}
	bad := b.envelope(1)
	bad.SignerEmail = "nobody"
	if _, err := b.signer().CreateEnvelope(ctx, bad); err == nil || !strings.Contains(err.Error(), "INVALID_EMAIL_ADDRESS_FOR_RECIPIENT") {
		t.Errorf("%v", err)
	}
}

// TestParcelsRepeat: with one seed and one key a parcel goes the same way.
func TestParcelsRepeat(t *testing.T) {
	t.Parallel()
	way := func() string {
		b := start(t)
		b.ship(b.shipper())
		var s []string
		for n := 1; len(s) == 0 || !strings.HasPrefix(s[len(s)-1], "delivered"); n++ {
			h := b.door.wait(t, "/webhooks/easypost", n)[n-1]
			var e struct {
				Result struct {
					Status string
					Detail string `json:"status_detail"`
				}
			}
			if err := json.Unmarshal(h.body, &e); err != nil {
				t.Fatal(err)
			}
			s = append(s, e.Result.Status+"/"+e.Result.Detail)
		}
		return strings.Join(s, " ")
	}
	first := way()
	if second := way(); first != second || !strings.HasPrefix(first, "pre_transit/label_created in_transit/") {
		t.Errorf("%s\n%s", first, second)
	}
}

// TestStripeVersion: the client's library refuses webhooks of another release train.
func TestStripeVersion(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.onboarded(b.rail())
	var e struct {
		Version string `json:"api_version"`
	}
	if err := json.Unmarshal(b.door.wait(t, "/webhooks/stripe", 1)[0].body, &e); err != nil || e.Version != stripego.APIVersion {
		t.Errorf("version %s, the library has %s (%v)", e.Version, stripego.APIVersion, err)
	}
}
