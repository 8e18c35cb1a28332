package store_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// A transfer is under way while somebody rejects the rest of its run, and proves by its answer that it was not made: it is not sent later,
// for it is a part of that rest.
func TestWhatWasUnderWayWhenTheRestWasRejectedIsNotSentAgain(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(3)
	f.approve(plan)
	all, err := f.PayoutsOfRun(ctx, plan.RunID)
	must(t, err)
	sent, err := f.BeginTransfer(ctx, all[0].ID)
	must(t, err)
	doubtful, err := f.BeginTransfer(ctx, all[1].ID)
	must(t, err)
	no := partnership.Deed{ID: "no", Who: "U2", Deed: partnership.DeedRejectRun, Subject: "payout-run/" + program + "/" + period, Reason: "no money", At: f.clock()}
	must(t, f.RejectRest(ctx, plan.RunID, no, "workflow-run"))
	must(t, f.UnpostTransfer(ctx, sent.ID, sent.PostedAt, false)) // the key was refused
	for range 2 {                                                 // the answer to the first is lost
		again, err := f.BeginTransfer(ctx, sent.ID)
		must(t, err)
		if again.State != partnership.PayoutVoid || again.Reason != no.Reason {
			t.Errorf("it is %s, because %q", again.State, again.Reason)
		}
	}
	if again, err := f.BeginTransfer(ctx, doubtful.ID); err != nil || again.State != partnership.PayoutPosted {
		t.Errorf("what may have been sent is %s, %v", again.State, err)
	}
	left, err := f.BatchPayouts(ctx, plan.RunID, 0)
	must(t, err)
	if len(left) != 1 || left[0] != doubtful.ID {
		t.Errorf("left to settle: %v", left)
	}
	must(t, f.RejectRest(ctx, plan.RunID, no, "workflow-run")) // its answer was lost
	if lines := f.audited(no.Who); lines != 1 {
		t.Errorf("%d lines in the audit", lines)
	}
	f.sound()
}
