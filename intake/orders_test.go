package intake_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/intake"
)

// Each order says whose it is: two shops have their own numbers, and nobody guesses.
func TestOrdersNameTheirShop(t *testing.T) {
	t.Parallel()
	own, now := []string{"acme.myshopify.com", "acme"}, time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC)
	read := func(shop, rows string) (got []string, faults []intake.Fault) {
		sales, faults := intake.ParseOrders("orders.csv", shop, own, strings.NewReader("order_id,time,currency,net,shop\n"+rows), now)
		for _, s := range sales {
			got = append(got, s.Shop+"/"+s.ID)
		}
		return got, faults
	}
	const line = "1001,2026-11-01,USD,10.00,"
	for _, c := range []struct{ name, shop, rows, want string }{
		{"by the flag", "Outlet", line, "outlet/1001"},
		{"by the column", "outlet", line + "Abroad", "abroad/1001"},
		{"our own", "", line + "ACME.myshopify.com", "/1001"},
		{"our own by its short name", "acme", line, "/1001"},
		{"two shops, one number", "outlet", line + "\n" + line + "abroad", "outlet/1001 abroad/1001"},
	} {
		if got, faults := read(c.shop, c.rows); strings.Join(got, " ") != c.want || len(faults) > 0 {
			t.Errorf("%s: %q, %v", c.name, got, faults)
		}
	}
	for name, rows := range map[string]string{"nobody's": line, "a path": line + "a/b", "two words": line + "the shop"} {
		if got, faults := read("", rows); len(got) > 0 || len(faults) != 1 || faults[0].Field != "shop" || faults[0].Line != 2 {
			t.Errorf("%s: %q, %v", name, got, faults)
		}
	}
	if _, faults := read("", line); !strings.Contains(faults[0].String(), "acme.myshopify.com") {
		t.Errorf("it is refused with %v, which does not name our own shop", faults)
	}
}
