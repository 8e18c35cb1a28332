package shopify

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// draftOrderCreate makes a draft for every call: Shopify documents no idempotency for it.
func (s *service) draftOrderCreate(args map[string]any) (any, *gqlError) {
	in := args["input"].(map[string]any)
	refuse := func(message string, field ...string) (any, *gqlError) {
		return payload("DraftOrderCreatePayload", "draftOrder", nil, userErrors("UserError", "", message, field...)), nil
	}
	d := &draft{
		ID: s.shopID(), Status: "open", Currency: s.st.Place.Currency, CreatedAt: s.Now(), UpdatedAt: s.Now(), Email: text(in, "email"), Note: text(in, "note"),
		Tags: []string{}, Attributes: attributesOf(in["customAttributes"]),
	}
	if message, field := draftFault(in, s.st.Place.Currency); message != "" {
		return refuse(message, field)
	}
	for _, t := range items(in["tags"]) {
		d.Tags = append(d.Tags, t.(string))
	}
	for _, it := range items(in["lineItems"]) {
		l, message := s.draftLine(it.(map[string]any))
		if message != "" {
			return refuse(message, "lineItems")
		}
		d.Lines = append(d.Lines, l)
	}
	if len(d.Lines) == 0 {
		return refuse("Add at least 1 product")
	}
	if off, ok := in["appliedDiscount"].(map[string]any); ok {
		d.PercentOff, _ = number(off["value"])
		if off["valueType"] != "PERCENTAGE" || d.PercentOff < 0 || d.PercentOff > 100 {
			return refuse("The sandbox takes appliedDiscount as PERCENTAGE from 0 to 100", "appliedDiscount")
		}
	}
	s.st.Drafts = append(s.st.Drafts, d)
	return payload("DraftOrderCreatePayload", "draftOrder", s.draftObject(d), nil), nil
}

// The shop's limits on a draft, in pieces and characters.
const (
	maxTags  = 250
	maxTag   = 40
	maxLines = 499
	maxNote  = 5000
)

// draftFault finds what the shop would refuse of a draft as a whole, "" when nothing.
func draftFault(in map[string]any, currency string) (message, field string) {
	if c := text(in, "presentmentCurrencyCode"); c != "" && c != currency {
		return "Presentment currency code " + c + " is not enabled in this shop", "presentmentCurrencyCode"
	}
	if e := text(in, "email"); e != "" && !sandbox.ValidAddress(e) {
		return "Email is invalid", "email"
	}
	if utf8.RuneCountInString(text(in, "note")) > maxNote {
		return "Note is too long (maximum is 5000 characters)", "note"
	}
	if len(items(in["tags"])) > maxTags {
		return "Tags can't be more than 250", "tags"
	}
	for _, t := range items(in["tags"]) {
		if tag, _ := t.(string); utf8.RuneCountInString(tag) > maxTag {
			return "Tags must be at most 40 characters each", "tags"
		}
	}
	if len(items(in["lineItems"])) > maxLines {
		return "Line items can't be more than 499", "lineItems"
	}
	for _, it := range items(in["customAttributes"]) {
		if m, _ := it.(map[string]any); text(m, "key") == "" {
			return "Custom attributes key can't be blank", "customAttributes"
		}
	}
	if a, ok := in["shippingAddress"].(map[string]any); ok {
		switch code := text(a, "countryCode"); {
		case text(a, "address1") == "" || code == "" && text(a, "country") == "":
			return "Shipping address needs address1 and a country", "shippingAddress"
		case code != "" && !countryCode.MatchString(code):
			return "Country code " + code + " is not a country", "shippingAddress"
		}
	}
	return "", ""
}

var countryCode = regexp.MustCompile(`^[A-Z]{2}$`)

func (s *service) draftLine(in map[string]any) (line, string) {
	quantity, _ := number(in["quantity"])
	if quantity < 1 {
		return line{}, "Quantity must be greater than 0"
	}
	l := line{ID: s.shopID(), Quantity: int64(quantity), Title: text(in, "title"), SKU: text(in, "sku")}
	if id := idOf("ProductVariant", in["variantId"]); id != 0 {
		v := sandbox.Find(s.st.Variants, func(v *variant) bool { return v.ID == id })
		if v == nil {
			return line{}, "Product with ID " + strconv.FormatInt(id, 10) + " is no longer available."
		}
		l.VariantID, l.ProductID, l.SKU, l.Title, l.PriceMinor = v.ID, v.ProductID, v.SKU, v.Title, v.PriceMinor
		return l, ""
	}
	price := text(in, "originalUnitPrice")
	if m, ok := in["originalUnitPriceWithCurrency"].(map[string]any); ok {
		price = text(m, "amount")
		if c := text(m, "currencyCode"); c != s.st.Place.Currency {
			return line{}, "Original unit price must be in the currency of the order, " + s.st.Place.Currency + ", not " + c
		}
	}
	minor, ok := sandbox.ParseDecimal(price, s.st.Place.Currency)
	switch {
	case l.Title == "" || !ok || minor < 0:
		return line{}, "A custom line needs a title and a price"
	case utf8.RuneCountInString(l.Title) > maxText:
		return line{}, "Title is too long (maximum is 255 characters)"
	}
	l.PriceMinor = minor
	return l, ""
}

