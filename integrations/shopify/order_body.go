package shopify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/rapport-dev/rapport/partnership"
)

// ParseOrder reads the body of a verified orders/create, paid, updated or cancelled.
func ParseOrder(body []byte) (Order, error) {
	var w OrderPayload
	if err := json.Unmarshal(body, &w); err != nil {
		return Order{}, fmt.Errorf("shopify webhook: not an order: %w", err)
	}
	if w.ID <= 0 || w.Currency == "" {
		return Order{}, errors.New("shopify webhook: the order has no id or no currency")
	}
	o := Order{
		ID:             strconv.FormatInt(w.ID, 10),
		Currency:       w.Currency,
		Paid:           paid(w.FinancialStatus),
		Test:           w.Test,
		LandingSite:    w.LandingSite,
		NoteAttributes: make(map[string]string, len(w.NoteAttributes)),
		Tags:           splitTags(w.Tags),
		SourceName:     w.SourceName,
		ProcessedAt:    parseTime(w.ProcessedAt),
	}
	o.TaxesIncluded, o.Part = w.TaxesIncluded, partlyPaid(w.FinancialStatus)
	o.SaidAt, o.CancelledAt = parseTime(w.UpdatedAt), parseTime(w.CancelledAt)
	if n := w.Customer.OrdersCount; n != nil {
		first := *n <= 1
		o.NewCustomer = &first
	}
	for _, c := range w.DiscountCodes {
		o.DiscountCodes = append(o.DiscountCodes, c.Code)
	}
	for _, a := range w.NoteAttributes {
		o.NoteAttributes[a.Name] = string(a.Value)
	}
	if err := o.amounts(w); err != nil {
		return Order{}, fmt.Errorf("shopify webhook: order %s: %w", o.ID, err)
	}
	return o, nil
}

// amounts fills in what the order comes to.
func (o *Order) amounts(w OrderPayload) error {
	for _, line := range w.LineItems {
		if err := o.addLine(line, w.Currency); err != nil {
			return err
		}
	}
	for _, line := range w.ShippingLines {
		price := line.Price
		if line.DiscountedPrice != nil {
			price = *line.DiscountedPrice
		}
		minor, err := price.minor(w.Currency)
		if err != nil {
			return err
		}
		tax, err := sum(line.TaxLines, w.Currency)
		if err != nil {
			return err
		}
		if w.TaxesIncluded {
			tax = 0
		}
		o.TotalMinor += minor + tax
	}
	if o.LineNetMinor = max(o.LineNetMinor, 0); o.TotalMinor > maxSum {
		return errAmount
	}
	if o.Part {
		owed, err := w.TotalOutstanding.minor(w.Currency)
		if err != nil {
			return err
		}
		if o.OwedMinor = max(owed, 0); o.OwedMinor == 0 {
			o.Part = false // it does not say how much is paid: the order is told of again when all is
		}
	}
	o.RefundsListed = w.Refunds != nil
	for _, r := range w.Refunds {
		refund, err := refundOf(r, w.Currency)
		if err != nil {
			return err
		}
		refund.OrderID = o.ID
		o.Refunds, o.RefundIDs = append(o.Refunds, refund), append(o.RefundIDs, refund.RefundID)
	}
	slices.Sort(o.RefundIDs)
	return nil
}

// addLine counts a line: its price times what is left of it, less the discounts' shares, and less the tax where prices hold it. Gift
// cards and tips are paid for and are no goods.
func (o *Order) addLine(line LinePayload, currency string) error {
	price, err := line.Price.minor(currency)
	now := line.Quantity
	if line.CurrentQuantity != nil {
		now = *line.CurrentQuantity
	}
	if err != nil || line.Quantity < 0 || line.Quantity > maxQuantity || now < 0 || now > max(line.Quantity, 0) {
		return errAmount
	}
	value := price * line.Quantity
	for _, d := range line.DiscountAllocations {
		less, err := d.Amount.minor(currency)
		if err != nil {
			return err
		}
		value -= less
	}
	tax, err := sum(line.TaxLines, currency)
	if err != nil {
		return err
	}
	left, leftTax := part(value, now, line.Quantity), part(tax, now, line.Quantity)
	net, gross, all := left, left+leftTax, value+tax
	if o.TaxesIncluded {
		net, gross, all = left-leftTax, left, value
	}
	o.TotalMinor, o.RemovedMinor = o.TotalMinor+gross, o.RemovedMinor+all-gross
	if line.noGoods() {
		o.NoGoods = append(o.NoGoods, strconv.FormatInt(line.ID, 10))
	} else {
		o.LineNetMinor += net
	}
	if max(o.TotalMinor, o.RemovedMinor, o.LineNetMinor, -o.TotalMinor, -o.RemovedMinor, -o.LineNetMinor) > maxSum {
		return errAmount
	}
	return nil
}

func (line LinePayload) noGoods() bool {
	return line.GiftCard || len(line.Tip) > 0 && string(line.Tip) != "null"
}

func sum(taxes []TaxLine, currency string) (total int64, err error) {
	for _, t := range taxes {
		minor, err := t.Price.minor(currency)
		if err != nil {
			return 0, err
		}
		total += minor
	}
	return total, nil
}

// ParseDispute reads the body of a verified disputes/create or update. OrderID is "" for a charge without an order.
func ParseDispute(body []byte) (d partnership.SaleDispute, err error) {
	var w DisputePayload
	if err := json.Unmarshal(body, &w); err != nil {
		return d, fmt.Errorf("shopify webhook: not a dispute: %w", err)
	}
	if w.ID <= 0 || w.Status == "" || w.Currency == "" {
		return d, errors.New("shopify webhook: the dispute has no id, no status or no currency")
	}
	d = partnership.SaleDispute{
		DisputeID: strconv.FormatInt(w.ID, 10), Currency: w.Currency, Lost: lostDispute(w.Status), Won: wonDispute(w.Status),
		FinalAt: parseTime(w.FinalizedOn), At: parseTime(w.InitiatedAt),
	}
	if w.OrderID > 0 {
		d.OrderID = strconv.FormatInt(w.OrderID, 10)
	}
	d.AmountMinor, err = w.Amount.minor(w.Currency)
	if err == nil && d.AmountMinor < 0 {
		err = errAmount
	}
	if err != nil {
		return d, fmt.Errorf("shopify webhook: dispute %s: %w", d.DisputeID, err)
	}
	return d, nil
}

// numberIn finds the number of an order in a body of which only the beginning is kept; "" when it is not there.
func numberIn(body []byte, field string) string {
	for depth, in := 0, json.NewDecoder(bytes.NewReader(body)); ; {
		token, err := in.Token()
		if err != nil {
			return ""
		}
		if d, ok := token.(json.Delim); ok {
			if d == '{' || d == '[' {
				depth++
			} else {
				depth--
			}
			continue
		}
		if depth != 1 || token != field {
			continue
		}
		var n json.Number
		if in.Decode(&n) != nil {
			return ""
		}
		return n.String()
	}
}
