package store_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// Finance approves and rejects one run at once, and each word is written with its line in the audit or not at all.
func TestARunIsApprovedOrRejectedAndTheAuditSaysWhich(t *testing.T) {
	t.Parallel()
	for range 8 {
		f := open(t)
		ctx := t.Context()
		_, plan := f.month(1)
		no := partnership.Deed{ID: "no-" + plan.RunID, Who: "U2", At: f.clock(), Deed: partnership.DeedRejectRun, Subject: "payout-run/x", Reason: "wrong month"}
		var approved, rejected error
		var both sync.WaitGroup
		both.Go(func() { _, approved = f.approveAs(plan.RunID, "U1", plan.LinesHash) })
		both.Go(func() { rejected = f.RejectPayoutRun(ctx, plan.RunID, no, "workflow-run") })
		both.Wait()
		if (approved == nil) == (rejected == nil) {
			t.Fatalf("approved: %v, rejected: %v", approved, rejected)
		}
		wantCode(t, errors.Join(approved, rejected), partnership.Conflict)
		run, err := f.PayoutRun(ctx, plan.RunID)
		must(t, err)
		lines := f.audited(no.Who)
		if want := map[bool]partnership.PayoutRunState{true: partnership.RunApproved, false: partnership.RunRejected}[approved == nil]; run.State != want || (lines == 1) != (rejected == nil) {
			t.Errorf("the run is %s, %d lines say that it was rejected; approved: %v, rejected: %v", run.State, lines, approved, rejected)
		}
		if rejected == nil { // its answer was lost, and is asked for again, late
			f.pass(30 * day)
			must(t, f.RejectPayoutRun(ctx, plan.RunID, no, "workflow-run"))
		}
		f.sound()
	}
}

func TestApprovalIsBoundToTheLines(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(2, func(c *partnership.Campaign, _ *partnership.Terms) { c.Payout.ApproveAboveMinor = 5000 })
	if plan.NeedApprovers != 2 {
		t.Errorf("%d approvers for 10000 above 5000", plan.NeedApprovers)
	}
	begin := func() error {
		_, err := f.BeginTransfer(ctx, plan.Payouts[0])
		return err
	}
	wantCode(t, begin(), partnership.WentBack) // nobody sends before an approval: whoever does has seen one that the books have lost
	_, err := f.approveAs(plan.RunID, "schedule", plan.LinesHash)
	wantCode(t, err, partnership.Forbidden)
	_, err = f.approveAs(plan.RunID, "U1", "another hash")
	wantCode(t, err, partnership.Conflict)
	for range 2 { // pressed twice by one person it is one approval
		if n, err := f.approveAs(plan.RunID, "U1", plan.LinesHash); err != nil || n != 1 {
			t.Errorf("%d approvals, %v", n, err)
		}
	}
	if run, err := f.PayoutRun(ctx, plan.RunID); err != nil || run.State != partnership.RunPlanned {
		t.Errorf("with one approval of two the run is %s, %v", run.State, err)
	}
	wantCode(t, begin(), partnership.WentBack)
	// A state that came from elsewhere pays nothing either: the approvals themselves are counted.
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunApproved))
	wantCode(t, begin(), partnership.Conflict)
	if n, err := f.approveAs(plan.RunID, "U2", plan.LinesHash); err != nil || n != 2 {
		t.Errorf("%d approvals, %v", n, err)
	}
	wantCode(t, f.VoidPayoutPlan(ctx, plan.RunID, "changed my mind"), partnership.Conflict)
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunExecuting))
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReview)) // late, and ignored
	must(t, begin())
	// A line that is moved behind the store's back stops what was not sent yet.
	must(t, f.sql(`alter table payout_rows disable trigger payout_rows_guard`))
	must(t, f.sql(`update payout_rows set payout_id = $1 where payout_id = $2`, string(plan.Payouts[0]), string(plan.Payouts[1])))
	wantCode(t, begin(), partnership.Conflict)
	if payout, _ := f.BeginTransfer(ctx, plan.Payouts[0]); payout.State != partnership.PayoutPosted {
		t.Errorf("refused, it does not say that it was sent before: %q", payout.State)
	}
}

func TestAPersonWithSeveralNamesApprovesOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(2, func(c *partnership.Campaign, _ *partnership.Terms) { c.Payout.ApproveAboveMinor = 5000 })
	_, err := f.approveAs(plan.RunID, "slack:U0", plan.LinesHash, "cli:eve", "schedule")
	wantCode(t, err, partnership.Forbidden)
	for range 2 { // pressed twice under one name
		if n, err := f.approveAs(plan.RunID, "slack:U1", plan.LinesHash, "cli:ana"); err != nil || n != 1 {
			t.Errorf("%d approvals, %v", n, err)
		}
	}
	_, err = f.approveAs(plan.RunID, "cli:ana", plan.LinesHash, "slack:U1")
	wantCode(t, err, partnership.Forbidden)
	_, err = f.BeginTransfer(ctx, plan.Payouts[0])
	wantCode(t, err, partnership.WentBack) // a run sends what two have approved: these books know of one
	if n, err := f.approveAs(plan.RunID, "cli:bo", plan.LinesHash); err != nil || n != 2 {
		t.Errorf("%d approvals, %v", n, err)
	}
}

func TestARejectedPlanGivesEverythingBack(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(2)
	for range 2 {
		must(t, f.VoidPayoutPlan(ctx, plan.RunID, "wrong month"))
	}
	f.sound()
	if posting, err := f.BeginTransfer(ctx, plan.Payouts[0]); err != nil || posting.State != partnership.PayoutVoid || !posting.PostedAt.IsZero() {
		t.Errorf("a payout that was given back is begun: %+v, %v", posting, err)
	}
	next := f.plan()
	if next.RunID == plan.RunID || next.TotalMinor != plan.TotalMinor || next.Payouts[0] == plan.Payouts[0] {
		t.Errorf("the next plan is %+v", next)
	}
	_, err := f.approveAs(plan.RunID, "U2", plan.LinesHash)
	wantCode(t, err, partnership.Conflict)
}
