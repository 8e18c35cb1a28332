package money_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/money"
)

func TestParse(t *testing.T) {
	t.Parallel()
	good := []struct {
		text, currency string
		want           int64
	}{
		{"36.00", "USD", 3600},
		{"36", "USD", 3600},
		{"36.5", "USD", 3650},
		{"0.05", "USD", 5},
		{"-0.05", "USD", -5},
		{"-0", "USD", 0},
		{"10.1", "EUR", 1010},
		{"10.10", "EUR", 1010},
		{"0019.99", "USD", 1999},
		{"3600", "JPY", 3600},
		{"1.234", "KWD", 1234},
		{"1.2", "BHD", 1200},
		{"500", "ISK", 500},
		{"92233720368547758.07", "USD", math.MaxInt64},
		{"-92233720368547758.08", "USD", math.MinInt64},
	}
	for _, c := range good {
		if got, err := money.Parse(c.text, c.currency); err != nil || got != c.want {
			t.Errorf("Parse(%q, %s) = %d, %v; want %d", c.text, c.currency, got, err, c.want)
		}
	}
	for _, text := range []string{"", "-", ".", "5.", ".5", "+5", "1,000.00", "1e3", " 5", "5 ", "$5", "1_0", "NaN", "0x10", "٣", "--1", "1.2.3", "36.001", "92233720368547758.08"} {
		if got, err := money.Parse(text, "USD"); err == nil {
			t.Errorf("Parse(%q, USD) = %d, want an error", text, got)
		}
	}
	if _, err := money.Parse("36.0", "JPY"); err == nil {
		t.Error("yen have no decimals")
	}
}

func TestParsePercent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"10": 1000, "2.9": 290, "0.01": 1, "0": 0, "100": 10_000, "150": 15_000} {
		got, err := money.ParsePercentBPS(text)
		if err != nil || got != want {
			t.Errorf("ParsePercentBPS(%q) = %d, %v; want %d", text, got, err, want)
		}
		if back := money.FormatPercent(got); back != text {
			t.Errorf("FormatPercent(%d) = %q, want %q", got, back, text)
		}
	}
	for _, text := range []string{"", "-1", "2.955", "10%", "99999999999"} {
		if got, err := money.ParsePercentBPS(text); err == nil {
			t.Errorf("ParsePercentBPS(%q) = %d, want an error", text, got)
		}
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		minor             int64
		currency          string
		format, displayed string
	}{
		{3600, "USD", "36.00", "$36.00"},
		{-5, "USD", "-0.05", "-$0.05"},
		{0, "USD", "0.00", "$0.00"},
		{200_000, "USD", "2000.00", "$2,000.00"},
		{123_456_789, "EUR", "1234567.89", "€1,234,567.89"},
		{3600, "JPY", "3600", "¥3,600"},
		{7, "KWD", "0.007", "KWD 0.007"},
		{-100_000, "KWD", "-100.000", "-KWD 100.000"},
		{math.MinInt64, "USD", "-92233720368547758.08", "-$92,233,720,368,547,758.08"},
	} {
		if got := money.Format(c.minor, c.currency); got != c.format {
			t.Errorf("Format(%d, %s) = %q, want %q", c.minor, c.currency, got, c.format)
		}
		if got := money.Display(c.minor, c.currency); got != c.displayed {
			t.Errorf("Display(%d, %s) = %q, want %q", c.minor, c.currency, got, c.displayed)
		}
	}
}

func TestShareRoundsOnceHalfAwayFromZero(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		minor int64
		bps   int
		want  int64
	}{
		{500, 290, 15}, // 14.5; a float of 2.9/100 gives 14
		{-500, 290, -15},
		{25, 1000, 3},
		{24, 1000, 2},
		{15, 1000, 2},
		{-15, 1000, -2},
		{999, 1000, 100},
		{0, 1000, 0},
		{1, 4999, 0},
		{1, 5000, 1},
		{math.MaxInt64, 10_000, math.MaxInt64},
		{math.MaxInt64, 20_000, math.MaxInt64},
		{math.MinInt64, 20_000, -math.MaxInt64},
		{math.MaxInt64, 1, 922337203685478},
	} {
		if got := money.ShareBPS(c.minor, c.bps); got != c.want {
			t.Errorf("ShareBPS(%d, %d) = %d, want %d", c.minor, c.bps, got, c.want)
		}
	}
}

func TestShareIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		minor, bps := rapid.Int64Range(-1<<62, 1<<62).Draw(t, "minor"), rapid.IntRange(0, 10_000).Draw(t, "bps")
		// |10,000 x got - minor x bps| <= 5,000, and at a tie the result is the one further from zero.
		got := money.ShareBPS(minor, bps)
		exact := new(big.Int).Mul(big.NewInt(minor), big.NewInt(int64(bps)))
		scaled := new(big.Int).Mul(big.NewInt(got), big.NewInt(10_000))
		gap := new(big.Int).Sub(scaled, exact)
		if gap.CmpAbs(big.NewInt(5_000)) > 0 {
			t.Fatalf("ShareBPS(%d, %d) = %d is off by more than half a unit", minor, bps, got)
		}
		if gap.CmpAbs(big.NewInt(5_000)) == 0 && scaled.CmpAbs(exact) < 0 {
			t.Fatalf("ShareBPS(%d, %d) = %d rounds a half towards zero", minor, bps, got)
		}
		if money.ShareBPS(-minor, bps) != -got {
			t.Fatal("rounding is not symmetric")
		}
	})
}

func TestRefundShareVectors(t *testing.T) {
	t.Parallel()
	steps := func(commission, each, total int64, n int) (deltas []int64) {
		var before int64
		for i := range n {
			now := money.RefundShare(commission, each*int64(i+1), total)
			deltas = append(deltas, now-before)
			before = now
		}
		return deltas
	}
	if got := steps(100, 333, 999, 3); got[0] != 33 || got[1] != 34 || got[2] != 33 {
		t.Errorf("100 on 999 refunded 3 x 333 reverses %v, want 33 34 33", got)
	}
	var sum int64
	for _, d := range steps(3, 5, 25, 5) {
		sum += d
	}
	if sum != 3 {
		t.Errorf("3 on 25 refunded 5 x 5 reverses %d, want 3", sum)
	}
	for _, c := range [][4]int64{{100, 0, 999, 0}, {100, -5, 999, 0}, {100, 1000, 999, 100}, {100, 1500, 999, 100}, {100, 5000, 999, 100}, {0, 10, 100, 0}, {100, 10, 0, 100}} {
		if got := money.RefundShare(c[0], c[1], c[2]); got != c[3] {
			t.Errorf("RefundShare(%d, %d, %d) = %d, want %d", c[0], c[1], c[2], got, c[3])
		}
	}
}

func TestRefundsNeverReverseMoreThanTheCommission(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(1, 1<<50).Draw(t, "total")
		commission := money.ShareBPS(total, rapid.IntRange(0, 10_000).Draw(t, "bps"))
		var refunded, before int64
		for refunded < total {
			refunded = min(total, refunded+rapid.Int64Range(1, total).Draw(t, "refund"))
			now := money.RefundShare(commission, refunded, total)
			if now < before || now > commission {
				t.Fatalf("reversed %d after %d of a commission of %d", now, before, commission)
			}
			before = now
		}
		if before != commission {
			t.Fatalf("a full refund reverses %d of %d", before, commission)
		}
	})
}

func TestFormatParseRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]string{"USD", "JPY", "KWD", "EUR", "ISK", "HUF", "XYZ"}).Draw(t, "currency")
		minor := rapid.Int64().Draw(t, "minor")
		if got, err := money.Parse(money.Format(minor, currency), currency); err != nil || got != minor {
			t.Fatalf("%d %s comes back as %d, %v", minor, currency, got, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"36.00", "-0.05", "1e3", "", "999999999999999999999", "1.", "..", "\x00"} {
		f.Add(s, "USD")
		f.Add(s, "JPY")
	}
	f.Fuzz(func(t *testing.T, s, currency string) {
		n, err := money.Parse(s, currency)
		if err != nil {
			return
		}
		back, err := money.Parse(money.Format(n, currency), currency)
		if err != nil || back != n {
			t.Fatalf("Parse(%q) = %d, which formats as %q and reads back as %d, %v", s, n, money.Format(n, currency), back, err)
		}
		if strings.ContainsAny(s, "eE+ ,_") {
			t.Fatalf("Parse accepted %q", s)
		}
	})
}
