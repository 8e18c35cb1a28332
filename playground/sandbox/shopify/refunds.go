package shopify

import (
	"cmp"
	"strconv"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// refunded is a refund as the shop keeps it: lines, shipping, and the adjustment that makes up the difference to its money.
type refunded struct {
	ID            int64          `json:"id"`
	Lines         []refundedLine `json:"lines"`
	ShippingMinor int64          `json:"shipping_minor"`
	BesideMinor   int64          `json:"beside_minor"`
	AmountMinor   int64          `json:"amount_minor"` // of its transaction
	Status        string         `json:"status"`       // of it: success, pending, failure; "" it has none
	BackMinor     int64          `json:"back_minor"`   // of the goods, once its money has moved
	At            time.Time      `json:"at"`
}

type refundedLine struct {
	Index         int   `json:"index"` // in the order's lines
	Quantity      int64 `json:"quantity"`
	SubtotalMinor int64 `json:"subtotal_minor"`
	TaxMinor      int64 `json:"tax_minor"`
}

// refund is money that a buyer gets back: for pieces of lines, for shipping, or an amount.
type refund struct {
	OrderID       string  `json:"order_id"` // number or gid
	Lines         []taken `json:"lines"`
	ShippingMinor int64   `json:"shipping_minor"`
	AmountMinor   int64   `json:"amount_minor"` // default what lines and shipping come to
	Status        string  `json:"status"`       // of the money: default success
}

// taken is some pieces of an order's line.
type taken struct {
	Index    int   `json:"index"`
	Quantity int64 `json:"quantity"` // default all that is left
}

// refundOrder gives money back, or tries to, and tells of it.
func (s *service) refundOrder(q refund) (map[string]any, error) {
	s.Lock()
	defer s.Unlock()
	o := s.saleOf(q.OrderID)
	if o == nil {
		return nil, sandbox.NotFound("order")
	}
	r := &refunded{ID: s.shopID(), ShippingMinor: q.ShippingMinor, Status: cmp.Or(q.Status, "success"), At: s.Now()}
	goods, gross, err := o.takeOut(q.Lines, func(l *line, n int64) { l.SentBack += n })
	if err != nil {
		return nil, err
	}
	for _, one := range q.Lines {
		r.Lines = append(r.Lines, o.refundedLine(one))
	}
	r.AmountMinor = cmp.Or(q.AmountMinor, gross+q.ShippingMinor)
	left := o.received() - o.given()
	if o.Pending || r.AmountMinor <= 0 || r.AmountMinor > left || q.ShippingMinor < 0 || q.ShippingMinor > o.ShippingMinor {
		return nil, sandbox.Invalid("amount_minor must be from 1 to what is left, %d", left)
	}
	r.BesideMinor = r.AmountMinor - gross - r.ShippingMinor
	r.BackMinor = o.goodsBack(goods, gross, r)
	if r.Status == "success" {
		o.moved(r)
	}
	o.Refunds = append(o.Refunds, r)
	s.changed(o)
	s.webhook("refunds/create", o.refundBody(r))
	s.orderWebhook(o, "orders/updated")
	s.Touch()
	return map[string]any{"order_id": strconv.FormatInt(o.ID, 10), "refund_id": strconv.FormatInt(r.ID, 10), "refunded_minor": o.refunded(), "net_minor": o.net()}, nil
}

// goodsBack is what a refund gives back of goods: those of its lines, as far as they are paid back, and its share of an amount beside
// them. Such amounts are rounded together, so that two thirds are two thirds in two goes too.
func (o *order) goodsBack(goods, gross int64, r *refunded) int64 {
	switch beside := r.BesideMinor; {
	case beside < 0 && gross > 0:
		return percentOf(goods, float64(gross+beside)/float64(gross))
	case beside > 0:
		before := int64(0)
		for _, done := range o.Refunds {
			if done.Status == "success" {
				before += max(0, done.BesideMinor)
			}
		}
		share := func(of int64) int64 { return percentOf(o.net(), float64(of)/float64(o.total())) }
		return goods + share(before+max(0, beside-o.CreditMinor)) - share(before)
	}
	return goods
}

// moved counts a refund whose money has moved: first against what an edit left to be given back.
func (o *order) moved(r *refunded) {
	o.BackMinor = min(o.BackMinor+r.BackMinor, o.net())
	o.CreditMinor -= min(o.CreditMinor, max(0, r.BesideMinor))
}

// saleOf finds an order that is no gift.
func (s *service) saleOf(id string) *order {
	n := idOf("Order", id)
	return sandbox.Find(s.st.Orders, func(o *order) bool { return o.ID == n && o.DraftID == 0 })
}

func (s *service) changed(o *order) { o.UpdatedAt = s.Now() }

// takeOut takes pieces of lines out of an order. An order of a line that is not whole changes nothing.
func (o *order) takeOut(lines []taken, out func(*line, int64)) (goods, gross int64, err error) {
	for i, one := range lines {
		if one.Index < 0 || one.Index >= len(o.Lines) {
			return 0, 0, sandbox.Invalid("the order has no line %d", one.Index)
		}
		left := o.Lines[one.Index].current()
		lines[i].Quantity = cmp.Or(one.Quantity, left)
		if n := lines[i].Quantity; n <= 0 || n > left {
			return 0, 0, sandbox.Invalid("line %d has %d pieces left", one.Index, left)
		}
	}
	for _, one := range lines {
		l := &o.Lines[one.Index]
		g, all := o.worth(*l, one.Quantity)
		goods, gross = goods+g, gross+all
		out(l, one.Quantity)
	}
	return goods, gross, nil
}

func (o *order) refundedLine(one taken) refundedLine {
	subtotal, tax := o.Lines[one.Index].pieces(one.Quantity)
	return refundedLine{one.Index, one.Quantity, subtotal, tax}
}

// settled is what became of a refund's money in the end.
type settled struct {
	OrderID  string `json:"order_id"`
	RefundID string `json:"refund_id"`
	Status   string `json:"status"` // success, failure
}

// settleRefund tells of a pending refund's money. There is no webhook about the refund itself.
func (s *service) settleRefund(q settled) (map[string]any, error) {
	s.Lock()
	defer s.Unlock()
	o := s.saleOf(q.OrderID)
	if o == nil {
		return nil, sandbox.NotFound("order")
	}
	r := sandbox.Find(o.Refunds, func(r *refunded) bool { return strconv.FormatInt(r.ID, 10) == q.RefundID && r.Status == "pending" })
	if r == nil || q.Status != "success" && q.Status != "failure" {
		return nil, sandbox.Invalid("a pending refund of the order, and success or failure")
	}
	if r.Status = q.Status; r.Status == "success" {
		o.moved(r)
	}
	s.changed(o)
	s.webhook("order_transactions/create", o.paymentBody(r))
	s.orderWebhook(o, "orders/updated")
	s.Touch()
	return map[string]any{"refunded_minor": o.refunded()}, nil
}

// dispute is a buyer's bank that wants the money back.
type dispute struct {
	ID          int64     `json:"id"`
	AmountMinor int64     `json:"amount_minor"`
	Status      string    `json:"status"` // needs_response, under_review, won, lost, accepted
	BackMinor   int64     `json:"back_minor"`
	At          time.Time `json:"at"`
	FinalAt     time.Time `json:"final_at,omitzero"`
}

type disputing struct {
	OrderID     string `json:"order_id"`
	AmountMinor int64  `json:"amount_minor"` // default all that is left
	Status      string `json:"status"`
}

// disputeOrder opens a dispute, or tells what became of the one that is there.
func (s *service) disputeOrder(q disputing) (map[string]any, error) {
	s.Lock()
	defer s.Unlock()
	o := s.saleOf(q.OrderID)
	if o == nil {
		return nil, sandbox.NotFound("order")
	}
	topic := "disputes/update"
	if len(o.Disputes) == 0 {
		topic = "disputes/create"
		o.Disputes = append(o.Disputes, &dispute{ID: s.shopID(), AmountMinor: cmp.Or(q.AmountMinor, o.received()-o.given()), At: s.Now()})
	}
	d := o.Disputes[0]
	o.BackMinor -= d.BackMinor
	d.Status, d.BackMinor = cmp.Or(q.Status, "needs_response"), 0
	if d.Status == "lost" || d.Status == "accepted" {
		d.BackMinor = min(percentOf(o.net(), float64(d.AmountMinor)/float64(o.total())), o.net()-o.BackMinor)
	}
	o.BackMinor += d.BackMinor
	var final any
	if d.Status == "lost" || d.Status == "accepted" || d.Status == "won" {
		d.FinalAt = s.Now()
		final = shopTime(d.FinalAt)
	}
	s.changed(o)
	s.webhook(topic, map[string]any{
		"id": d.ID, "order_id": o.ID, "type": "chargeback", "amount": sandbox.Decimal(d.AmountMinor, o.Currency), "currency": o.Currency, "reason": "fraudulent",
		"network_reason_code": "4837", "status": d.Status, "evidence_due_by": nil, "evidence_sent_on": nil, "finalized_on": final, "initiated_at": shopTime(d.At),
	})
	s.orderWebhook(o, "orders/updated")
	s.Touch()
	return map[string]any{"dispute_id": strconv.FormatInt(d.ID, 10), "refunded_minor": o.refunded()}, nil
}
