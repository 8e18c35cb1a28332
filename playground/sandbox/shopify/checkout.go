package shopify

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// checkout is what a buyer does in the storefront.
type checkout struct {
	LandingSite   string         `json:"landing_site"` // where the buyer arrived: a URL or path with our utm parameters
	Code          string         `json:"code"`
	Items         []checkoutItem `json:"items"`          // or
	SubtotalMinor int64          `json:"subtotal_minor"` // one item of this price, before the discount
	TaxMinor      int64          `json:"tax_minor"`      // of all goods
	TaxesIncluded bool           `json:"taxes_included"`
	ShippingMinor int64          `json:"shipping_minor"`
	TipMinor      int64          `json:"tip_minor"`
	Test          bool           `json:"test"`
	Pending       bool           `json:"pending"`  // it is paid later
	Nth           int            `json:"nth"`      // the buyer's orders with this one, default the first
	Currency      string         `json:"currency"` // default the shop's
	CustomerEmail string         `json:"customer_email"`
	CustomerName  string         `json:"customer_name"` // first name, a space, last name
	ShipTo        *shipTo        `json:"ship_to"`       // nil where nothing is sent
	ReferringSite string         `json:"referring_site"`
	Attributes    []attribute    `json:"note_attributes"`
}

type checkoutItem struct {
	SKU        string `json:"sku"`
	Title      string `json:"title"`
	Quantity   int64  `json:"quantity"`
	PriceMinor int64  `json:"price_minor"`
	GiftCard   bool   `json:"gift_card"`
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

// placeOrder applies the code, makes the order and tells of it.
func (s *service) placeOrder(q checkout) (checkedOut, error) {
	s.Lock()
	defer s.Unlock()
	if len(q.Items) == 0 && q.SubtotalMinor > 0 {
		q.Items = []checkoutItem{{SKU: "SALE-1", Title: "Sampler", Quantity: 1, PriceMinor: q.SubtotalMinor}}
	}
	if len(q.Items) == 0 || q.TaxMinor < 0 || q.ShippingMinor < 0 || q.TipMinor < 0 {
		return checkedOut{}, sandbox.Invalid("give items or subtotal_minor; tax, shipping and tip are not negative")
	}
	o := &order{
		ID: s.shopID(), Source: "web", Tags: []string{}, Currency: cmp.Or(q.Currency, s.st.Place.Currency), TaxesIncluded: q.TaxesIncluded || s.st.Place.TaxesIncluded, ShippingMinor: q.ShippingMinor,
		Email: q.CustomerEmail, Nth: max(q.Nth, 1), Test: q.Test, Pending: q.Pending, Attributes: sandbox.List(q.Attributes), At: s.Now(), UpdatedAt: s.Now(), Landing: landingPath(q.LandingSite),
		Buyer: buyer{Name: q.CustomerName, ShipTo: q.ShipTo, Referrer: q.ReferringSite},
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
	if err := s.addItems(o, q.Items, share); err != nil {
		return checkedOut{}, err
	}
	o.spreadTax(q.TaxMinor + s.st.Place.taxOn(o.subtotal(func(l line) int64 { return l.Quantity })))
	if q.TipMinor > 0 {
		o.Lines = append(o.Lines, line{ID: s.shopID(), Title: "Tip", Quantity: 1, PriceMinor: q.TipMinor, Tip: true})
	}
	s.st.Orders = append(s.st.Orders, o)
	s.orderWebhook(o, "orders/create")
	if !o.Pending {
		s.orderWebhook(o, "orders/paid")
	}
	s.Touch()
	return checkedOut{
		OrderID: strconv.FormatInt(o.ID, 10), Name: o.name(), NetMinor: o.net(), DiscountMinor: o.discount(), TotalMinor: o.total(), Currency: o.Currency,
	}, nil
}

// addItems adds lines, each with its share of the discount; gift cards take none.
func (s *service) addItems(o *order, items []checkoutItem, share float64) error {
	for _, it := range items {
		if it.PriceMinor < 0 || it.Quantity < 0 {
			return sandbox.Invalid("prices and quantities are not negative")
		}
		v := s.variantOf(cmp.Or(it.SKU, "SALE-1"))
		l := line{
			ID: s.shopID(), VariantID: v.ID, ProductID: v.ProductID, SKU: v.SKU, Title: cmp.Or(it.Title, v.Title), Quantity: max(it.Quantity, 1), PriceMinor: it.PriceMinor, GiftCard: it.GiftCard,
		}
		if !l.GiftCard {
			l.DiscountMinor = percentOf(l.PriceMinor*l.Quantity, share)
		}
		o.Lines = append(o.Lines, l)
	}
	return nil
}

// spreadTax gives each line of goods its share of the tax.
func (o *order) spreadTax(tax int64) {
	taxed, left := int64(0), tax
	for _, l := range o.Lines {
		if subtotal, _ := l.pieces(l.Quantity); !l.GiftCard && !l.Tip {
			taxed += subtotal
		}
	}
	for i := range o.Lines {
		l := &o.Lines[i]
		if l.GiftCard || l.Tip || taxed == 0 {
			continue
		}
		subtotal, _ := l.pieces(l.Quantity)
		l.TaxMinor = min(percentOf(tax, float64(subtotal)/float64(taxed)), left)
		left -= l.TaxMinor
	}
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// move says where the shop is. It cannot move once it has sold something elsewhere.
func (s *service) move(to place) error {
	s.Lock()
	defer s.Unlock()
	switch {
	case !currencyCode.MatchString(to.Currency) || !countryCode.MatchString(to.Country) || to.TaxBPS < 0 || to.TaxBPS >= 10_000:
		return sandbox.Invalid("currency and country are ISO codes, tax_bps is from 0 to 9999")
	case to.Currency != s.st.Place.Currency && slices.ContainsFunc(s.st.Orders, func(o *order) bool { return o.Currency != to.Currency }):
		return sandbox.Invalid("the shop has sold in %s already", s.st.Place.Currency)
	}
	s.st.Place = to
	s.Touch()
	return nil
}

// landingPath keeps path and query, as landing_site does.
func landingPath(site string) string {
	u, err := url.Parse(site)
	if err != nil || site == "" {
		return ""
	}
	return cmp.Or(u.RequestURI(), "/")
}
