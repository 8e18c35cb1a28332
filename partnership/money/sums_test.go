package money_test

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/money"
)

func TestSumsStayApart(t *testing.T) {
	s := money.SumOf(money.Amount{Currency: "USD", Minor: 4000}, money.Amount{Currency: "JPY", Minor: 632859}, money.Amount{Currency: "USD", Minor: 120})
	for _, c := range []struct{ what, got, want string }{
		{"home first", s.Display("JPY"), "¥632,859 and $41.20"},
		{"the other home", s.Display("USD"), "$41.20 and ¥632,859"},
		{"a home without an amount", s.Display("EUR"), "¥632,859 and $41.20"},
		{"three", s.Plus(money.Amount{Currency: "KWD", Minor: 1250}).Display("JPY"), "¥632,859, KWD 1.250 and $41.20"},
		{"nothing", money.Sums(nil).Display("JPY"), "¥0"},
		{"what comes to nothing", s.Minus(s).Display("KWD"), "KWD 0.000"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if _, ok := s.In("JPY", money.Rates{}); ok {
		t.Error("two currencies were added without a rate")
	}
	rates := money.Rates{"USD": {worth(t, "150.25"), "2026-11-01"}, "EUR": {worth(t, "171"), "2026-11-02"}}
	if n, ok := s.In("JPY", rates); !ok || n != 632859+6190 { // 41.20 x 150.25 = 6190.3
		t.Errorf("in JPY: %d, %t", n, ok)
	}
	if got, want := rates.Note("JPY", s), "at JPY 150.25 for 1 USD of 2026-11-01"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := rates.Note("JPY", s.Other("USD")); got != "" {
		t.Errorf("nothing was converted, and it says %q", got)
	}
}

func TestRatesConvertExactly(t *testing.T) {
	for _, c := range []struct {
		worth, from, to string
		minor, want     int64
	}{
		{"150.25", "USD", "JPY", 100, 150},                   // 150.25
		{"150.5", "USD", "JPY", 100, 151},                    // half away from zero
		{"150.5", "USD", "JPY", -100, -151},                  //
		{"3.257", "KWD", "USD", 1_250, 407},                  // 1.250 KWD is 4.07125 USD
		{"0.307", "USD", "KWD", 100, 307},                    //
		{"0.00664", "JPY", "USD", 1_000, 664},                // 6.64
		{"0.000000001", "JPY", "USD", 10_000_000_000, 1_000}, // the least rate there is
	} {
		if got := worth(t, c.worth).Convert(c.minor, c.from, c.to); got != c.want {
			t.Errorf("%d %s at %s: %d %s, want %d", c.minor, c.from, c.worth, got, c.to, c.want)
		}
	}
	for _, bad := range []string{"", "0", "-1", "1,5", "1e3", "0.0000000001", "x"} {
		if r, err := money.ParseWorth(bad); err == nil {
			t.Errorf("%q was read as %s", bad, r)
		}
	}
	text, err := json.Marshal(worth(t, "150.250"))
	if err != nil || string(text) != `"150.25"` {
		t.Errorf("%s, %v", text, err)
	}
}

// TestSumsAreSums holds sums against plain maps: any order of the same amounts is the same sums, and nothing goes from one
// currency to another.
func TestSumsAreSums(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		amounts := rapid.SliceOf(rapid.Custom(func(rt *rapid.T) money.Amount {
			return money.Amount{Currency: rapid.SampledFrom([]string{"EUR", "JPY", "KWD", "USD"}).Draw(rt, "currency"), Minor: rapid.Int64Range(-1000, 1000).Draw(rt, "minor")}
		})).Draw(rt, "amounts")
		want := map[string]int64{}
		for _, a := range amounts {
			want[a.Currency] += a.Minor
		}
		s := money.SumOf(amounts...)
		for code, n := range want {
			if s.Of(code) != n {
				rt.Fatalf("%s: %d, want %d", code, s.Of(code), n)
			}
		}
		if !slices.IsSortedFunc(s, func(a, b money.Amount) int { return map[bool]int{true: -1, false: 1}[a.Currency < b.Currency] }) {
			rt.Fatalf("not in order: %v", s)
		}
		slices.Reverse(amounts)
		if back := money.SumOf(amounts...); !slices.Equal(s, back) {
			rt.Fatalf("%v in one order, %v in the other", s, back)
		}
		if len(s.Minus(s)) != 0 || !slices.Equal(s, money.Sums(nil).Plus(s...)) {
			rt.Fatalf("%v is not itself", s)
		}
	})
}

func worth(t *testing.T, text string) money.Worth {
	t.Helper()
	r, err := money.ParseWorth(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
