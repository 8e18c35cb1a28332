package money

import (
	"fmt"
	"slices"
	"strings"
)

// dollars and crowns are the currencies that people write with one sign.
const (
	dollars = "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU BSD BBD BZD BMD BND FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD"
	crowns  = "SEK NOK DKK ISK CZK"
	rupees  = "INR PKR LKR NPR MUR SCR"
)

// signs are what people write for currencies besides their codes, in small letters.
var signs = map[string]string{
	"$": dollars, "dollar": dollars, "dollars": dollars, "us$": "USD", "$us": "USD", "usd$": "USD", "u.s.$": "USD", "us dollars": "USD", "c$": "CAD", "ca$": "CAD", "can$": "CAD", "cad$": "CAD",
	"a$": "AUD", "au$": "AUD", "aud$": "AUD", "nz$": "NZD", "s$": "SGD", "sg$": "SGD", "hk$": "HKD", "nt$": "TWD", "mx$": "MXN", "mex$": "MXN", "r$": "BRL",
	"€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP EGP LBP SYP GIP FKP SHP", "pound": "GBP", "pounds": "GBP", "¥": "JPY CNY", "円": "JPY", "yen": "JPY", "元": "CNY", "rmb": "CNY", "yuan": "CNY",
	"kr": crowns, "kr.": crowns, "kč": "CZK", "zł": "PLN", "zl": "PLN", "₹": "INR", "rs": rupees, "rs.": rupees, "fr": "CHF", "fr.": "CHF", "sfr": "CHF", "sfr.": "CHF",
	"₺": "TRY", "tl": "TRY", "₩": "KRW", "원": "KRW", "₽": "RUB", "руб": "RUB", "руб.": "RUB", "₴": "UAH", "ft": "HUF", "lei": "RON", "₪": "ILS", "kd": "KWD", "k.d.": "KWD", "د.ك": "KWD", "د.ك.": "KWD",
	"dh": "AED MAD", "dhs": "AED", "د.إ": "AED", "sr": "SAR", "฿": "THB", "₫": "VND", "đ": "VND", "₱": "PHP", "₦": "NGN", "rm": "MYR", "rp": "IDR", "rp.": "IDR",
}

// meantBy are the currencies that a mark may mean: a code is itself.
func meantBy(mark string) []string {
	if code := strings.ToUpper(mark); Known(code) {
		return []string{code}
	}
	return strings.Fields(signs[mark])
}

// isMark says whether a text is nothing, or the mark of some currency.
func isMark(text string) bool { return text == "" || len(meantBy(text)) > 0 }

// fits says what is wrong with a mark next to an amount in a currency.
func fits(mark, currency string) error {
	switch all := meantBy(mark); {
	case mark == "", slices.Contains(all, currency):
		return nil
	case len(all) == 0:
		return fmt.Errorf("%q is no part of an amount in %s", mark, currency)
	default:
		return fmt.Errorf("%q is %s, and an amount in %s is wanted", mark, all[0], currency)
	}
}
