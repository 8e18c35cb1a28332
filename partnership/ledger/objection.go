package ledger

import "github.com/rapport-dev/rapport/partnership"

// Objected is what becomes of a row at once that its creator objects to; payout is how the payout stands that has claimed it, "" for none, and
// planned also where a bank was ordered it by no file yet.
// What can still be stopped is: a row that is open is held, and a payout that nobody has sent yet is taken out of its run as a whole, for its
// amount was approved as a whole. Negative rows are never held (RULES, money 4), and what was sent is not called back.
func Objected(row Row, payout partnership.PayoutState) partnership.Came {
	switch {
	case row.State == Voided || row.State == Reversed:
		return partnership.CameOver
	case row.State == Paid || row.State == InPayout && payout != partnership.PayoutPlanned:
		return partnership.CameTooLate
	case row.AmountMinor < 0:
		return partnership.CameDeduction
	case row.State == Held:
		return partnership.CameWasHeld
	case row.State == InPayout:
		return partnership.CameDropped
	}
	return partnership.CameHeld
}
