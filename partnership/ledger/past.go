package ledger

import (
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Past is what a program's sales were and came to, as it was recorded.
type Past struct {
	Orders  []PastOrder // in the order in which they were recorded
	Earners map[partnership.PartnershipID]Earner
	Bonuses []PastRow                            // of bonuses and tiers
	Holds   map[partnership.PartnershipID]string // what holds all of a partnership's money
}

// PastOrder is an order, what its credit depends on, and what became of it.
type PastOrder struct {
	ID       string
	Currency string
	Sale     Sale
	Credited Credit // as it was
	Net      int64  // what its commission was computed from
	At       time.Time
	Worths   []PastWorth // since when it came to how much, in that order
	Rows     []PastRow   // in the order in which they were written
}

// PastWorth is what an order came to since an instant.
type PastWorth struct {
	Worth

	At time.Time
}

// PastRow is a row of an order.
type PastRow struct {
	Row

	WrittenAt, VoidedAt time.Time // the second where a person has rejected it
}

// worthBefore is what an order came to before it came to its nth worth.
func (o PastOrder) worthBefore(n int) Worth {
	if n == 0 {
		return Worth{}
	}
	return o.Worths[n-1].Worth
}

// commission is an order's, nil where it earned none.
func (o PastOrder) commission() *PastRow {
	for i, row := range o.Rows {
		if row.Kind == CommissionRow {
			return &o.Rows[i]
		}
	}
	return nil
}

// patched says that a person has rejected a correction alone: no rule says what of it would have come otherwise.
func (o PastOrder) patched() bool {
	c := o.commission()
	for _, row := range o.Rows {
		if row.Kind != CommissionRow && row.State == Voided && (c == nil || c.State != Voided) {
			return true
		}
	}
	return false
}

// rowsBy are an order's as they stood at an instant.
func (o PastOrder) rowsBy(until time.Time) (rows []Row) {
	for _, row := range o.Rows {
		if row.WrittenAt.Before(until) {
			rows = append(rows, row.Row)
		}
	}
	return rows
}

// Outcome is what sales have earned, and how much of that was payable.
type Outcome struct{ EarnedMinor, DueMinor int64 }

// outcomeOf is that of one order's rows. What a person has rejected earns nothing; what waits for a person is not payable, and what has
// come back whole never was.
func outcomeOf(rows []Row, until time.Time) (o Outcome) {
	held := false
	for _, row := range rows {
		if row.Kind == CommissionRow && row.State == Voided {
			return Outcome{}
		}
		held = held || row.Kind == CommissionRow && row.State == Held
	}
	for _, row := range rows {
		if row.State == Voided {
			continue
		}
		o.EarnedMinor += row.AmountMinor
		if row.EligibleAt.Before(until) && !(held && row.AmountMinor > 0) {
			o.DueMinor += row.AmountMinor
		}
	}
	if o.EarnedMinor == 0 {
		o.DueMinor = 0
	}
	return o
}
