package sandbox

import (
	"strconv"
	"strings"
)

// Exponent is the number of digits behind the point of a currency.
func Exponent(currency string) int {
	switch strings.ToUpper(currency) {
	case "JPY", "KRW", "CLP", "VND", "ISK", "PYG", "UGX", "XAF", "XOF", "XPF", "RWF", "KMF", "GNF", "DJF", "BIF", "VUV":
		return 0
	case "KWD", "BHD", "JOD", "OMR", "TND", "LYD", "IQD":
		return 3
	}
	return 2
}

// Decimal writes minor units with a point: "12.30".
func Decimal(minor int64, currency string) string {
	e := Exponent(currency)
	sign, digits := "", strconv.FormatInt(minor, 10)
	if minor < 0 {
		sign, digits = "-", digits[1:]
	}
	if e == 0 {
		return sign + digits
	}
	digits = strings.Repeat("0", max(e+1-len(digits), 0)) + digits
	return sign + digits[:len(digits)-e] + "." + digits[len(digits)-e:]
}

// ParseDecimal reads an amount exactly; false when it has too many digits or is none.
func ParseDecimal(s, currency string) (int64, bool) {
	whole, part, _ := strings.Cut(s, ".")
	e := Exponent(currency)
	if len(part) > e || whole == "" {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+part+strings.Repeat("0", e-len(part)), 10, 64)
	return n, err == nil
}
