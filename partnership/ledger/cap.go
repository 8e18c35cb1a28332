package ledger

import (
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
)

// Capped is a commission that does not go beyond what the terms let all sales earn: min(earned, cap - used), where used is what the
// partnership's orders have earned so far, less what came back (RULES, money 6). One that is cut, to nothing too, says so,
// but for one that is held: its reason is what it waits for and nothing else, or it would wait for ever. Whoever asks holds the partnership
// until the row is written, so that two sales at once do not both pass.
func Capped(t partnership.Terms, row Row, usedMinor int64) Row {
	left := max(0, t.CommissionCap-usedMinor)
	if t.CommissionCap == 0 || row.Currency != t.Currency || row.AmountMinor <= left {
		return row
	}
	row.AmountMinor = left
	if row.State == Held {
		return row
	}
	why := "sales earn at most " + money.Display(t.CommissionCap, t.Currency) + " in all"
	if row.Reason != "" {
		why = row.Reason + and + why
	}
	row.Reason = why
	return row
}

// Capped is a correction that adds no more than the terms leave, and no more than the order has grown by since it was last looked at: what
// was cut then stays cut, whatever room there is now. ok is false when that leaves nothing. What takes something back is not cut.
func (c Correction) Capped(t partnership.Terms, usedMinor, grownMinor int64) (cut Correction, ok bool) {
	if c.Row.AmountMinor <= 0 || t.CommissionCap == 0 || c.Row.Currency != t.Currency {
		return c, true
	}
	row := Capped(t, c.Row, max(usedMinor, t.CommissionCap-max(0, grownMinor)))
	if row.AmountMinor != c.Row.AmountMinor {
		c.Row, c.Posting = row, Earn(row.Program, row.CreatorID, CommissionRow, row.Currency, row.AmountMinor)
	}
	return c, row.AmountMinor > 0
}
