package shopify

import (
	"encoding/json"
	"net/http"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

func (s *service) api() *sandbox.API {
	a := s.NewAPI(name, "/shopify/")
	a.KeyIn = "X-Shopify-Access-Token"
	a.Admit = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get(a.KeyIn) == s.keys["shopify_access_token"] {
			return true
		}
		sandbox.WriteJSON(w, http.StatusUnauthorized, map[string]string{"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"})
		return false
	}
	a.TooMany = func(w http.ResponseWriter, _ *http.Request, after int) { // GraphQL throttles with HTTP 200; the wait follows from the cost
		throttled(w, bucketRestore*after+2, 0)
	}
	a.Broken = func(w http.ResponseWriter) {
		sandbox.WriteJSON(w, http.StatusInternalServerError, map[string]string{"errors": "Internal Server Error"})
	}
	a.NotFound = func(w http.ResponseWriter) {
		sandbox.WriteJSON(w, http.StatusNotFound, map[string]string{"errors": "Not Found"})
	}
	a.OpOf = graphqlOp
	a.Handle("POST /shopify/admin/api/"+version+"/graphql.json", "graphql", s.graphql)
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

func (s *service) graphql(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Query         string         `json:"query"`
		Variables     map[string]any `json:"variables"`
		OperationName string         `json:"operationName"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.Query == "" {
		sandbox.WriteJSON(w, http.StatusBadRequest, map[string]any{"errors": map[string]string{"query": "Required parameter missing or invalid"}})
		return
	}
	doc, gerr := parseGraphQL(q.Query)
	if gerr != nil {
		answerError(w, gerr)
		return
	}
	op, gerr := operation(doc, q.OperationName)
	if gerr != nil {
		answerError(w, gerr)
		return
	}
	cost := costOf(op, doc)
	if gerr := tooDear(cost); gerr != nil {
		answerError(w, gerr)
		return
	}
	if !s.bucket.take(cost, s.Now()) {
		throttled(w, cost, int(s.bucket.level))
		return
	}
	if q.Variables == nil {
		q.Variables = map[string]any{}
	}
	run := &gqlRun{doc: doc, vars: q.Variables}
	data, gerr := run.execute(op, s.roots())
	if gerr != nil {
		answerError(w, gerr)
		return
	}
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{"data": data, "extensions": costExtension(cost, int(s.bucket.level))})
}

// answerError is one of the top-level errors, which come with HTTP 200.
func answerError(w http.ResponseWriter, e *gqlError) {
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{"errors": []*gqlError{e}})
}

// roots are the operations that the shop knows.
func (s *service) roots() map[string]rootField {
	id := map[string]string{"id": "ID!"}
	return map[string]rootField{
		"query shop":                         {nil, s.shopInfo},
		"query productVariants":              {pageArgs, s.productVariants},
		"query draftOrders":                  {pageArgs, s.draftOrders},
		"query draftOrder":                   {id, s.draftOrder},
		"query orders":                       {pageArgs, s.orders},
		"query order":                        {id, s.orderByID},
		"query refund":                       {id, s.refundByID},
		"query dispute":                      {id, s.disputeByID},
		"query webhookSubscriptions":         {pageArgs, s.subscriptions},
		"query codeDiscountNodeByCode":       {map[string]string{"code": "String!"}, s.discountByCode},
		"query codeDiscountNode":             {id, s.discountByID},
		"mutation draftOrderCreate":          {map[string]string{"input": "DraftOrderInput!"}, s.draftOrderCreate},
		"mutation draftOrderComplete":        {map[string]string{"id": "ID!", "paymentPending": "Boolean", "paymentGatewayId": "ID", "sourceName": "String"}, s.draftOrderComplete},
		"mutation draftOrderDelete":          {map[string]string{"input": "DraftOrderDeleteInput!"}, s.draftOrderDelete},
		"mutation orderCancel":               {map[string]string{"orderId": "ID!", "reason": "Enum!", "restock": "Boolean!", "refund": "Boolean", "refundMethod": "OrderCancelRefundMethodInput", "notifyCustomer": "Boolean", "staffNote": "String"}, s.orderCancel},
		"mutation discountCodeBasicCreate":   {map[string]string{"basicCodeDiscount": "DiscountCodeBasicInput!"}, s.discountCreate},
		"mutation webhookSubscriptionCreate": {map[string]string{"topic": "Enum!", "webhookSubscription": "WebhookSubscriptionInput!"}, s.subscribe},
		"mutation discountCodeDeactivate":    {id, s.discountDeactivate},
	}
}

func (s *service) shopInfo(map[string]any) (any, *gqlError) {
	return &object{typ: "Shop", fields: map[string]any{
		"id": gid("Shop", 1), "name": "Sandbox shop", "myshopifyDomain": s.shop, "currencyCode": s.st.Place.Currency,
	}}, nil
}
