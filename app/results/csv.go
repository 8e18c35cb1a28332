// Package results writes what came of a campaign for spreadsheets. What is in it the store reads and partnership/report counts.
package results

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/intake"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/report"
)

// columns are those of the file. A line with money in several currencies is as many rows: nothing is added across them, and the numbers
// that rest on all of it stand in the first.
const columns = "by,name,partnerships,posts,clicks,orders,inferred,new_customers,new_known,currency,revenue,fees,commission,product,shipping,cost," +
	"roas,roas_low,roas_high,roi,roi_low,roi_high,cac,cac_low,cac_high,cost_per_post,shop_share,advice,why,counted_in"

// WriteCSV writes a report: ratios as they are (ROI 0.62 is 62 %), amounts as decimals of their currency. counted_in is the currency of
// CAC and cost per post, with the rates at which others were brought to it.
func WriteCSV(w io.Writer, r report.Document) error {
	out := csv.NewWriter(w)
	_ = out.Write(strings.Split(columns, ","))
	for _, l := range r.Lines {
		for i, currency := range currencies(l, r.Currency) {
			_ = out.Write(row(l, currency, i == 0, strings.TrimSpace(r.Currency+" "+r.Rates)))
		}
	}
	out.Flush()
	return out.Error()
}

// currencies of a line, the report's own first.
func currencies(l report.DocumentLine, home string) []string {
	there := map[string]bool{}
	for _, a := range l.Revenue.Plus(l.Cost...) {
		there[a.Currency] = true
	}
	for _, sums := range []money.Sums{l.Revenue, l.Fees, l.Commission, l.Product, l.Shipping} {
		for _, a := range sums {
			there[a.Currency] = true
		}
	}
	delete(there, home)
	return append([]string{home}, slices.Sorted(maps.Keys(there))...)
}

func row(l report.DocumentLine, currency string, first bool, countedIn string) []string {
	cells := []string{string(l.By), intake.Harmless(l.Name)}
	count := func(n *int) {
		if n != nil && first {
			cells = append(cells, strconv.Itoa(*n))
		} else {
			cells = append(cells, "")
		}
	}
	for _, n := range []*int{&l.Partnerships, &l.Posts, &l.Clicks, &l.Orders, &l.Inferred, l.NewCustomers, &l.NewKnown} {
		count(n)
	}
	cells = append(cells, currency)
	for _, sums := range []money.Sums{l.Revenue, l.Fees, l.Commission, l.Product, l.Shipping, l.Cost} {
		cells = append(cells, money.Format(sums.Of(currency), currency))
	}
	if !first {
		return append(cells, make([]string, 14)...)
	}
	ratio := func(x *float64) string {
		if x == nil {
			return ""
		}
		return strconv.FormatFloat(*x, 'f', -1, 64)
	}
	amount := func(a *money.Amount) string {
		if a == nil {
			return ""
		}
		return money.Format(a.Minor, a.Currency)
	}
	return append(cells, ratio(l.ROAS), ratio(l.ROASLow), ratio(l.ROASHigh), ratio(l.ROI), ratio(l.ROILow), ratio(l.ROIHigh),
		amount(l.CAC), amount(l.CACLow), amount(l.CACHigh), amount(l.CostPerPost), ratio(l.ShopShare), string(l.Advice), intake.Harmless(l.Why), countedIn)
}
