package shopify

import (
	"slices"
	"strings"
)

const webhookPath = "/webhooks/shopify"

// A subscription sends a topic's webhooks. The shop deletes one after eight failed deliveries in a row, and people do.
type subscription struct {
	ID    int64  `json:"id"`
	Topic string `json:"topic"` // as the API spells it: ORDERS_PAID
	URI   string `json:"uri"`
}

// topics are those that a shop knows, as far as orders go.
var topics = map[string]string{
	"ORDERS_CREATE": "orders/create", "ORDERS_PAID": "orders/paid", "ORDERS_UPDATED": "orders/updated", "ORDERS_EDITED": "orders/edited", "ORDERS_CANCELLED": "orders/cancelled",
	"REFUNDS_CREATE": "refunds/create", "ORDER_TRANSACTIONS_CREATE": "order_transactions/create", "DISPUTES_CREATE": "disputes/create", "DISPUTES_UPDATE": "disputes/update",
}

// subscribed says whether a topic's webhooks are wanted. A shop that was never asked has all: that is how a sandbox begins.
func (s *service) subscribed(topic string) bool {
	return !s.st.Asked || slices.ContainsFunc(s.st.Subscriptions, func(sub *subscription) bool {
		return topics[sub.Topic] == topic && strings.HasSuffix(sub.URI, webhookPath)
	})
}

func (s *service) subscriptions(map[string]any) (any, *gqlError) {
	out := connection{}
	for _, sub := range s.st.Subscriptions {
		out = append(out, sub.object())
	}
	return out, nil
}

func (sub *subscription) object() *object {
	return &object{typ: "WebhookSubscription", fields: map[string]any{
		"id": gid("WebhookSubscription", sub.ID), "topic": sub.Topic, "uri": sub.URI, "format": "JSON", "includeFields": []string{}, "filter": nil,
	}}
}

func (s *service) subscribe(args map[string]any) (any, *gqlError) {
	topic, input := text(args, "topic"), args["webhookSubscription"].(map[string]any)
	uri := text(input, "uri")
	refused := func(message string, field ...string) (any, *gqlError) {
		return payload("WebhookSubscriptionCreatePayload", "webhookSubscription", (*object)(nil), userErrors("UserError", "", message, field...)), nil
	}
	switch {
	case topics[topic] == "":
		return refused("Invalid topic specified", "topic")
	case !strings.HasPrefix(uri, "https://") && !strings.HasPrefix(uri, "http://127.0.0.1") && !strings.HasPrefix(uri, "http://localhost"): // the sandbox's own front door has no certificate
		return refused("Address protocol http:// is not supported", "webhookSubscription", "callbackUrl")
	case slices.ContainsFunc(s.st.Subscriptions, func(sub *subscription) bool { return sub.Topic == topic && sub.URI == uri }):
		return refused("Address for this topic has already been taken", "webhookSubscription", "callbackUrl")
	}
	sub := &subscription{ID: s.shopID(), Topic: topic, URI: uri}
	s.st.Asked, s.st.Subscriptions = true, append(s.st.Subscriptions, sub)
	s.Touch()
	return payload("WebhookSubscriptionCreatePayload", "webhookSubscription", sub.object(), nil), nil
}

// unsubscribing is somebody who removes a subscription in the shop, or the shop itself after failures.
type unsubscribing struct {
	Topic string `json:"topic"` // orders/paid; "" all
}

func (s *service) unsubscribe(q unsubscribing) (map[string]any, error) {
	s.Lock()
	defer s.Unlock()
	s.st.Asked = true
	before := len(s.st.Subscriptions)
	s.st.Subscriptions = slices.DeleteFunc(s.st.Subscriptions, func(sub *subscription) bool { return q.Topic == "" || topics[sub.Topic] == q.Topic })
	s.Touch()
	return map[string]any{"removed": before - len(s.st.Subscriptions)}, nil
}
