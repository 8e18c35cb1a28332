package shopify

import (
	"context"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/integrations/httpx"
)

// subscribed are the topics that the shop is to report, as the Admin API spells them.
var subscribed = []string{
	"ORDERS_CREATE", "ORDERS_PAID", "ORDERS_UPDATED", "ORDERS_EDITED", "ORDERS_CANCELLED", "REFUNDS_CREATE", "ORDER_TRANSACTIONS_CREATE", "DISPUTES_CREATE", "DISPUTES_UPDATE",
}

// KeepSubscriptions puts back the webhook subscriptions that are not there, and says which: the shop removes one after eight deliveries
// that failed, and people do. front is the address of our front door. One that stands and tells only a part is a person's to mend.
func (c *Client) KeepSubscriptions(ctx context.Context, front string) (restored []string, err error) {
	const op = "KeepSubscriptions"
	uri := strings.TrimSuffix(front, "/") + webhookPath
	there := map[string]bool{}
	var after *string
	for {
		res, err := Subscriptions(ctx, &c.gql, after)
		if err != nil {
			return nil, vendorErr(op, err)
		}
		for _, sub := range res.WebhookSubscriptions.Nodes {
			if sub.Uri != uri || !slices.Contains(subscribed, sub.Topic) {
				continue
			}
			if len(sub.IncludeFields) > 0 || sub.Filter != nil && *sub.Filter != "" || sub.Format != WebhookSubscriptionFormatJson {
				return nil, refusal(op, "the subscription of "+spelt(sub.Topic)+" tells only a part, or not in JSON: delete it at the shop, and it is made anew")
			}
			there[sub.Topic] = true
		}
		page := res.WebhookSubscriptions.PageInfo
		if after = next(page.HasNextPage, page.EndCursor, after); after == nil {
			break
		}
	}
	for _, topic := range subscribed {
		if there[topic] {
			continue
		}
		res, err := Subscribe(ctx, &c.gql, topic, WebhookSubscriptionInput{Uri: &uri})
		if err != nil {
			return restored, vendorErr(op, err)
		}
		if made := res.WebhookSubscriptionCreate; made == nil || len(made.UserErrors) > 0 {
			why := ""
			if made != nil {
				why = httpx.Redact(made.UserErrors[0].Message)
			}
			return restored, refusal(op, "the shop refuses to report "+spelt(topic)+" to "+uri+" ("+why+"): give the app the scopes "+strings.Join(Scopes, ", "))
		}
		restored = append(restored, spelt(topic))
	}
	return restored, nil
}

// spelt is a topic as webhooks bear it: ORDERS_PAID is orders/paid.
func spelt(topic string) string {
	if rest, ok := strings.CutPrefix(topic, "ORDER_TRANSACTIONS_"); ok {
		return "order_transactions/" + strings.ToLower(rest)
	}
	return strings.ToLower(strings.Replace(topic, "_", "/", 1))
}
