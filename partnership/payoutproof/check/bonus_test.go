package check_test

import (
	"fmt"
	"testing"

	"github.com/rapport-dev/rapport/partnership/payoutproof"
	"github.com/rapport-dev/rapport/partnership/payoutproof/check"
)

// A bonus of the amount that its name says, and what a tier adds to a sale, are no faults: so what is found of others is found by that.
func TestABonusThatFitsIsNoFault(t *testing.T) {
	t.Parallel()
	for _, which := range []string{"sales/20/5000", "revenue/200000/5000", "tier"} {
		f, _ := check.Verify(month(t))
		w := &world{File: &f, t: t}
		minor := int64(5000)
		if which == "tier" { // twice the rate
			sale := w.sale()
			sums := w.order(sale.OrderID).Worth
			last := sums[len(sums)-1]
			at := func(bps int64) int64 {
				full := (2*last.BoughtMinor*bps + 10_000) / 20_000
				return full - (2*full*last.BackMinor+last.BoughtMinor)/(2*last.BoughtMinor)
			}
			which, minor = fmt.Sprintf("tier/%d/%s", 2*sale.RateBPS, sale.OrderID), at(2*sale.RateBPS)-at(sale.RateBPS)
		}
		w.bonus("zz", which, minor)
		text, err := payoutproof.Write(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, faults := check.Verify(text); len(faults) > 0 {
			t.Errorf("%s of %d: %v", which, minor, faults)
		}
	}
}
