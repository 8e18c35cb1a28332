package shopify

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

func moneySet(minor int64, currency string) map[string]any {
	m := map[string]string{"amount": sandbox.Decimal(minor, currency), "currency_code": currency}
	return map[string]any{"shop_money": m, "presentment_money": m}
}

// orderWebhook tells of an order as it stands. The lock is held.
func (s *service) orderWebhook(o *order, topic string) { s.webhook(topic, s.orderBody(o)) }

// orderBody is an order as webhooks carry it.
func (s *service) orderBody(o *order) map[string]any {
	cur, gross, off := o.Currency, linesGross(o.Lines)-o.tips(), o.discount()
	codes, applications, lines, notes, refunds := []any{}, []any{}, []any{}, []any{}, []any{}
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
		lines = append(lines, o.lineBody(l))
	}
	for _, a := range o.Attributes {
		notes = append(notes, map[string]string{"name": a.Key, "value": a.Value})
	}
	for _, r := range o.Refunds {
		refunds = append(refunds, o.refundBody(r))
	}
	subtotal, left := o.subtotal(func(l line) int64 { return l.Quantity - l.EditedOut }), o.subtotal(line.current)
	total, at := o.total(), shopTime(o.At)
	body := map[string]any{
		"id": o.ID, "admin_graphql_api_id": gid("Order", o.ID), "name": o.name(), "order_number": o.ID % 1_000_000, "app_id": 580111, "test": o.Test, "confirmed": true,
		"currency": cur, "presentment_currency": cur, "taxes_included": o.TaxesIncluded, "financial_status": strings.ToLower(o.financialStatus()), "tags": strings.Join(o.Tags, ", "),
		"source_name": o.Source, "landing_site": sandbox.Nullable(o.Landing), "referring_site": sandbox.Nullable(o.Buyer.Referrer), "customer": o.customer(), "shipping_address": o.Buyer.address(), "note": nil, "note_attributes": notes, "email": o.Email, "contact_email": sandbox.Nullable(o.Email),
		"created_at": at, "processed_at": at, "updated_at": shopTime(o.UpdatedAt), "cancelled_at": nil, "cancel_reason": nil,
		"discount_codes": codes, "discount_applications": applications, "line_items": lines, "refunds": refunds, "shipping_lines": o.shippingBody(), "tax_lines": []any{},
		"subtotal_price": sandbox.Decimal(subtotal, cur), "subtotal_price_set": moneySet(subtotal, cur),
		"current_subtotal_price": sandbox.Decimal(left, cur), "current_subtotal_price_set": moneySet(left, cur),
		"total_line_items_price": sandbox.Decimal(gross, cur), "total_line_items_price_set": moneySet(gross, cur), "total_tip_received": sandbox.Decimal(o.tips(), cur),
		"total_discounts": sandbox.Decimal(off, cur), "total_discounts_set": moneySet(off, cur), "total_tax": sandbox.Decimal(o.tax(), cur), "total_tax_set": moneySet(o.tax(), cur),
		"total_shipping_price_set": moneySet(o.ShippingMinor, cur), "total_price": sandbox.Decimal(total, cur), "total_price_set": moneySet(total, cur), "current_total_price": sandbox.Decimal(total-o.given(), cur),
		"total_outstanding": sandbox.Decimal(o.outstanding(), cur),
	}
	if !o.CancelledAt.IsZero() {
		body["cancelled_at"], body["cancel_reason"] = shopTime(o.CancelledAt), "other"
	}
	return body
}

// outstanding is what the buyer owes, or, below zero, is owed.
func (o *order) outstanding() int64 {
	if o.Pending {
		return o.total()
	}
	return o.OwedMinor - o.CreditMinor
}

func (o *order) lineBody(l line) map[string]any {
	cur := o.Currency
	allocations, taxes := []any{}, []any{}
	if l.DiscountMinor > 0 {
		allocations = append(allocations, map[string]any{"amount": sandbox.Decimal(l.DiscountMinor, cur), "amount_set": moneySet(l.DiscountMinor, cur), "discount_application_index": 0})
	}
	if l.TaxMinor > 0 {
		taxes = append(taxes, map[string]any{"title": "Tax", "rate": 0.1, "price": sandbox.Decimal(l.TaxMinor, cur), "price_set": moneySet(l.TaxMinor, cur)})
	}
	body := map[string]any{
		"id": l.ID, "admin_graphql_api_id": gid("LineItem", l.ID), "variant_id": l.VariantID, "product_id": l.ProductID, "sku": l.SKU, "title": l.Title, "name": l.Title,
		"quantity": l.Quantity, "current_quantity": l.current(), "fulfillable_quantity": l.current(), "price": sandbox.Decimal(l.PriceMinor, cur), "price_set": moneySet(l.PriceMinor, cur), "total_discount": "0.00",
		"discount_allocations": allocations, "tax_lines": taxes, "taxable": true, "gift_card": l.GiftCard, "requires_shipping": !l.GiftCard && !l.Tip,
	}
	if l.Tip {
		body["variant_id"], body["product_id"], body["tip"] = nil, nil, map[string]any{"payment_gateway": nil, "payment_method": "Other"}
	}
	return body
}

