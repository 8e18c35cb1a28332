package shopify

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Order is a sale as attribution and the ledger need it: no buyer, no addresses.
type Order struct {
	partnership.SaleState

	ID             string // Shopify's number, the same in webhooks, refunds and the poll
	Currency       string // the shop's own
	LineNetMinor   int64  // goods still in it less all discounts, without tax and shipping
	Paid           bool
	Test           bool // a test order moves no money and earns nothing
	DiscountCodes  []string
	LandingSite    string // path or URL of the buyer's first page, with its query (UTM, click token)
	NoteAttributes map[string]string
	Tags           []string
	SourceName     string // web, pos, shopify_draft_order, ...
	ProcessedAt    time.Time
	Refunds        []partnership.SaleRefund
	Disputes       []partnership.SaleDispute
}

// IsGift says whether the order is one of our own gifts, which never earn.
func (o Order) IsGift() bool { return slices.Contains(o.Tags, GiftTag) }

// OrdersChanged is one page of the numbers of the orders that changed at or after since, oldest change first, and where to go on, "" at the
// end.
func (c *Client) OrdersChanged(ctx context.Context, since time.Time, cursor string) (ids []string, goOn string, err error) {
	query := "updated_at:>='" + since.UTC().Format(time.RFC3339) + "'"
	var after *string
	if cursor != "" {
		after = &cursor
	}
	res, err := OrdersChangedSince(ctx, &c.gql, query, after)
	if err != nil {
		return nil, "", vendorErr("OrdersChangedSince", err)
	}
	for _, n := range res.Orders.Nodes {
		ids = append(ids, n.LegacyResourceId)
	}
	page := res.Orders.PageInfo
	if end := next(page.HasNextPage, page.EndCursor, after); end != nil {
		goOn = *end
	}
	return ids, goOn, nil
}

// next is the cursor to go on with, nil at the end. One that does not move would ask for ever.
func next(more bool, end, before *string) *string {
	if !more || end == nil || before != nil && *before == *end {
		return nil
	}
	return end
}

// Order asks for one order as the shop has it now, with all its lines, refunds and disputes; *partnership.Error NotFound where the shop
// does not show it: it is older than the 60 days that an app sees without read_all_orders, or it was never there.
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	const op = "Order"
	if id == "" || strings.Trim(id, "0123456789") != "" {
		return Order{}, refusal(op, "not an order's number")
	}
	gid := "gid://shopify/Order/" + id
	res, err := OrderNow(ctx, &c.gql, gid)
	if err != nil {
		return Order{}, vendorErr(op, err)
	}
	if res.Order == nil {
		return Order{}, partnership.Errorf(partnership.NotFound, "the shop shows no such order")
	}
	o, w := orderOf(*res.Order), payloadOf(*res.Order)
	lines := res.Order.LineItems
	for page := 0; ; page++ {
		w.LineItems = append(w.LineItems, linesOf(lines.Nodes)...)
		after := next(lines.PageInfo.HasNextPage, lines.PageInfo.EndCursor, nil)
		if after == nil || page > maxPages {
			break
		}
		more, err := OrderLines(ctx, &c.gql, gid, *after)
		if err != nil {
			return Order{}, vendorErr(op, err)
		}
		if more.Order == nil {
			return Order{}, partnership.Errorf(partnership.NotFound, "the shop shows no such order any more")
		}
		lines = more.Order.LineItems
	}
	markTips(&w, *res.Order)
	for _, r := range res.Order.Refunds {
		refund, err := c.refund(ctx, r.Id, o.Currency)
		if err != nil {
			return Order{}, err
		}
		w.Refunds = append(w.Refunds, refund)
	}
	if err := o.amounts(w); err != nil {
		return Order{}, refusal(op, "order "+id+": "+err.Error())
	}
	for _, d := range res.Order.Disputes {
		dispute, err := c.dispute(ctx, d.Id)
		if err != nil {
			return Order{}, err
		}
		dispute.OrderID = o.ID
		o.Disputes = append(o.Disputes, dispute)
	}
	if o.ReceivedMinor, err = Decimal(res.Order.TotalReceivedSet.ShopMoney.Amount).minor(o.Currency); err != nil {
		return Order{}, refusal(op, "order "+id+": "+err.Error())
	}
	return o, nil
}

// maxPages ends a list that never does: 20 lines a page are more than any order has.
const maxPages = 5_000

// orderOf reads what an order is, beside its amounts.
func orderOf(n OrderNowOrder) Order {
	o := Order{
		ID: n.LegacyResourceId, Currency: n.CurrencyCode, Test: n.Test, DiscountCodes: n.DiscountCodes, Tags: n.Tags,
		NoteAttributes: map[string]string{}, ProcessedAt: n.ProcessedAt.UTC(),
	}
	o.TaxesIncluded, o.SaidAt = n.TaxesIncluded, n.UpdatedAt.UTC()
	if n.SourceName != nil {
		o.SourceName = *n.SourceName
	}
	if n.CancelledAt != nil {
		o.CancelledAt = n.CancelledAt.UTC()
	}
	if status := n.DisplayFinancialStatus; status != nil {
		o.Paid, o.Part = paid(string(*status)), partlyPaid(string(*status))
	}
	for _, a := range n.CustomAttributes {
		if a.Value != nil {
			o.NoteAttributes[a.Key] = *a.Value
		}
	}
	if j := n.CustomerJourneySummary; j != nil {
		if j.LastVisit != nil && j.LastVisit.LandingPage != nil {
			o.LandingSite = *j.LastVisit.LandingPage
		}
		if j.CustomerOrderIndex != nil {
			first := *j.CustomerOrderIndex <= 1
			o.NewCustomer = &first
		}
	}
	return o
}

// partlyPaid says that a part is paid, in both spellings.
func partlyPaid(status string) bool { return strings.EqualFold(status, "partially_paid") }

// lostDispute and wonDispute read what became of a dispute, in both spellings. Who accepts one has lost it.
func lostDispute(status string) bool {
	return strings.EqualFold(status, "lost") || strings.EqualFold(status, "accepted")
}

func wonDispute(status string) bool { return strings.EqualFold(status, "won") }

// paid reads both spellings of the financial status: "paid" in webhooks, "PAID" in GraphQL.
func paid(status string) bool {
	switch strings.ToLower(status) {
	case "paid", "partially_refunded", "refunded":
		return true
	}
	return false
}
