package shopify

import (
	"compress/gzip"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
)

var update = flag.Bool("update", false, "cut schema.graphql anew out of Shopify's full schema")

// inputFields are the fields of input types that we send; what answers need is read off the operations.
var inputFields = map[string][]string{
	"DraftOrderInput":                {"lineItems", "email", "shippingAddress", "tags", "note", "customAttributes", "appliedDiscount"},
	"DraftOrderLineItemInput":        {"variantId", "title", "sku", "quantity", "originalUnitPriceWithCurrency", "requiresShipping", "taxable"},
	"DraftOrderAppliedDiscountInput": {"title", "value", "valueType"},
	"MailingAddressInput":            {"firstName", "lastName", "address1", "address2", "city", "province", "provinceCode", "zip", "countryCode", "phone"},
	"AttributeInput":                 {"key", "value"},
	"MoneyInput":                     {"amount", "currencyCode"},
	"DraftOrderDeleteInput":          {"id"},
	"OrderCancelRefundMethodInput":   {"originalPaymentMethodsRefund"},
	"DiscountCodeBasicInput":         {"title", "code", "startsAt", "appliesOncePerCustomer", "context", "customerGets"},
	"DiscountContextInput":           {"all"},
	"DiscountCustomerGetsInput":      {"items", "value"},
	"DiscountItemsInput":             {"all"},
	"DiscountCustomerGetsValueInput": {"percentage"},
	"WebhookSubscriptionInput":       {"uri", "format"},
}

func loadFullSchema(t *testing.T) *ast.Schema {
	t.Helper()
	f, err := os.Open(httpxtest.SpecFile(t, "shopify/admin_"+APIVersion+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Data struct {
			Schema struct {
				Types []introType `json:"types"`
			} `json:"__schema"`
		} `json:"data"`
	}
	if err := json.NewDecoder(zr).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	schema, gerr := gqlparser.LoadSchema(&ast.Source{Name: "admin", Input: renderSDL(doc.Data.Schema.Types)})
	if gerr != nil {
		t.Fatal(gerr)
	}
	return schema
}

func TestSchema(t *testing.T) {
	t.Parallel()
	full := loadFullSchema(t)
	ops := readOperations(t)

	t.Run("every operation is valid against the full schema", func(t *testing.T) {
		if _, err := gqlparser.LoadQueryWithRules(full, ops, rules.NewDefaultRules()); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a wrong field is found", func(t *testing.T) {
		bad := strings.Replace(ops, "cancelledAt", "canceledAt", 1)
		if _, err := gqlparser.LoadQueryWithRules(full, bad, rules.NewDefaultRules()); err == nil {
			t.Fatal("a misspelt field passed")
		}
	})
	t.Run("the committed subset is what the operations need", func(t *testing.T) {
		doc, errs := gqlparser.LoadQueryWithRules(full, ops, rules.NewDefaultRules())
		if errs != nil {
			t.Fatal(errs)
		}
		want := cut(full, doc)
		if *update {
			if err := os.WriteFile("schema.graphql", []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := gqlparser.LoadSchema(&ast.Source{Name: "subset", Input: want}); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile("schema.graphql")
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Error("schema.graphql is stale: run go test -run TestSchema -update, then go generate")
		}
	})
}

func readOperations(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("operations.graphql")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
