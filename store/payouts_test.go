package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

func TestTenConcurrentPlansClaimOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(5)
	for i, pa := range parties {
		for n := range 4 {
			f.order(pa, fmt.Sprintf("o%d-%d", i, n), 20_000)
		}
	}
	f.pass(5 * day)
	plans := make([]partnership.PayoutPlan, 10)
	atOnce(10, func(i int) {
		run, err := f.OpenPayoutRun(t.Context(), program, period, "schedule", f.clock())
		if err == nil {
			plans[i], err = f.PlanPayouts(t.Context(), run.ID, f.clock())
		}
		if err != nil {
			t.Error(err)
		}
	})
	for _, plan := range plans {
		if plan.LinesHash != plans[0].LinesHash || plan.TotalMinor != 40_000 || len(plan.Payouts) != 5 {
			t.Errorf("plan is %+v", plan)
		}
	}
	docs, err := f.PayoutDocuments(t.Context(), payoutsOfAll)
	must(t, err)
	if len(docs) != 5 {
		t.Errorf("%d payouts, want 5", len(docs))
	}
	f.sound()
}

func TestOneRunAtATime(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	run, err := f.OpenPayoutRun(ctx, program, period, "schedule", f.clock())
	must(t, err)
	f.pass(time.Hour)
	again, err := f.OpenPayoutRun(ctx, program, period, "other", f.clock())
	must(t, err)
	if again.ID != run.ID || !again.Cutoff.Equal(run.Cutoff) || again.PreparedBy != "schedule" || run.ID != "dreams/2026-11/1" {
		t.Errorf("opened %+v, then %+v", run, again)
	}
	if from := time.Date(2026, 11, 1, 4, 0, 0, 0, time.UTC); !run.From.Equal(from) || !run.Cutoff.Equal(epoch) {
		t.Errorf("the month begins at %s and is cut off at %s", run.From, run.Cutoff)
	}
	if plan, err := f.PlanPayouts(ctx, run.ID, f.clock()); err != nil || len(plan.Payouts) != 0 {
		t.Errorf("an empty plan is %+v, %v", plan, err)
	}
	if run, err := f.PayoutRun(ctx, run.ID); err != nil || run.State != partnership.RunEmpty {
		t.Errorf("the run is %s, %v", run.State, err)
	}
	f.order(parties[0], "o1", 100_000)
	f.pass(2 * day)
	if plan := f.plan(); plan.RunID != "dreams/2026-11/2" || plan.TotalMinor != 10_000 {
		t.Errorf("the second run is %+v", plan)
	}
	_, err = f.OpenPayoutRun(ctx, "nothing", period, "schedule", f.clock())
	wantCode(t, err, partnership.NotFound)
	_, err = f.OpenPayoutRun(ctx, program, "November", "schedule", f.clock())
	wantCode(t, err, partnership.Invalid)
}

func TestARunTakesWhatHasMaturedBeforeItsCutoff(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "matured", 30_000)
	f.pass(day)
	f.order(parties[0], "at the cutoff", 70_000) // matures exactly when the run is opened
	f.pass(day)
	f.order(parties[0], "in hold", 90_000)
	if plan := f.plan(); plan.TotalMinor != 3000 {
		t.Errorf("the run pays %d, want 3000", plan.TotalMinor)
	}
}

func TestMinimumEqualityPaysAndTheRestCarries(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(4)
	f.order(parties[0], "equal", 25_000)
	f.order(parties[1], "below", 24_990)
	f.order(parties[2], "not ready", 90_000)
	must(t, f.SavePayoutAccount(ctx, parties[2].creator, partnership.PayoutAccount{ID: "acct_2", Ready: false}))
	f.order(parties[3], "refunded", 30_000)
	f.refund("refunded", "r", 29_000)
	f.pass(2 * day)
	run, err := f.OpenPayoutRun(ctx, program, period, "schedule", f.clock())
	must(t, err)
	statements, err := f.StatementCreators(ctx, run.ID)
	must(t, err)
	if len(statements) != 4 {
		t.Errorf("%d creators get a statement", len(statements))
	}
	for i, want := range []int64{2500, 0, 0, 0} {
		st, err := f.Statement(ctx, run.ID, parties[i].creator)
		must(t, err)
		if st.PayableNow != want || (st.CarriedWhy == "") != (want > 0) || st.Brand.Name != "Acme Scents" || len(st.Lines) == 0 {
			t.Errorf("statement %d: pays %d, carried because %q, %d lines", i, st.PayableNow, st.CarriedWhy, len(st.Lines))
		}
	}
	preview, carriedBefore, err := f.PreviewPayouts(ctx, program, period, f.clock())
	must(t, err)
	plan, err := f.PlanPayouts(ctx, run.ID, f.clock())
	must(t, err)
	if len(plan.Payouts) != 1 || plan.TotalMinor != 2500 || plan.Carried != 3 {
		t.Errorf("plan is %+v", plan)
	}
	if len(preview) != 1 || preview[0].AmountMinor != 2500 || len(carriedBefore) != 3 {
		t.Errorf("the preview showed %+v and %+v", preview, carriedBefore)
	}
	f.sound()
}

func TestATransferIsBookedOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(1)
	_, err := f.approveAs(plan.RunID, "U1", plan.LinesHash)
	must(t, err)
	id := plan.Payouts[0]
	payout, err := f.BeginTransfer(ctx, id)
	must(t, err)
	if payout.State != partnership.PayoutPosted || payout.IdempotencyKey != partnership.PayoutKey(id) || payout.Destination != "acct_0" {
		t.Errorf("the payout is %+v", payout)
	}
	if payout.Again || payout.Age != 0 {
		t.Errorf("the first post is again %v, after %s", payout.Again, payout.Age)
	}
	f.pass(time.Hour)
	again, err := f.BeginTransfer(ctx, id)
	must(t, err)
	if !again.Again || again.Age != time.Hour {
		t.Errorf("the second post is again %v, after %s", again.Again, again.Age)
	}
	if !again.FirstPostedAt.Equal(payout.FirstPostedAt) {
		t.Errorf("first posted at %s, then %s", payout.FirstPostedAt, again.FirstPostedAt)
	}
	f.refund("o1", "while claimed", 5000)
	for _, change := range []func(*partnership.Transfer){
		func(t *partnership.Transfer) { t.AmountMinor++ }, func(t *partnership.Transfer) { t.Destination = "acct_9" }, func(t *partnership.Transfer) { t.Currency = "EUR" },
		func(t *partnership.Transfer) { t.PayoutID = "another" },
	} {
		wrong := transferOf(payout.Payout)
		change(&wrong)
		wantCode(t, f.ConfirmTransfer(ctx, id, wrong), partnership.Conflict)
	}
	for _, ref := range []string{"B1", "B2"} { // what the rail first called the order stays
		must(t, f.NoteOrdered(ctx, id, ref))
		if noted, err := f.Payout(ctx, id); err != nil || noted.OrderedRef != "B1" || noted.State != partnership.PayoutPosted {
			t.Errorf("the payout is %+v, %v", noted, err)
		}
	}
	must(t, f.ParkTransfer(ctx, id, "no answer for 23 hours"))
	if pending, err := f.PendingDecisions(ctx, 0); err != nil || len(pending) != 1 || pending[0].Kind != "payout" || pending[0].ID != string(id) {
		t.Errorf("pending are %+v, %v", pending, err)
	}
	if parked, err := f.BeginTransfer(ctx, id); err != nil || parked.State != partnership.PayoutUnknown {
		t.Errorf("a parked payout is %s, %v", parked.State, err)
	}
	for range 2 {
		must(t, f.ConfirmTransfer(ctx, id, transferOf(payout.Payout)))
	}
	other := transferOf(payout.Payout)
	other.ID = "tr_other"
	wantCode(t, f.ConfirmTransfer(ctx, id, other), partnership.Conflict)
	wantCode(t, f.FailTransfer(ctx, id, "late"), partnership.Conflict)
	if sent, err := f.BeginTransfer(ctx, id); err != nil || sent.State != partnership.PayoutPaid {
		t.Errorf("a paid payout is %s, %v", sent.State, err)
	}
	f.sound()
	rows, sum := f.rows("o1")
	if len(rows) != 2 || sum != 4500 || rows[0].State != ledger.Paid || rows[1].State != ledger.Eligible {
		t.Errorf("rows are %+v", rows)
	}
}

func TestAFailedTransferIsPaidByTheNextRun(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(1)
	_, err := f.approveAs(plan.RunID, "U1", plan.LinesHash)
	must(t, err)
	_, err = f.BeginTransfer(ctx, plan.Payouts[0])
	must(t, err)
	for range 2 {
		must(t, f.FailTransfer(ctx, plan.Payouts[0], "no such account"))
	}
	if failed, err := f.BeginTransfer(ctx, plan.Payouts[0]); err != nil || failed.State != partnership.PayoutFailed {
		t.Errorf("a failed payout is %s, %v", failed.State, err)
	}
	wantCode(t, f.ConfirmTransfer(ctx, plan.Payouts[0], transferOf(partnership.Payout{ID: plan.Payouts[0]})), partnership.Conflict)
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	f.pay(f.plan())
	f.sound()
}

