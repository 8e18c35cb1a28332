package money_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/money"
)

// Amounts as people write them, and what they mean: one amount, two of which one has to be asked for, or none and why.
func TestAmountsAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, currency string
		want           []int64
		why            string
	}{
		{"2300", "USD", []int64{230_000}, ""},
		{"2300.00", "USD", []int64{230_000}, ""},
		{"2300,00", "USD", []int64{230_000}, ""},
		{"2300,5", "EUR", []int64{230_050}, ""},
		{"2,300", "USD", []int64{230_000}, ""},
		{"2,300.50", "USD", []int64{230_050}, ""},
		{"2.300,50", "EUR", []int64{230_050}, ""},
		{"2.300", "USD", []int64{230_000, 230}, ""},
		{"2.300", "EUR", []int64{230_000, 230}, ""},
		{"2 300", "USD", []int64{230_000}, ""},
		{"2\u00a0300,00", "EUR", []int64{230_000}, ""},
		{"2\u202f300 €", "EUR", []int64{230_000}, ""},
		{"2300$", "USD", []int64{230_000}, ""},
		{"$2300", "USD", []int64{230_000}, ""},
		{"$ 2,300", "USD", []int64{230_000}, ""},
		{"US$2,300", "USD", []int64{230_000}, ""},
		{"USD 2300", "USD", []int64{230_000}, ""},
		{"2300 usd", "USD", []int64{230_000}, ""},
		{"2300 dollars", "USD", []int64{230_000}, ""},
		{"CA$2,300", "CAD", []int64{230_000}, ""},
		{"2.3k", "USD", []int64{230_000}, ""},
		{"2,3 k", "USD", []int64{230_000}, ""},
		{"$2.3K", "USD", []int64{230_000}, ""},
		{"2.3k€", "EUR", []int64{230_000}, ""},
		{"2.300k", "USD", []int64{230_000_000, 230_000}, ""},
		{"1.2 Mio. €", "EUR", []int64{120_000_000}, ""},
		{"€ 2.300,-", "EUR", []int64{230_000}, ""},
		{"2300,- €", "EUR", []int64{230_000}, ""},
		{"2300.-", "CHF", []int64{230_000}, ""},
		{"Fr. 1'234.50", "CHF", []int64{123_450}, ""},
		{"1’234.50", "CHF", []int64{123_450}, ""},
		{"2.300,–", "EUR", []int64{230_000}, ""},
		{"２３００", "USD", []int64{230_000}, ""},
		{"＄２，３００．５０", "USD", []int64{230_050}, ""},
		{"٢٣٠٠", "USD", []int64{230_000}, ""},
		{"٢٬٣٠٠٫٥٠", "USD", []int64{230_050}, ""},
		{"\u200f۲۳۰۰", "USD", []int64{230_000}, ""},
		{"२३००", "INR", []int64{230_000}, ""},
		{"₹1,23,456", "INR", []int64{12_345_600}, ""},
		{"Rs.500", "INR", []int64{50_000}, ""},
		{"2300/-", "INR", []int64{230_000}, ""},
		{"R$ 2.300,00", "BRL", []int64{230_000}, ""},
		{"2 300 kr", "SEK", []int64{230_000}, ""},
		{"2300 zł", "PLN", []int64{230_000}, ""},
		{"¥2,300", "JPY", []int64{2_300}, ""},
		{"2.300", "JPY", []int64{2_300}, ""},
		{"￥２３００円", "JPY", []int64{2_300}, ""},
		{"23万", "JPY", []int64{230_000}, ""},
		{"2,300", "KWD", []int64{2_300_000, 2_300}, ""},
		{"2.300", "KWD", []int64{2_300_000, 2_300}, ""},
		{"2300.500", "KWD", []int64{2_300_500}, ""},
		{"KD 2.3", "KWD", []int64{2_300}, ""},
		{"1.234.567", "EUR", []int64{123_456_700}, ""},
		{"1,234,567.8", "USD", []int64{123_456_780}, ""},
		{".50", "USD", []int64{50}, ""},
		{"2300.", "USD", []int64{230_000}, ""},
		{"-5", "USD", []int64{-500}, ""},
		{"−$5", "USD", []int64{-500}, ""},
		{"", "USD", nil, "is wanted"},
		{"lots", "USD", nil, "is wanted"},
		{"two thousand", "USD", nil, "is wanted"},
		{"600.001", "USD", nil, "if thousands are meant, write 600001.00"},
		{"2300.567", "USD", nil, "at most 2 decimals"},
		{"2300.50", "JPY", nil, "at most 0 decimals"},
		{"0.5005", "KWD", nil, "at most 3 decimals"},
		{"2300 €", "USD", nil, `"€" is EUR, and an amount in USD is wanted`},
		{"£2300", "USD", nil, `"£" is GBP`},
		{"AUD 2300", "USD", nil, `"aud" is AUD`},
		{"2300 a post", "USD", nil, `"a post" is no part of an amount`},
		{"2300-2500", "USD", nil, "is no part"},
		{"2300 + VAT", "USD", nil, "is no part"},
		{"1,23,4", "USD", nil, "is wanted"},
		{"1.2.3", "USD", nil, "is wanted"},
		{"2 30", "USD", nil, "is wanted"},
		{"2300 2500", "USD", nil, "is wanted"},
		{"1e9", "USD", nil, "is no part"},
		{"99999999999999999999", "USD", nil, "too large"},
	} {
		got, err := money.Readings(c.text, c.currency)
		same := len(got) == len(c.want)
		for i := range got {
			same = same && got[i] == c.want[i]
		}
		if !same || (c.why == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.why) {
			t.Errorf("%q in %s: %v, %v; want %v %s", c.text, c.currency, got, err, c.want, c.why)
		}
	}
}

