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

// What is left of an approved run may be sent back while it waits for its provider: it is then neither paid nor plainly rejected.
func TestARunWhoseRestWasRejectedSaysSo(t *testing.T) {
	t.Parallel()
	for want, tally := range map[string]partnership.RunTally{
		"partly rejected: 1 of 3 paid, 2 sent back by a person":             {Payouts: 3, Paid: 1, Void: 2},
		"partly rejected: 0 of 3 paid, 1 failed, 2 sent back by a person":   {Payouts: 3, Failed: 1, Void: 2},
		"rejected after its approval: 0 of 3 paid, 3 sent back by a person": {Payouts: 3, Void: 3},
		"reconciled: 3 of 3 paid":                                           {Payouts: 3, Paid: 3}, // nothing was left to send back
	} {
		run := partnership.PayoutRun{Program: "dreams", Period: "2026-11", State: partnership.RunReconciled, RestRejected: "no money", Tally: tally}
		if got := run.Words(); got != want {
			t.Errorf("%+v: %q, and not %q", tally, got, want)
		}
		if says := strings.Contains(run.Ending(), "rejected"); says != (tally.Void > 0) {
			t.Errorf("%+v: %s", tally, run.Ending())
		}
	}
}

func TestARunSaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	run := partnership.PayoutRun{State: partnership.RunPlanned, Waits: "funds, $20.00 are needed"}
	if got := run.Words(); got != "planned; waits: funds, $20.00 are needed" || !run.Short() {
		t.Errorf("it says %q", got)
	}
}
