package store_test

import (
	"errors"
	"sync"
	"testing"

	p "github.com/rapport-dev/rapport/partnership"
)

// Finance approves and rejects one run at once, and each word is written with its line in the audit or not at all.
func TestARunIsApprovedOrRejectedAndTheAuditSaysWhich(t *testing.T) {
	for range 8 {
		f := open(t)
		ctx := t.Context()
		_, parties := f.launch(1)
		f.order(parties[0], "o1", 50_000)
		f.pass(2 * day)
		plan := f.plan()
		no := p.Deed{ID: "no-" + plan.RunID, Who: "U2", At: f.clock(), Deed: p.DeedRejectRun, Subject: "payout-run/x", Reason: "wrong month"}
		var approved, rejected error
		var both sync.WaitGroup
		both.Go(func() { _, approved = f.approveAs(plan.RunID, "U1", plan.LinesHash) })
		both.Go(func() { rejected = f.RejectPayoutRun(ctx, plan.RunID, no, "workflow-run") })
		both.Wait()
		if (approved == nil) == (rejected == nil) {
			t.Fatalf("approved: %v, rejected: %v", approved, rejected)
		}
		wantCode(t, errors.Join(approved, rejected), p.Conflict)
		run, err := f.PayoutRun(ctx, plan.RunID)
		must(t, err)
		lines := f.audited(no.Who)
		if want := map[bool]p.PayoutRunState{true: p.RunApproved, false: p.RunRejected}[approved == nil]; run.State != want || (lines == 1) != (rejected == nil) {
			t.Errorf("the run is %s, %d lines say that it was rejected; approved: %v, rejected: %v", run.State, lines, approved, rejected)
		}
		if rejected == nil { // its answer was lost, and is asked for again, late
			f.pass(30 * day)
			must(t, f.RejectPayoutRun(ctx, plan.RunID, no, "workflow-run"))
		}
		f.sound()
	}
}
