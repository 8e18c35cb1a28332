package ledger

import (
	"slices"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Known is what the books know of a transfer that the provider shows.
type Known struct {
	Pays    partnership.PayoutID    // the payout that it paid, "" for none
	Named   partnership.PayoutState // the state of the payout whose id it carries, "" when the books have no such payout
	Creator partnership.CreatorID   // whose account it went to, "" for nobody's
	Settled partnership.Settlement  // what a person has said of it
}

// Unexplained says what the books say instead of a transfer that moved money, "" when they explain it (RULES, money 16). After a restore
// from a backup the books do not know what they paid since, and would pay it again. What carries no mark of ours and went to nobody
// whom we know was made by somebody else.
func Unexplained(t partnership.Transfer, k Known) string {
	switch {
	case k.Pays != "" || k.Settled != partnership.Unsettled || t.ReversedMinor >= t.AmountMinor:
		return ""
	case t.PayoutID == "" && k.Creator == "":
		return ""
	case k.Named == "" && t.PayoutID != "":
		return "the books have no such payout"
	case k.Named == "":
		return "it went to a creator's account and no payout of ours made it"
	}
	switch {
	case k.ForNow():
		return "" // it is found by its own payout, which reads the provider's list before it is sent
	case k.Named == partnership.PayoutPaid, k.Named == partnership.PayoutReturned:
		return "its payout was paid by another transfer"
	}
	return "its payout is " + string(k.Named) + " in the books"
}

// ForNow says whether a transfer is explained only while its payout is under way: once that has ended it is asked about anew, however long ago
// it was made.
func (k Known) ForNow() bool {
	return k.Pays == "" && k.Settled == partnership.Unsettled && slices.Contains([]partnership.PayoutState{partnership.PayoutPlanned, partnership.PayoutPosted, partnership.PayoutUnknown}, k.Named)
}

// Booked are the two rows of a transfer that the books had lost, beside an earning of the same creator: the payout that is booked for it
// pays the one, and the next run nets the other against what the creator is owed.
func Booked(beside Row, minor int64, at time.Time, transfer string) (paid, netted Row) {
	why := "paid on " + at.UTC().Format("2 Jan 2006") + " by transfer " + transfer
	return beside.correction(minor, at, why), beside.correction(-minor, at, why)
}
