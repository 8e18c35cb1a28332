package judge

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A sheet recomputes from the vendors' record what each partnership brought and cost, as somebody would with a spreadsheet: one line
// for each partnership and currency, and nothing is added across currencies.

// line is a partnership's in one currency, in minor units.
type line struct {
	Partnership, Creator, Currency                     string
	Orders                                             int
	Sold, Refunded, Fee, Commission, Product, Shipping int64
	Paid                                               int64 // that left the bank, less what came back
}

func (l line) revenue() int64 { return l.Sold - l.Refunded }
func (l line) cost() int64    { return l.Fee + l.Commission + l.Product + l.Shipping }

// sheet is every line, by partnership and currency.
func (c *kase) sheet() []line {
	lines := map[[2]string]*line{}
	of := func(partnership, currency string) *line {
		key := [2]string{partnership, currency}
		if lines[key] == nil {
			lines[key] = &line{Partnership: partnership, Creator: c.partnerships[partnership].Creator.Handle, Currency: currency}
		}
		return lines[key]
	}
	c.sheetSales(of)
	for _, r := range c.Ledger.Rows { // no vendor knows fees; resultsAgree compares them with what was agreed
		if r.Kind == "fee" && r.State != voided {
			of(r.PartnershipID, r.Currency).Fee += r.AmountMinor
		}
	}
	sent := map[string]bool{}
	for _, l := range c.Truth.Labels {
		if sent[l.PartnershipID] = true; l.RefundedAt.IsZero() {
			of(l.PartnershipID, l.Currency).Shipping += units(l.Price, l.Currency)
		}
	}
	for _, g := range c.Truth.GiftOrders {
		pa := c.partnerships[g.PartnershipID]
		gone := slices.ContainsFunc(c.Truth.Labels, func(l Label) bool { return l.PartnershipID == g.PartnershipID && !l.DeliveredAt.IsZero() })
		if g.Status == "completed" || g.Status == "cancelled" && gone {
			of(g.PartnershipID, pa.Terms.Currency).Product += pa.Terms.GiftMinor
		}
	}
	c.sheetPaid(of)
	var all []line
	for _, key := range slices.SortedFunc(maps.Keys(lines), func(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) }) {
		all = append(all, *lines[key])
	}
	return all
}

func (c *kase) sheetSales(of func(string, string) *line) {
	rows := by(c.Ledger.Rows, func(r Row) string { return r.OrderID })
	for _, o := range c.Truth.Orders {
		owner := c.creditOf(o)
		if owner == "" {
			continue
		}
		l := of(owner, o.Currency)
		l.Orders, l.Sold, l.Refunded = l.Orders+1, l.Sold+o.NetMinor, l.Refunded+o.RefundedMinor
		if slices.ContainsFunc(rows[o.ID], func(r Row) bool { return r.State == voided }) {
			continue // a person rejected it
		}
		earned := halfAway(o.NetMinor*c.partnerships[owner].Terms.CommissionBPS, 10_000)
		if o.NetMinor > 0 {
			earned -= halfAway(earned*o.RefundedMinor, o.NetMinor)
		}
		l.Commission += earned
	}
}

// sheetPaid puts what left the bank beside the partnerships whose rows it paid: a transfer pays a creator, not a partnership, so its
// whole amount stands at the first.
func (c *kase) sheetPaid(of func(string, string) *line) {
	rows := map[string]Row{}
	for _, r := range c.Ledger.Rows {
		rows[r.ID] = r
	}
	payouts := map[string]Payout{}
	for _, po := range c.Payouts {
		payouts[po.ID] = po
	}
	for _, t := range c.Truth.Transfers {
		if po := payouts[t.PayoutID]; len(po.Rows) > 0 {
			of(rows[po.Rows[0]].PartnershipID, t.Currency).Paid += t.AmountMinor - t.ReversedMinor
		}
	}
}

