package store_test

import (
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// elsewhere is an order of another shop, or "" of our own, as a file has it.
func (f *fixture) elsewhere(shop, program, id string, pa party, netMinor int64, back ...int64) {
	f.t.Helper()
	sale := partnership.Sale{
		Shop: shop, ID: id, Currency: "USD", NetMinor: netMinor, Paid: true, Codes: []string{pa.kit.DiscountCode}, ProcessedAt: epoch,
		SaleState: partnership.SaleState{SaidAt: f.clock()},
	}
	for _, minor := range back {
		r := refundOf(id, "import", minor)
		r.At = f.clock()
		sale.Refunds = append(sale.Refunds, r)
	}
	_, _, err := f.ImportSale(f.t.Context(), program, sale)
	must(f.t, err)
	f.pass(time.Minute)
}

// Two shops give the same number to two orders: neither's news changes what the other's creator earns.
func TestOrdersOfTwoShopsWithOneNumberAreTwo(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, ours := f.launch(1)
	_, theirs := f.launch(1, func(c *partnership.Campaign, _ *partnership.Terms) { c.Program, c.Name = "abroad", "Abroad" })
	earned := func(order string, want int64) {
		t.Helper()
		if _, sum := f.rows(order); sum != want {
			t.Errorf("order %s has earned %d, want %d", order, sum, want)
		}
	}
	f.order(ours[0], "1001", 100_000) // the shop that reports by itself
	f.elsewhere("outlet", "", "1001", ours[0], 50_000)
	f.elsewhere("abroad", "abroad", "1001", theirs[0], 2000)
	earned("1001", 10_000)
	earned("outlet/1001", 5000)
	earned("abroad/1001", 200)
	for range 2 {
		f.elsewhere("abroad", "abroad", "1001", theirs[0], 2000, 2000)
	}
	f.refund("1001", "r1", 10_000)
	earned("1001", 9000)
	earned("outlet/1001", 5000)
	earned("abroad/1001", 0)
	f.sound()

	f.pass(3 * day)
	f.planFor(program)
	proof, err := f.PayoutProof(t.Context(), program, period, "")
	must(t, err)
	if len(proof.Orders) != 2 || proof.Orders[0].ID != "1001" || proof.Orders[1].ID != "outlet/1001" || len(proof.Orders[1].Worth) != 1 {
		t.Errorf("the proof has the orders %+v", proof.Orders)
	}
}

// An order that was imported before files named their shop is the same order when its file comes again.
func TestAnOrderImportedWithoutItsShopIsNotBookedAgain(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.elsewhere("", program, "1001", parties[0], 10_000)
	f.elsewhere("outlet", program, "1001", parties[0], 12_000)
	if rows, sum := f.rows("1001"); len(rows) != 2 || sum != 1200 {
		t.Errorf("the books have %+v", rows)
	}
	if rows, _ := f.rows("outlet/1001"); len(rows) > 0 {
		t.Errorf("it is booked again: %+v", rows)
	}
	_, err := f.RecordOrder(t.Context(), store.OrderIn{Shop: "outlet", OrderID: "1001", Currency: "USD", NetMinor: 700, Codes: []string{parties[0].kit.DiscountCode}, OccurredAt: epoch.Add(time.Hour)})
	must(t, err)
	if _, sum := f.rows("outlet/1001"); sum != 70 {
		t.Errorf("an order of another instant has earned %d", sum)
	}
	f.sound()
}
