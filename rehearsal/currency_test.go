package rehearsal

import (
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership/money"
)

// A campaign in yen whose carrier asks in dollars pays dollars for its labels, and nothing adds them to yen.
func TestShippingIsInTheCarriersCurrency(t *testing.T) {
	t.Parallel()
	yen := func(rates money.Rates) Options {
		o := prompt(small(sample(t, "hybrid")))
		o.Campaign.Currency, o.Campaign.Rates = "JPY", rates // $500.00 is read as ¥50,000
		return o
	}
	label := int64(4_10 + 9*40) // the sampler weighs 40 oz
	apart := rehearse(t, yen(nil))
	number := func(r *Report, name string) int64 {
		for _, n := range r.DryRun.Numbers {
			if n.Name == name {
				return n.Value
			}
		}
		t.Fatal("no " + name)
		return 0
	}
	parcels := number(apart, "gifts_minor") / 3_600
	if got := number(apart, "shipping_minor"); parcels == 0 || got != parcels*label || apart.Shipping != "USD" {
		t.Errorf("%d parcels cost %d %s, want %d", parcels, got, apart.Shipping, parcels*label)
	}
	if spend := number(apart, "fees_minor") + number(apart, "commission_minor") + number(apart, "gifts_minor"); number(apart, "spend_minor") != spend {
		t.Errorf("%d is spent, want %d", number(apart, "spend_minor"), spend)
	}
	text := printed(t, apart)
	for _, want := range []string{"the label is bought for $7.70", "Shipping is in USD and in no other sum", " and $" + money.Format(apart.WorstCase.Shipping, "USD")} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said", want)
		}
	}

	rated := rehearse(t, yen(money.Rates{"USD": {Worth: 150_000_000_000, AsOf: "2026-11-01"}}))
	if got := number(rated, "shipping_minor"); got != parcels*1155 || rated.Shipping != "JPY" {
		t.Errorf("%d parcels cost %d %s, want %d at ¥150 a dollar", parcels, got, rated.Shipping, parcels*1155)
	}
	if spend := number(rated, "fees_minor") + number(rated, "commission_minor") + number(rated, "gifts_minor") + parcels*1155; number(rated, "spend_minor") != spend {
		t.Errorf("%d is spent, want %d", number(rated, "spend_minor"), spend)
	}
	if text := printed(t, rated); !strings.Contains(text, "Shipping is counted at JPY 150 for 1 USD of 2026-11-01.") {
		t.Error("the rate and its day are not said")
	}
}
