package ledger_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

var payoutStates = []partnership.PayoutState{
	"", partnership.PayoutPlanned, partnership.PayoutPosted, partnership.PayoutUnknown, partnership.PayoutPaid, partnership.PayoutFailed, partnership.PayoutReturned, partnership.PayoutVoid,
}

// Whatever a row is and however its payout stands: what says that it is held can be held, a payout is taken out only before it was sent,
// and nothing that was sent is said to be stopped.
func TestAnObjectionStopsWhatCanBeStopped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		row := ledger.Row{
			State:       rapid.SampledFrom([]ledger.State{ledger.Pending, ledger.Eligible, ledger.InPayout, ledger.Paid, ledger.Held, ledger.Reversed, ledger.Voided}).Draw(t, "state"),
			AmountMinor: rapid.Int64Range(-500, 500).Draw(t, "amount"), Currency: "USD",
		}
		payout := partnership.PayoutState("")
		if row.State == ledger.InPayout {
			payout = rapid.SampledFrom(payoutStates[1:4]).Draw(t, "payout")
		}
		came := ledger.Objected(row, payout)
		if came == partnership.CameDropped {
			if payout != partnership.PayoutPlanned {
				t.Fatalf("a payout that is %q is taken out", payout)
			}
			row.State = ledger.Eligible
		}
		if came.Holds() && row.Waits("objected").State != ledger.Held {
			t.Fatalf("%+v is said to be %s, and cannot be held", row, came)
		}
		if came.Holds() && row.AmountMinor < 0 {
			t.Fatalf("what is taken back is held: %+v", row)
		}
		if late := row.State == ledger.Paid || payout == partnership.PayoutPosted || payout == partnership.PayoutUnknown; late != (came == partnership.CameTooLate) {
			t.Fatalf("%+v in a payout that is %q came %s", row, payout, came)
		}
	})
}
