package shopify

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

func moneyBag(minor int64, currency string) *object {
	m := &object{typ: "MoneyV2", fields: map[string]any{"amount": sandbox.Decimal(minor, currency), "currencyCode": currency}}
	return &object{typ: "MoneyBag", fields: map[string]any{"shopMoney": m, "presentmentMoney": m}}
}

// orderObject is an order as the Admin API shows it.
func (s *service) orderObject(o *order) *object {
	var cancelled, code any
	if !o.CancelledAt.IsZero() {
		cancelled = shopTime(o.CancelledAt)
	}
	codes := []string{}
	if o.Code != "" {
		code, codes = o.Code, append(codes, o.Code)
	}
	visit := (*object)(nil)
	if o.Landing != "" {
		visit = &object{typ: "CustomerVisit", fields: map[string]any{"landingPage": "https://" + s.shop + o.Landing}}
	}
	cur := o.Currency
	refunds, disputes := []*object{}, []*object{}
	for _, r := range o.Refunds {
		refunds = append(refunds, o.refundObject(r))
	}
	for _, d := range o.Disputes {
		disputes = append(disputes, &object{typ: "OrderDisputeSummary", fields: map[string]any{
			"id": gid("OrderDisputeSummary", d.ID), "initiatedAs": "CHARGEBACK", "status": strings.ToUpper(d.Status),
		}})
	}
	subtotal, left := o.subtotal(func(l line) int64 { return l.Quantity - l.EditedOut }), o.subtotal(line.current)
	return &object{typ: "Order", fields: map[string]any{
		"id": gid("Order", o.ID), "legacyResourceId": strconv.FormatInt(o.ID, 10), "name": o.name(), "currencyCode": cur, "taxesIncluded": o.TaxesIncluded, "test": o.Test,
		"tags": sandbox.List(o.Tags), "sourceName": o.Source, "createdAt": shopTime(o.At), "processedAt": shopTime(o.At), "updatedAt": shopTime(o.UpdatedAt),
		"cancelledAt": cancelled, "displayFinancialStatus": o.financialStatus(), "discountCode": code, "discountCodes": codes,
		"customAttributes": attributeObjects(o.Attributes), "email": sandbox.Nullable(o.Email),
		"customerJourneySummary": &object{typ: "CustomerJourneySummary", fields: map[string]any{"customerOrderIndex": max(o.Nth, 1), "firstVisit": visit, "lastVisit": visit, "ready": true}},
		"subtotalPriceSet":       moneyBag(subtotal, cur), "currentSubtotalPriceSet": moneyBag(left, cur), "totalTipReceivedSet": moneyBag(o.tips(), cur),
		"totalTaxSet": moneyBag(o.tax(), cur), "currentTotalTaxSet": moneyBag(o.tax(), cur), "totalShippingPriceSet": moneyBag(o.ShippingMinor, cur),
		"totalPriceSet": moneyBag(o.total(), cur), "totalRefundedSet": moneyBag(o.given(), cur), "totalReceivedSet": moneyBag(o.received(), cur), "totalOutstandingSet": moneyBag(o.outstanding(), cur),
		"lineItems": o.lineObjects(), "shippingLines": o.shippingObjects(), "refunds": refunds, "disputes": disputes,
	}}
}

func (o *order) lineObjects() connection {
	out := connection{}
	for _, l := range o.Lines {
		out = append(out, o.lineObject(l))
	}
	return out
}

func (o *order) lineObject(l line) *object {
	cur, allocations, taxes := o.Currency, []*object{}, []*object{}
	if l.DiscountMinor > 0 {
		allocations = append(allocations, &object{typ: "DiscountAllocation", fields: map[string]any{"allocatedAmountSet": moneyBag(l.DiscountMinor, cur)}})
	}
	if l.TaxMinor > 0 {
		taxes = append(taxes, &object{typ: "TaxLine", fields: map[string]any{"title": "Tax", "priceSet": moneyBag(l.TaxMinor, cur)}})
	}
	return &object{typ: "LineItem", fields: map[string]any{
		"id": gid("LineItem", l.ID), "sku": sandbox.Nullable(l.SKU), "title": l.Title, "quantity": l.Quantity, "currentQuantity": l.current(), "isGiftCard": l.GiftCard,
		"originalUnitPriceSet": moneyBag(l.PriceMinor, cur), "totalDiscountSet": moneyBag(l.DiscountMinor, cur), "discountAllocations": allocations, "taxLines": taxes,
	}}
}

func (o *order) shippingObjects() connection {
	out := connection{}
	if o.ShippingMinor > 0 {
		bag := moneyBag(o.ShippingMinor, o.Currency)
		out = append(out, &object{typ: "ShippingLine", fields: map[string]any{"title": "Standard", "originalPriceSet": bag, "discountedPriceSet": bag, "taxLines": []*object{}}})
	}
	return out
}