func (s *service) draftObject(d *draft) *object {
	o := sandbox.Find(s.st.Orders, func(o *order) bool { return o.ID == d.OrderID && d.OrderID != 0 })
	var orderObj *object
	if o != nil {
		orderObj = s.orderObject(o)
	}
	gross := linesGross(d.Lines)
	net := gross - int64(math.Round(float64(gross)*d.PercentOff/100))
	var completed any
	if !d.CompletedAt.IsZero() {
		completed = shopTime(d.CompletedAt)
	}
	return &object{typ: "DraftOrder", fields: map[string]any{
		"id": gid("DraftOrder", d.ID), "legacyResourceId": strconv.FormatInt(d.ID, 10), "name": "#D" + strconv.FormatInt(d.ID%100000, 10),
		"status": strings.ToUpper(d.Status), "tags": d.Tags, "customAttributes": attributeObjects(d.Attributes), "email": sandbox.Nullable(d.Email),
		"note2": sandbox.Nullable(d.Note), "order": orderObj, "currencyCode": d.Currency, "createdAt": shopTime(d.CreatedAt), "updatedAt": shopTime(d.UpdatedAt),
		"completedAt": completed, "totalPriceSet": moneyBag(net, d.Currency), "totalPrice": sandbox.Decimal(net, d.Currency), "subtotalPriceSet": moneyBag(net, d.Currency),
	}}
}

func (s *service) draftOf(v any) *draft {
	id := idOf("DraftOrder", v)
	return sandbox.Find(s.st.Drafts, func(d *draft) bool { return d.ID == id && d.Status != "deleted" })
}

func (s *service) draftOrder(args map[string]any) (any, *gqlError) {
	if d := s.draftOf(args["id"]); d != nil {
		return s.draftObject(d), nil
	}
	return nil, nil
}

func (s *service) draftOrders(args map[string]any) (any, *gqlError) {
	terms, gerr := parseSearch(text(args, "query"))
	if gerr != nil {
		return nil, gerr
	}
	out := connection{}
	for _, d := range s.st.Drafts {
		ok := d.Status != "deleted"
		for _, t := range terms {
			switch t.field {
			case "tag":
				ok = ok && t.matches(d.Tags, time.Time{})
			case "status":
				ok = ok && t.matches([]string{d.Status}, time.Time{})
			case "created_at":
				ok = ok && t.matches(nil, d.CreatedAt)
			case "updated_at":
				ok = ok && t.matches(nil, d.UpdatedAt)
			default:
				return nil, gqlErr("BAD_REQUEST", "the sandbox does not search draft orders by %q", t.field)
			}
		}
		if ok {
			out = append(out, s.draftObject(d))
		}
	}
	return out, nil
}

// draftOrderComplete turns a draft into an order, which is paid at once: nothing is left to pay on a gift.
func (s *service) draftOrderComplete(args map[string]any) (any, *gqlError) {
	d := s.draftOf(args["id"])
	if d == nil {
		return payload("DraftOrderCompletePayload", "draftOrder", nil, userErrors("UserError", "", "Draft order does not exist", "id")), nil
	}
	if d.Status == "completed" {
		return payload("DraftOrderCompletePayload", "draftOrder", nil, userErrors("UserError", "", "This order has been paid", "id")), nil
	}
	o := &order{
		ID: s.shopID(), DraftID: d.ID, Source: "shopify_draft_order", Tags: d.Tags, Currency: d.Currency, Email: d.Email,
		Attributes: d.Attributes, At: s.Now(), UpdatedAt: s.Now(),
	}
	for _, l := range d.Lines {
		l.DiscountMinor = int64(math.Round(float64(l.PriceMinor*l.Quantity) * d.PercentOff / 100))
		o.Lines = append(o.Lines, l)
	}
	d.Status, d.OrderID, d.CompletedAt, d.UpdatedAt = "completed", o.ID, s.Now(), s.Now()
	s.st.Orders = append(s.st.Orders, o)
	s.orderWebhook(o, "orders/paid") // gifts arrive like sales: telling them apart is the receiver's part
	return payload("DraftOrderCompletePayload", "draftOrder", s.draftObject(d), nil), nil
}

func (s *service) draftOrderDelete(args map[string]any) (any, *gqlError) {
	d := s.draftOf(args["input"].(map[string]any)["id"])
	if d == nil {
		return payload("DraftOrderDeletePayload", "deletedId", nil, userErrors("UserError", "", "Draft order does not exist", "id")), nil
	}
	if d.Status == "completed" {
		return payload("DraftOrderDeletePayload", "deletedId", nil, userErrors("UserError", "", "This draft order is completed and cannot be deleted", "id")), nil
	}
	d.Status, d.UpdatedAt = "deleted", s.Now()
	return payload("DraftOrderDeletePayload", "deletedId", gid("DraftOrder", d.ID), nil), nil
}

func (s *service) orderCancel(args map[string]any) (any, *gqlError) {
	id := idOf("Order", args["orderId"])
	o := sandbox.Find(s.st.Orders, func(o *order) bool { return o.ID == id })
	answer := func(job any, code, message string) (any, *gqlError) {
		errs := []*object{}
		if code != "" {
			errs = userErrors("OrderCancelUserError", code, message, "orderId")
		}
		p := payload("OrderCancelPayload", "job", job, nil)
		p.fields["orderCancelUserErrors"] = errs
		return p, nil
	}
	switch {
	case o == nil:
		return answer(nil, "NOT_FOUND", "Order not found")
	case !o.CancelledAt.IsZero():
		return answer(nil, "INVALID", "Order has already been cancelled")
	}
	o.CancelledAt, o.UpdatedAt = s.Now(), s.Now()
	s.orderWebhook(o, "orders/cancelled")
	return answer(&object{typ: "Job", fields: map[string]any{"id": "gid://shopify/Job/" + sandbox.NewID("", 32), "done": true}}, "", "")
}

func (s *service) giftStatus(d *draft) string {
	if d.Status == "completed" {
		if o := sandbox.Find(s.st.Orders, func(o *order) bool { return o.ID == d.OrderID }); o != nil && !o.CancelledAt.IsZero() {
			return "cancelled"
		}
	}
	return d.Status
}
