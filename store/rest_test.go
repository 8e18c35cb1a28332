package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/activities"
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

// Orders of a bank that are in no file yet were sent to nobody: they are a part of the rest that is rejected, also one that is ordered only
// then, and what is in a file goes on. Nothing of it is ever written for the bank, and the next run pays it.
func TestARejectedRestIsInNoBankFile(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	c, a, plan := f.bankDue(3)
	f.orderAll(a, partnership.PayoutPlan{Payouts: plan.Payouts[:1]}, partnership.PayoutPosted)
	filed := f.file(c, "cli:ana")
	f.orderAll(a, partnership.PayoutPlan{Payouts: plan.Payouts[:2]}, partnership.PayoutPosted)
	late, err := f.BeginTransfer(ctx, plan.Payouts[2])
	must(t, err)
	no := partnership.Deed{ID: "no", Who: "U2", Deed: partnership.DeedRejectRun, Subject: "payout-run/" + program + "/" + period, Reason: "wrong month", At: f.clock()}
	must(t, f.RejectRest(ctx, plan.RunID, no, "workflow-run"))
	must(t, f.OrderBank(ctx, bankRail, late.ID))
	for _, id := range plan.Payouts[1:] {
		if po, err := f.Payout(ctx, id); err != nil || po.State != partnership.PayoutVoid || po.Reason != no.Reason {
			t.Errorf("%+v %v", po, err)
		}
	}
	f.orderAll(a, partnership.PayoutPlan{Payouts: plan.Payouts[1:]}, partnership.PayoutVoid)
	f.orderAll(a, partnership.PayoutPlan{Payouts: plan.Payouts[:1]}, partnership.PayoutPosted)
	if again := f.file(c, "cli:ana"); again.ID != filed.ID || again.Payments != 1 {
		t.Errorf("after the rejection the bank gets %+v", again)
	}
	_, err = f.tell(filed.ID, partnership.BankPaid, "cli:bea")
	must(t, err)
	for _, id := range plan.Payouts[1:] {
		_, err := f.tell(string(id), partnership.BankPaid, "cli:bea")
		wantCode(t, err, partnership.Conflict)
	}
	must(t, a.ReconcileRun(ctx, activities.RunRef{RunID: plan.RunID}))
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	f.sound()
	next := f.plan()
	if len(next.Payouts) != 2 || next.TotalMinor != plan.TotalMinor/3*2 {
		t.Errorf("the next run pays %+v", next)
	}
}

// An order from before such orders were sent back with the rest is in no file either: somebody takes it out.
func TestNoFileIsMadeOfARejectedRest(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, _, plan := f.banked(1)
	must(t, f.sql(`update payout_runs set rest_rejected = 'wrong month'`))
	_, err := f.files(c, "cli:ana")
	wantCode(t, err, partnership.Conflict)
	if !strings.Contains(fmt.Sprint(err), "rapport payouts confirm "+string(plan.Payouts[0])+" --as returned") {
		t.Errorf("it says %v", err)
	}
}

// Whoever makes the file and whoever rejects the rest at once agree: a payout is in the file or sent back, and never both.
func TestAFileAndARejectionAtOnceShareNoPayout(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, _, plan := f.banked(6)
	no := partnership.Deed{ID: "no", Who: "U2", Deed: partnership.DeedRejectRun, Subject: "payout-run/" + program + "/" + period, Reason: "wrong month", At: f.clock()}
	var files []partnership.BankFile
	atOnce(2, func(i int) {
		var err error
		if i == 0 {
			err = f.RejectRest(t.Context(), plan.RunID, no, "workflow-run")
		} else if files, err = f.files(c, "cli:ana"); partnership.CodeOf(err) == partnership.NotFound || partnership.CodeOf(err) == partnership.Conflict {
			err = nil
		}
		if err != nil {
			t.Error(err)
		}
	})
	want := partnership.PayoutVoid
	if len(files) > 0 {
		want = partnership.PayoutPosted
	}
	for _, po := range f.payouts(plan) {
		if po.State != want {
			t.Errorf("payout %s is %s, and there are %d files", po.ID, po.State, len(files))
		}
	}
	f.sound()
}
