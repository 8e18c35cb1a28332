package shopify

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Order is a sale as attribution and the ledger need it: no buyer, no addresses.
type Order struct {
	ID             string // Shopify's number, the same in webhooks, refunds and the poll
	Currency       string // the shop's own
	LineNetMinor   int64  // lines less all discounts, without tax and shipping, before refunds
	RefundedMinor  int64  // of that, given back so far; only the poll knows it, 0 in webhooks
	TaxesIncluded  bool   // whether line amounts at Shopify hold tax: partnership.SaleRefund.NetMinor asks
	Paid           bool
	Test           bool // a test order moves no money and earns nothing
	DiscountCodes  []string
	LandingSite    string // path or URL of the buyer's first page, with its query (UTM, click token)
	NoteAttributes map[string]string
	Tags           []string
	SourceName     string // web, pos, shopify_draft_order, ...
	ProcessedAt    time.Time
	UpdatedAt      time.Time // only from the poll
	CancelledAt    time.Time // zero unless cancelled
}

// IsGift says whether the order is one of our own gifts, which never earn.
func (o Order) IsGift() bool { return slices.Contains(o.Tags, GiftTag) }

// OrdersUpdatedSince lists the orders that changed at or after since, oldest change first, with what was refunded so
// far: the backstop for webhooks that never came. It asks for page after page until there are no more.
func (c *Client) OrdersUpdatedSince(ctx context.Context, since time.Time) ([]Order, error) {
	const op = "OrdersUpdatedSince"
	query := "updated_at:>='" + since.UTC().Format(time.RFC3339) + "'"
	var out []Order
	var after *string
	for {
		res, err := OrdersUpdatedSince(ctx, &c.gql, query, after)
		if err != nil {
			return nil, vendorErr(op, err)
		}
		for _, n := range res.Orders.Nodes {
			o, err := polledOrder(n)
			if err != nil {
				return nil, refusal(op, "order "+o.ID+": "+err.Error())
			}
			out = append(out, o)
		}
		page := res.Orders.PageInfo
		if !page.HasNextPage || page.EndCursor == nil || after != nil && *after == *page.EndCursor {
			return out, nil
		}
		after = page.EndCursor
	}
}

// Order asks for one order as the shop has it now; *partnership.Error NotFound where the shop does not show it (yet).
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	const op = "Order"
	if id == "" || strings.Trim(id, "0123456789") != "" {
		return Order{}, refusal(op, "not an order's number")
	}
	res, err := OrdersUpdatedSince(ctx, &c.gql, "id:"+id, nil)
	if err != nil {
		return Order{}, vendorErr(op, err)
	}
	for _, n := range res.Orders.Nodes {
		if n.LegacyResourceId == id {
			return polledOrder(n)
		}
	}
	return Order{}, partnership.Errorf(partnership.NotFound, "the shop shows no such order")
}

type orderNode = OrdersUpdatedSinceOrdersOrderConnectionNodesOrder

// polledOrder works with the order's totals. Where line prices hold tax, the lines' tax is all tax less that on
// shipping, and a refund of gross amounts counts for its share of the net.
func polledOrder(n orderNode) (Order, error) {
	o := Order{
		ID:             n.LegacyResourceId,
		Currency:       n.CurrencyCode,
		TaxesIncluded:  n.TaxesIncluded,
		Test:           n.Test,
		DiscountCodes:  n.DiscountCodes,
		Tags:           n.Tags,
		NoteAttributes: map[string]string{},
		ProcessedAt:    n.ProcessedAt.UTC(),
		UpdatedAt:      n.UpdatedAt.UTC(),
	}
	if n.SourceName != nil {
		o.SourceName = *n.SourceName
	}
	if n.CancelledAt != nil {
		o.CancelledAt = n.CancelledAt.UTC()
	}
	if n.DisplayFinancialStatus != nil {
		o.Paid = paid(string(*n.DisplayFinancialStatus))
	}
	for _, a := range n.CustomAttributes {
		if a.Value != nil {
			o.NoteAttributes[a.Key] = *a.Value
		}
	}
	if j := n.CustomerJourneySummary; j != nil && j.LastVisit != nil && j.LastVisit.LandingPage != nil {
		o.LandingSite = *j.LastVisit.LandingPage
	}
	gross, err := amount(n.SubtotalPriceSet, o.Currency)
	if err != nil {
		return o, err
	}
	left, err := amount(&n.CurrentSubtotalPriceSet, o.Currency)
	if err != nil {
		return o, err
	}
	tax := int64(0)
	if n.TaxesIncluded {
		if tax, err = lineTax(n); err != nil {
			return o, err
		}
	}
	o.LineNetMinor = max(gross-tax, 0)
	o.RefundedMinor = money.RefundShare(o.LineNetMinor, gross-left, gross)
	return o, nil
}

func lineTax(n orderNode) (int64, error) {
	tax, err := amount(n.TotalTaxSet, n.CurrencyCode)
	if err != nil {
		return 0, err
	}
	for _, line := range n.ShippingLines.Nodes {
		for _, t := range line.TaxLines {
			onShipping, err := amount(&t.PriceSet, n.CurrencyCode)
			if err != nil {
				return 0, err
			}
			tax -= onShipping
		}
	}
	return tax, nil
}

func amount(a *Amount, currency string) (int64, error) {
	if a == nil {
		return 0, nil
	}
	return Decimal(a.ShopMoney.Amount).minor(currency)
}

// paid reads both spellings of the financial status: "paid" in webhooks, "PAID" in GraphQL.
func paid(status string) bool {
	switch strings.ToLower(status) {
	case "paid", "partially_refunded", "refunded":
		return true
	}
	return false
}
