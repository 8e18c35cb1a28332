package ledger_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

func TestWhatAPartnershipCosts(t *testing.T) {
	gift := partnership.Terms{Gift: &partnership.Gift{ValueMinor: 3600}}
	for _, c := range []struct {
		name     string
		terms    partnership.Terms
		delivery *partnership.Delivery
		want     int64
	}{
		{"nothing sent", gift, nil, 1500},
		{"a label alone", gift, &partnership.Delivery{CostMinor: 800}, 2300},
		{"the product and its parcel", gift, &partnership.Delivery{CostMinor: 800, OrderID: "o1"}, 5900},
		{"a parcel without a gift", partnership.Terms{}, &partnership.Delivery{CostMinor: 800, OrderID: "o1"}, 2300},
	} {
		if got := ledger.CostMinor(1000, 500, c.terms, c.delivery); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