func (o *order) shippingBody() []any {
	if o.ShippingMinor == 0 {
		return []any{}
	}
	price := sandbox.Decimal(o.ShippingMinor, o.Currency)
	return []any{map[string]any{"title": "Standard", "price": price, "price_set": moneySet(o.ShippingMinor, o.Currency), "discounted_price": price, "tax_lines": []any{}}}
}

// refundBody is a refund as webhooks carry it. subtotal and total_tax are JSON numbers there, and nowhere else.
func (o *order) refundBody(r *refunded) map[string]any {
	cur, lines, adjustments, payments := o.Currency, []any{}, []any{}, []any{}
	for _, one := range r.Lines {
		l := o.Lines[one.Index]
		lines = append(lines, map[string]any{
			"id": l.ID + 1, "line_item_id": l.ID, "quantity": one.Quantity, "restock_type": "no_restock", "location_id": nil,
			"subtotal": json.Number(sandbox.Decimal(one.SubtotalMinor, cur)), "subtotal_set": moneySet(one.SubtotalMinor, cur),
			"total_tax": json.Number(sandbox.Decimal(one.TaxMinor, cur)), "total_tax_set": moneySet(one.TaxMinor, cur), "line_item": o.lineBody(l),
		})
	}
	if r.ShippingMinor > 0 {
		adjustments = append(adjustments, adjustment("shipping_refund", "Shipping refund", -r.ShippingMinor, cur))
	}
	if r.BesideMinor != 0 {
		reason := "Refund discrepancy"
		if r.Status == "" {
			reason = "Pending refund discrepancy"
		}
		adjustments = append(adjustments, adjustment("refund_discrepancy", reason, -r.BesideMinor, cur))
	}
	if r.Status != "" {
		payments = append(payments, o.paymentBody(r))
	}
	at := shopTime(r.At)
	return map[string]any{
		"id": r.ID, "admin_graphql_api_id": gid("Refund", r.ID), "order_id": o.ID, "created_at": at, "processed_at": at, "note": nil, "restock": false,
		"user_id": nil, "duties": []any{}, "order_adjustments": adjustments, "refund_line_items": lines, "transactions": payments,
	}
}

func adjustment(kind, reason string, minor int64, currency string) map[string]any {
	return map[string]any{
		"kind": kind, "reason": reason, "amount": sandbox.Decimal(minor, currency), "amount_set": moneySet(minor, currency),
		"tax_amount": sandbox.Decimal(0, currency), "tax_amount_set": moneySet(0, currency),
	}
}

func (o *order) paymentBody(r *refunded) map[string]any {
	return map[string]any{
		"id": r.ID + 1, "order_id": o.ID, "kind": "refund", "status": r.Status, "amount": sandbox.Decimal(r.AmountMinor, o.Currency), "currency": o.Currency,
		"gateway": "bogus", "processed_at": shopTime(r.At),
	}
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

// webhook sends a webhook with Shopify's headers to whoever has subscribed to its topic. The lock is held.
func (s *service) webhook(topic string, body map[string]any) {
	if !s.subscribed(topic) {
		return
	}
	s.Post(&sandbox.Delivery{
		Queue: name, Path: webhookPath, ContentType: "application/json", Events: []string{topic}, Body: sandbox.Must(json.Marshal(body)),
		Header: map[string]string{
			"X-Shopify-Topic": topic, "X-Shopify-Shop-Domain": s.shop, "X-Shopify-API-Version": version,
			"X-Shopify-Webhook-Id": uuid.NewString(), "X-Shopify-Event-Id": uuid.NewString(), "X-Shopify-Triggered-At": s.Now().Format("2006-01-02T15:04:05.999999999Z07:00"),
		},
	})
}
