// Package money is integer money: int64 minor units of an ISO 4217 currency, rates in basis points. Nothing here is a
// float, nothing adds across currencies, and each result is rounded at most once, half away from zero.
package money

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// Parse reads a decimal string such as "36", "36.5" or "-0.05" exactly: no thousands separators, no spaces, no exponent,
// and no more decimals than the currency has.
func Parse(s, currency string) (int64, error) {
	digits := Exponent(currency)
	n, err := parseFixed(s, digits)
	if err != nil {
		return 0, fmt.Errorf("%w in %s", err, currency)
	}
	return n, nil
}

// ParsePercentBPS reads a percentage as basis points, exactly: "10" is 1000, "2.9" is 290. It is never negative.
func ParsePercentBPS(s string) (int, error) {
	n, err := parseFixed(s, 2)
	if err != nil {
		return 0, err
	}
	if n < 0 || n > math.MaxInt32 {
		return 0, fmt.Errorf("a percentage of zero or more is wanted")
	}
	return int(n), nil
}

// parseFixed reads a decimal with at most digits decimals as an integer of its smallest unit.
func parseFixed(s string, digits int) (int64, error) {
	body, negative := strings.CutPrefix(s, "-")
	whole, fraction, point := strings.Cut(body, ".")
	if !isDigits(whole) || point && !isDigits(fraction) {
		return 0, fmt.Errorf("a decimal number such as %q is wanted", Example(digits))
	}
	if len(fraction) > digits {
		return 0, fmt.Errorf("at most %d decimals are allowed", digits)
	}
	text := whole + fraction + strings.Repeat("0", digits-len(fraction))
	if negative {
		text = "-" + text
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the number is too large")
	}
	return n, nil
}

// Example is an amount with that many decimals, for messages that say what is wanted.
func Example(digits int) string {
	if digits == 0 {
		return "36"
	}
	return "36." + strings.Repeat("0", digits)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Format writes an amount as the decimal string that Parse reads back: 3600 USD is "36.00", 3600 JPY is "3600".
func Format(minor int64, currency string) string {
	return formatFixed(minor, Exponent(currency))
}

// FormatPercent writes basis points as a percentage without needless zeros: 1000 is "10", 290 is "2.9".
func FormatPercent(bps int) string {
	s := formatFixed(int64(bps), 2)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

func formatFixed(n int64, digits int) string {
	text := strconv.FormatUint(magnitude(n), 10)
	if short := digits + 1 - len(text); short > 0 {
		text = strings.Repeat("0", short) + text
	}
	if cut := len(text) - digits; digits > 0 {
		text = text[:cut] + "." + text[cut:]
	}
	if n < 0 {
		text = "-" + text
	}
	return text
}

// Display writes an amount for people: "$2,000.00", "-€5.00", "¥3,600", "KWD 1.250".
func Display(minor int64, currency string) string {
	text, negative := strings.CutPrefix(Format(minor, currency), "-")
	whole, fraction, point := strings.Cut(text, ".")
	var b strings.Builder
	if negative {
		b.WriteByte('-')
	}
	if symbol := symbols[currency]; symbol != "" {
		b.WriteString(symbol)
	} else {
		b.WriteString(currency + " ")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if point {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// symbols are those that no reader takes for another currency; the rest show their ISO code.
var symbols = map[string]string{"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}

// ShareBPS is minor x bps / 10,000, rounded once, half away from zero: 500 at 290 bps is 15.
func ShareBPS(minor int64, bps int) int64 {
	return mulDiv(minor, int64(bps), 10_000)
}

// RefundShare is how much of a commission is reversed in all once refunded of an order's total has been refunded. It is
// cumulative: post the difference to what was reversed before, so that a full refund reverses exactly the commission.
func RefundShare(commission, refunded, total int64) int64 {
	switch {
	case refunded <= 0 || commission == 0:
		return 0
	case refunded >= total:
		return commission
	default:
		return mulDiv(commission, refunded, total)
	}
}

// VATWithin is the VAT that a gross amount contains at a rate, rounded once, half away from zero: of 119.00 at 1,900 bps it is 19.00.
func VATWithin(gross int64, bps int) int64 {
	return mulDiv(gross, int64(bps), 10_000+int64(bps))
}

// mulDiv is a x b / d (d > 0) with a 128-bit product, rounded half away from zero. A result beyond int64 is the largest one.
func mulDiv(a, b, d int64) int64 {
	divisor := magnitude(d)
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	negative := (a < 0) != (b < 0)
	if hi >= divisor {
		return signed(math.MaxUint64, negative)
	}
	quotient, rest := bits.Div64(hi, lo, divisor)
	if rest >= divisor-rest && quotient < math.MaxUint64 {
		quotient++
	}
	return signed(quotient, negative)
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func signed(n uint64, negative bool) int64 {
	if n > math.MaxInt64 {
		n = math.MaxInt64
	}
	if negative {
		return -int64(n)
	}
	return int64(n)
}
