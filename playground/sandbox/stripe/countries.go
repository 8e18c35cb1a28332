package stripe

import (
	"regexp"
	"slices"
	"strings"
)

// platformCountry is where the platform of the sandbox is at home.
const platformCountry = "US"

// recipient is the service agreement of an account abroad that only receives.
const recipient = "recipient"

var twoLetters = regexp.MustCompile(`^[A-Z]{2}$`)

// countries are those in which Stripe opens accounts for a platform of the United States.
var countries = strings.Fields("AE AG AL AM AO AR AT AU AZ BA BD BE BG BH BJ BN BO BS BT BW CA CH CI CL CO CR CY CZ DE DK DO DZ EC EE EG ES ET FI FR " +
	"GA GB GH GM GR GT GY HK HR HU ID IE IL IN IS IT JM JO JP KE KH KR KW KZ LA LC LI LK LT LU LV MA MC MD MG MK MN MO MT MU MX MY MZ NA NE NG NL NO NZ " +
	"OM PA PE PH PK PL PT PY QA RO RS RW SA SE SG SI SK SM SN SV TH TN TR TT TW TZ US UY UZ VN ZA")

// currencies are those that Stripe knows, as its API writes them.
var currencies = strings.Fields("usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve " +
	"czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr " +
	"lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp " +
	"sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw")

// minor is an amount of the API in the minor units of ISO 4217, as the record of what happened has all amounts: Stripe counts
// hundredths of two currencies that have none, and whole units of one that has.
func minor(amount int64, currency string) int64 {
	switch currency {
	case "isk", "ugx":
		return amount / 100
	case "mga":
		return amount * 100
	}
	return amount
}

// step is what amounts in a currency must be divisible by: three-decimal ones carry two digits, and these two have none
// although the API counts hundredths of them.
func step(currency string) int64 {
	switch {
	case slices.Contains([]string{"isk", "ugx"}, currency):
		return 100
	case slices.Contains([]string{"bhd", "jod", "kwd", "omr", "tnd"}, currency):
		return 10
	}
	return 1
}
