package shopify

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// Verify checks a delivery's raw bytes against any of the app's client secrets: for up to an hour after a rotation
// Shopify still signs with the old one.
func Verify(secrets []string, header http.Header, body []byte) error {
	value, ok := httpx.Single(header, HeaderHMAC)
	given, err := base64.StdEncoding.DecodeString(value)
	if !ok {
		err = facts.ErrNotSigned
	}
	return httpx.HMACs(secrets, body).Check(given, err)
}

// Sign is the header's value for a body, as Shopify makes it.
func Sign(secret string, body []byte) string {
	return base64.StdEncoding.EncodeToString(httpx.HMAC(secret, body))
}

// DeliveryID tells repetitions apart: one action in the shop has one event id, which its deliveries of several topics
// share. "" when the headers name none.
func DeliveryID(h http.Header) string {
	id := h.Get(HeaderEventID)
	if id == "" {
		id = h.Get(HeaderWebhookID)
	}
	if id == "" {
		return ""
	}
	return h.Get(HeaderTopic) + "/" + id
}

// ParseOrder reads a verified orders/paid or orders/cancelled.
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
		TaxesIncluded:  w.TaxesIncluded,
		Paid:           paid(w.FinancialStatus),
		Test:           w.Test,
		LandingSite:    w.LandingSite,
		NoteAttributes: make(map[string]string, len(w.NoteAttributes)),
		Tags:           splitTags(w.Tags),
		SourceName:     w.SourceName,
		ProcessedAt:    parseTime(w.ProcessedAt),
		CancelledAt:    parseTime(w.CancelledAt),
	}
	for _, c := range w.DiscountCodes {
		o.DiscountCodes = append(o.DiscountCodes, c.Code)
	}
	for _, a := range w.NoteAttributes {
		o.NoteAttributes[a.Name] = string(a.Value)
	}
	net, err := lineNet(w)
	if err != nil {
		return Order{}, fmt.Errorf("shopify webhook: order %s: %w", o.ID, err)
	}
	o.LineNetMinor = net
	return o, nil
}

// lineNet sums price x quantity less the discounts' shares, and less the tax where prices hold it.
func lineNet(w OrderPayload) (int64, error) {
	if len(w.LineItems) > maxLines {
		return 0, errAmount
	}
	net := int64(0)
	for _, line := range w.LineItems {
		price, err := line.Price.minor(w.Currency)
		if err != nil || line.Quantity < 0 || line.Quantity > maxQuantity {
			return 0, errAmount
		}
		net += price * line.Quantity
		less := make([]Decimal, 0, len(line.DiscountAllocations)+len(line.TaxLines))
		for _, d := range line.DiscountAllocations {
			less = append(less, d.Amount)
		}
		if w.TaxesIncluded {
			for _, t := range line.TaxLines {
				less = append(less, t.Price)
			}
		}
		if len(less) > maxLines {
			return 0, errAmount
		}
		for _, d := range less {
			minor, err := d.minor(w.Currency)
			if err != nil {
				return 0, err
			}
			net -= minor
		}
	}
	return max(net, 0), nil
}

// ParseRefund reads a verified refunds/create. A refund of shipping or of goodwill alone has no lines: it is 0.
func ParseRefund(body []byte) (partnership.SaleRefund, error) {
	var w RefundPayload
	if err := json.Unmarshal(body, &w); err != nil {
		return partnership.SaleRefund{}, fmt.Errorf("shopify webhook: not a refund: %w", err)
	}
	if w.ID <= 0 || w.OrderID <= 0 {
		return partnership.SaleRefund{}, errors.New("shopify webhook: the refund has no id or no order")
	}
	r := partnership.SaleRefund{
		OrderID:  strconv.FormatInt(w.OrderID, 10),
		RefundID: strconv.FormatInt(w.ID, 10),
		At:       parseTime(w.ProcessedAt),
	}
	if r.At.IsZero() {
		r.At = parseTime(w.CreatedAt)
	}
	if len(w.RefundLineItems) > maxLines {
		return partnership.SaleRefund{}, fmt.Errorf("shopify webhook: refund %s: %w", r.RefundID, errAmount)
	}
	for _, line := range w.RefundLineItems {
		if err := addLine(&r, line); err != nil {
			return partnership.SaleRefund{}, fmt.Errorf("shopify webhook: refund %s: %w", r.RefundID, err)
		}
	}
	return r, nil
}

// addLine counts one refunded line. Its plain amounts are in the shop's currency, which only the money set names.
func addLine(r *partnership.SaleRefund, line RefundLine) error {
	currency := line.SubtotalSet.ShopMoney.CurrencyCode
	switch {
	case currency == "":
		return errors.New("a refunded line names no currency")
	case r.Currency != "" && r.Currency != currency:
		return errors.New("the refunded lines are in several currencies")
	}
	subtotal, err := line.Subtotal.minor(currency)
	if err != nil {
		return err
	}
	tax, err := line.TotalTax.minor(currency)
	if err != nil {
		return err
	}
	r.Currency = currency
	r.SubtotalMinor += subtotal
	r.TaxMinor += tax
	return nil
}

func splitTags(s string) []string {
	var out []string
	for tag := range strings.SplitSeq(s, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			out = append(out, tag)
		}
	}
	return out
}

func parseTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
