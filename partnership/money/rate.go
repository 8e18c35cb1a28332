package money

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// Rates are what a unit of other currencies is worth in a campaign's own, by currency. A person gave each; the program never looks one
// up, and without a rate nothing is converted.
type Rates map[string]Rate

// Rate is what a unit of a currency was worth on a day.
type Rate struct {
	Worth Worth  `json:"worth"`
	AsOf  string `json:"as_of"` // 2026-11-01
}

// Note says at which rates sums were brought to home: "at JPY 150.25 for 1 USD of 2026-11-01", "" where nothing had to be.
func (r Rates) Note(home string, all ...Sums) string {
	var parts []string
	for _, code := range slices.Sorted(maps.Keys(r)) {
		if slices.ContainsFunc(all, func(s Sums) bool { return code != home && s.Of(code) != 0 }) {
			parts = append(parts, fmt.Sprintf("%s %s for 1 %s of %s", home, r[code].Worth, code, r[code].AsOf))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "at " + strings.Join(parts, ", ")
}

// Worth is what one unit of a currency is worth in another, in billionths of a unit.
type Worth int64

const worthDigits = 9

// ParseWorth reads a worth above zero such as "150.25" or "0.00664", exactly.
func ParseWorth(s string) (Worth, error) {
	n, err := parseFixed(s, worthDigits)
	if err != nil {
		return 0, err
	}
	if n <= 0 {
		return 0, fmt.Errorf("more than zero is wanted")
	}
	return Worth(n), nil
}

// String is the worth as ParseWorth reads it, without needless zeros.
func (w Worth) String() string {
	return strings.TrimSuffix(strings.TrimRight(formatFixed(int64(w), worthDigits), "0"), ".")
}

// MarshalText writes it as a person would.
func (w Worth) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads it back.
func (w *Worth) UnmarshalText(text []byte) (err error) {
	*w, err = ParseWorth(string(text))
	return err
}

// Convert is an amount of one currency in another, rounded once, half away from zero.
func (w Worth) Convert(minor int64, from, to string) int64 {
	n := new(big.Int).Mul(big.NewInt(minor), big.NewInt(int64(w)))
	n.Mul(n, pow10(Exponent(to)))
	d := new(big.Int).Mul(pow10(worthDigits), pow10(Exponent(from)))
	half := new(big.Int).Quo(d, big.NewInt(2)) // d is even
	if n.Sign() < 0 {
		half.Neg(half)
	}
	return n.Add(n, half).Quo(n, d).Int64()
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }
