package ledger

import "github.com/rapport-dev/rapport/partnership"

// MaxPayees is how many creators one payout run carries. A creator costs it eight to ten events of history, of statement and payout together
// (workflows' TestAPayoutRunCarriesItsPayees counts them), up to fifteen where no two answers share a workflow task; and Temporal ends
// a workflow at 51,200: in the middle of paying.
const MaxPayees = 3_000

// Carries says whether one run can pay a month, before anything of it is claimed or mailed.
func Carries(program, period string, creators int) error {
	if creators <= MaxPayees {
		return nil
	}
	return partnership.Errorf(partnership.Invalid, "%d creators are due something in %s of program %s; one run carries at most %d (Temporal ends a workflow at 51,200 events). "+
		"Nothing was claimed or mailed, and what is owed stays owed: `rapport payouts preview` lists it. Launch further campaigns in a program of their own, whose months are paid apart",
		creators, period, program, MaxPayees)
}
