package console

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/orders"
	"github.com/rapport-dev/rapport/partnership"
)

// ordersFile is how faults name a list of orders.
const ordersFile = "orders.csv"

// importOrders shows what orders of another shop would book, and on the second press books them.
func (c *Console) importOrders(r *http.Request, v visitor) (string, error) {
	list, err := fileOf(r, "orders")
	switch {
	case err != nil:
		return "", partnership.Errorf(partnership.Invalid, "the file did not arrive whole; send it again")
	case len(list) == 0:
		return "", partnership.Errorf(partnership.Invalid, "choose a list of orders, as CSV")
	}
	batch, err := orders.Read(ordersFile, strings.TrimSpace(r.PostFormValue("shop")), c.OwnShop, list, c.Now())
	if err != nil {
		return "", err
	}
	if !sure(r) {
		seen, err := orders.See(r.Context(), c.Store, batch)
		if err != nil {
			return "", err
		}
		return "", &look{lines: ordersLines(seen), orders: kept(list)}
	}
	done, err := orders.Import(r.Context(), c.Store, v.By, batch)
	if err != nil {
		return "", err
	}
	said := "Booked: " + plural(done.Orders, "order") + ", of which " + strconv.Itoa(done.Credited) + " with a creator's code or link."
	if len(done.Minor) > 0 {
		said += " Booked of commission: " + done.Minor.Display("") + "."
	}
	return said, nil
}

// ordersLines say what a list of orders would do.
func ordersLines(seen orders.Look) []string {
	lines := []string{plural(seen.Orders, "order") + ", of which " + strconv.Itoa(seen.Owned) + " with a creator's code or link."}
	for _, currency := range slices.Sorted(maps.Keys(seen.Net)) {
		lines = append(lines, "Worth, less what came back: "+moneyOf(seen.Net[currency], currency))
	}
	if len(seen.Strange) > 0 {
		lines = append(lines, "Codes that are no creator's: "+strings.Join(seen.Strange, ", "))
	}
	return lines
}

// bookFee books the fee of a post that the books lost with a restored backup.
func (c *Console) bookFee(r *http.Request, v visitor) (string, error) {
	id := partnership.PartnershipID(r.PathValue("id"))
	fee, booked, err := deeds.BookFee(r.Context(), c.Store, v.By, id, strings.TrimSpace(r.PostFormValue("deliverable")), strings.TrimSpace(r.PostFormValue("on")), r.PostFormValue("reason"))
	if err != nil {
		return "", err
	}
	if !booked {
		return "The fee of " + fee.Deliverable + ", " + moneyOf(fee.AmountMinor, fee.Currency) + ", is in the books already: nothing was booked.", nil
	}
	return "Booked: " + moneyOf(fee.AmountMinor, fee.Currency) + " for " + fee.Deliverable + ".", nil
}