func TestMoneyThatComesBackIsOwedAgainWhenAPersonSaysSo(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(1)
	f.pay(plan)
	id := plan.Payouts[0]
	for _, total := range []int64{2000, 2000, 1000, 5000, 5000, 2000} { // repeated, and late
		must(t, f.ReverseTransfer(ctx, id, "tr_"+string(id), total))
		f.sound()
	}
	wantCode(t, f.ReverseTransfer(ctx, id, "tr_"+string(id), 5001), partnership.Conflict)
	wantCode(t, f.ReverseTransfer(ctx, id, "tr_other", 5000), partnership.Conflict)
	if payout, err := f.Payout(ctx, id); err != nil || payout.State != partnership.PayoutReturned {
		t.Errorf("the payout is %s, %v", payout.State, err)
	}
	rows, _ := f.rows("")
	if len(rows) != 3 {
		t.Errorf("two returns left the rows %+v", rows)
	}
	for _, row := range rows[1:] {
		if row.State != ledger.Held || row.AmountMinor <= 0 {
			t.Errorf("a returned %d is %s", row.AmountMinor, row.State)
		}
		must(t, f.ClearRow(ctx, row.ID, "U1", "the account was closed; pay again"))
	}
	f.pass(day)
	if plan := f.plan(); plan.TotalMinor != 5000 {
		t.Errorf("%d is paid again", plan.TotalMinor)
	}
	f.sound()
}

func TestNegativeBalancesCarryAcrossRuns(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "paid", 50_000)
	f.pass(2 * day)
	f.pay(f.plan())
	f.refund("paid", "r1", 50_000)
	f.order(parties[0], "small", 30_000)
	f.pass(2 * day)
	if plan := f.plan(); len(plan.Payouts) != 0 || plan.Carried != 1 {
		t.Errorf("a balance of -2000 is planned as %+v", plan)
	}
	f.order(parties[0], "large", 70_000)
	f.pass(2 * day)
	if plan := f.plan(); plan.TotalMinor != 5000 {
		t.Errorf("-5000 + 3000 + 7000 pays %d", plan.TotalMinor)
	}
	f.sound()
}

func TestFeesAreEarnedOnceAndWithoutAHold(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	var failed atomic.Int32
	atOnce(10, func(int) {
		if err := f.EarnFee(t.Context(), parties[0].id, "reel-1", 50_000, epoch); err != nil {
			failed.Add(1)
		}
	})
	rows, sum := f.rows("")
	if failed.Load() != 0 || len(rows) != 1 || sum != 50_000 || rows[0].State != ledger.Eligible {
		t.Errorf("%d failed, rows are %+v", failed.Load(), rows)
	}
	f.pass(time.Second)
	if plan := f.plan(); plan.TotalMinor != 50_000 {
		t.Errorf("plan is %+v", plan)
	}
	f.sound()
}

func TestWhatTheRailCannotCarryIsPaidNextTime(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, func(c *partnership.Campaign, agreed *partnership.Terms) {
		c.Currency, agreed.Currency, c.Payout.MinimumMinor, c.Payout.ApproveAboveMinor = "KWD", "KWD", 10, 0
	})
	must(t, f.EarnFee(t.Context(), parties[0].id, "reel-1", 1234, epoch))
	f.pass(time.Second)
	plan := f.plan()
	if plan.TotalMinor != 1230 {
		t.Errorf("1.234 KWD pays %d at Stripe", plan.TotalMinor)
	}
	f.pay(plan)
	f.sound()
	must(t, f.EarnFee(t.Context(), parties[0].id, "reel-2", 1006, f.clock()))
	f.pass(time.Second)
	if next := f.plan(); next.TotalMinor != 1010 {
		t.Errorf("4 carried and 1006 pay %d", next.TotalMinor)
	}
	f.sound()
}

func TestProgramsNeverMix(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, dreams := f.launch(1)
	_, other := f.launch(1, func(c *partnership.Campaign, _ *partnership.Terms) { c.Program, c.Name = "other", "Other" })
	if dreams[0].creator != other[0].creator {
		t.Fatal("the same handle is one creator")
	}
	f.order(dreams[0], "o1", 30_000)
	f.order(other[0], "o2", 70_000)
	f.pass(2 * day)
	if plan := f.plan(); plan.TotalMinor != 3000 {
		t.Errorf("the run of one program pays %d", plan.TotalMinor)
	}
	f.sound()
}
