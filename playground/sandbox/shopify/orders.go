package shopify

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// An order is a sale, or a completed gift (DraftID set).
type order struct {
	ID            int64       `json:"id"`
	DraftID       int64       `json:"draft_id"`
	Source        string      `json:"source"` // web, shopify_draft_order
	Tags          []string    `json:"tags"`
	Currency      string      `json:"currency"`
	Lines         []line      `json:"lines"`
	Code          string      `json:"code"`
	Program       string      `json:"program"`
	Landing       string      `json:"landing"` // path and query
	Attributes    []attribute `json:"attributes"`
	TaxMinor      int64       `json:"tax_minor"`
	ShippingMinor int64       `json:"shipping_minor"`
	Email         string      `json:"email"`
	At            time.Time   `json:"at"`
	UpdatedAt     time.Time   `json:"updated_at"`
	CancelledAt   time.Time   `json:"cancelled_at,omitzero"`
}

// A line is one product of an order; PriceMinor is for one piece, the other amounts for the whole line.
type line struct {
	ID            int64  `json:"id"`
	VariantID     int64  `json:"variant_id"`
	ProductID     int64  `json:"product_id"`
	SKU           string `json:"sku"`
	Title         string `json:"title"`
	Quantity      int64  `json:"quantity"`
	PriceMinor    int64  `json:"price_minor"`
	DiscountMinor int64  `json:"discount_minor"`
	RefundedMinor int64  `json:"refunded_minor"`
}

func (l line) net() int64 { return l.PriceMinor*l.Quantity - l.DiscountMinor }

func linesGross(ls []line) (n int64) {
	for _, l := range ls {
		n += l.PriceMinor * l.Quantity
	}
	return n
}

// net is what was sold: lines after discounts, without tax and shipping.
func (o *order) net() (n int64) {
	for _, l := range o.Lines {
		n += l.net()
	}
	return n
}

func (o *order) refunded() (n int64) {
	for _, l := range o.Lines {
		n += l.RefundedMinor
	}
	return n
}

// utm reads a parameter of the page that the buyer landed on; our links carry the partnership and the program there.
func (o *order) utm(name string) string {
	u, err := url.Parse(o.Landing)
	if err != nil {
		return ""
	}
	return u.Query().Get(name)
}

func shopTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func moneyBag(minor int64, currency string) *object {
	m := &object{typ: "MoneyV2", fields: map[string]any{"amount": sandbox.Decimal(minor, currency), "currencyCode": currency}}
	return &object{typ: "MoneyBag", fields: map[string]any{"shopMoney": m, "presentmentMoney": m}}
}

func (o *order) financialStatus() string {
	switch {
	case o.refunded() == 0:
		return "PAID"
	case o.refunded() < o.net():
		return "PARTIALLY_REFUNDED"
	}
	return "REFUNDED"
}

func (s *service) orderObject(o *order) *object {
	var cancelled, code, journey any
	if !o.CancelledAt.IsZero() {
		cancelled = shopTime(o.CancelledAt)
	}
	codes := []string{}
	if o.Code != "" {
		code, codes = o.Code, append(codes, o.Code)
	}
	if o.Landing != "" {
		visit := &object{typ: "CustomerVisit", fields: map[string]any{"landingPage": "https://" + s.shop + o.Landing}}
		journey = &object{typ: "CustomerJourneySummary", fields: map[string]any{"firstVisit": visit, "lastVisit": visit, "ready": true}}
	} else {
		journey = (*object)(nil)
	}
	cur := o.Currency
	return &object{typ: "Order", fields: map[string]any{
		"id": gid("Order", o.ID), "legacyResourceId": strconv.FormatInt(o.ID, 10), "name": o.name(), "currencyCode": cur, "taxesIncluded": false, "test": false,
		"tags": sandbox.List(o.Tags), "sourceName": o.Source, "createdAt": shopTime(o.At), "processedAt": shopTime(o.At), "updatedAt": shopTime(o.UpdatedAt),
		"cancelledAt": cancelled, "displayFinancialStatus": o.financialStatus(), "discountCode": code, "discountCodes": codes,
		"customAttributes": attributeObjects(o.Attributes), "customerJourneySummary": journey, "email": sandbox.Nullable(o.Email),
		"subtotalPriceSet": moneyBag(o.net(), cur), "currentSubtotalPriceSet": moneyBag(o.net()-o.refunded(), cur),
		"totalTaxSet": moneyBag(o.TaxMinor, cur), "currentTotalTaxSet": moneyBag(o.TaxMinor, cur), "totalShippingPriceSet": moneyBag(o.ShippingMinor, cur),
		"totalPriceSet": moneyBag(o.net()+o.TaxMinor+o.ShippingMinor, cur), "totalRefundedSet": moneyBag(o.refunded(), cur),
		"lineItems": o.lineObjects(), "shippingLines": o.shippingObjects(),
	}}
}

func (o *order) lineObjects() connection {
	out := connection{}
	for _, l := range o.Lines {
		out = append(out, &object{typ: "LineItem", fields: map[string]any{
			"id": gid("LineItem", l.ID), "sku": sandbox.Nullable(l.SKU), "title": l.Title, "quantity": l.Quantity,
			"originalUnitPriceSet": moneyBag(l.PriceMinor, o.Currency), "totalDiscountSet": moneyBag(l.DiscountMinor, o.Currency), "taxLines": []*object{},
		}})
	}
	return out
}

func (o *order) shippingObjects() connection {
	out := connection{}
	if o.ShippingMinor > 0 {
		out = append(out, &object{typ: "ShippingLine", fields: map[string]any{"title": "Standard", "originalPriceSet": moneyBag(o.ShippingMinor, o.Currency), "taxLines": []*object{}}})
	}
	return out
}

func (o *order) name() string { return fmt.Sprintf("#%d", o.ID%1_000_000) }

func (s *service) orderByID(args map[string]any) (any, *gqlError) {
	id := idOf("Order", args["id"])
	if o := sandbox.Find(s.st.Orders, func(o *order) bool { return o.ID == id }); o != nil {
		return s.orderObject(o), nil
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

// webhook sends a webhook with Shopify's headers. The lock is held.
func (s *service) webhook(topic string, body map[string]any) {
	s.Post(&sandbox.Delivery{
		Queue: name, Path: "/webhooks/shopify", ContentType: "application/json", Events: []string{topic}, Body: sandbox.Must(json.Marshal(body)),
		Header: map[string]string{
			"X-Shopify-Topic": topic, "X-Shopify-Shop-Domain": s.shop, "X-Shopify-API-Version": version,
			"X-Shopify-Webhook-Id": uuid.NewString(), "X-Shopify-Event-Id": uuid.NewString(), "X-Shopify-Triggered-At": s.Now().Format(time.RFC3339Nano),
		},
	})
}

// percentOf rounds a share half away from zero, as Shopify rounds a discount.
func percentOf(minor int64, share float64) int64 { return int64(math.Round(float64(minor) * share)) }
