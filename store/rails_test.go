package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// RULE 16: a rail that was once asked to pay what is open is asked about it before another pays it, also where the program has given it up; and
// what it shows may be called ours.
func TestARailThatWasGivenUpIsAskedWhileItMayHavePaid(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	parties, plan := f.month(1)
	f.approve(plan)
	old := f.payouts(plan)[0]
	_, err := f.BeginTransfer(ctx, old.ID)
	must(t, err)
	must(t, f.FailTransfer(ctx, old.ID, "released by a person: the provider shows no transfer"))
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	must(t, f.Signed(ctx, "update programs set provider = 'paypal', rails = '{paypal}'"))
	asked := func() (rails []string) {
		known, err := f.KnownUntil(ctx, program)
		must(t, err)
		for _, k := range known {
			rails = append(rails, k.Provider)
		}
		return rails
	}
	if rails := asked(); !slices.Equal(rails, []string{"paypal", theRail}) {
		t.Errorf("asked is %v", rails)
	}
	shown := transferOf(old) // it was made after all
	found := f.differences(shown)
	if len(found) != 1 || !slices.Equal(found[0].Programs, []string{program}) {
		t.Fatalf("found %+v", found)
	}
	must(t, f.settle(shown.ID, partnership.SettleOurs))
	f.chooses(parties[0], "paypal", "ana@creators.example")
	f.pass(3 * day)
	if next := f.plan(); len(next.Payouts) != 0 {
		t.Errorf("it is paid again: %+v", next)
	}
	f.sound()
}

// RULE 16: books that were restored from a backup go on with what they have: a payout that is sent and booked then says nothing of what was sent
// between the backup and it. The list is read from where it was read last before the backup.
func TestWhatIsSentAfterARestoreHidesNothingThatWasLost(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(1)
	f.approve(plan)
	f.differences()
	backup := f.clock()
	f.pass(8 * day) // what was paid since by other runs is lost, and this one goes on
	f.sendNow(f.payouts(plan)[0])
	if at := f.readSince(); at.After(backup.Add(-2 * day)) {
		t.Errorf("the list is read from %s, and the backup is of %s", at, backup)
	}
	f.differences()
	if at := f.readSince(); !at.Equal(f.clock().Add(-2 * day)) {
		t.Errorf("read until now, it is read again from %s", at)
	}
}

// RULE 16: a transfer of a payout that restored books have not sent is explained for as long as it will be found before it is sent. Where its run is
// rejected instead, it is found by the next look, however long ago it was made and whatever was sent since.
func TestATransferOfAPayoutThatIsSentBackIsFound(t *testing.T) {
	t.Parallel()
	f := open(t)
	parties, plan := f.month(2)
	sent := f.payouts(plan)
	lost := transferOf(sent[0]) // after the backup
	lost.CreatedAt = f.clock()
	if open := f.differences(lost); len(open) != 0 {
		t.Fatalf("it is planned, and open is %+v", open)
	}
	f.pass(8 * day)
	f.differences(lost) // every day
	must(t, f.VoidPayoutPlan(t.Context(), plan.RunID, "one line is wrong"))
	must(t, f.EarnFee(t.Context(), parties[1].id, "post", 90_000, f.clock()))
	next := f.plan()
	f.approve(next)
	for _, po := range f.payouts(next) {
		if po.CreatorID == parties[1].creator {
			f.sendNow(po)
		}
	}
	if at := f.readSince(); at.After(lost.CreatedAt.Add(-2 * day)) {
		t.Errorf("the list is read from %s, and the transfer was made on %s", at, lost.CreatedAt)
	}
	if open := f.differences(lost); len(open) != 1 || open[0].ID != lost.ID {
		t.Errorf("its payout was sent back, and open is %+v", open)
	}
}

// sendNow is a payout that is sent and booked.
func (f *fixture) sendNow(po partnership.Payout) {
	f.t.Helper()
	_, err := f.BeginTransfer(f.t.Context(), po.ID)
	must(f.t, err)
	must(f.t, f.ConfirmTransfer(f.t.Context(), po.ID, transferOf(po)))
}

// readSince is from when on the first rail's list is read.
func (f *fixture) readSince() time.Time {
	f.t.Helper()
	known, err := f.KnownUntil(f.t.Context(), program)
	must(f.t, err)
	return known[0].Since
}

// A transfer may come back weeks after a newer one is known, and the message of that be lost: the daily look still reads it, for 90 days. A
// run's own check does not.
func TestAReversalOfLastMonthIsRead(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	parties, plan := f.month(1)
	f.approve(plan)
	first := f.payouts(plan)[0]
	f.sendNow(first)
	sent := f.clock()
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	f.pass(20 * day)
	must(t, f.EarnFee(ctx, parties[0].id, "later", 50_000, f.clock()))
	run, err := f.OpenPayoutRun(ctx, program, "2026-12", "schedule", f.clock().Add(day))
	must(t, err)
	next, err := f.PlanPayouts(ctx, run.ID, f.clock().Add(day))
	must(t, err)
	_, err = f.approveAs(run.ID, "finance", next.LinesHash)
	must(t, err)
	f.sendNow(f.payouts(next)[0])
	f.pass(3 * day)
	f.differences()
	if since := f.readSince(); !since.After(sent) {
		t.Errorf("the run's own check reads since %s", since)
	}
	daily := func() time.Time {
		all, err := f.KnownTransfers(ctx)
		must(t, err)
		if len(all) != 1 {
			t.Fatalf("every day is read %+v", all)
		}
		return all[0].Since
	}
	since := daily()
	if since.After(sent) {
		t.Errorf("every day is read since %s, and not the transfer of %s", since, sent)
	}
	back := transferOf(first)
	back.CreatedAt, back.ReversedMinor = sent, back.AmountMinor-1
	_, err = f.NoteDifferences(ctx, theRail, since, []partnership.Transfer{back})
	must(t, err)
	if po, err := f.Payout(ctx, first.ID); err != nil || po.ReversedMinor != back.ReversedMinor {
		t.Errorf("%+v %v", po, err)
	}
	f.pass(68 * day)
	if since := daily(); !since.After(sent) {
		t.Errorf("after 91 days it is still read since %s", since)
	}
	f.sound()
}
