package partnership_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/partnership"
)

// Whatever became of a run's payouts: it is called paid only when everybody was, and the words say how many were not.
func TestARunIsCalledPaidOnlyWhenEverybodyWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := func(of string) int { return rapid.IntRange(0, 3).Draw(t, of) }
		tally := partnership.RunTally{Paid: n("paid"), Failed: n("failed"), Returned: n("returned"), Void: n("void"), Unknown: n("unknown")}
		others := tally.Failed + tally.Returned + tally.Void + tally.Unknown
		tally.Payouts = tally.Paid + others
		run := partnership.PayoutRun{ID: "dreams/2026-11/1", Program: "dreams", Period: "2026-11", State: partnership.RunReconciled, Tally: tally}
		if good := strings.Contains(run.Ending(), "are paid and reconciled"); good != (others == 0) {
			t.Fatalf("%+v: %s", tally, run.Ending())
		}
		if run.Short() != (others > 0) {
			t.Fatalf("%+v is short: %t", tally, run.Short())
		}
		for what, n := range map[string]int{" failed": tally.Failed, " came back": tally.Returned, " sent back": tally.Void} {
			if strings.Contains(run.Words(), what) != (n > 0) {
				t.Fatalf("%+v: %s", tally, run.Words())
			}
		}
	})
}

func TestARunSaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	run := partnership.PayoutRun{State: partnership.RunPlanned, Waits: "funds, $20.00 are needed"}
	if got := run.Words(); got != "planned; waits: funds, $20.00 are needed" || !run.Short() {
		t.Errorf("it says %q", got)
	}
}
