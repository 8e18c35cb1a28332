package shopify

import (
	"fmt"
	"math"
	"net/url"
	"time"
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
	TaxesIncluded bool        `json:"taxes_included"`
	ShippingMinor int64       `json:"shipping_minor"`
	Email         string      `json:"email"`
	Buyer         buyer       `json:"buyer"`
	Nth           int         `json:"nth"` // the buyer's orders with this one
	Test          bool        `json:"test"`
	Pending       bool        `json:"pending"`    // nothing is paid yet
	OwedMinor     int64       `json:"owed_minor"` // an edit has added what is not paid yet
	Refunds       []*refunded `json:"refunds"`
	Disputes      []*dispute  `json:"disputes"`
	CreditMinor   int64       `json:"credit_minor"` // an edit has taken out what was paid, and it is not given back yet
	BackMinor     int64       `json:"back_minor"`   // of the goods, what the buyer has back
	At            time.Time   `json:"at"`
	UpdatedAt     time.Time   `json:"updated_at"`
	CancelledAt   time.Time   `json:"cancelled_at,omitzero"`
}

// A line is one product of an order; PriceMinor is for one piece, the other amounts for the whole line as it was ordered.
type line struct {
	ID            int64  `json:"id"`
	VariantID     int64  `json:"variant_id"`
	ProductID     int64  `json:"product_id"`
	SKU           string `json:"sku"`
	Title         string `json:"title"`
	Quantity      int64  `json:"quantity"`
	EditedOut     int64  `json:"edited_out"` // pieces
	SentBack      int64  `json:"sent_back"`  // pieces that a refund took out
	PriceMinor    int64  `json:"price_minor"`
	DiscountMinor int64  `json:"discount_minor"`
	TaxMinor      int64  `json:"tax_minor"`
	GiftCard      bool   `json:"gift_card"`
	Tip           bool   `json:"tip"`
}

func (l line) current() int64 { return l.Quantity - l.EditedOut - l.SentBack }

// pieces is what some of a line's pieces cost as the order writes its prices, and the tax on them.
func (l line) pieces(n int64) (subtotal, tax int64) {
	if l.Quantity == 0 {
		return 0, 0
	}
	share := float64(n) / float64(l.Quantity)
	return percentOf(l.PriceMinor*l.Quantity-l.DiscountMinor, share), percentOf(l.TaxMinor, share)
}

// worth is what some of a line's pieces are: as goods without tax, and all that was paid for them.
func (o *order) worth(l line, n int64) (goods, gross int64) {
	subtotal, tax := l.pieces(n)
	goods, gross = subtotal, subtotal+tax
	if o.TaxesIncluded {
		goods, gross = subtotal-tax, subtotal
	}
	if l.GiftCard || l.Tip {
		goods = 0
	}
	return goods, gross
}

func linesGross(ls []line) (n int64) {
	for _, l := range ls {
		n += l.PriceMinor * l.Quantity
	}
	return n
}

// net is what was sold of goods: after discounts, without tax and shipping, and without what an edit has taken out again.
func (o *order) net() (n int64) {
	for _, l := range o.Lines {
		goods, _ := o.worth(l, l.Quantity-l.EditedOut)
		n += goods
	}
	return n
}

// subtotal is what lines that are no tip cost, after discounts, at so many pieces of each.
func (o *order) subtotal(pieces func(line) int64) (n int64) {
	for _, l := range o.Lines {
		if !l.Tip {
			subtotal, _ := l.pieces(pieces(l))
			n += subtotal
		}
	}
	return n
}

// total is all that was sold: goods, gift cards, tips, tax and shipping.
func (o *order) total() int64 {
	n := o.ShippingMinor
	for _, l := range o.Lines {
		_, gross := o.worth(l, l.Quantity-l.EditedOut)
		n += gross
	}
	return n
}

func (o *order) tax() (n int64) {
	for _, l := range o.Lines {
		n += l.TaxMinor
	}
	return n
}

func (o *order) tips() (n int64) {
	for _, l := range o.Lines {
		if l.Tip {
			n += l.PriceMinor * l.Quantity
		}
	}
	return n
}

func (o *order) discount() int64 {
	return linesGross(o.Lines) - o.subtotal(func(l line) int64 { return l.Quantity }) - o.tips()
}

// given is the money that refunds gave back.
func (o *order) given() (n int64) {
	for _, r := range o.Refunds {
		if r.Status == "success" {
			n += r.AmountMinor
		}
	}
	return n
}

// received is the money that the buyer ever paid: also for what an edit has taken out since.
func (o *order) received() int64 {
	if o.Pending {
		return 0
	}
	n := o.total() - o.OwedMinor
	for _, r := range o.Refunds {
		if r.Status == "" { // the note of an edit
			n -= r.BesideMinor
		}
	}
	return n
}

func (o *order) refunded() int64 { return o.BackMinor }

// utm reads a parameter of the page that the buyer landed on; our links carry the partnership and the program there.
func (o *order) utm(name string) string {
	u, err := url.Parse(o.Landing)
	if err != nil {
		return ""
	}
	return u.Query().Get(name)
}

func shopTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (o *order) financialStatus() string {
	switch {
	case o.Pending:
		return "PENDING"
	case o.OwedMinor > 0:
		return "PARTIALLY_PAID"
	case o.given() == 0:
		return "PAID"
	case o.given() < o.total():
		return "PARTIALLY_REFUNDED"
	}
	return "REFUNDED"
}

func (o *order) name() string { return fmt.Sprintf("#%d", o.ID%1_000_000) }

// percentOf rounds a share half away from zero, as Shopify rounds a discount.
func percentOf(minor int64, share float64) int64 { return int64(math.Round(float64(minor) * share)) }
