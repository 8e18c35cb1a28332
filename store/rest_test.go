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

// Books that went back to before the rejection would send that rest. Whoever sends for a run that knows of it is refused; the run writes it
// down once more, with a line in the audit, and then nothing of it is sent, whoever begins the month again.
func TestARejectedRestIsRejectedAgainInBooksThatHaveLostIt(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(2)
	f.approve(plan)
	of := partnership.RunKnown{LinesHash: plan.LinesHash, Sending: true, Rejected: true}
	wantCode(t, f.CheckRun(ctx, plan.RunID, of), partnership.WentBack)
	wantCode(t, f.CheckSentBack(ctx, plan.Payouts[0]), partnership.WentBack)
	wantCode(t, f.CheckSentBack(ctx, "gone"), partnership.WentBack)
	again := partnership.Deed{Who: "U2", Deed: partnership.DeedRejectRun, Subject: "payout-run/" + program + "/" + period, Reason: "no money", At: f.clock()}
	for range 2 { // its answer was lost
		must(t, f.RejectRestAgain(ctx, plan.RunID, again))
	}
	must(t, f.CheckRun(ctx, plan.RunID, of))
	must(t, f.CheckSentBack(ctx, plan.Payouts[0]))
	for _, id := range plan.Payouts {
		if po, err := f.BeginTransfer(ctx, id); err != nil || po.State != partnership.PayoutVoid {
			t.Errorf("%s is %s, %v", id, po.State, err)
		}
	}
	if lines := f.audited(again.Who); lines != 1 {
		t.Errorf("%d lines in the audit", lines)
	}
	wantCode(t, f.RejectRestAgain(ctx, "gone", again), partnership.WentBack)
	f.sound()
}

// A rejection gives the rows back, and then the run is closed as rejected. In books that went back in between its rows are given back by that.
func TestARunThatIsClosedAsRejectedHoldsNoRows(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(2)
	must(t, f.SetPayoutRunState(t.Context(), plan.RunID, partnership.RunRejected))
	if po, err := f.Payout(t.Context(), plan.Payouts[0]); err != nil || po.State != partnership.PayoutVoid {
		t.Errorf("a payout of it is %s, %v", po.State, err)
	}
	f.sound()
}
