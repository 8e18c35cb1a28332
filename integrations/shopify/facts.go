package shopify

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// Webhooks implements integrations.Reporter.
func (s *Settings) Webhooks() []integrations.Webhook {
	return []integrations.Webhook{{
		Vendor: vendor, Path: "/webhooks/shopify", Inbox: vendor, Setting: "SHOPIFY_WEBHOOK_SECRETS", Keep: []string{HeaderTopic, HeaderShop},
		Verify: func(h http.Header, body []byte, _ time.Time) error { return Verify(s.WebhookSecrets.Reveal(), h, body) },
		ID:     func(h http.Header, _ []byte) string { return DeliveryID(h) },
		Read:   s.facts,
	}}
}

// facts reads sales, refunds and cancellations. The topic and the shop's name stand in headers, which are not signed: whoever applies
// these reads in the body what happened, and asks again for money that moves because of it.
func (s *Settings) facts(h http.Header, body []byte) ([]facts.Fact, error) {
	if shop, ours := h.Get(HeaderShop), domain(s.Shop); shop != "" && ours != "" && !strings.EqualFold(shop, ours) {
		return []facts.Fact{facts.Nothing{Why: "it is another shop's"}}, nil
	}
	var fact facts.Fact
	switch h.Get(HeaderTopic) {
	case TopicOrdersPaid:
		o, err := ParseOrder(body)
		if err != nil {
			return nil, err
		}
		fact = facts.OrderPaid{Order: o.sale()}
	case TopicOrdersCancelled:
		o, err := ParseOrder(body)
		if err != nil {
			return nil, err
		}
		fact = facts.OrderCancelled{Order: o.sale()}
	case TopicRefundsCreate:
		r, err := ParseRefund(body)
		if err != nil {
			return nil, err
		}
		fact = facts.OrderRefunded{Refund: r}
	default:
		fact = facts.Nothing{Why: "a topic that changes nothing here"}
	}
	return []facts.Fact{fact}, nil
}

// domain completes a shop's bare name.
func domain(shop string) string {
	shop = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(shop, "https://"), "http://"), "/")
	if shop != "" && !strings.Contains(shop, ".") {
		shop += ".myshopify.com"
	}
	return shop
}

// Sale asks for one order as the shop has it now; *partnership.Error NotFound where the shop does not show it (yet).
func (c *Client) Sale(ctx context.Context, id string) (partnership.Sale, error) {
	o, err := c.Order(ctx, id)
	return o.sale(), err
}

func (o Order) sale() partnership.Sale {
	return partnership.Sale{
		ID: o.ID, Currency: o.Currency, NetMinor: o.LineNetMinor, TaxesIncluded: o.TaxesIncluded, Paid: o.Paid, Test: o.Test, Gift: o.IsGift(),
		Codes: o.DiscountCodes, LinkCode: o.link(), ProcessedAt: o.ProcessedAt, CancelledAt: o.CancelledAt,
	}
}

// link is the code of the creator's link that brought the buyer: utm_content of the landing page, or what the theme put into
// the cart from it.
func (o Order) link() string {
	if u, err := url.Parse(o.LandingSite); err == nil {
		if code := u.Query().Get("utm_content"); code != "" {
			return code
		}
	}
	return o.NoteAttributes["utm_content"]
}
