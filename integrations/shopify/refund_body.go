package shopify

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/rapport-dev/rapport/partnership"
)

// ParseRefund reads a verified refunds/create.
func ParseRefund(body []byte) (partnership.SaleRefund, error) {
	var w RefundPayload
	if err := json.Unmarshal(body, &w); err != nil {
		return partnership.SaleRefund{}, fmt.Errorf("shopify webhook: not a refund: %w", err)
	}
	if w.ID <= 0 || w.OrderID <= 0 {
		return partnership.SaleRefund{}, errors.New("shopify webhook: the refund has no id or no order")
	}
	r, err := refundOf(w, "")
	if err != nil {
		return partnership.SaleRefund{}, fmt.Errorf("shopify webhook: refund %s: %w", r.RefundID, err)
	}
	return r, nil
}

// refundOf reads a refund. currency is its order's, "" where that is not at hand: then its own amounts name it.
func refundOf(w RefundPayload, currency string) (r partnership.SaleRefund, err error) {
	r = partnership.SaleRefund{
		OrderID:  strconv.FormatInt(w.OrderID, 10),
		RefundID: strconv.FormatInt(w.ID, 10),
		At:       parseTime(cmp.Or(w.ProcessedAt, w.CreatedAt)),
	}
	if r.Currency, err = shopCurrency(w, currency); err != nil {
		return r, err
	}
	for _, line := range w.RefundLineItems {
		one := partnership.RefundLine{LineID: strconv.FormatInt(line.LineItemID, 10), NoGoods: line.LineItem.noGoods()}
		if one.SubtotalMinor, err = line.Subtotal.minor(r.Currency); err != nil {
			return r, err
		}
		if one.TaxMinor, err = line.TotalTax.minor(r.Currency); err != nil {
			return r, err
		}
		r.Lines = append(r.Lines, one)
	}
	slices.SortFunc(r.Lines, func(a, b partnership.RefundLine) int { return cmp.Compare(a.LineID, b.LineID) })
	if err = beside(&r, w); err == nil {
		err = moved(&r, w.Transactions)
	}
	return r, err
}

// shopCurrency is the one that plain amounts are in. Only the money sets name it for sure: a payment may be in the buyer's.
func shopCurrency(w RefundPayload, currency string) (string, error) {
	for _, line := range w.RefundLineItems {
		own := line.SubtotalSet.ShopMoney.CurrencyCode
		switch {
		case own == "" && currency == "":
			return "", errors.New("a refunded line names no currency")
		case own != "" && currency != "" && own != currency:
			return "", errors.New("the refunded lines are in several currencies")
		}
		currency = cmp.Or(currency, own)
	}
	for _, a := range w.OrderAdjustments {
		currency = cmp.Or(currency, a.AmountSet.ShopMoney.CurrencyCode)
	}
	for _, t := range w.Transactions {
		currency = cmp.Or(currency, t.AmountSet.ShopMoney.CurrencyCode)
	}
	for _, t := range w.Transactions {
		currency = cmp.Or(currency, t.Currency)
	}
	if currency == "" && len(w.OrderAdjustments)+len(w.ShippingLines) > 0 {
		return "", errors.New("the refund names no currency")
	}
	return currency, nil
}

// beside reads what a refund gives beyond its lines: shipping, and the adjustment that makes up the difference to its money.
func beside(r *partnership.SaleRefund, w RefundPayload) error {
	var shipping int64
	for _, a := range w.OrderAdjustments {
		minor, err := a.Amount.minor(r.Currency)
		if err != nil {
			return err
		}
		tax, err := a.TaxAmount.minor(r.Currency)
		if err != nil {
			return err
		}
		if a.Kind == "shipping_refund" {
			shipping -= minor + tax
		} else {
			r.BesideMinor -= minor + tax
		}
	}
	for _, line := range w.ShippingLines {
		minor, err := line.SubtotalAmountSet.ShopMoney.Amount.minor(r.Currency)
		if err != nil {
			return err
		}
		tax, err := line.TaxAmountSet.ShopMoney.Amount.minor(r.Currency)
		if err != nil {
			return err
		}
		r.ShippingMinor += minor + tax
	}
	r.ShippingMinor = max(r.ShippingMinor, shipping) // the same, told twice
	return nil
}

// moved reads what of a refund's money has moved. Of payments in the buyer's currency alone it is known only whether they have: then the
// refund counts by its lines, or not at all.
func moved(r *partnership.SaleRefund, payments []RefundPayment) error {
	r.MoneyListed = payments != nil
	done, foreign := true, false
	for _, t := range payments {
		if t.Kind != "" && t.Kind != "refund" {
			continue
		}
		r.Tried = true
		if t.Status != "" && t.Status != "success" {
			done = false
			continue
		}
		amount := t.Amount
		switch shop := t.AmountSet.ShopMoney; {
		case shop.CurrencyCode == r.Currency && shop.Amount != "":
			amount = shop.Amount
		case t.Currency != "" && t.Currency != r.Currency:
			foreign = true
			continue
		}
		minor, err := amount.minor(r.Currency)
		if err != nil {
			return err
		}
		r.MovedMinor += minor
	}
	if foreign && done {
		r.MoneyListed, r.Tried, r.MovedMinor = false, false, 0
	}
	return nil
}
