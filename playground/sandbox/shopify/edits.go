package shopify

import (
	"github.com/rapport-dev/rapport/playground/sandbox"
)

// edit changes an order after it was placed.
type edit struct {
	OrderID string         `json:"order_id"`
	Add     []checkoutItem `json:"add"`
	Remove  []taken        `json:"remove"`
	Unpaid  bool           `json:"unpaid"` // what is added is not paid yet
}

// editOrder adds lines and takes pieces out. Of what was paid for and is taken out, the shop keeps a note among the refunds, without
// money: that is given back by a refund of its own.
func (s *service) editOrder(q edit) (map[string]any, error) {
	s.Lock()
	defer s.Unlock()
	o := s.saleOf(q.OrderID)
	switch {
	case o == nil:
		return nil, sandbox.NotFound("order")
	case !o.CancelledAt.IsZero():
		return nil, sandbox.Invalid("a cancelled order cannot be edited")
	}
	before := o.total()
	_, gross, err := o.takeOut(q.Remove, func(l *line, n int64) { l.EditedOut += n })
	if err != nil {
		return nil, err
	}
	if gross > 0 && !o.Pending {
		note := &refunded{ID: s.shopID(), BesideMinor: -gross, At: s.Now()}
		for _, one := range q.Remove {
			note.Lines = append(note.Lines, o.refundedLine(one))
		}
		o.Refunds, o.CreditMinor = append(o.Refunds, note), o.CreditMinor+gross
		s.webhook("refunds/create", o.refundBody(note))
	}
	kept, additions := o.total(), []any{}
	if err := s.addItems(o, q.Add, 0); err != nil {
		return nil, err
	}
	for _, l := range o.Lines[len(o.Lines)-len(q.Add):] {
		additions = append(additions, map[string]any{"id": l.ID, "delta": l.Quantity})
	}
	if grown := o.total() - kept; q.Unpaid && !o.Pending {
		o.OwedMinor += grown
	}
	removals := []any{}
	for _, one := range q.Remove {
		removals = append(removals, map[string]any{"id": o.Lines[one.Index].ID, "delta": one.Quantity})
	}
	s.changed(o)
	s.webhook("orders/edited", map[string]any{"order_edit": map[string]any{
		"id": s.shopID(), "app_id": nil, "created_at": shopTime(s.Now()), "notify_customer": false, "order_id": o.ID, "staff_note": "", "user_id": 1,
		"committed_at": shopTime(s.Now()), "line_items": map[string]any{"additions": additions, "removals": removals},
		"discounts":      map[string]any{"line_item": map[string]any{"additions": []any{}, "removals": []any{}}},
		"shipping_lines": map[string]any{"additions": []any{}, "removals": []any{}},
	}})
	s.orderWebhook(o, "orders/updated")
	s.Touch()
	return map[string]any{"net_minor": o.net(), "total_before_minor": before, "total_minor": o.total()}, nil
}

// about is an order that something is done with.
type about struct {
	OrderID string `json:"order_id"`
}

// payOrder pays what is not paid yet.
func (s *service) payOrder(q about) (map[string]any, error) {
	s.Lock()
	defer s.Unlock()
	o := s.saleOf(q.OrderID)
	if o == nil || !o.Pending && o.OwedMinor == 0 {
		return nil, sandbox.NotFound("order with something to pay")
	}
	o.Pending, o.OwedMinor = false, 0
	s.changed(o)
	s.orderWebhook(o, "orders/paid")
	s.orderWebhook(o, "orders/updated")
	s.Touch()
	return map[string]any{"net_minor": o.net()}, nil
}

// cancelOrder gives everything back that is left and ends the order.
func (s *service) cancelOrder(q about) (map[string]any, error) {
	s.Lock()
	defer s.Unlock()
	o := s.saleOf(q.OrderID)
	if o == nil || !o.CancelledAt.IsZero() {
		return nil, sandbox.NotFound("order that is not cancelled")
	}
	r := &refunded{ID: s.shopID(), Status: "success", ShippingMinor: o.ShippingMinor, At: s.Now(), AmountMinor: o.received() - o.given()}
	gross := int64(0)
	for i := range o.Lines {
		if one := (taken{i, o.Lines[i].current()}); one.Quantity > 0 {
			_, all := o.worth(o.Lines[i], one.Quantity)
			gross += all
			r.Lines = append(r.Lines, o.refundedLine(one))
			o.Lines[i].SentBack += one.Quantity
		}
	}
	o.CancelledAt, o.CreditMinor, o.OwedMinor = s.Now(), 0, 0
	s.changed(o)
	if !o.Pending && r.AmountMinor > 0 {
		r.BesideMinor = r.AmountMinor - gross - r.ShippingMinor
		o.Refunds, o.BackMinor = append(o.Refunds, r), o.net()
		s.webhook("refunds/create", o.refundBody(r))
	}
	s.orderWebhook(o, "orders/cancelled")
	s.orderWebhook(o, "orders/updated")
	s.Touch()
	return map[string]any{"refunded_minor": o.refunded()}, nil
}
