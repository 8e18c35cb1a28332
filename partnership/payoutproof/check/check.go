package check

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Verify says what in a proof does not hold, in words; none means that all of it does.
func Verify(text []byte) (File, []string) {
	f, fault := read(text)
	if fault != "" {
		return f, []string{fault}
	}
	c := &checker{File: f, rows: map[string]Row{}, runs: map[string]Run{}, payouts: map[string]Payout{}, orders: map[string]Order{}, group: map[string][]Row{}, sum: map[string]int64{}}
	c.index()
	all(f.Rows, c.row)
	all(f.Orders, c.order)
	all(f.Payouts, c.payout)
	all(f.Runs, c.run)
	return f, c.faults
}

func all[T any](list []T, look func(T)) {
	for _, one := range list {
		look(one)
	}
}

type checker struct {
	File
	rows    map[string]Row
	runs    map[string]Run
	payouts map[string]Payout
	orders  map[string]Order
	group   map[string][]Row // by order, else by creator
	sum     map[string]int64 // of what came back, by creator; and of what is not rejected of a bonus or fee
	faults  []string
}

type faultIf func(bad bool, format string, args ...any)

func (c *checker) of(what, id string) faultIf {
	return func(bad bool, format string, args ...any) {
		if bad {
			c.faults = append(c.faults, what+" "+id+": "+fmt.Sprintf(format, args...))
		}
	}
}

// index finds everything by its id. Lists are in order, and nothing stands in them twice.
func (c *checker) index() {
	wrong := c.of("file", "of "+c.Program)
	wrong(c.Format != Format, "it is of format %q: this build reads %s", c.Format, Format)
	wrong(c.Program == "" || monthOf(c.Period).IsZero(), "period %q is not a month such as 2026-11", c.Period)
	sorted(c.Runs, func(r Run) string { return r.ID }, c.runs, wrong)
	sorted(c.Payouts, func(p Payout) string { return p.ID }, c.payouts, wrong)
	sorted(c.Rows, func(r Row) string { return r.ID }, c.rows, wrong)
	sorted(c.Orders, func(o Order) string { return o.ID }, c.orders, wrong)
	whose := map[string]string{} // a partnership is of one creator
	for _, r := range slices.SortedStableFunc(slices.Values(c.Rows), func(a, b Row) int { return a.WrittenAt.Compare(b.WrittenAt) }) {
		c.group[groupOf(r)] = append(c.group[groupOf(r)], r)
		wrong(whose[r.PartnershipID] != "" && whose[r.PartnershipID] != r.CreatorID, "partnership %s is of %s and of %s", r.PartnershipID, whose[r.PartnershipID], r.CreatorID)
		whose[r.PartnershipID] = r.CreatorID
		c.sum["return "+r.CreatorID+" "+r.Currency] += map[bool]int64{true: r.AmountMinor}[r.Booked == "return"]
		c.sum[r.PartnershipID+" "+r.Deliverable] += map[bool]int64{true: r.AmountMinor}[r.State != "voided"]
	}
}

func sorted[T any](list []T, id func(T) string, byID map[string]T, wrong faultIf) {
	for i, one := range list {
		wrong(i > 0 && id(one) <= id(list[i-1]), "%T %s stands twice or out of order", one, id(one))
		byID[id(one)] = one
	}
}

func groupOf(r Row) string { return cmp.Or(r.OrderID, "creator "+r.CreatorID) }

func monthOf(period string) time.Time { month, _ := time.Parse("2006-01", period); return month }

// row holds an earning against its own basis.
func (c *checker) row(r Row) {
	wrong := c.of("row", r.ID)
	order, sold := c.orders[r.OrderID]
	wrong(c.Creator != "" && r.CreatorID != c.Creator, "it is of creator %s, the file of %s", r.CreatorID, c.Creator)
	wrong(r.WrittenAt.After(c.MadeAt.Add(skew)) || r.EligibleAt.Sub(r.OccurredAt) != time.Duration(r.HoldMicros)*time.Microsecond || r.HoldMicros < 0, "payable from %s, %d µs after %s, written at %s", r.EligibleAt, r.HoldMicros, r.OccurredAt, r.WrittenAt)
	wrong((r.OrderID != "") != sold || sold && r.Currency != order.Currency, "%s, of order %q, which is in the file: %v, in %q", r.Currency, r.OrderID, sold, order.Currency)
	wrong(r.Kind != "adjustment" && (r.AmountMinor < 0 || r.Booked != "earn" && r.AmountMinor > 0), "a %s of %d is booked as %q", r.Kind, r.AmountMinor, r.Booked)
	wrong(!slices.Contains([]string{"commission", "fee", "bonus", "adjustment"}, r.Kind), "%q is no kind", r.Kind)
	switch r.Kind {
	case "commission":
		want := commission(order.SoldMinor, r.RateBPS)
		wrong(r.AmountMinor != want && (r.AmountMinor < 0 || r.AmountMinor > want || r.CapMinor <= 0 || r.Reason == "") || r.RateBPS <= 0 || r.RateBPS > 10_000, "%d is not %d basis points of %d, which is %d", r.AmountMinor, r.RateBPS, order.SoldMinor, want)
		wrong(!r.OccurredAt.Equal(order.At) || r.Deliverable != "", "it occurred at %s, its order at %s", r.OccurredAt, order.At)
	case "fee":
		wrong(r.OrderID != "" || r.Deliverable == "" || r.HoldMicros != 0 || r.RateBPS != 0, "a fee of order %q, deliverable %q, %d µs, %d basis points", r.OrderID, r.Deliverable, r.HoldMicros, r.RateBPS)
		for _, other := range c.group[groupOf(r)] {
			wrong(other.Kind == "fee" && other.ID < r.ID && other.PartnershipID == r.PartnershipID && other.Deliverable == r.Deliverable, "row %s is the same fee", other.ID)
		}
	case "bonus":
		wrong(r.OrderID != "" || r.RateBPS != 0 || !c.bonus(r), "a bonus %q of order %q at %d basis points", r.Deliverable, r.OrderID, r.RateBPS)
	case "adjustment":
		wrong(!slices.Contains([]string{"earn", "reverse", "adjust", "return", "write_off"}, r.Booked) || !c.explained(r), "nothing explains an adjustment of %d, booked as %q", r.AmountMinor, r.Booked)
	}
	c.claim(r, wrong)
	c.words(r, wrong)
}

