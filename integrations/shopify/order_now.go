package shopify

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// What the Admin API answers is written as a webhook's body, so that amounts are computed in one way whoever tells them.

func payloadOf(n OrderNowOrder) OrderPayload {
	w := OrderPayload{
		Currency: n.CurrencyCode, TaxesIncluded: n.TaxesIncluded, TotalOutstanding: decimal(n.TotalOutstandingSet), Refunds: []RefundPayload{},
	}
	for _, line := range n.ShippingLines.Nodes {
		price := decimal(line.DiscountedPriceSet)
		w.ShippingLines = append(w.ShippingLines, ShippingPayload{Price: price, DiscountedPrice: &price, TaxLines: taxesOf(line.TaxLines)})
	}
	return w
}

func decimal(a Amount) Decimal { return Decimal(a.ShopMoney.Amount) }

func taxesOf(taxes []Tax) (out []TaxLine) {
	for _, t := range taxes {
		out = append(out, TaxLine{Price: decimal(t.PriceSet)})
	}
	return out
}

func linesOf(nodes []Line) (out []LinePayload) {
	for _, n := range nodes {
		now := int64(n.CurrentQuantity)
		line := LinePayload{
			ID: number(n.Id), Quantity: int64(n.Quantity), CurrentQuantity: &now, GiftCard: n.IsGiftCard, Price: decimal(n.OriginalUnitPriceSet), TaxLines: taxesOf(n.TaxLines),
		}
		for _, d := range n.DiscountAllocations {
			line.DiscountAllocations = append(line.DiscountAllocations, DiscountAllocation{Amount: decimal(d.AllocatedAmountSet)})
		}
		out = append(out, line)
	}
	return out
}

// markTips finds the line that is the order's tip. The Admin API does not mark it as webhooks do; but the order's subtotal has no tips.
func markTips(w *OrderPayload, n OrderNowOrder) {
	tip, err := decimal(n.TotalTipReceivedSet).minor(n.CurrencyCode)
	if err != nil || tip == 0 {
		return
	}
	for i := len(w.LineItems) - 1; i >= 0; i-- {
		line := &w.LineItems[i]
		if price, err := line.Price.minor(n.CurrencyCode); err == nil && price*line.Quantity == tip && len(line.TaxLines) == 0 {
			line.Tip = json.RawMessage(`{}`)
			return
		}
	}
}

// number is the one in a global id, which webhooks and the API share.
func number(gid string) int64 {
	n, _ := strconv.ParseInt(gid[strings.LastIndexByte(gid, '/')+1:], 10, 64)
	return n
}

// refund asks for one refund, with all its lines.
func (c *Client) refund(ctx context.Context, gid, currency string) (RefundPayload, error) {
	const op = "Refund"
	w := RefundPayload{ID: number(gid), Transactions: []RefundPayment{}}
	set := func(a Amount) MoneySet {
		return MoneySet{ShopMoney: ShopMoney{Amount: decimal(a), CurrencyCode: currency}}
	}
	var after *string
	for {
		res, err := RefundNow(ctx, &c.gql, gid, after)
		if err != nil {
			return w, vendorErr(op, err)
		}
		if res.Refund == nil {
			return w, refusal(op, "the shop does not show a refund that its order lists")
		}
		for _, line := range res.Refund.RefundLineItems.Nodes {
			w.RefundLineItems = append(w.RefundLineItems, RefundLine{
				LineItemID: number(line.LineItem.Id), LineItem: LinePayload{GiftCard: line.LineItem.IsGiftCard},
				Subtotal: decimal(line.SubtotalSet), TotalTax: decimal(line.TotalTaxSet), SubtotalSet: set(line.SubtotalSet),
			})
		}
		page := res.Refund.RefundLineItems.PageInfo
		if after = next(page.HasNextPage, page.EndCursor, after); after != nil {
			continue
		}
		w.ProcessedAt = res.Refund.ProcessedAt.UTC().Format(time.RFC3339)
		for _, a := range res.Refund.OrderAdjustments.Nodes {
			w.OrderAdjustments = append(w.OrderAdjustments, Adjustment{Amount: decimal(a.AmountSet), TaxAmount: decimal(a.TaxAmountSet), AmountSet: set(a.AmountSet)})
		}
		for _, line := range res.Refund.RefundShippingLines.Nodes {
			w.ShippingLines = append(w.ShippingLines, RefundShip{SubtotalAmountSet: set(line.SubtotalAmountSet), TaxAmountSet: set(line.TaxAmountSet)})
		}
		for _, t := range res.Refund.Transactions.Nodes {
			w.Transactions = append(w.Transactions, RefundPayment{Kind: strings.ToLower(string(t.Kind)), Status: strings.ToLower(string(t.Status)), AmountSet: set(t.AmountSet)})
		}
		return w, nil
	}
}

func (c *Client) dispute(ctx context.Context, gid string) (d partnership.SaleDispute, err error) {
	const op = "Dispute"
	res, err := DisputeNow(ctx, &c.gql, "gid://shopify/ShopifyPaymentsDispute/"+strconv.FormatInt(number(gid), 10))
	if err != nil {
		return d, vendorErr(op, err)
	}
	if res.Dispute == nil {
		return d, refusal(op, "the shop does not show a dispute that its order lists: give the app the scope read_shopify_payments_disputes")
	}
	n := res.Dispute
	d = partnership.SaleDispute{
		DisputeID: n.LegacyResourceId, Currency: n.Amount.CurrencyCode, Lost: lostDispute(string(n.Status)), Won: wonDispute(string(n.Status)), At: n.InitiatedAt.UTC(),
	}
	if n.FinalizedOn != nil {
		d.FinalAt = n.FinalizedOn.UTC()
	}
	if d.AmountMinor, err = Decimal(n.Amount.Amount).minor(d.Currency); err != nil {
		return d, refusal(op, "dispute "+d.DisputeID+": "+err.Error())
	}
	return d, nil
}
