package shopify

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// checkout is what a buyer does in the storefront.
type checkout struct {
	LandingSite   string         `json:"landing_site"` // where the buyer arrived: a URL or path with our utm parameters
	Code          string         `json:"code"`
	Items         []checkoutItem `json:"items"`          // or
	SubtotalMinor int64          `json:"subtotal_minor"` // one item of this price, before the discount
	TaxMinor      int64          `json:"tax_minor"`
	ShippingMinor int64          `json:"shipping_minor"`
	Currency      string         `json:"currency"` // default USD
	CustomerEmail string         `json:"customer_email"`
	Attributes    []attribute    `json:"note_attributes"`
}

type checkoutItem struct {
	SKU        string `json:"sku"`
	Title      string `json:"title"`
	Quantity   int64  `json:"quantity"`
	PriceMinor int64  `json:"price_minor"`
}

// checkedOut answers a checkout.
type checkedOut struct {
	OrderID       string `json:"order_id"`
	Name          string `json:"name"`
	NetMinor      int64  `json:"net_minor"`
	DiscountMinor int64  `json:"discount_minor"`
	TotalMinor    int64  `json:"total_minor"`
	Currency      string `json:"currency"`
}

// placeOrder applies the code, makes the order and sends orders/paid.
func (s *service) placeOrder(q checkout) (checkedOut, error) {
	s.Lock()
	defer s.Unlock()
	if len(q.Items) == 0 && q.SubtotalMinor > 0 {
		q.Items = []checkoutItem{{SKU: "SALE-1", Title: "Sampler", Quantity: 1, PriceMinor: q.SubtotalMinor}}
	}
	if len(q.Items) == 0 || q.TaxMinor < 0 || q.ShippingMinor < 0 {
		return checkedOut{}, sandbox.Invalid("give items or subtotal_minor; tax and shipping are not negative")
	}
	o := &order{
		ID: s.shopID(), Source: "web", Tags: []string{}, Currency: cmp.Or(q.Currency, shopCurrency), TaxMinor: q.TaxMinor, ShippingMinor: q.ShippingMinor,
		Email: q.CustomerEmail, Attributes: sandbox.List(q.Attributes), At: s.Now(), UpdatedAt: s.Now(), Landing: landingPath(q.LandingSite),
	}
	o.Program = o.utm("utm_campaign")
	share := 0.0
	if q.Code != "" {
		d := s.discountOf(q.Code)
		if d == nil || d.status(s.Now()) != "ACTIVE" {
			return checkedOut{}, &sandbox.Refusal{Status: http.StatusUnprocessableEntity, Message: fmt.Sprintf("discount code %q is not valid", q.Code)}
		}
		d.Used++
		o.Code, share = d.Code, d.Percent
		if program, _ := d.ours(); program != "" {
			o.Program = program
		}
	}
	for _, it := range q.Items {
		if it.PriceMinor < 0 || it.Quantity < 0 {
			return checkedOut{}, sandbox.Invalid("prices and quantities are not negative")
		}
		v := s.variantOf(cmp.Or(it.SKU, "SALE-1"))
		l := line{ID: s.shopID(), VariantID: v.ID, ProductID: v.ProductID, SKU: v.SKU, Title: cmp.Or(it.Title, v.Title), Quantity: max(it.Quantity, 1), PriceMinor: it.PriceMinor}
		l.DiscountMinor = percentOf(l.PriceMinor*l.Quantity, share)
		o.Lines = append(o.Lines, l)
	}
	s.st.Orders = append(s.st.Orders, o)
	s.orderWebhook(o, "orders/paid")
	s.Touch()
	return checkedOut{
		OrderID: strconv.FormatInt(o.ID, 10), Name: o.name(), NetMinor: o.net(), DiscountMinor: linesGross(o.Lines) - o.net(),
		TotalMinor: o.net() + o.TaxMinor + o.ShippingMinor, Currency: o.Currency,
	}, nil
}