// explained says whether there is a reason for an adjustment: its order (see order), what one person asked to be forgiven and another
// agreed to, money that came back, what was netted of a bonus that was rejected, or its other half.
func (c *checker) explained(r Row) bool {
	if r.Booked == "write_off" {
		return r.OrderID == "" && r.RateBPS == 0 && r.AmountMinor > 0 && len(r.Words) == 2 && r.Words[0].Deed == "ask_write_off" && r.Words[1].Deed == "approve_write_off" && r.Words[0].By != r.Words[1].By
	}
	if r.OrderID != "" {
		return r.Booked != "return"
	}
	return r.RateBPS == 0 && (r.Booked == "return" && r.AmountMinor > 0 || r.Booked == "earn" && r.AmountMinor > 0 && c.bonus(r) && c.sum[r.PartnershipID+" "+r.Deliverable] == 0 || (r.Booked == "reverse" || r.Booked == "adjust") && r.AmountMinor < 0 && c.bonus(r) || slices.ContainsFunc(c.group[groupOf(r)], func(o Row) bool {
		return o.Kind == r.Kind && o.PartnershipID == r.PartnershipID && o.OccurredAt.Equal(r.OccurredAt) && o.Currency == r.Currency && o.AmountMinor == -r.AmountMinor
	}))
}

// bonus: what it is stands in its name, a milestone with its amount or a tier with its sale, and all of one never come to more than once.
func (c *checker) bonus(r Row) bool {
	name := strings.SplitN(r.Deliverable, "/", 3)
	most, err := strconv.ParseInt(name[len(name)-1], 10, 64)
	return len(name) == 3 && (name[0] == "tier" || err == nil && (name[0] == "sales" || name[0] == "revenue") && max(r.AmountMinor, -r.AmountMinor) == most && c.sum[r.PartnershipID+" "+r.Deliverable]%most == 0 && c.sum[r.PartnershipID+" "+r.Deliverable] <= most)
}

// claim holds a row against the payouts that have it, or had.
func (c *checker) claim(r Row, wrong faultIf) {
	states := map[bool][]string{true: {"pending", "eligible", "held", "reversed", "voided"}, false: {"in_payout", "paid"}}[r.PayoutID == ""]
	p, here := c.payouts[r.PayoutID]
	wrong(!slices.Contains(states, r.State) || here && !slices.Contains(p.Rows, r.ID), "it is %q and claimed by payout %q, which is made of %v", r.State, r.PayoutID, p.Rows)
	for _, id := range r.Released {
		p, here := c.payouts[id]
		wrong(id == r.PayoutID || here && (!slices.Contains(p.Rows, r.ID) || p.State != "failed" && p.State != "void"), "payout %s, which is %q, did not let it go", id, p.State)
	}
}

// words: what is held is not paid, and nothing is rejected by nobody.
func (c *checker) words(r Row, wrong faultIf) {
	var last Word
	for _, w := range r.Words {
		wrong(!slices.Contains([]string{"hold_row", "release_row", "void_row", "ask_write_off", "approve_write_off"}, w.Deed) || w.By == "" || w.Reason == "" || w.On != r.ID || w.At.Before(last.At) || w.At.After(c.MadeAt.Add(skew)) || last.Deed == "void_row" || (r.Booked == "write_off") != strings.HasSuffix(w.Deed, "write_off"), "%q by %q at %s for %q, after %q", w.Deed, w.By, w.At, w.Reason, last.Deed)
		last = w
	}
	wrong(r.PayoutID != "" && (last.Deed == "hold_row" || last.Deed == "void_row"), "it is in a payout after %s", last.Deed)
	wrong(r.Kind != "adjustment" && (last.Deed == "void_row") != (r.State == "voided"), "it is %s after %q", r.State, last.Deed)
	wrong(r.State == "held" && (r.Reason == "" || r.AmountMinor < 0), "%d is held for %q", r.AmountMinor, r.Reason)
}

