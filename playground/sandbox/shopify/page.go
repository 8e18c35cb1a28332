package shopify

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

type giftRow struct {
	*draft
	Key, State string
}

type discountRow struct {
	*discount
	State string
}

type orderRow struct {
	*order
	Name           string
	Net, Back      int64
	Partnership    string
	Left           int64
	Gift, Canceled bool
}

// shopPage is what the tab shows, newest first.
type shopPage struct {
	Drafts    []giftRow
	Discounts []discountRow
	Orders    []orderRow
}

func (s *service) tab() *sandbox.Tab {
	return &sandbox.Tab{
		Name: "shop", Title: "Shop", Pages: pages, Count: func() int { return len(s.st.Orders) }, Show: s.shopPage,
		Forms: map[string]sandbox.Form{"checkout": s.checkoutForm, "refund": s.refundForm},
	}
}

func (s *service) shopPage(*http.Request) any {
	var d shopPage
	for _, g := range slices.Backward(s.st.Drafts) {
		d.Drafts = append(d.Drafts, giftRow{g, attributeOf(g.Attributes, "rapport_key"), s.giftStatus(g)})
	}
	for _, x := range slices.Backward(s.st.Discounts) {
		d.Discounts = append(d.Discounts, discountRow{x, x.status(s.Now())})
	}
	for _, o := range slices.Backward(s.st.Orders) {
		d.Orders = append(d.Orders, orderRow{o, o.name(), o.net(), o.refunded(), o.utm("utm_id"), o.net() - o.refunded(), o.DraftID != 0, !o.CancelledAt.IsZero()})
	}
	return d
}

func (s *service) checkoutForm(r *http.Request) (string, error) {
	minor, ok := sandbox.ParseDecimal(strings.TrimSpace(r.FormValue("amount")), s.st.Place.Currency)
	if !ok {
		return "", sandbox.Invalid("write the amount like 48.00")
	}
	o, err := s.placeOrder(checkout{
		SubtotalMinor: minor, Code: strings.TrimSpace(r.FormValue("code")), LandingSite: strings.TrimSpace(r.FormValue("landing_site")),
		CustomerEmail: cmp.Or(strings.TrimSpace(r.FormValue("email")), "buyer-"+sandbox.NewID("", 8)+"@example.com"), // each is another buyer, unless it is said
	})
	return fmt.Sprintf("Order %s: %s %s after the discount.", o.Name, sandbox.Decimal(o.NetMinor, s.st.Place.Currency), o.Currency), err
}

func (s *service) refundForm(r *http.Request) (string, error) {
	minor, ok := sandbox.ParseDecimal(strings.TrimSpace(r.FormValue("amount")), s.st.Place.Currency)
	if !ok {
		return "", sandbox.Invalid("write the amount like 12.00")
	}
	_, err := s.refundOrder(refund{OrderID: r.FormValue("order_id"), AmountMinor: minor})
	return "The buyer has the money back.", err
}
