package money_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership/money"
)

func TestExponent(t *testing.T) {
	t.Parallel()
	for currency, want := range map[string]int{"USD": 2, "EUR": 2, "JPY": 0, "KRW": 0, "VND": 0, "ISK": 0, "UGX": 0, "KWD": 3, "BHD": 3, "TND": 3, "HUF": 2, "MGA": 2} {
		if got := money.Exponent(currency); got != want {
			t.Errorf("Exponent(%s) = %d, want %d", currency, got, want)
		}
	}
}

func TestKnown(t *testing.T) {
	t.Parallel()
	for currency, want := range map[string]bool{"USD": true, "KWD": true, "AED": true, "ZWG": true, "usd": false, "US": false, "": false, "XXX": false, "D A": false, "BTC": false} {
		if got := money.Known(currency); got != want {
			t.Errorf("Known(%q) = %v, want %v", currency, got, want)
		}
	}
}

func TestPayableAtStripe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		currency   string
		minor      int64
		pay, carry int64
		wire       int64 // the integer that Stripe gets for pay
	}{
		{"USD", 3605, 3605, 0, 3605},
		{"JPY", 3601, 3601, 0, 3601},
		{"KWD", 1234, 1230, 4, 1230},
		{"TND", 9, 0, 9, 0},
		{"ISK", 501, 501, 0, 50100},
		{"UGX", 7, 7, 0, 700},
		{"HUF", 12345, 12300, 45, 12300},
		{"TWD", 199, 100, 99, 100},
		{"MGA", 12345, 12300, 45, 123},
		{"USD", 0, 0, 0, 0},
		{"KWD", -1234, 0, -1234, 0},
	} {
		pay, carry := money.Payable(c.minor, c.currency, "stripe")
		if pay != c.pay || carry != c.carry {
			t.Errorf("Payable(%d, %s) = %d, %d; want %d, %d", c.minor, c.currency, pay, carry, c.pay, c.carry)
		}
		wire, err := money.ToProvider(pay, c.currency, "stripe")
		if err != nil || wire != c.wire {
			t.Errorf("ToProvider(%d, %s) = %d, %v; want %d", pay, c.currency, wire, err, c.wire)
		}
		if back := money.FromProvider(wire, c.currency, "stripe"); back != pay {
			t.Errorf("FromProvider(%d, %s) = %d, want %d", wire, c.currency, back, pay)
		}
	}
	if n, err := money.ToProvider(1234, "KWD", "stripe"); err == nil {
		t.Errorf("Stripe cannot carry 1.234 KWD, got %d", n)
	}
}

func TestPayableNeverInventsMoney(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]string{"USD", "JPY", "KWD", "ISK", "HUF", "UGX", "MGA", "TWD"}).Draw(t, "currency")
		provider := rapid.SampledFrom([]string{"stripe", "paypal", "bank"}).Draw(t, "provider")
		minor := rapid.Int64Range(-1<<50, 1<<50).Draw(t, "minor")
		pay, carry := money.Payable(minor, currency, provider)
		if pay+carry != minor || pay < 0 || minor > 0 && carry < 0 {
			t.Fatalf("Payable(%d, %s, %s) = %d, %d", minor, currency, provider, pay, carry)
		}
		wire, err := money.ToProvider(pay, currency, provider)
		if err != nil || money.FromProvider(wire, currency, provider) != pay {
			t.Fatalf("%d %s does not survive %s: %d, %v", pay, currency, provider, wire, err)
		}
	})
}