// order plays what an order came to, one after the other: each change is a row of its own, and nothing else is.
func (c *checker) order(o Order) {
	wrong := c.of("order", o.ID)
	var sale Row
	got, want, left := []int64{}, []int64{}, int64(0)
	for _, r := range c.group[o.ID] {
		if r.Kind == "commission" {
			wrong(sale.ID != "", "rows %s and %s are both its commission", sale.ID, r.ID)
			sale = r
		} else {
			got = append(got, r.AmountMinor)
		}
		if r.State != "voided" {
			left += r.AmountMinor
		}
	}
	wrong(sale.ID == "" || len(o.Worth) == 0 || o.Worth[0].BoughtMinor != o.SoldMinor, "sold for %d by row %q, and came to %+v", o.SoldMinor, sale.ID, o.Worth)
	for _, r := range c.group[o.ID] {
		wrong(r.PartnershipID != sale.PartnershipID || r.CreatorID != sale.CreatorID || r.RateBPS != sale.RateBPS && r.RateBPS != 0, "row %s is of another rate, creator or partnership than its sale", r.ID)
	}
	w, booked, last, rest := Worth{}, sale.AmountMinor, time.Time{}, append(slices.Clone(got), make([]int64, len(o.Worth))...)
	for _, w = range o.Worth {
		wrong(w.BackMinor < 0 || w.BackMinor > w.BoughtMinor || w.At.Before(last) || w.At.After(c.MadeAt.Add(skew)), "%d of %d came back at %s", w.BackMinor, w.BoughtMinor, w.At)
		full := max(0, sale.AmountMinor+commission(w.BoughtMinor, sale.RateBPS)-commission(o.SoldMinor, sale.RateBPS))
		delta := due(full, w.BackMinor, w.BoughtMinor) - booked
		if next := rest[len(want)]; delta > 0 && sale.CapMinor > 0 { // cut too, and to nothing it has no row
			delta = map[bool]int64{true: next}[next > 0 && next <= delta]
		}
		if delta != 0 {
			want, booked = append(want, delta), booked+delta
		}
		last = w.At
	}
	for _, r := range c.group["creator "+sale.CreatorID] { // what a tier adds is the difference of two rates, or less where a cap cuts it
		rate, of := strings.CutSuffix(strings.TrimPrefix(r.Deliverable, "tier/"), "/"+o.ID)
		bps, _ := strconv.ParseInt(rate, 10, 64)
		most := due(commission(w.BoughtMinor, bps), w.BackMinor, w.BoughtMinor) - due(commission(w.BoughtMinor, sale.RateBPS), w.BackMinor, w.BoughtMinor)
		more := c.sum[r.PartnershipID+" "+r.Deliverable]
		wrong(of && more != 0 && more != most && (more < 0 || more > most || sale.CapMinor == 0), "%s comes to %d, by its rate it is %d", r.Deliverable, more, most)
	}
	wrong(sale.State == "voided" && left != 0, "it was rejected, and %d is left of it", left)
	wrong(sale.State != "voided" && !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))), "its corrections are %v, by what it came to they are %v", got, want)
}

// share is a x b / of, rounded half away from zero, once.
func share(a, b, of int64) int64 {
	twice, d := new(big.Int).Mul(big.NewInt(a), big.NewInt(b)), big.NewInt(of)
	return twice.Add(twice.Lsh(twice, 1), d).Quo(twice, d.Lsh(d, 1)).Int64() // a and b are never below zero, of is above it
}

// commission is a net amount at a rate in basis points.
func commission(net, bps int64) int64 { return share(max(net, 0), max(bps, 0), 10_000) }

// due is what is left of a commission when that much came back of what was bought.
func due(full, back, bought int64) int64 {
	return full - share(full, max(min(back, bought), 0), max(bought, 1))
}

// carries says how a rail carries a currency: units of it in a hundred of our minor units, and the least of ours that it can send. Else
// they are one and one.
var carries = map[string]struct{ units, step int64 }{
	"stripe/ISK": {10_000, 1}, "stripe/UGX": {10_000, 1}, "stripe/HUF": {100, 100}, "stripe/TWD": {100, 100}, "stripe/MGA": {1, 100},
	"stripe/BHD": {100, 10}, "stripe/IQD": {100, 10}, "stripe/JOD": {100, 10}, "stripe/KWD": {100, 10}, "stripe/LYD": {100, 10},
	"stripe/OMR": {100, 10}, "stripe/TND": {100, 10}, "paypal/HUF": {100, 100}, "paypal/TWD": {100, 100},
}

// units are our minor units as the rail's integer.
func units(minor int64, rail, currency string) int64 {
	return share(minor, cmp.Or(carries[rail+"/"+currency].units, 100), 100)
}
