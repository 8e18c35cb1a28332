package locale

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Number is a number as it is written there: "2.5", "2,5".
func (l Locale) Number(n float64) string {
	return message.NewPrinter(l.spokenOr().tag).Sprint(number.Decimal(n, number.MaxFractionDigits(2)))
}

// Percent is basis points as per cent, without the sign.
func (l Locale) Percent(bps int) string { return l.Number(float64(bps) / 100) }

// Money is an amount as it is written there, to the last digit: "$1,240.00", "1.240,00 $", "1 240,00 $".
func (l Locale) Money(minor int64, currency string) string {
	english := money.Display(minor, currency)
	s := l.spokenOr()
	if s.name == "en" || s.name == "ja" {
		return english
	}
	figures := strings.IndexAny(english, "0123456789")
	sign, symbol := "", strings.TrimSpace(english[:figures])
	if rest, negative := strings.CutPrefix(symbol, "-"); negative {
		sign, symbol = "-", strings.TrimSpace(rest)
	}
	whole, fraction, point := strings.Cut(strings.ReplaceAll(english[figures:], ",", ""), ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return english
	}
	print := message.NewPrinter(s.tag)
	text := sign + print.Sprint(number.Decimal(n))
	if point {
		text += l.point() + fraction
	}
	if s.name == "pt" {
		return sign + symbol + "\u00a0" + strings.TrimPrefix(text, sign)
	}
	return text + "\u00a0" + symbol
}

// Sums are several amounts, each in its currency: "¥632,859 and $41.20".
func (l Locale) Sums(all money.Sums) string {
	parts := make([]string, len(all))
	for i, a := range all {
		parts[i] = l.Money(a.Minor, a.Currency)
	}
	return l.List(parts)
}

// point is what stands between the whole and its parts.
func (l Locale) point() string { return strings.Trim(l.Number(0.5), "05") }

// Days is "1 day", "10 days", "2.5 days".
func (l Locale) Days(n float64) string {
	if whole := math.Trunc(n); whole == n {
		return l.N(int(n), "%d day", "%d days")
	}
	return l.T("%s days", l.Number(math.Round(10*n)/10))
}

// List is "a, b and c".
func (l Locale) List(parts []string) string {
	if l.Name() == "ja" {
		return strings.Join(parts, "、")
	}
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return l.T("%s and %s", strings.Join(parts[:len(parts)-1], ", "), parts[len(parts)-1])
}

// Sentence makes a sentence of words that stand within one elsewhere, such as a refusal of the rules or a reason of the books.
func Sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	switch {
	case s == "":
		return s
	case unicode.In(last, unicode.Hiragana, unicode.Katakana, unicode.Han):
		return s + "。"
	case last != '.' && last != '。':
		s += "."
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// Sentences are one after the other.
func (l Locale) Sentences(said ...string) string {
	between := " "
	if l.Name() == "ja" {
		between = ""
	}
	return strings.Join(said, between)
}
