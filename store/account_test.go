package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// moveAccount is a creator who wants to be paid elsewhere.
func (f *fixture) moveAccount(of party, account string) {
	f.t.Helper()
	must(f.t, f.SavePayoutAccount(f.t.Context(), of.creator, partnership.PayoutAccount{ID: account, Ready: true}))
}

func TestANewPayoutAccountWaitsTwoDays(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	f.order(parties[0], "o1", 50_000)
	f.order(parties[1], "o2", 30_000)
	f.pass(3 * day)
	f.moveAccount(parties[0], "acct_new")
	changed := f.clock()
	f.moveAccount(parties[0], "acct_new") // told twice it is one change
	f.pass(2*day - time.Microsecond)

	_, carried, err := f.PreviewPayouts(ctx, program, period, f.clock())
	must(t, err)
	from := changed.Add(2 * day).Format("2 Jan 2006 15:04 UTC")
	if len(carried) != 1 || carried[0].AmountMinor != 5000 || carried[0].Reason != "new payout account, first payable from "+from {
		t.Errorf("the preview carries %+v", carried)
	}
	plan := f.plan()
	if len(plan.Payouts) != 1 || plan.TotalMinor != 3000 || plan.Carried != 1 {
		t.Errorf("the plan claims %+v", plan)
	}
	st, err := f.Statement(ctx, plan.RunID, parties[0].creator)
	must(t, err)
	if st.PayableNow != 0 || !strings.HasSuffix(st.CarriedWhy, from) {
		t.Errorf("the statement says %d, %q", st.PayableNow, st.CarriedWhy)
	}
	f.pay(plan)

	f.pass(time.Microsecond)
	next := f.plan()
	if len(next.Payouts) != 1 || next.TotalMinor != 5000 {
		t.Fatalf("after the wait the plan claims %+v", next)
	}
	if payout, err := f.Payout(ctx, next.Payouts[0]); err != nil || payout.Destination != "acct_new" {
		t.Errorf("it goes to %q, %v", payout.Destination, err)
	}
	f.sound()
}

func TestTheFirstPayoutAccountDoesNotWaitAndTheNextOneDoes(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1) // its account was set up just now
	f.order(parties[0], "o1", 50_000)
	f.pass(day + time.Hour)
	if f.reason() != "" {
		t.Errorf("a first account waits: %s", f.reason())
	}
	f.moveAccount(parties[0], "") // taken away and replaced is a change too
	f.moveAccount(parties[0], "acct_new")
	if f.reason() == "" {
		t.Error("an account that replaced a removed one does not wait")
	}
}

// approve is finance's word on a planned run.
func (f *fixture) approve(plan partnership.PayoutPlan) {
	f.t.Helper()
	_, err := f.approveAs(plan.RunID, "finance", plan.LinesHash)
	must(f.t, err)
}

// reason is why the only creator's money waits, "" when it does not.
func (f *fixture) reason() string {
	f.t.Helper()
	_, carried, err := f.PreviewPayouts(f.t.Context(), program, period, f.clock())
	must(f.t, err)
	if len(carried) == 0 {
		return ""
	}
	return carried[0].Reason
}

func TestAnApprovedPayoutNeverFollowsAnAccountThatChanged(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	f.order(parties[0], "o1", 50_000)
	f.order(parties[1], "o2", 30_000)
	f.pass(2 * day)
	plan := f.plan()
	f.approve(plan)
	moved, sent := plan.Payouts[0], plan.Payouts[1]
	if one, err := f.Payout(ctx, moved); err != nil || one.CreatorID != parties[0].creator {
		moved, sent = sent, moved
	}
	begun, err := f.BeginTransfer(ctx, sent)
	must(t, err)
	f.moveAccount(parties[0], "acct_new")
	f.moveAccount(parties[1], "acct_other")

	_, err = f.BeginTransfer(ctx, moved)
	wantCode(t, err, partnership.Conflict)
	// What was sent before the change is found out where it was sent, under its key.
	if again, err := f.BeginTransfer(ctx, sent); err != nil || again.Destination != begun.Destination {
		t.Errorf("a transfer under way became %+v, %v", again, err)
	}
	must(t, f.ConfirmTransfer(ctx, sent, transferOf(begun.Payout)))
	must(t, f.FailTransfer(ctx, moved, "refused"))
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	if next := f.plan(); len(next.Payouts) != 0 || next.Carried != 1 {
		t.Errorf("the next run claims %+v", next)
	}
	f.pass(2 * day)
	if next := f.plan(); len(next.Payouts) != 1 || next.TotalMinor != 5000 {
		t.Errorf("after the wait the plan claims %+v", next)
	}
	f.sound()
}

// A destination that is changed behind the store's back no longer fits what was approved.
func TestTheApprovedLinesNameTheirDestination(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(1)
	f.approve(plan)
	must(t, f.sql(`set session_replication_role = replica; update payouts set destination = 'acct_thief'; update creators set payout_account = 'acct_thief'`))
	_, err := f.BeginTransfer(ctx, plan.Payouts[0])
	wantCode(t, err, partnership.Conflict)
}
