package judge

import (
	"slices"
	"strings"
)

// money are the checks of the books, against the shop's and the bank's record.
var money = []func(*kase) Verdict{
	ordersCredited, strangersEarnNothing, refundsWithinOrders, ledgerSumsToZero, nothingInTransit, bankAgrees, oneTransferAPayout, payoutsAreTheirRows,
	resultsAgree, reportsAgree, playedAgain, payeesAreTold,
}

const (
	commission = "commission"
	voided     = "voided"
	paid       = "paid"
)

// halfAway is n/d rounded half away from zero; d is positive.
func halfAway(n, d int64) int64 {
	if n < 0 {
		return -halfAway(-n, d)
	}
	return (2*n + d) / (2 * d)
}

// creditOf is who an order belongs to: the owner of its code, else of the link that the buyer came by.
func (c *kase) creditOf(o Order) string {
	for _, code := range c.Truth.Codes {
		if o.Code != "" && strings.EqualFold(code.Code, o.Code) {
			return code.PartnershipID
		}
	}
	return o.LinkPartnershipID
}

func ordersCredited(c *kase) Verdict {
	v := Verdict{Check: "each order credits one partnership once, at its frozen rate, less refunds"}
	rows := by(c.Ledger.Rows, func(r Row) string { return r.OrderID })
	for _, o := range c.Truth.Orders {
		owner := c.creditOf(o)
		of := rows[o.ID]
		if owner == "" || slices.ContainsFunc(of, func(r Row) bool { return r.State == voided }) {
			continue // nobody's, or a person rejected it
		}
		v.Over++
		pa, known := c.partnerships[owner]
		if !known {
			v.find("order %s: %s is on no board", o.ID, owner)
			continue
		}
		want := halfAway(o.NetMinor*pa.Terms.CommissionBPS, 10_000)
		if o.NetMinor > 0 {
			want -= halfAway(want*o.RefundedMinor, o.NetMinor)
		}
		got, commissions := int64(0), 0
		for _, r := range of {
			got += r.AmountMinor
			if r.Kind == commission {
				commissions++
			}
			if r.Creator != pa.Creator.Handle || r.PartnershipID != owner {
				v.find("order %s: a row of another partnership", o.ID)
			}
			if r.Currency != o.Currency {
				v.find("order %s: a row in %s", o.ID, r.Currency)
			}
		}
		if got != want || commissions > 1 {
			v.find("order %s: %d is due, %d is booked, in %d commissions", o.ID, want, got, commissions)
		}
	}
	return v
}

func strangersEarnNothing(c *kase) Verdict {
	v := Verdict{Check: "no earnings without an order of the shop that earns them"}
	orders := map[string]Order{}
	for _, o := range c.Truth.Orders {
		orders[o.ID] = o
	}
	for _, r := range c.Ledger.Rows {
		if r.OrderID == "" {
			continue
		}
		v.Over++
		switch o, known := orders[r.OrderID]; {
		case !known:
			v.find("row %s: the shop has no buyer's order %s", r.ID, r.OrderID)
		case c.creditOf(o) == "":
			v.find("row %s: order %s is nobody's", r.ID, r.OrderID)
		}
	}
	return v
}

func refundsWithinOrders(c *kase) Verdict {
	v := Verdict{Check: "refunds never take back more than was booked"}
	sum := map[string]int64{}
	for _, r := range c.Ledger.Rows {
		if r.OrderID != "" {
			sum[r.OrderID] += r.AmountMinor
		}
	}
	v.Over = len(sum)
	for order, n := range sum {
		if n < 0 {
			v.find("order %s: %d", order, n)
		}
	}
	return v
}

func ledgerSumsToZero(c *kase) Verdict {
	v := Verdict{Check: "the ledger sums to zero in every currency"}
	sums := map[string]int64{}
	for _, b := range c.Ledger.Balances {
		sums[b.Currency] += b.AmountMinor
	}
	v.Over = len(sums)
	for currency, n := range sums {
		if n != 0 {
			v.find("%s: %d", currency, n)
		}
	}
	return v
}

