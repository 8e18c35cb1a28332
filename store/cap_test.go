package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// Twenty sales at once earn the cap and not a cent more; one that finds nothing left is there with its reason; what comes back makes room.
func TestTwentySalesAtOnceDoNotPassTheCap(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, func(_ *partnership.Campaign, t *partnership.Terms) { t.CommissionCap = 12_500 })
	atOnce(20, func(i int) { f.order(parties[0], fmt.Sprint("o", i), 10_000) })
	rows, sum := f.rows("")
	cut := 0
	for _, row := range rows {
		if strings.Contains(row.Reason, "at most $125.00") {
			cut++
		}
	}
	if sum != 12_500 || len(rows) != 20 || cut != 8 {
		t.Errorf("%d rows, %d of them cut, sum to %d", len(rows), cut, sum)
	}
	f.sound()
	for _, row := range rows {
		if row.AmountMinor == 1000 {
			f.refund(row.OrderID, "r1", 10_000)
			break
		}
	}
	f.order(parties[0], "late", 50_000)
	if _, sum := f.rows(""); sum != 12_500 {
		t.Errorf("after a refund and a further sale they sum to %d", sum)
	}
	f.sound()
}