func TestWhatCanBeReadInTwoWaysIsAsked(t *testing.T) {
	t.Parallel()
	_, err := money.Read("2.300", "USD")
	if err == nil || err.Error() != "it can be read as $2,300.00 or as $2.30: write 2300.00 or 2.30" {
		t.Error(err)
	}
	if minor, err := money.Read("95.125", "KWD"); err != nil || minor != 95_125 {
		t.Errorf("%d, %v: that is how a file has dinars", minor, err)
	}
}

// What we write ourselves is read as it was, in every currency; and what was read is never more than its digits.
func TestWhatWeShowIsReadAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]string{"USD", "EUR", "GBP", "JPY", "KWD", "CHF", "BRL", "INR", "ISK"}).Draw(t, "currency")
		minor := rapid.Int64Range(0, 1_000_000_000).Draw(t, "minor")
		for _, text := range []string{money.Format(minor, currency), money.Display(minor, currency), currency + " " + money.Format(minor, currency), money.Format(minor, currency) + currency} {
			got, err := money.Readings(text, currency)
			if err != nil || got[len(got)-1] != minor {
				t.Fatalf("%q is read as %v, %v; it is %d", text, got, err, minor)
			}
			if len(got) > 1 && money.Exponent(currency) != 3 {
				t.Fatalf("%q, as we write it, can be read in two ways: %v", text, got)
			}
		}
	})
}

func FuzzReadings(f *testing.F) {
	for _, text := range []string{"2300,00", "€ 2.300,-", "2.3k", "Rs.500", "٢٬٣٠٠٫٥٠", "1'234.50", "-", ".", ",-", "'''", "k"} {
		f.Add(text, "USD")
	}
	f.Fuzz(func(t *testing.T, text, currency string) {
		got, err := money.Readings(text, currency)
		if (err == nil) != (len(got) > 0) || len(got) > 2 {
			t.Fatalf("%q in %q: %v, %v", text, currency, got, err)
		}
		if len(got) == 2 && got[0] == got[1] {
			t.Fatalf("%q in %q asks between %d and itself", text, currency, got[0])
		}
	})
}