func nothingInTransit(c *kase) Verdict {
	v := Verdict{Check: "no payout is still on its way, and none is in doubt", Over: len(c.Payouts)}
	for _, b := range c.Ledger.Balances {
		if strings.HasSuffix(b.Account, ":in_transit") && b.AmountMinor != 0 {
			v.find("%s holds %d %s", b.Account, b.AmountMinor, b.Currency)
		}
	}
	for _, po := range c.Payouts {
		if po.State == "planned" || po.State == "posted" || po.State == "unknown" {
			v.find("payout %s is %s", po.ID, po.State)
		}
	}
	return v
}

func bankAgrees(c *kase) Verdict {
	v := Verdict{Check: "what left the bank is what the books call paid", Over: len(c.Truth.Transfers)}
	difference := map[string]int64{}
	for _, t := range c.Truth.Transfers {
		difference[strings.ToUpper(t.Currency)] += t.AmountMinor - t.ReversedMinor
	}
	cash := map[string]int64{}
	for _, po := range c.Payouts {
		if po.State == paid {
			difference[strings.ToUpper(po.Currency)] -= po.AmountMinor
		}
	}
	for _, b := range c.Ledger.Balances {
		if strings.HasPrefix(b.Account, "cash:") {
			cash[strings.ToUpper(b.Currency)] += b.AmountMinor
		}
	}
	for currency, n := range difference {
		if n != 0 {
			v.find("%s: the bank says %d more than the payouts", currency, n)
		}
	}
	for _, t := range c.Truth.Transfers {
		cash[strings.ToUpper(t.Currency)] -= t.AmountMinor - t.ReversedMinor
	}
	for currency, n := range cash {
		if n != 0 {
			v.find("%s: the ledger's cash is %d more than what left the bank", currency, n)
		}
	}
	return v
}

func oneTransferAPayout(c *kase) Verdict {
	v := Verdict{Check: "each paid payout is one transfer with its key and amount, and each transfer is a paid payout", Over: len(c.Truth.Transfers)}
	made := by(c.Truth.Transfers, func(t Transfer) string { return t.PayoutID })
	for _, po := range c.Payouts {
		of := made[po.ID]
		delete(made, po.ID)
		switch {
		case po.State == paid && len(of) != 1:
			v.find("payout %s is paid and has %d transfers", po.ID, len(of))
		case len(of) > 1:
			v.find("payout %s is %s and has %d transfers", po.ID, po.State, len(of))
		case len(of) == 1 && (of[0].AmountMinor != po.AmountMinor || !strings.EqualFold(of[0].Currency, po.Currency) || of[0].Key != po.IdempotencyKey):
			v.find("payout %s and its transfer %s differ in amount, currency or key", po.ID, of[0].ID)
		case len(of) == 1 && po.State != paid && po.State != "returned":
			v.find("payout %s is %s and money left", po.ID, po.State)
		}
	}
	for id, of := range made {
		v.find("%d transfers of payout %q, which the books do not know", len(of), id)
	}
	return v
}

func payoutsAreTheirRows(c *kase) Verdict {
	v := Verdict{Check: "each payout is above zero and the sum of its rows; no row is paid twice", Over: len(c.Payouts)}
	rows, claimed := map[string]Row{}, map[string]string{}
	for _, r := range c.Ledger.Rows {
		rows[r.ID] = r
	}
	for _, po := range c.Payouts {
		if po.AmountMinor <= 0 {
			v.find("payout %s is %d", po.ID, po.AmountMinor)
		}
		if po.State == "void" || po.State == "failed" {
			continue // its rows were let go
		}
		sum := int64(0)
		for _, id := range po.Rows {
			r := rows[id]
			sum += r.AmountMinor
			if other := claimed[id]; other != "" {
				v.find("row %s is in payouts %s and %s", id, other, po.ID)
			}
			claimed[id] = po.ID
			if r.Creator != po.Creator || r.Currency != po.Currency {
				v.find("payout %s holds a row of another creator or currency", po.ID)
			}
		}
		if sum != po.AmountMinor {
			v.find("payout %s is %d and its rows sum to %d", po.ID, po.AmountMinor, sum)
		}
	}
	for _, r := range c.Ledger.Rows {
		if r.State == paid && claimed[r.ID] == "" {
			v.find("row %s is paid by no payout", r.ID)
		}
	}
	return v
}