// decimals of the currencies that have not two.
var decimals = map[string]int{"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}

func digits(currency string) int {
	if n, other := decimals[currency]; other {
		return n
	}
	return 2
}

// units are the minor units of a decimal.
func units(text, currency string) int64 {
	whole, part, _ := strings.Cut(text, ".")
	n := digits(currency)
	part = (part + "000")[:n]
	v, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil {
		return -1
	}
	return v
}

func decimal(minor int64, currency string) string {
	n, sign := digits(currency), ""
	if minor < 0 {
		minor, sign = -minor, "-"
	}
	text := fmt.Sprintf("%0*d", n+1, minor)
	if n == 0 {
		return sign + text
	}
	return sign + text[:len(text)-n] + "." + text[len(text)-n:]
}

// resultsAgree holds the program's own account of every partnership against the sheet.
func resultsAgree(c *kase) Verdict {
	v := Verdict{Check: "what each partnership brought and cost is what the vendors' record says, in each currency", Over: len(c.Results)}
	lines := by(c.sheet(), func(l line) string { return l.Partnership })
	for _, r := range c.Results {
		orders := 0
		for _, l := range lines[r.PartnershipID] {
			orders += l.Orders
		}
		if orders != r.Orders {
			v.find("%s: %d orders, the shop has %d", r.PartnershipID, r.Orders, orders)
		}
		for name, side := range map[string]struct {
			told []Amount
			want func(line) int64
		}{
			"revenue": {r.Revenue, line.revenue}, "fees": {r.Fees, func(l line) int64 { return l.Fee }},
			"commission": {r.Commission, func(l line) int64 { return l.Commission }}, "product": {r.Product, func(l line) int64 { return l.Product }},
			"shipping": {r.Shipping, func(l line) int64 { return l.Shipping }},
		} {
			difference := map[string]int64{}
			for _, a := range side.told {
				difference[a.Currency] += a.AmountMinor
			}
			for _, l := range lines[r.PartnershipID] {
				difference[l.Currency] -= side.want(l)
			}
			for currency, n := range difference {
				if n != 0 {
					v.find("%s: %s is told %s %s too high", r.PartnershipID, name, decimal(n, currency), currency)
				}
			}
		}
	}
	for _, pa := range c.partnerships {
		fee := int64(0)
		for _, l := range lines[pa.ID] {
			fee += l.Fee
		}
		if pa.Outcome == "completed" && fee != pa.Terms.FeeMinor {
			v.find("%s: %d are booked of a fee of %d", pa.ID, fee, pa.Terms.FeeMinor)
		}
	}
	return v
}

// WriteSheet writes the recomputation as CSV, with a sum for each currency.
func WriteSheet(w io.Writer, r Report) error {
	c := newCase(r)
	out := csv.NewWriter(w)
	write := func(l line) {
		d := func(n int64) string { return decimal(n, l.Currency) }
		_ = out.Write([]string{l.Creator, l.Currency, strconv.Itoa(l.Orders), d(l.Sold), d(l.Refunded), d(l.revenue()), d(l.Fee), d(l.Commission), d(l.Product), d(l.Shipping), d(l.cost()), d(l.Paid)})
	}
	_ = out.Write(strings.Split("creator,currency,orders,sold,refunded,revenue,fee,commission,product,shipping,cost,paid", ","))
	sums := map[string]line{}
	for _, l := range c.sheet() {
		write(l)
		s := sums[l.Currency]
		sums[l.Currency] = line{
			Creator: "in all", Currency: l.Currency, Orders: s.Orders + l.Orders, Sold: s.Sold + l.Sold, Refunded: s.Refunded + l.Refunded, Fee: s.Fee + l.Fee,
			Commission: s.Commission + l.Commission, Product: s.Product + l.Product, Shipping: s.Shipping + l.Shipping, Paid: s.Paid + l.Paid,
		}
	}
	for _, currency := range slices.Sorted(maps.Keys(sums)) {
		write(sums[currency])
	}
	out.Flush()
	return out.Error()
}
