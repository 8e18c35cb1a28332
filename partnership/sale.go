package partnership

import (
	"time"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Sale is an order of the shop as it stands at one moment, as attribution and the ledger need it. Its buyer is compared and not kept.
type Sale struct {
	SaleState

	Shop        string // by its name, where it is another one than the shop that reports by itself
	ID          string
	Currency    string // the shop's own
	NetMinor    int64  // the goods still in it, less all discounts: no tax, shipping, gift cards, tips
	Paid        bool
	Test        bool // a test order moves no money and earns nothing
	Gift        bool // one of our own gifts, which never earn
	Codes       []string
	LinkCode    string       // of the creator's link that brought the buyer
	Buyer       Buyer        // as far as the delivery tells
	Referrer    string       // the host that the buyer came from, "" not known
	ProcessedAt time.Time    // zero when the shop does not say
	Refunds     []SaleRefund // those that the order itself tells of
	Disputes    []SaleDispute
}

// SaleState is what else an order says of itself that its worth depends on. Every edit, refund and payment makes another one.
type SaleState struct {
	SaidAt        time.Time `json:"said_at"`                  // by the shop: the newest counts
	TotalMinor    int64     `json:"total_minor,omitempty"`    // all that is in it now: goods, their tax, shipping, gift cards, tips; 0 means goods alone
	RemovedMinor  int64     `json:"removed_minor,omitempty"`  // what was ordered and is out of it again, by an edit or a refund, with its tax
	OwedMinor     int64     `json:"owed_minor,omitempty"`     // of the total, when only a part is paid
	ReceivedMinor int64     `json:"received_minor,omitempty"` // ever, where the shop says it
	TaxesIncluded bool      `json:"taxes_included,omitempty"` // whether the prices of its lines hold tax: only the order says, its refunds do not
	Part          bool      `json:"part,omitempty"`           // a part of it is paid
	CancelledAt   time.Time `json:"cancelled_at,omitzero"`    // zero unless cancelled
	RefundsListed bool      `json:"refunds_listed,omitempty"` // it tells which refunds it knows of
	RefundIDs     []string  `json:"refund_ids,omitempty"`     // these: their lines are out of it already
	NoGoods       []string  `json:"no_goods,omitempty"`       // its lines that are gift cards or tips
	NewCustomer   *bool     `json:"new_customer,omitempty"`   // the buyer's first order; nil where the shop does not say
}

// SaleRefund is money given back for an order: for lines of it, of shipping, or an amount beside them.
type SaleRefund struct {
	OrderID       string       `json:"-"`
	RefundID      string       `json:"-"`
	Currency      string       `json:"currency"`
	Lines         []RefundLine `json:"lines,omitempty"`
	ShippingMinor int64        `json:"shipping_minor,omitempty"` // with its tax
	BesideMinor   int64        `json:"beside_minor,omitempty"`   // an amount beyond lines and shipping, or, below zero, what is kept of them
	MoneyListed   bool         `json:"money_listed,omitempty"`   // it tells of its transactions
	Tried         bool         `json:"tried,omitempty"`          // one of them was to give money back
	MovedMinor    int64        `json:"moved_minor,omitempty"`    // what those that succeeded gave back
	At            time.Time    `json:"at"`
}

// RefundLine is one refunded line, in the order's own way: with tax where its prices hold tax.
type RefundLine struct {
	LineID        string `json:"line_id,omitempty"`
	SubtotalMinor int64  `json:"subtotal_minor"`
	TaxMinor      int64  `json:"tax_minor,omitempty"`
	NoGoods       bool   `json:"no_goods,omitempty"` // a gift card or a tip: it earned nothing
}

// Taken is what the refunded lines come to: the goods among them without tax, and all of them with it. Pass the order's TaxesIncluded.
func (r SaleRefund) Taken(taxesIncluded bool) (net, gross int64) {
	for _, line := range r.Lines {
		withTax, without := line.SubtotalMinor+line.TaxMinor, line.SubtotalMinor
		if taxesIncluded {
			withTax, without = line.SubtotalMinor, line.SubtotalMinor-line.TaxMinor
		}
		gross += withTax
		if !line.NoGoods {
			net += without
		}
	}
	return net, gross
}

// Edit says whether it is none: lines that were taken out of an order without money for them, which the order itself shows.
func (r SaleRefund) Edit() bool { return r.MoneyListed && !r.Tried }

// Back is what counts of it: the goods of its lines, and what was given back beyond its lines and shipping. It counts once its money
// has moved, and as much as has (RULES, money 14).
func (r SaleRefund) Back(taxesIncluded bool) (goods, beyond int64) {
	net, gross := r.Taken(taxesIncluded)
	given := r.MovedMinor
	if !r.MoneyListed {
		given = gross + r.ShippingMinor + r.BesideMinor
	}
	given -= r.ShippingMinor
	switch {
	case given <= 0:
		return 0, 0
	case given >= gross:
		return net, given - gross
	}
	return money.RefundShare(net, given, gross), 0
}

// SaleDispute is a buyer's bank that wants the money back.
type SaleDispute struct {
	OrderID     string    `json:"-"`
	DisputeID   string    `json:"-"`
	Currency    string    `json:"currency"`
	AmountMinor int64     `json:"amount_minor"` // of all that was paid
	Lost        bool      `json:"lost,omitempty"`
	Won         bool      `json:"won,omitempty"` // neither: nobody has decided yet
	FinalAt     time.Time `json:"final_at,omitzero"`
	At          time.Time `json:"at,omitzero"`
}

// Reread is what asking the shop again has found.
type Reread struct {
	Since    time.Time  `json:"since"`
	Until    time.Time  `json:"until,omitzero"` // the shop was asked then
	Cursor   string     `json:"cursor,omitempty"`
	Looked   int        `json:"looked"`             // orders that changed since
	Booked   int        `json:"booked"`             // of them, those whose earnings no webhook had brought, or not so
	Orders   []string   `json:"orders,omitempty"`   // the first of these
	Minor    money.Sums `json:"minor,omitempty"`    // what was booked of commission
	Unread   []string   `json:"unread,omitempty"`   // orders that could not be read, and why
	Restored []string   `json:"restored,omitempty"` // webhooks that the shop had removed, and that are there again
}

// Add counts one page of what was found.
func (r *Reread) Add(page Reread) {
	const most = 20 // named
	r.Looked, r.Booked = r.Looked+page.Looked, r.Booked+page.Booked
	r.Orders = append(r.Orders, page.Orders[:min(len(page.Orders), max(0, most-len(r.Orders)))]...)
	r.Unread = append(r.Unread, page.Unread[:min(len(page.Unread), max(0, most-len(r.Unread)))]...)
	r.Minor = r.Minor.Plus(page.Minor...)
}
