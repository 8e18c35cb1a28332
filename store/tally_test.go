package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
)

// Both payouts of a run failed: no door may call it paid, and whoever looks reads why.
func TestARunWhosePayoutsFailedIsNotPaid(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	for i, pa := range parties {
		f.order(pa, "o"+string(rune('a'+i)), 100_000)
	}
	f.pass(2 * day)
	plan := f.plan()
	f.approve(plan) // who goes on without it is found
	for _, id := range plan.Payouts {
		must(t, f.FailTransfer(ctx, id, "the creator's account is closed"))
	}
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	run, err := f.PayoutRun(ctx, plan.RunID)
	must(t, err)
	if run.Ending() != "Nobody was paid of dreams for 2026-11: 0 of 2 paid, 2 failed" || run.Words() != "reconciled: 0 of 2 paid, 2 failed" {
		t.Errorf("it says %q and %q", run.Ending(), run.Words())
	}
	why, err := f.WhyFailed(ctx, plan.RunID)
	must(t, err)
	if len(why) != 1 || why[0] != (partnership.FailedFor{Why: "the creator's account is closed", Payouts: 2}) {
		t.Errorf("why: %+v", why)
	}
	f.sound()
}

// What a run waits for is the same by every door, and is over with its next state.
func TestWhatARunWaitsForIsOverWithItsNextState(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 100_000)
	f.pass(2 * day)
	plan := f.plan()
	must(t, f.SetRunWaits(ctx, plan.RunID, "funds"))
	if run, err := f.PayoutRun(ctx, plan.RunID); err != nil || run.Waits != "funds" || !strings.Contains(run.Words(), "waits: funds") {
		t.Errorf("%+v, %v", run, err)
	}
	must(t, f.VoidPayoutPlan(ctx, plan.RunID, "no money"))
	if run, err := f.PayoutRun(ctx, plan.RunID); err != nil || run.Waits != "" || run.State != partnership.RunRejected {
		t.Errorf("%+v, %v", run, err)
	}
}

func TestAMonthThatHasNotBegunNamesThoseThatAreAllowed(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.launch(1)
	for period, want := range map[string]string{"2031-05": "2020-01 to 2026-11 are allowed", "2019-12": "from 2020-01 on", "2026-13": "is not a month"} {
		if err := f.CheckMonth(t.Context(), program, period); partnership.CodeOf(err) != partnership.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", period, err)
		}
	}
	f.pass(31 * 24 * time.Hour)
	must(t, f.CheckMonth(t.Context(), program, "2026-12"))
}

// The last check reads the payout's own line: whatever was changed of it since the approval, nothing is sent, and the others are.
func TestALineThatChangedAfterTheApprovalIsNotSent(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(2)
	_, err := f.approveAs(plan.RunID, "finance", plan.LinesHash)
	must(t, err)
	must(t, f.sql(`update payout_rows set released_at = now() where payout_id = $1`, plan.Payouts[0]))
	_, err = f.BeginTransfer(t.Context(), plan.Payouts[0])
	wantCode(t, err, partnership.Conflict)
	if _, err := f.BeginTransfer(t.Context(), plan.Payouts[1]); err != nil {
		t.Errorf("the other line: %v", err)
	}
	if err := f.sql(`update payouts set line_hash = 'x' where id = $1`, plan.Payouts[0]); err == nil {
		t.Error("a line's hash was changed")
	}
}

// Each payout of a run is in one batch, and a plan says what a preview said.
func TestARunIsPlannedAsItsPreviewSays(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(5)
	for i, pa := range parties {
		f.order(pa, "o"+string(rune('a'+i)), int64(i+1)*10_000)
	}
	f.pass(2 * day)
	f.order(parties[0], "second", 30_000)
	f.order(parties[4], "another", 90_000)
	f.pass(2*day - time.Second)
	f.order(parties[3], "in its hold", 90_000)
	pays, carried, err := f.PreviewPayouts(ctx, program, period, f.clock())
	must(t, err)
	if rows, _ := f.rows(""); slices.ContainsFunc(rows, func(r board.Row) bool { return r.State != ledger.Pending }) {
		t.Errorf("a preview has changed rows: %+v", rows)
	}
	plan := f.plan()
	var total int64
	rows := 0
	for _, p := range pays {
		total, rows = total+p.AmountMinor, rows+p.RowCount
	}
	if rows != 6 || len(carried) != 1 { // the second creator has not earned enough
		t.Errorf("%d rows are shown, %+v waits", rows, carried)
	}
	if plan.TotalMinor != total || plan.Payees() != len(pays) || plan.Carried != len(carried) || plan.Batches != 1 {
		t.Errorf("planned %+v, previewed %d to %d, %d wait", plan, total, len(pays), len(carried))
	}
	batch, err := f.BatchPayouts(ctx, plan.RunID, 0)
	must(t, err)
	if len(batch) != len(pays) {
		t.Errorf("%d of %d payouts in the batch", len(batch), len(pays))
	}
	f.sound()
}

// A statement shows what is held and rejected beside what counts, and a further run of the month tells only what changed.
func TestAStatementIsToldOnceAMonth(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, launched := f.launch(1)
	parties := launched[0]
	f.order(parties, "o1", 100_000)
	f.order(parties, "o2", 50_000)
	f.pass(2 * day)
	f.refund("o1", "r1", 10_000)
	rows, _ := f.rows("o2")
	must(t, f.HoldRow(ctx, rows[0].ID, "cli:fin", "the same buyer ten times"))
	run, err := f.OpenPayoutRun(ctx, program, period, "schedule", f.clock())
	must(t, err)
	st, err := f.Statement(ctx, run.ID, parties.creator)
	must(t, err)
	groups := map[partnership.LineGroup]int64{}
	for _, l := range st.Lines {
		groups[l.Group] += l.AmountMinor
	}
	if groups[partnership.LinePayable] != st.PayableNow || groups[partnership.LineHeld] != 5_000 || st.PayableNow != 9_000 || st.Before != nil {
		t.Errorf("the groups are %v, payable now is %d", groups, st.PayableNow)
	}
	if st.Lines[0].NetMinor == 0 || st.Lines[0].RateBPS != 1000 {
		t.Errorf("a sale cannot be checked: %+v", st.Lines[0])
	}
	must(t, f.StatementTold(ctx, run.ID, st))
	must(t, f.SetPayoutRunState(ctx, run.ID, partnership.RunEmpty))
	next, err := f.OpenPayoutRun(ctx, program, period, "schedule", f.clock())
	must(t, err)
	again, err := f.Statement(ctx, next.ID, parties.creator)
	must(t, err)
	if again.Before == nil || len(again.Changed()) != 0 {
		t.Errorf("nothing changed, and it tells %+v", again.Changed())
	}
	f.refund("o1", "r2", 20_000)
	again, err = f.Statement(ctx, next.ID, parties.creator)
	must(t, err)
	if changed := again.Changed(); len(changed) != 1 || changed[0].AmountMinor >= 0 {
		t.Errorf("changed: %+v", changed)
	}
}
