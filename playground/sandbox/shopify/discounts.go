package shopify

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// maxText is the most that a title or a code holds, in characters.
const maxText = 255

// discountCreate makes a code. A code that exists is refused with TAKEN: a code's text is its own idempotency.
func (s *service) discountCreate(args map[string]any) (any, *gqlError) {
	in := args["basicCodeDiscount"].(map[string]any)
	refuse := func(code, message string, field ...string) (any, *gqlError) {
		errs := userErrors("DiscountUserError", code, message, append([]string{"basicCodeDiscount"}, field...)...)
		return payload("DiscountCodeBasicCreatePayload", "codeDiscountNode", nil, errs), nil
	}
	gets, _ := in["customerGets"].(map[string]any)
	value, _ := gets["value"].(map[string]any)
	percent, isPercent := number(value["percentage"])
	which, _ := gets["items"].(map[string]any)
	starts, _ := time.Parse(time.RFC3339, text(in, "startsAt"))
	ends, _ := time.Parse(time.RFC3339, text(in, "endsAt"))
	limit, limited := number(in["usageLimit"])
	switch {
	case strings.TrimSpace(text(in, "code")) == "":
		return refuse("BLANK", "Code can't be blank", "code")
	case strings.TrimSpace(text(in, "title")) == "":
		return refuse("BLANK", "Title can't be blank", "title")
	case utf8.RuneCountInString(text(in, "title")) > maxText:
		return refuse("TOO_LONG", "Title is too long (maximum is 255 characters)", "title")
	case utf8.RuneCountInString(text(in, "code")) > maxText:
		return refuse("TOO_LONG", "Code is too long (maximum is 255 characters)", "code")
	case strings.ContainsAny(text(in, "code"), "\r\n"):
		return refuse("INVALID", "Code can't contain newlines", "code")
	case limited && limit < 1:
		return refuse("GREATER_THAN", "Usage limit must be greater than 0", "usageLimit")
	case starts.IsZero():
		return refuse("BLANK", "Starts at can't be blank", "startsAt")
	case !ends.IsZero() && ends.Before(starts):
		return refuse("END_DATE_BEFORE_START_DATE", "Ends at needs to be after starts_at", "endsAt")
	case in["context"] == nil && in["customerSelection"] == nil:
		return refuse("MISSING_ARGUMENT", "Either context or customerSelection is needed", "context")
	case !isPercent:
		return refuse("BLANK", "The sandbox needs customerGets.value.percentage", "customerGets", "value")
	case percent <= 0 || percent > 1: // 0.15 is 15 %
		return refuse("VALUE_OUTSIDE_RANGE", "Value must be between 0.0 and 1.0", "customerGets", "value", "percentage")
	case which["all"] != true:
		return refuse("APPLIES_ON_NOTHING", "The sandbox needs customerGets.items.all", "customerGets", "items")
	case s.discountOf(text(in, "code")) != nil:
		return refuse("TAKEN", "Code must be unique. Please try a different code.", "code")
	}
	d := &discount{ID: s.shopID(), Title: text(in, "title"), Code: text(in, "code"), Percent: percent, StartsAt: starts.UTC(), EndsAt: ends.UTC(), CreatedAt: s.Now()}
	if ends.IsZero() {
		d.EndsAt = time.Time{}
	}
	s.st.Discounts = append(s.st.Discounts, d)
	return payload("DiscountCodeBasicCreatePayload", "codeDiscountNode", s.discountObject(d), nil), nil
}

// discountOf finds a code; Shopify ignores case.
func (s *service) discountOf(code string) *discount {
	return sandbox.Find(s.st.Discounts, func(d *discount) bool { return strings.EqualFold(d.Code, code) })
}

func (s *service) discountObject(d *discount) *object {
	var ends any
	if !d.EndsAt.IsZero() {
		ends = shopTime(d.EndsAt)
	}
	basic := &object{typ: "DiscountCodeBasic", unions: []string{"DiscountCode", "Discount"}, fields: map[string]any{
		"title": d.Title, "status": d.status(s.Now()), "startsAt": shopTime(d.StartsAt), "endsAt": ends, "createdAt": shopTime(d.CreatedAt),
		"asyncUsageCount": d.Used, "usageLimit": nil, "appliesOncePerCustomer": false, "summary": "Discount on entire order",
		"codes": connection{{typ: "DiscountRedeemCode", fields: map[string]any{"id": gid("DiscountRedeemCode", d.ID), "code": d.Code, "asyncUsageCount": d.Used}}},
		"customerGets": &object{typ: "DiscountCustomerGets", fields: map[string]any{
			"value": &object{typ: "DiscountPercentage", unions: []string{"DiscountCustomerGetsValue"}, fields: map[string]any{"percentage": d.Percent}},
			"items": &object{typ: "AllDiscountItems", unions: []string{"DiscountItems"}, fields: map[string]any{"allItems": true}},
		}},
	}}
	return &object{typ: "DiscountCodeNode", unions: []string{"Node"}, fields: map[string]any{"id": gid("DiscountCodeNode", d.ID), "codeDiscount": basic}}
}

func (s *service) discountByCode(args map[string]any) (any, *gqlError) {
	if d := s.discountOf(text(args, "code")); d != nil {
		return s.discountObject(d), nil
	}
	return nil, nil
}

func (s *service) discountNode(v any) *discount {
	id := idOf("DiscountCodeNode", v)
	return sandbox.Find(s.st.Discounts, func(d *discount) bool { return d.ID == id })
}

func (s *service) discountByID(args map[string]any) (any, *gqlError) {
	if d := s.discountNode(args["id"]); d != nil {
		return s.discountObject(d), nil
	}
	return nil, nil
}

func (s *service) discountDeactivate(args map[string]any) (any, *gqlError) {
	d := s.discountNode(args["id"])
	if d == nil {
		return payload("DiscountCodeDeactivatePayload", "codeDiscountNode", nil, userErrors("DiscountUserError", "INVALID", "Code discount does not exist.", "id")), nil
	}
	if d.status(s.Now()) != "EXPIRED" {
		d.EndsAt = s.Now()
	}
	return payload("DiscountCodeDeactivatePayload", "codeDiscountNode", s.discountObject(d), nil), nil
}