// landingPath keeps path and query, as landing_site does.
func landingPath(site string) string {
	u, err := url.Parse(site)
	if err != nil || site == "" {
		return ""
	}
	return cmp.Or(u.RequestURI(), "/")
}

func moneySet(minor int64, currency string) map[string]any {
	m := map[string]string{"amount": sandbox.Decimal(minor, currency), "currency_code": currency}
	return map[string]any{"shop_money": m, "presentment_money": m}
}

// orderWebhook sends an order as orders/paid and orders/cancelled carry it. The lock is held.
func (s *service) orderWebhook(o *order, topic string) {
	cur, gross := o.Currency, linesGross(o.Lines)
	off := gross - o.net()
	codes, applications, lines, notes := []any{}, []any{}, []any{}, []any{}
	if o.Code != "" {
		codes = append(codes, map[string]string{"code": o.Code, "amount": sandbox.Decimal(off, cur), "type": "percentage"})
		applications = append(applications, map[string]any{
			"type": "discount_code", "code": o.Code, "value_type": "percentage", "value": s.percentText(o.Code), "allocation_method": "across", "target_selection": "all", "target_type": "line_item",
		})
	} else if off > 0 {
		applications = append(applications, map[string]any{
			"type": "manual", "title": "Gift", "value_type": "percentage", "value": "100.0", "allocation_method": "across", "target_selection": "all", "target_type": "line_item",
		})
	}
	for _, l := range o.Lines {
		allocations := []any{}
		if l.DiscountMinor > 0 {
			allocations = append(allocations, map[string]any{"amount": sandbox.Decimal(l.DiscountMinor, cur), "amount_set": moneySet(l.DiscountMinor, cur), "discount_application_index": 0})
		}
		lines = append(lines, map[string]any{
			"id": l.ID, "admin_graphql_api_id": gid("LineItem", l.ID), "variant_id": l.VariantID, "product_id": l.ProductID, "sku": l.SKU, "title": l.Title, "name": l.Title,
			"quantity": l.Quantity, "current_quantity": l.Quantity, "price": sandbox.Decimal(l.PriceMinor, cur), "price_set": moneySet(l.PriceMinor, cur), "total_discount": "0.00",
			"discount_allocations": allocations, "tax_lines": []any{}, "taxable": true, "gift_card": false, "requires_shipping": true,
		})
	}
	for _, a := range o.Attributes {
		notes = append(notes, map[string]string{"name": a.Key, "value": a.Value})
	}
	total, at := o.net()+o.TaxMinor+o.ShippingMinor, shopTime(o.At)
	body := map[string]any{
		"id": o.ID, "admin_graphql_api_id": gid("Order", o.ID), "name": o.name(), "order_number": o.ID % 1_000_000, "app_id": 580111, "test": false, "confirmed": true,
		"currency": cur, "presentment_currency": cur, "taxes_included": false, "financial_status": strings.ToLower(o.financialStatus()), "tags": strings.Join(o.Tags, ", "),
		"source_name": o.Source, "landing_site": sandbox.Nullable(o.Landing), "referring_site": nil, "note": nil, "note_attributes": notes, "email": o.Email, "contact_email": sandbox.Nullable(o.Email),
		"created_at": at, "processed_at": at, "updated_at": shopTime(o.UpdatedAt), "cancelled_at": nil, "cancel_reason": nil,
		"discount_codes": codes, "discount_applications": applications, "line_items": lines, "refunds": []any{}, "shipping_lines": []any{}, "tax_lines": []any{},
		"subtotal_price": sandbox.Decimal(o.net(), cur), "subtotal_price_set": moneySet(o.net(), cur),
		"current_subtotal_price": sandbox.Decimal(o.net()-o.refunded(), cur), "current_subtotal_price_set": moneySet(o.net()-o.refunded(), cur),
		"total_line_items_price": sandbox.Decimal(gross, cur), "total_line_items_price_set": moneySet(gross, cur),
		"total_discounts": sandbox.Decimal(off, cur), "total_discounts_set": moneySet(off, cur), "total_tax": sandbox.Decimal(o.TaxMinor, cur), "total_tax_set": moneySet(o.TaxMinor, cur),
		"total_shipping_price_set": moneySet(o.ShippingMinor, cur), "total_price": sandbox.Decimal(total, cur), "total_price_set": moneySet(total, cur), "current_total_price": sandbox.Decimal(total-o.refunded(), cur),
	}
	if !o.CancelledAt.IsZero() {
		body["cancelled_at"], body["cancel_reason"] = shopTime(o.CancelledAt), "other"
	}
	s.webhook(topic, body)
}