func (o *order) refundObject(r *refunded) *object {
	cur, lines, adjustments, payments, shipping := o.Currency, connection{}, connection{}, connection{}, connection{}
	for _, one := range r.Lines {
		lines = append(lines, &object{typ: "RefundLineItem", fields: map[string]any{
			"lineItem": o.lineObject(o.Lines[one.Index]), "quantity": one.Quantity, "subtotalSet": moneyBag(one.SubtotalMinor, cur), "totalTaxSet": moneyBag(one.TaxMinor, cur),
		}})
	}
	if r.BesideMinor != 0 {
		adjustments = append(adjustments, &object{typ: "OrderAdjustment", fields: map[string]any{"amountSet": moneyBag(-r.BesideMinor, cur), "taxAmountSet": moneyBag(0, cur)}})
	}
	if r.ShippingMinor > 0 {
		shipping = append(shipping, &object{typ: "RefundShippingLine", fields: map[string]any{"subtotalAmountSet": moneyBag(r.ShippingMinor, cur), "taxAmountSet": moneyBag(0, cur)}})
	}
	if r.Status != "" {
		payments = append(payments, &object{typ: "OrderTransaction", fields: map[string]any{"kind": "REFUND", "status": strings.ToUpper(r.Status), "amountSet": moneyBag(r.AmountMinor, cur)}})
	}
	return &object{typ: "Refund", fields: map[string]any{
		"id": gid("Refund", r.ID), "legacyResourceId": strconv.FormatInt(r.ID, 10), "createdAt": shopTime(r.At), "processedAt": shopTime(r.At), "updatedAt": shopTime(r.At),
		"refundLineItems": lines, "orderAdjustments": adjustments, "transactions": payments, "refundShippingLines": shipping,
	}}
}

func (s *service) orderByID(args map[string]any) (any, *gqlError) {
	id := idOf("Order", args["id"])
	if o := sandbox.Find(s.st.Orders, func(o *order) bool { return o.ID == id }); o != nil {
		return s.orderObject(o), nil
	}
	return nil, nil
}

func (s *service) refundByID(args map[string]any) (any, *gqlError) {
	id := idOf("Refund", args["id"])
	for _, o := range s.st.Orders {
		if r := sandbox.Find(o.Refunds, func(r *refunded) bool { return r.ID == id }); r != nil {
			return o.refundObject(r), nil
		}
	}
	return nil, nil
}

func (s *service) disputeByID(args map[string]any) (any, *gqlError) {
	id := idOf("ShopifyPaymentsDispute", args["id"])
	for _, o := range s.st.Orders {
		d := sandbox.Find(o.Disputes, func(d *dispute) bool { return d.ID == id })
		if d == nil {
			continue
		}
		var final any
		if !d.FinalAt.IsZero() {
			final = shopTime(d.FinalAt)
		}
		return &object{typ: "ShopifyPaymentsDispute", fields: map[string]any{
			"id": gid("ShopifyPaymentsDispute", d.ID), "legacyResourceId": strconv.FormatInt(d.ID, 10), "status": strings.ToUpper(d.Status), "type": "CHARGEBACK",
			"initiatedAt": shopTime(d.At), "finalizedOn": final,
			"amount": &object{typ: "MoneyV2", fields: map[string]any{"amount": sandbox.Decimal(d.AmountMinor, o.Currency), "currencyCode": o.Currency}},
		}}, nil
	}
	return nil, nil
}

// orders searches orders; without sortKey the newest update comes last, as the reconciler wants it.
func (s *service) orders(args map[string]any) (any, *gqlError) {
	terms, gerr := parseSearch(text(args, "query"))
	if gerr != nil {
		return nil, gerr
	}
	var hits []*order
	for _, o := range s.st.Orders {
		ok := true
		for _, t := range terms {
			switch t.field {
			case "tag":
				ok = ok && t.matches(o.Tags, time.Time{})
			case "id":
				ok = ok && t.matches([]string{strconv.FormatInt(o.ID, 10)}, time.Time{})
			case "name":
				ok = ok && t.matches([]string{o.name()}, time.Time{})
			case "financial_status":
				ok = ok && t.matches([]string{o.financialStatus()}, time.Time{})
			case "discount_code":
				ok = ok && t.matches([]string{o.Code}, time.Time{})
			case "source_name":
				ok = ok && t.matches([]string{o.Source}, time.Time{})
			case "created_at", "processed_at":
				ok = ok && t.matches(nil, o.At)
			case "updated_at":
				ok = ok && t.matches(nil, o.UpdatedAt)
			default:
				return nil, gqlErr("BAD_REQUEST", "the sandbox does not search orders by %q", t.field)
			}
		}
		if ok {
			hits = append(hits, o)
		}
	}
	slices.SortStableFunc(hits, func(a, b *order) int { return a.UpdatedAt.Compare(b.UpdatedAt) })
	if args["reverse"] == true {
		slices.Reverse(hits)
	}
	out := connection{}
	for _, o := range hits {
		out = append(out, s.orderObject(o))
	}
	return out, nil
}
