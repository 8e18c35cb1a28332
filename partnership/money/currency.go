package money

import (
	"fmt"
	"strings"
)

// iso is ISO 4217's list of currencies in use, without funds, metals and test codes.
const iso = " AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY " +
	"COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD " +
	"IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK " +
	"MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS " +
	"SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR " +
	"ZMW ZWG "

// isoDecimals are ISO 4217's exponents other than 2.
var isoDecimals = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0,
	"XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// Known says whether currency is an ISO 4217 code in use, in upper case.
func Known(currency string) bool {
	return len(currency) == 3 && !strings.Contains(currency, " ") && strings.Contains(iso, " "+currency+" ")
}

// Exponent is how many decimals a currency's minor unit has by ISO 4217: USD 2, JPY 0, KWD 3. Unknown currencies have 2.
func Exponent(currency string) int {
	if digits, ok := isoDecimals[currency]; ok {
		return digits
	}
	return 2
}

// wire is how a provider carries a currency where that differs from ISO 4217.
type wire struct {
	exponent int   // of the integer in the provider's API
	multiple int64 // the API's integer must be a multiple of this
}

// stripe: docs.stripe.com/currencies, "Special cases" and "Zero-decimal currencies". ISK and UGX have no decimals but are
// sent as if they had two; HUF and TWD pay out in whole units; three-decimal currencies end in 0; MGA is sent in whole ariary.
var stripe = map[string]wire{
	"ISK": {2, 100}, "UGX": {2, 100}, "HUF": {2, 100}, "TWD": {2, 100}, "MGA": {0, 1},
	"BHD": {3, 10}, "IQD": {3, 10}, "JOD": {3, 10}, "KWD": {3, 10}, "LYD": {3, 10}, "OMR": {3, 10}, "TND": {3, 10},
}

// paypal: developer.paypal.com/api/rest/reference/currency-codes. It takes decimal strings; HUF, JPY and TWD without decimals.
var paypal = map[string]wire{"HUF": {2, 100}, "TWD": {2, 100}}

func wireOf(currency, provider string) wire {
	table := map[string]map[string]wire{"stripe": stripe, "paypal": paypal}[provider]
	if w, ok := table[currency]; ok {
		return w
	}
	return wire{Exponent(currency), 1}
}

// step is the smallest amount in our minor units that the provider can carry.
func step(currency, provider string) int64 {
	w := wireOf(currency, provider)
	s := w.multiple
	for e := w.exponent; e < Exponent(currency); e++ {
		s *= 10
	}
	for e := w.exponent; e > Exponent(currency) && s%10 == 0; e-- {
		s /= 10
	}
	return s
}

// Payable splits an amount into what a provider can carry now and what is carried to the next payout. Nothing is payable of
// a balance at or below zero.
func Payable(minor int64, currency, provider string) (pay, carry int64) {
	if minor <= 0 {
		return 0, minor
	}
	carry = minor % step(currency, provider)
	return minor - carry, carry
}

// ToProvider converts our minor units into the integer of the provider's API: 1 ISK is 100 at Stripe. An amount that the
// provider cannot carry exactly is an error, see Payable.
func ToProvider(minor int64, currency, provider string) (int64, error) {
	if minor%step(currency, provider) != 0 {
		return 0, fmt.Errorf("%s cannot carry %s %s exactly", provider, currency, Format(minor, currency))
	}
	n := minor
	for e := Exponent(currency); e > wireOf(currency, provider).exponent; e-- {
		n /= 10
	}
	for e := Exponent(currency); e < wireOf(currency, provider).exponent; e++ {
		if n*10/10 != n {
			return 0, fmt.Errorf("amount is too large for %s", provider)
		}
		n *= 10
	}
	return n, nil
}

// FromProvider converts the integer of a provider's API into our minor units.
func FromProvider(n int64, currency, provider string) int64 {
	for e := wireOf(currency, provider).exponent; e > Exponent(currency); e-- {
		n /= 10
	}
	for e := wireOf(currency, provider).exponent; e < Exponent(currency); e++ {
		n *= 10
	}
	return n
}
