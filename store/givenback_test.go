package store_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// docs/money.md: "While a post lacks its disclosure nothing of its partnership is released, whatever else it waits for." What a payout had
// claimed when the disclosure went missing, and gives back, is earned by that same post.
func TestWhatAPayoutGivesBackWaitsForTheDisclosure(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]func(*fixture, []party, partnership.PayoutPlan){
		"the run is rejected": func(f *fixture, _ []party, plan partnership.PayoutPlan) {
			must(t, f.VoidPayoutPlan(f.t.Context(), plan.RunID, "a line is wrong"))
		},
		"finance holds another line": func(f *fixture, _ []party, plan partnership.PayoutPlan) {
			rows, _ := f.rows("o2")
			must(t, f.HoldRow(f.t.Context(), rows[0].ID, "finance", "a question"))
			must(t, f.VoidPayoutPlan(f.t.Context(), plan.RunID, "the rest too"))
		},
		"the transfer is refused": func(f *fixture, _ []party, plan partnership.PayoutPlan) {
			f.approve(plan)
			must(t, f.FailTransfer(f.t.Context(), plan.Payouts[0], "its account is closed"))
			must(t, f.SetPayoutRunState(f.t.Context(), plan.RunID, partnership.RunReconciled))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			_, parties := f.launch(1)
			f.order(parties[0], "o1", 50_000)
			f.order(parties[0], "o2", 50_000)
			f.pass(2 * day)
			plan := f.plan()
			f.undisclosed(parties[0])
			back(f, parties, plan)
			if state := f.stateOf("o1"); state != ledger.Held {
				t.Errorf("its post lacks its disclosure, and the line is %s", state)
			}
			if again := f.plan(); again.TotalMinor != 0 {
				t.Errorf("its post lacks its disclosure, and the next run pays %d", again.TotalMinor)
			}
		})
	}
}

// The same by a decision about an objection: ClearRow refuses while the post lacks its disclosure, "the line stands" does not.
func TestAnObjectionLetsNothingGoWhileThePostLacksItsDisclosure(t *testing.T) {
	t.Parallel()
	f := open(t)
	parties, _ := f.month(1)
	f.undisclosed(parties[0]) // the line is claimed: it goes its way
	o := f.object(parties[0], "o1")
	if o.Came != partnership.CameDropped {
		t.Fatalf("%+v", o)
	}
	_ = must2(f.decide(o, partnership.ChoiceRelease, "the amount is right"))(t)
	if state := f.stateOf("o1"); state != ledger.Held {
		t.Errorf("its post lacks its disclosure, and the line is %s", state)
	}
	f.pass(day)
	for _, po := range f.payouts(f.plan()) {
		if po.State != partnership.PayoutVoid {
			t.Errorf("its post lacks its disclosure, and payout %s of %d is %s", po.ID, po.AmountMinor, po.State)
		}
	}
}

// docs/money.md: "one in a payout that is not sent yet takes that out of its run, as an objection does". An objection takes out what a bank was
// ordered by no file yet.
func TestFinanceHoldsWhatABankWasOrderedByNoFile(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, _, plan := f.banked(1)
	rows, _ := f.rows("o1")
	if err := f.HoldRow(t.Context(), rows[0].ID, "finance", "the buyers are one person"); err != nil {
		t.Fatalf("nothing of it was sent: %v", err)
	}
	if po := f.payouts(plan)[0]; po.State != partnership.PayoutVoid || f.stateOf("o1") != ledger.Held {
		t.Errorf("its payout is %s, the line %s", po.State, f.stateOf("o1"))
	}
	f.sound()
}
