package ledger

import (
	"time"

	"github.com/rapport-dev/rapport/partnership/locale"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Correction is what an order's worth asks of its rows.
type Correction struct {
	Row     Row     // to be added
	Posting Posting // that goes with it
	Full    bool    // nothing is left of the commission and no payout has claimed any of it: all its open rows are Reversed with this one
}

// CorrectionOf brings an order's rows to what its worth asks for (RULES, money 5): at the rate frozen on the sale, what came back taken off
// in proportion and rounded once, and the difference to what is booked is a further row. What is taken back is payable at once and netted
// in the next run. What is given back waits as long as the sale itself, what the order has grown by for the sale's hold anew, and both for
// a person where the sale does. rows are all of the order, soldMinor is the worth that its commission was computed from. ok is false when
// there is nothing to add: no commission, one that a person has rejected, a worth in another currency, or nothing new.
func CorrectionOf(rows []Row, soldMinor int64, w Worth, at time.Time, why string) (c Correction, ok bool) {
	commission, booked, claimed := split(rows)
	if commission == nil || commission.State == Voided || w.Currency != commission.Currency {
		return Correction{}, false
	}
	due := commission.due(soldMinor, w)
	delta := due - booked
	if delta == 0 {
		return Correction{}, false
	}
	row := commission.correction(delta, at, why)
	row.OrderID, row.RateBPS = commission.OrderID, commission.RateBPS
	if delta > 0 {
		return Correction{Row: row.waiting(*commission, due), Posting: Earn(row.Program, row.CreatorID, CommissionRow, row.Currency, delta)}, true
	}
	posting := ReverseEarned(row.Program, row.CreatorID, CommissionRow, row.Currency, -delta)
	if claimed {
		posting = AdjustAfterPay(row.Program, row.CreatorID, CommissionRow, row.Currency, -delta)
	}
	return Correction{Row: row, Posting: posting, Full: due == 0 && !claimed}, true
}

// due is what a commission is to have earned of what its order comes to.
func (r Row) due(soldMinor int64, w Worth) int64 {
	full := max(0, r.AmountMinor+Commission(w.BoughtMinor, r.RateBPS)-Commission(soldMinor, r.RateBPS))
	return full - money.RefundShare(full, w.BackMinor, w.BoughtMinor)
}

// Grown is by how much more of an order's commission is due than was when it came to that, below zero by how much less.
func Grown(rows []Row, soldMinor int64, was, now Worth) int64 {
	commission, _, _ := split(rows)
	if commission == nil {
		return 0
	}
	return commission.due(soldMinor, now) - commission.due(soldMinor, was)
}

// waiting is a row that adds to a commission, so that due is owed in all: it must not be payable before the sale that it belongs to.
func (r Row) waiting(commission Row, due int64) Row {
	r.State, r.EligibleAt = Pending, commission.EligibleAt
	if due > commission.AmountMinor {
		r.EligibleAt = r.OccurredAt.Add(commission.EligibleAt.Sub(commission.OccurredAt))
	}
	if r.EligibleAt.Before(r.OccurredAt) {
		r.EligibleAt = r.OccurredAt
	}
	if commission.State == Held {
		r.State, r.Reason = Held, commission.Reason
	}
	return r
}

// split tells an order's commission from what is booked of it in all. claimed says that a payout has taken some of it.
func split(rows []Row) (commission *Row, booked int64, claimed bool) {
	for i, row := range rows {
		claimed = claimed || row.State == InPayout || row.State == Paid
		booked += row.AmountMinor
		if row.Kind == CommissionRow {
			commission = &rows[i]
		}
	}
	return commission, booked, claimed
}

// Rejected is what becomes of what came back of an earning, a commission or a bonus, that a person rejects: what is open is voided with it,
// and what a payout has netted is given back by a row of its own, nil where there is none. rows are all of the order, or of the bonus. Where
// more of a bonus stands beside what is rejected, what came back is of that.
func Rejected(earning Row, rows []Row, at time.Time) (void []Row, back *Row) {
	var netted int64
	for _, row := range rows {
		switch {
		case row.Kind == earning.Kind && row.ID != earning.ID && row.State != Voided && row.State != Reversed:
			return nil, nil
		case row.Kind != AdjustmentRow || row.State == Reversed:
		case row.State.Open():
			void = append(void, row)
		case row.State != Voided:
			netted -= row.AmountMinor
		}
	}
	if netted == 0 {
		return void, nil
	}
	given := earning.correction(netted, at, locale.Words("a refund that was netted before is given back"))
	given.OrderID, given.Deliverable = earning.OrderID, earning.Deliverable
	return void, &given
}

// CameBack is what a creator reads on the row that a returned payout leaves.
var CameBack = locale.Words("the payout came back")

// OwedAgain is the row for paid money that came back to us: held until a person decides, since nobody knows yet why it did.
// first is a row that the payout paid: rows that were paid stay paid.
func OwedAgain(first Row, minor int64, at time.Time) Row {
	row := first.correction(minor, at, CameBack)
	row.State = Held
	return row
}