// percentText is a code's share as Shopify writes it: "15.0".
func (s *service) percentText(code string) string {
	if d := s.discountOf(code); d != nil {
		if t := strconv.FormatFloat(d.Percent*100, 'f', -1, 64); strings.Contains(t, ".") {
			return t
		}
		return strconv.FormatFloat(d.Percent*100, 'f', 1, 64)
	}
	return "0.0"
}

// refund is money that a buyer gets back, of what the lines cost.
type refund struct {
	OrderID     string `json:"order_id"` // number or gid
	AmountMinor int64  `json:"amount_minor"`
}

// refundOrder gives money back line by line and sends refunds/create.
func (s *service) refundOrder(q refund) (map[string]any, error) {
	s.Lock()
	defer s.Unlock()
	id := idOf("Order", q.OrderID)
	o := sandbox.Find(s.st.Orders, func(o *order) bool { return o.ID == id && o.DraftID == 0 })
	switch {
	case o == nil:
		return nil, sandbox.NotFound("order")
	case q.AmountMinor <= 0 || q.AmountMinor > o.net()-o.refunded():
		return nil, sandbox.Invalid("amount_minor must be from 1 to what is left, %d", o.net()-o.refunded())
	}
	refundID, left, rows := s.shopID(), q.AmountMinor, []any{}
	for i := range o.Lines {
		l := &o.Lines[i]
		part := min(left, l.net()-l.RefundedMinor)
		if part <= 0 {
			continue
		}
		l.RefundedMinor += part
		left -= part
		rows = append(rows, map[string]any{ // subtotal and total_tax are JSON numbers here, and nowhere else
			"id": s.shopID(), "line_item_id": l.ID, "quantity": l.Quantity, "restock_type": "no_restock", "location_id": nil,
			"subtotal": json.Number(sandbox.Decimal(part, o.Currency)), "subtotal_set": moneySet(part, o.Currency),
			"total_tax": json.Number(sandbox.Decimal(0, o.Currency)), "total_tax_set": moneySet(0, o.Currency),
			"line_item": map[string]any{"id": l.ID, "sku": l.SKU, "title": l.Title, "quantity": l.Quantity, "price": sandbox.Decimal(l.PriceMinor, o.Currency)},
		})
	}
	o.UpdatedAt = s.Now()
	at := shopTime(s.Now())
	s.webhook("refunds/create", map[string]any{
		"id": refundID, "admin_graphql_api_id": gid("Refund", refundID), "order_id": o.ID, "created_at": at, "processed_at": at, "note": nil, "restock": false,
		"user_id": nil, "duties": []any{}, "order_adjustments": []any{}, "refund_line_items": rows,
		"transactions": []any{map[string]any{
			"id": s.shopID(), "order_id": o.ID, "kind": "refund", "status": "success", "amount": sandbox.Decimal(q.AmountMinor, o.Currency), "currency": o.Currency, "gateway": "bogus", "processed_at": at,
		}},
	})
	s.Touch()
	return map[string]any{"order_id": strconv.FormatInt(o.ID, 10), "refund_id": strconv.FormatInt(refundID, 10), "refunded_minor": o.refunded(), "net_minor": o.net()}, nil
}
