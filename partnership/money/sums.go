package money

import (
	"cmp"
	"slices"
	"strings"
)

// Amount is minor units of a currency.
type Amount struct {
	Currency string `json:"currency"`
	Minor    int64  `json:"amount_minor"`
}

// Sums is one amount for each currency, by its code; nothing is ever added across them. The zero value is nothing.
type Sums []Amount

// SumOf adds up amounts, each within its currency.
func SumOf(amounts ...Amount) Sums { return Sums(nil).Plus(amounts...) }

// Plus is s with more amounts, each in its own currency. What comes to zero is left out.
func (s Sums) Plus(more ...Amount) Sums {
	out := slices.Clone(s)
	for _, a := range more {
		at, there := slices.BinarySearchFunc(out, a.Currency, func(x Amount, code string) int { return cmp.Compare(x.Currency, code) })
		if !there {
			out = slices.Insert(out, at, Amount{Currency: a.Currency})
		}
		out[at].Minor += a.Minor
	}
	return slices.DeleteFunc(out, func(a Amount) bool { return a.Minor == 0 })
}

// Minus is s without the amounts of another.
func (s Sums) Minus(less Sums) Sums {
	out := s
	for _, a := range less {
		out = out.Plus(Amount{a.Currency, -a.Minor})
	}
	return out
}

// Of is the amount in a currency, zero where there is none.
func (s Sums) Of(currency string) int64 {
	for _, a := range s {
		if a.Currency == currency {
			return a.Minor
		}
	}
	return 0
}

// Other is s without a currency: what must be shown apart beside it. It is nil where there is nothing else.
func (s Sums) Other(currency string) Sums {
	var out Sums
	for _, a := range s {
		if a.Currency != currency {
			out = append(out, a)
		}
	}
	return out
}

// Display writes each amount, that of home first: "¥632,859 and $41.20". Nothing at all is a zero of home.
func (s Sums) Display(home string) string {
	var parts []string
	if n := s.Of(home); n != 0 || len(s) == 0 {
		parts = append(parts, Display(n, home))
	}
	for _, a := range s.Other(home) {
		parts = append(parts, Display(a.Minor, a.Currency))
	}
	if n := len(parts); n > 1 {
		return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
	}
	return parts[0]
}

// In is all of s in one currency. Other currencies are converted, each once, at rates that a person gave; ok is false where one is
// missing, and then there is no such sum.
func (s Sums) In(home string, rates Rates) (minor int64, ok bool) {
	minor = s.Of(home)
	for _, a := range s.Other(home) {
		rate, given := rates[a.Currency]
		if !given {
			return 0, false
		}
		minor += rate.Worth.Convert(a.Minor, a.Currency, home)
	}
	return minor, true
}
