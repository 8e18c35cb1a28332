package shopify

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// A variant is something the shop sells; the catalogue has any SKU that does not begin with "MISSING".
type variant struct {
	ID         int64  `json:"id"`
	ProductID  int64  `json:"product_id"`
	SKU        string `json:"sku"`
	Title      string `json:"title"`
	PriceMinor int64  `json:"price_minor"`
}

// A draft is a draft order: how gifts are made.
type draft struct {
	ID          int64       `json:"id"`
	Status      string      `json:"status"` // open, completed, deleted
	Tags        []string    `json:"tags"`
	Attributes  []attribute `json:"attributes"`
	Email       string      `json:"email"`
	Note        string      `json:"note"`
	Lines       []line      `json:"lines"`
	Currency    string      `json:"currency"`
	PercentOff  float64     `json:"percent_off"`
	OrderID     int64       `json:"order_id"`
	CreatedAt   time.Time   `json:"created_at"`
	UpdatedAt   time.Time   `json:"updated_at"`
	CompletedAt time.Time   `json:"completed_at,omitzero"`
}

type attribute struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func attributeOf(attrs []attribute, key string) string {
	for _, a := range attrs {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// A discount is a code for a share of the order.
type discount struct {
	ID        int64     `json:"id"`
	Title     string    `json:"title"` // "rapport <program> <key>"
	Code      string    `json:"code"`
	Percent   float64   `json:"percent"` // 0.15 is 15 %
	StartsAt  time.Time `json:"starts_at"`
	EndsAt    time.Time `json:"ends_at,omitzero"`
	Used      int       `json:"used"`
	CreatedAt time.Time `json:"created_at"`
}

// ours splits the title of a code that Rapport made.
func (d *discount) ours() (program, key string) {
	parts := strings.SplitN(d.Title, " ", 3)
	if len(parts) != 3 || parts[0] != "rapport" {
		return "", ""
	}
	return parts[1], parts[2]
}

func (d *discount) status(now time.Time) string {
	switch {
	case !d.EndsAt.IsZero() && !now.Before(d.EndsAt):
		return "EXPIRED"
	case now.Before(d.StartsAt):
		return "SCHEDULED"
	}
	return "ACTIVE"
}

func gid(kind string, id int64) string { return fmt.Sprintf("gid://shopify/%s/%d", kind, id) }

// idOf reads the number out of a gid of that kind, 0 when it is none.
func idOf(kind string, v any) int64 {
	s, _ := v.(string)
	n, _ := strconv.ParseInt(strings.TrimPrefix(s, "gid://shopify/"+kind+"/"), 10, 64)
	return n
}

// shopID is a number as large as Shopify's.
func (s *service) shopID() int64 { return 6_100_000_000_000 + s.Next() }

// variantOf finds or stocks a SKU. The lock is held.
func (s *service) variantOf(sku string) *variant {
	v := sandbox.Find(s.st.Variants, func(v *variant) bool { return v.SKU == sku })
	if v == nil {
		v = &variant{ID: s.shopID(), ProductID: s.shopID(), SKU: sku, Title: sku, PriceMinor: 3600}
		s.st.Variants = append(s.st.Variants, v)
	}
	return v
}

func (v *variant) object(currency string) *object {
	return &object{typ: "ProductVariant", fields: map[string]any{
		"id": gid("ProductVariant", v.ID), "legacyResourceId": strconv.FormatInt(v.ID, 10), "sku": v.SKU, "title": "Default Title", "displayName": v.Title,
		"price": sandbox.Decimal(v.PriceMinor, currency), "inventoryQuantity": 1000,
		"product": &object{typ: "Product", fields: map[string]any{"id": gid("Product", v.ProductID), "title": v.Title}},
	}}
}

func attributesOf(v any) []attribute {
	out := []attribute{}
	for _, it := range items(v) {
		m := it.(map[string]any)
		out = append(out, attribute{text(m, "key"), text(m, "value")})
	}
	return out
}

func attributeObjects(attrs []attribute) []*object {
	out := []*object{}
	for _, a := range attrs {
		out = append(out, &object{typ: "Attribute", fields: map[string]any{"key": a.Key, "value": a.Value}})
	}
	return out
}

func (s *service) productVariants(args map[string]any) (any, *gqlError) {
	query, _ := args["query"].(string)
	terms, gerr := parseSearch(query)
	if gerr != nil {
		return nil, gerr
	}
	out := connection{}
	for _, t := range terms {
		if t.field == "sku" && t.value != "" && !strings.HasPrefix(strings.ToUpper(t.value), "MISSING") {
			out = append(out, s.variantOf(t.value).object(s.st.Place.Currency))
		}
	}
	return out, nil
}
