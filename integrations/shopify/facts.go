package shopify

import (
	"context"
	"encoding/json"
	"errors"
	"hash"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// Webhooks implements integrations.Reporter.
func (s *Settings) Webhooks() []integrations.Webhook {
	return []integrations.Webhook{{
		Vendor: vendor, Path: webhookPath, Inbox: vendor, Setting: "SHOPIFY_WEBHOOK_SECRETS", Keep: []string{HeaderTopic, HeaderShop}, Large: true,
		Verify: func(h http.Header, body []byte, _ time.Time) error { return Verify(s.WebhookSecrets.Reveal(), h, body) },
		Hash:   func(http.Header) hash.Hash { return Sum(s.WebhookSecrets.Reveal()) },
		Proven: func(h http.Header, sum []byte) error { return VerifySum(s.WebhookSecrets.Reveal(), h, sum) },
		ID:     func(h http.Header, _ []byte) string { return DeliveryID(h) },
		Read:   s.facts,
	}}
}

const webhookPath = "/webhooks/shopify"

// facts reads orders, refunds and disputes. The topic and the shop's name stand in headers, which are not signed: whoever applies these
// reads in the body what happened.
func (s *Settings) facts(h http.Header, body []byte) ([]facts.Fact, error) {
	if shop, ours := h.Get(HeaderShop), domain(s.Shop); shop != "" && ours != "" && !strings.EqualFold(shop, ours) {
		return []facts.Fact{facts.Nothing{Why: "it is another shop's"}}, nil
	}
	fact, err := factIn(h.Get(HeaderTopic), body, h.Get(facts.HeaderCut))
	if err != nil {
		return nil, err
	}
	return []facts.Fact{fact}, nil
}

// factIn reads a body. cut says how large the whole was of which it is the beginning: then only the number of the order is read.
func factIn(topic string, body []byte, cut string) (facts.Fact, error) {
	switch topic {
	case TopicOrdersCreate, TopicOrdersPaid, TopicOrdersUpdated, TopicOrdersCancelled, TopicOrdersEdited:
		if cut != "" {
			return changed(numberIn(body, "id"), "the delivery of "+cut+" bytes is larger than any that is kept whole")
		}
		var edit EditPayload
		if json.Unmarshal(body, &edit) == nil && edit.OrderEdit.OrderID > 0 {
			return changed(strconv.FormatInt(edit.OrderEdit.OrderID, 10), "")
		}
		o, err := ParseOrder(body)
		return facts.OrderTold{Order: withBuyer(o.sale(), body), Paid: topic == TopicOrdersPaid}, err
	case TopicRefundsCreate:
		if cut != "" {
			return changed(numberIn(body, "order_id"), "the delivery of "+cut+" bytes is larger than any that is kept whole")
		}
		r, err := ParseRefund(body)
		return facts.OrderRefunded{Refund: r}, err
	case TopicTransactionsCreate:
		var t RefundPayment
		if err := json.Unmarshal(body, &t); err != nil || t.OrderID <= 0 || t.Kind != "refund" {
			return facts.Nothing{Why: "no payment back of an order"}, err
		}
		return changed(strconv.FormatInt(t.OrderID, 10), "")
	case TopicDisputesCreate, TopicDisputesUpdate:
		d, err := ParseDispute(body)
		if err == nil && d.OrderID == "" {
			return facts.Nothing{Why: "a dispute about no order"}, nil
		}
		return facts.OrderDisputed{Dispute: d}, err
	}
	return facts.Nothing{Why: "a topic that changes nothing here"}, nil
}

func changed(id, why string) (facts.Fact, error) {
	if id == "" {
		return nil, errors.New("shopify webhook: no order's number is found in it: " + why)
	}
	return facts.OrderChanged{ID: id, Why: why}, nil
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
		SaleState: o.SaleState, ID: o.ID, Currency: o.Currency, NetMinor: o.LineNetMinor, Paid: o.Paid, Test: o.Test, Gift: o.IsGift(),
		Codes: o.DiscountCodes, LinkCode: o.link(), ProcessedAt: o.ProcessedAt, Refunds: o.Refunds, Disputes: o.Disputes,
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
