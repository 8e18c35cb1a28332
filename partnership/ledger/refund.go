package ledger

import (
	"time"

	"github.com/rapport-dev/rapport/partnership/money"
)

// RefundDelta is how much more of a commission to reverse now that refundedTotal of an order's orderTotal has been refunded
// in all, given what was reversed before. The same event twice, or an older one that comes late, gives zero.
func RefundDelta(commission, alreadyReversed, refundedTotal, orderTotal int64) int64 {
	return max(0, money.RefundShare(max(commission, 0), refundedTotal, orderTotal)-alreadyReversed)
}

// Refund is what an order's refunds so far ask of its rows.
type Refund struct {
	Row     Row     // to be added: negative, payable at once, netted in the next run
	Posting Posting // that goes with it
	Full    bool    // nothing is left of the commission and no payout has claimed any of it: all its rows are Reversed with this one
}

// DeltaMinor is how much of the commission is taken back by it, zero or more.
func (r Refund) DeltaMinor() int64 { return -r.Row.AmountMinor }

// RefundOf brings an order's reversals to what all its refunds together ask for (RULES, money 5): cumulative at the rate frozen on the
// sale, so that every order of events and every replay ends at the same sum. rows are all of the order, netMinor its basis and
// refundedMinor what was given back of it, both in its currency; more than the whole counts as the whole. ok is false when there is
// nothing to add: no commission, a commission that a person has rejected, or a refund that is taken off already.
func RefundOf(rows []Row, refundedMinor, netMinor int64, at time.Time) (refund Refund, ok bool) {
	commission, reversed, open := split(rows)
	if commission == nil || commission.State == Voided {
		return Refund{}, false
	}
	delta := RefundDelta(commission.AmountMinor, reversed, min(refundedMinor, netMinor), netMinor)
	if delta == 0 {
		return Refund{}, false
	}
	row := commission.correction(-delta, at, "refund of the order")
	row.OrderID, row.RateBPS = commission.OrderID, commission.RateBPS
	posting := ReverseEarned(row.Program, row.CreatorID, CommissionRow, row.Currency, delta)
	if !commission.State.Open() {
		posting = AdjustAfterPay(row.Program, row.CreatorID, CommissionRow, row.Currency, delta)
	}
	return Refund{Row: row, Posting: posting, Full: open && reversed+delta == commission.AmountMinor}, true
}

// split tells an order's commission from what was taken off it before. open says that no payout has claimed any of them.
func split(rows []Row) (commission *Row, reversed int64, open bool) {
	open = true
	for i, row := range rows {
		open = open && row.State.Open()
		switch row.Kind {
		case CommissionRow:
			commission = &rows[i]
		case AdjustmentRow:
			reversed -= row.AmountMinor
		}
	}
	return commission, reversed, open
}

// Rejected is what becomes of what refunds took off a commission that a person rejects as a whole: what is open is voided with it,
// and what a payout has netted is given back by a row of its own, nil where there is none. rows are all of the order.
func Rejected(commission Row, rows []Row, at time.Time) (void []Row, back *Row) {
	var netted int64
	for _, row := range rows {
		switch {
		case row.Kind != AdjustmentRow:
		case row.State.Open():
			void = append(void, row)
		case row.State != Voided:
			netted -= row.AmountMinor
		}
	}
	if netted == 0 {
		return void, nil
	}
	given := commission.correction(netted, at, "a refund that was netted before is given back")
	given.OrderID = commission.OrderID
	return void, &given
}

// CameBack is what a creator reads on the row that a returned payout leaves.
const CameBack = "the payout came back"

// OwedAgain is the row for paid money that came back to us: held until a person decides, since nobody knows yet why it did.
// first is a row that the payout paid: rows that were paid stay paid.
func OwedAgain(first Row, minor int64, at time.Time) Row {
	row := first.correction(minor, at, CameBack)
	row.State = Held
	return row
}
