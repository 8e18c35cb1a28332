package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const shopifyVersion = "2026-10"

// The bucket of Shopify's standard plan, in points.
const (
	bucketSize    = 2000
	bucketRestore = 100
)

// A variant is something the shop sells; the catalogue has any SKU that does not begin with "MISSING".
type variant struct {
	ID         int64  `json:"id"`
	ProductID  int64  `json:"product_id"`
	SKU        string `json:"sku"`
	Title      string `json:"title"`
	PriceMinor int64  `json:"price_minor"`
}

// A draft is a draft order: how gifts are made.
type draft struct {
	ID          int64       `json:"id"`
	Status      string      `json:"status"` // open, completed, deleted
	Tags        []string    `json:"tags"`
	Attributes  []attribute `json:"attributes"`
	Email       string      `json:"email"`
	Note        string      `json:"note"`
	Lines       []line      `json:"lines"`
	Currency    string      `json:"currency"`
	PercentOff  float64     `json:"percent_off"`
	OrderID     int64       `json:"order_id"`
	CreatedAt   time.Time   `json:"created_at"`
	UpdatedAt   time.Time   `json:"updated_at"`
	CompletedAt time.Time   `json:"completed_at,omitzero"`
}

type attribute struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func attributeOf(attrs []attribute, key string) string {
	for _, a := range attrs {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// A discount is a code for a share of the order.
type discount struct {
	ID        int64     `json:"id"`
	Title     string    `json:"title"` // "rapport <program> <key>"
	Code      string    `json:"code"`
	Percent   float64   `json:"percent"` // 0.15 is 15 %
	StartsAt  time.Time `json:"starts_at"`
	EndsAt    time.Time `json:"ends_at,omitzero"`
	Used      int       `json:"used"`
	CreatedAt time.Time `json:"created_at"`
}

// ours splits the title of a code that Rapport made.
func (d *discount) ours() (program, key string) {
	parts := strings.SplitN(d.Title, " ", 3)
	if len(parts) != 3 || parts[0] != "rapport" {
		return "", ""
	}
	return parts[1], parts[2]
}

func (d *discount) status(now time.Time) string {
	switch {
	case !d.EndsAt.IsZero() && !now.Before(d.EndsAt):
		return "EXPIRED"
	case now.Before(d.StartsAt):
		return "SCHEDULED"
	}
	return "ACTIVE"
}

func gid(kind string, id int64) string { return fmt.Sprintf("gid://shopify/%s/%d", kind, id) }

// idOf reads the number out of a gid of that kind, 0 when it is none.
func idOf(kind string, v any) int64 {
	s, _ := v.(string)
	n, _ := strconv.ParseInt(strings.TrimPrefix(s, "gid://shopify/"+kind+"/"), 10, 64)
	return n
}

func (s *Server) shopifyAPI() http.Handler {
	a := s.newAPI("shopify")
	a.admit = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("X-Shopify-Access-Token") == s.keys.ShopifyAccessToken {
			return true
		}
		writeJSON(w, http.StatusUnauthorized, map[string]string{"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"})
		return false
	}
	a.tooMany = func(w http.ResponseWriter, _ *http.Request, after int) { // GraphQL throttles with HTTP 200; the wait follows from the cost
		cost := s.cost(bucketRestore*after+2, 0)
		writeJSON(w, http.StatusOK, map[string]any{
			"errors":     []*gqlError{gqlErr("THROTTLED", "Throttled")},
			"extensions": map[string]any{"cost": cost},
		})
	}
	a.broken = func(w http.ResponseWriter) {
		writeJSON(w, http.StatusInternalServerError, map[string]string{"errors": "Internal Server Error"})
	}
	a.notFound = func(w http.ResponseWriter) {
		writeJSON(w, http.StatusNotFound, map[string]string{"errors": "Not Found"})
	}
	a.opOf = graphqlOp
	a.handle("POST /shopify/admin/api/"+shopifyVersion+"/graphql.json", "graphql", s.graphql)
	return a
}

// graphqlOp names a request by its first root field.
func graphqlOp(_ *http.Request, body []byte) string {
	var q struct{ Query, OperationName string }
	if json.Unmarshal(body, &q) == nil {
		if doc, gerr := parseGraphQL(q.Query); gerr == nil {
			if op, gerr := operation(doc, q.OperationName); gerr == nil && len(rootNames(op)) > 0 {
				return rootNames(op)[0]
			}
		}
	}
	return "graphql"
}

func (s *Server) cost(requested, available int) map[string]any {
	return map[string]any{
		"requestedQueryCost": requested, "actualQueryCost": requested,
		"throttleStatus": map[string]any{"maximumAvailable": float64(bucketSize), "currentlyAvailable": available, "restoreRate": float64(bucketRestore)},
	}
}

func (s *Server) graphql(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Query         string         `json:"query"`
		Variables     map[string]any `json:"variables"`
		OperationName string         `json:"operationName"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.Query == "" {
		writeJSON(w, http.StatusBadRequest, map[string]any{"errors": map[string]string{"query": "Required parameter missing or invalid"}})
		return
	}
	data, count, gerr := s.runGraphQL(q.Query, q.OperationName, q.Variables)
	if gerr != nil {
		writeJSON(w, http.StatusOK, map[string]any{"errors": []*gqlError{gerr}})
		return
	}
	cost := 1 + count/10
	writeJSON(w, http.StatusOK, map[string]any{"data": data, "extensions": map[string]any{"cost": s.cost(cost, bucketSize-cost)}})
}

func (s *Server) runGraphQL(query, name string, vars map[string]any) (map[string]any, int, *gqlError) {
	doc, gerr := parseGraphQL(query)
	if gerr != nil {
		return nil, 0, gerr
	}
	op, gerr := operation(doc, name)
	if gerr != nil {
		return nil, 0, gerr
	}
	if vars == nil {
		vars = map[string]any{}
	}
	run := &gqlRun{doc: doc, vars: vars}
	data, gerr := run.execute(op, s.shopRoots())
	return data, run.count, gerr
}

// shopRoots are the operations that the shop knows.
func (s *Server) shopRoots() map[string]rootField {
	id := map[string]string{"id": "ID!"}
	return map[string]rootField{
		"query shop":                       {nil, s.shopInfo},
		"query productVariants":            {pageArgs, s.productVariants},
		"query draftOrders":                {pageArgs, s.draftOrders},
		"query draftOrder":                 {id, s.draftOrder},
		"query orders":                     {pageArgs, s.orders},
		"query order":                      {id, s.orderByID},
		"query codeDiscountNodeByCode":     {map[string]string{"code": "String!"}, s.discountByCode},
		"query codeDiscountNode":           {id, s.discountByID},
		"mutation draftOrderCreate":        {map[string]string{"input": "DraftOrderInput!"}, s.draftOrderCreate},
		"mutation draftOrderComplete":      {map[string]string{"id": "ID!", "paymentPending": "Boolean", "paymentGatewayId": "ID", "sourceName": "String"}, s.draftOrderComplete},
		"mutation draftOrderDelete":        {map[string]string{"input": "DraftOrderDeleteInput!"}, s.draftOrderDelete},
		"mutation orderCancel":             {map[string]string{"orderId": "ID!", "reason": "Enum!", "restock": "Boolean!", "refund": "Boolean", "refundMethod": "OrderCancelRefundMethodInput", "notifyCustomer": "Boolean", "staffNote": "String"}, s.orderCancel},
		"mutation discountCodeBasicCreate": {map[string]string{"basicCodeDiscount": "DiscountCodeBasicInput!"}, s.discountCreate},
		"mutation discountCodeDeactivate":  {id, s.discountDeactivate},
	}
}

func (s *Server) shopInfo(map[string]any) (any, *gqlError) {
	return &object{typ: "Shop", fields: map[string]any{
		"id": gid("Shop", 1), "name": "Sandbox shop", "myshopifyDomain": s.keys.ShopifyShop, "currencyCode": "USD",
	}}, nil
}

// userErrors are refusals inside data; UserError has no code, DiscountUserError and OrderCancelUserError have.
func userErrors(typ string, code, message string, field ...string) []*object {
	fields := map[string]any{"field": field, "message": message}
	if typ != "UserError" {
		fields["code"] = code
	}
	if typ == "DiscountUserError" {
		fields["extraInfo"] = nil
	}
	return []*object{{typ: typ, fields: fields}}
}

func payload(typ, field string, v any, errs []*object) *object {
	if errs == nil {
		errs = []*object{}
	}
	return &object{typ: typ, fields: map[string]any{field: v, "userErrors": errs}}
}

// term is one condition of a search query: tag:'x', updated_at:>='2026-01-02T00:00:00Z', -tag:y.
type term struct {
	field, op, value string
	not              bool
}

// parseSearch reads Shopify's search syntax, as far as conditions joined by AND.
func parseSearch(query string) ([]term, *gqlError) {
	var terms []term
	for rest := strings.TrimSpace(query); rest != ""; rest = strings.TrimSpace(rest) {
		if after, ok := strings.CutPrefix(rest, "AND "); ok {
			rest = after
			continue
		}
		t := term{op: "="}
		rest, t.not = strings.CutPrefix(rest, "-")
		field, value, ok := strings.Cut(rest, ":")
		if !ok || strings.ContainsAny(field, " \"'()") {
			return nil, gqlErr("BAD_REQUEST", "the sandbox reads only field:value terms joined by AND, not %q", query)
		}
		t.field = field
		for _, op := range []string{">=", "<=", ">", "<"} {
			if after, ok := strings.CutPrefix(value, op); ok {
				t.op, value = op, after
				break
			}
		}
		if value != "" && (value[0] == '\'' || value[0] == '"') {
			t.value, rest, ok = strings.Cut(value[1:], value[:1])
			if !ok {
				return nil, gqlErr("BAD_REQUEST", "unbalanced quote in %q", query)
			}
		} else {
			t.value, rest, _ = strings.Cut(value, " ")
		}
		terms = append(terms, t)
	}
	return terms, nil
}

// matches evaluates a term: values are what a record has under the field's name, nil when the field is unknown.
func (t term) matches(values []string, at time.Time) bool {
	hit := false
	if at.IsZero() {
		hit = slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, t.value) })
	} else if want, err := time.Parse(time.RFC3339, t.value); err == nil {
		c := at.Truncate(time.Second).Compare(want.Truncate(time.Second)) // the search knows whole seconds
		hit = c == 0 && t.op != "<" && t.op != ">" || c > 0 && t.op[0] == '>' || c < 0 && t.op[0] == '<'
	}
	return hit != t.not
}
