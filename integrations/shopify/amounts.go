package shopify

import (
	"errors"
	"strings"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Limits that keep sums of absurd input from overflowing: however many lines an order has, its sum is looked at after each.
const (
	maxMinor    = 100_000_000_000
	maxQuantity = 100_000
	maxSum      = 100_000_000_000_000_000
)

var errAmount = errors.New("an amount is not a decimal of the currency or is absurdly large")

// minor reads an amount exactly. Shopify pads with zeros ("10.0", "1000.00" JPY): those beyond the currency's decimals
// are dropped, other digits there are an error, and an absent amount is 0.
func (d Decimal) minor(currency string) (int64, error) {
	s := string(d)
	if s == "" {
		return 0, nil
	}
	if whole, fraction, ok := strings.Cut(s, "."); ok && fraction != "" {
		s = whole
		if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
			s += "." + fraction
		}
	}
	n, err := money.Parse(s, currency)
	if err != nil || n > maxMinor || n < -maxMinor {
		return 0, errAmount
	}
	return n, nil
}

// part is how much of a line's amount falls on some of its pieces, rounded half away from zero.
func part(minor, pieces, of int64) int64 {
	if of <= 0 || pieces == of {
		return minor
	}
	return money.RefundShare(minor, pieces, of)
}
