package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

const theRail = "stripe"

// lost is a transfer that was made after the backup from which these books were restored.
func (f *fixture) lost(account, id string, minor int64) partnership.Transfer {
	return partnership.Transfer{ID: id, PayoutID: partnership.PayoutID("po-" + id), Destination: account, AmountMinor: minor, Currency: "USD", CreatedAt: f.clock()}
}

func (f *fixture) settle(transfer string, how partnership.Settlement) error {
	return f.SettleDifference(f.t.Context(), partnership.DifferenceWord{Transfer: transfer, As: how}, partnership.Deed{Who: "cli:fin", Reason: "the backup was older"})
}

func (f *fixture) differences(list ...partnership.Transfer) []partnership.Difference {
	f.t.Helper()
	open, err := f.NoteDifferences(f.t.Context(), theRail, time.Time{}, list)
	must(f.t, err)
	return open
}

// Whoever is asked what a transfer of a program's second rail is can say that it is ours, as of its first.
func TestATransferOfAnyRailOfAProgramMayBeOurs(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.offer(theRail, "paypal")
	f.order(parties[0], "o1", 50_000)
	f.chooses(parties[0], "paypal", "ana@creators.example")
	paid := f.lost("", "PB1", 4000)
	paid.Receiver = "ana@creators.example"
	open, err := f.NoteDifferences(t.Context(), "paypal", time.Time{}, []partnership.Transfer{paid})
	must(t, err)
	if len(open) != 1 || !slices.Equal(open[0].Programs, []string{program}) {
		t.Errorf("finance is asked of %+v", open)
	}
}

func TestWhatTheBooksHaveLostIsFoundAndNetted(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	f.order(parties[0], "o1", 50_000)
	f.order(parties[1], "o2", 90_000)
	f.pass(2 * day)
	known, err := f.KnownUntil(ctx, program)
	if err != nil || len(known) != 1 || known[0].Provider != theRail || !known[0].Since.Equal(epoch.Add(-2*day)) {
		t.Errorf("read is %+v, %v", known, err)
	}
	paid := f.lost("acct_0", "tr_lost", 4000) // of the 5000 that are owed
	list := []partnership.Transfer{paid, {ID: "tr_other", Destination: "acct_nobody", AmountMinor: 7, Currency: "EUR", CreatedAt: f.clock()}}
	found := f.differences(list...)
	if len(found) != 1 || found[0].ID != "tr_lost" || found[0].CreatorID != parties[0].creator || found[0].Why != "the books have no such payout" {
		t.Fatalf("found %+v", found)
	}
	if again := f.differences(list...); len(again) != 1 {
		t.Errorf("found %d times", len(again))
	}
	waits, err := f.PendingDecisions(ctx, 0)
	must(t, err)
	if len(waits) != 1 || waits[0].Kind != "difference" || waits[0].ID != "tr_lost" {
		t.Errorf("finance's list is %+v", waits)
	}
	wantCode(t, f.settle("tr_nothing", partnership.SettleOurs), partnership.NotFound)
	wantCode(t, f.settle("tr_lost", "mine"), partnership.Invalid)
	must(t, f.settle("tr_lost", partnership.SettleOurs))
	must(t, f.settle("tr_lost", partnership.SettleOurs)) // the same again
	wantCode(t, f.settle("tr_lost", partnership.SettleForeign), partnership.Conflict)
	if left := f.differences(list...); len(left) != 0 {
		t.Errorf("still open: %+v", left)
	}
	f.sound()
	plan := f.plan()
	if plan.TotalMinor != 9000 || len(plan.Payouts) != 1 { // 10 of 50 are below the minimum and carry
		t.Errorf("the next run pays %+v", plan)
	}
	run, err := f.PayoutRuns(ctx, program, period)
	must(t, err)
	if len(run) != 2 || run[0].State != partnership.RunReconciled || run[0].PreparedBy != "cli:fin" || run[0].TotalMinor != 4000 {
		t.Errorf("the settlement stands as %+v", run[0])
	}
	trail, err := f.Audit(ctx, store.AuditFilter{})
	must(t, err)
	lines := 0
	for _, line := range trail {
		if line.Deed == partnership.DeedSettleDifference {
			lines++
		}
	}
	if lines != 1 {
		t.Errorf("%d lines in the audit", lines)
	}
	if next, err := f.KnownUntil(ctx, program); err != nil || len(next) != 1 || !next[0].Since.Equal(paid.CreatedAt.Add(-2*day)) {
		t.Errorf("then read is %+v, %v", next, err)
	}
	if all, err := f.KnownTransfers(ctx); err != nil || len(all) != 1 || all[0].Provider != theRail || !all[0].Since.Equal(paid.CreatedAt.Add(-2*day)) {
		t.Errorf("every day is read %+v, %v", all, err)
	}
	f.sound()
}

func TestNothingEarnedIsNothingToRead(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.launch(1)
	if known, err := f.KnownUntil(t.Context(), program); err != nil || len(known) != 0 {
		t.Errorf("read is %+v, %v", known, err)
	}
	_, err := f.KnownUntil(t.Context(), "nothing")
	wantCode(t, err, partnership.NotFound)
}

func TestWhatIsReversedByHandNeedsNobody(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	lost := f.lost("acct_0", "tr_1", 5000)
	f.differences(lost)
	lost.ReversedMinor = 5000
	if open := f.differences(lost); len(open) != 0 {
		t.Errorf("reversed: %+v", open)
	}
	wantCode(t, f.settle("tr_1", partnership.SettleOurs), partnership.Conflict)
}

func TestOursCanBeReversedLater(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	f.pass(2 * day)
	lost := f.lost("acct_0", "tr_1", 5000)
	lost.ReversedMinor = 1000
	f.differences(lost)
	must(t, f.settle("tr_1", partnership.SettleOurs))
	f.sound()
	id, err := f.PayoutByRef(ctx, theRail, "tr_1")
	must(t, err)
	payout, err := f.Payout(ctx, id)
	must(t, err)
	if payout.State != partnership.PayoutPaid || payout.ReversedMinor != 1000 {
		t.Errorf("booked as %+v", payout)
	}
	must(t, f.ReverseTransfer(ctx, id, "tr_1", 5000))
	f.sound()
}

func TestASettlementThatCannotBeBookedChangesNothing(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(2)
	f.order(parties[0], "o1", 50_000)
	nobody := partnership.Transfer{ID: "tr_nobody", PayoutID: "po-gone", Destination: "acct_gone", AmountMinor: 5, Currency: "USD", CreatedAt: f.clock()}
	noRows := f.lost("acct_1", "tr_norows", 700)
	euros := f.lost("acct_0", "tr_euros", 700)
	euros.Currency = "eur"
	if open := f.differences(nobody, noRows, euros); len(open) != 3 {
		t.Fatalf("open: %+v", open)
	}
	for id, says := range map[string]string{"tr_nobody": "no creator's", "tr_norows": "no earnings", "tr_euros": "no earnings of this creator in EUR"} {
		if err := f.settle(id, partnership.SettleOurs); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if open := f.differences(); len(open) != 3 {
		t.Errorf("open: %+v", open)
	}
	f.sound()
}

func TestADifferenceKeepsWhatTheProviderShowed(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	f.differences(f.lost("acct_0", "tr_1", 5000))
	must(t, f.settle("tr_1", partnership.SettleForeign))
	for _, forged := range []string{
		"delete from payout_differences", "update payout_differences set amount_minor = 1", "update payout_differences set destination = 'acct_x'",
		"update payout_differences set settled = 'ours'", "update payout_differences set settled = ''",
	} {
		if f.sql(forged) == nil {
			t.Errorf("%s was let through", forged)
		}
	}
}

// A restored database may learn only later whose account a transfer went to.
func TestWhoseAccountItIsMayBeKnownLater(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	later := f.lost("acct_later", "tr_1", 5000)
	if open := f.differences(later); len(open) != 1 || open[0].CreatorID != "" {
		t.Fatalf("open: %+v", open)
	}
	must(t, f.SavePayoutAccount(t.Context(), parties[0].creator, partnership.PayoutAccount{ID: "acct_later", Ready: true}))
	if open := f.differences(later); len(open) != 1 || open[0].CreatorID != parties[0].creator {
		t.Errorf("open: %+v", open)
	}
	must(t, f.settle("tr_1", partnership.SettleOurs))
	f.sound()
}

// What a person calls a double may have been reversed, unheard, when they say that it is ours after all; and any reversal's message may
// be lost once its run is over. The list tells.
func TestWhatCameBackIsBookedFromTheList(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	f.pass(2 * day)
	lost := f.lost("acct_0", "tr_1", 5000)
	f.differences(lost)
	must(t, f.settle("tr_1", partnership.SettleDouble))
	must(t, f.settle("tr_1", partnership.SettleOurs))
	lost.ReversedMinor = 5000
	for range 2 {
		if open := f.differences(lost); len(open) != 0 {
			t.Errorf("open: %+v", open)
		}
	}
	id, err := f.PayoutByRef(ctx, theRail, "tr_1")
	must(t, err)
	if payout, err := f.Payout(ctx, id); err != nil || payout.State != partnership.PayoutReturned || payout.ReversedMinor != 5000 {
		t.Errorf("booked as %+v, %v", payout, err)
	}
	held, err := f.HeldRows(ctx, 0)
	must(t, err)
	if len(held) != 1 || held[0].AmountMinor != 5000 {
		t.Errorf("owed again: %+v", held)
	}
	f.sound()
}

// A look at a list waits for its provider, and meanwhile the books go back: what it read since is not all that they do not know, so it is
// read again from where they are.
func TestALookOfBeforeTheRestoreLeavesTheBooksWhereTheyRead(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	since := func() time.Time {
		t.Helper()
		known, err := f.KnownUntil(ctx, program)
		if err != nil || len(known) != 1 {
			t.Fatal(known, err)
		}
		return known[0].Since
	}
	look := func(from time.Time, list ...partnership.Transfer) []partnership.Difference {
		t.Helper()
		found, err := f.NoteDifferences(ctx, theRail, from, list)
		must(t, err)
		return found
	}
	f.pass(10 * day)
	f.pay(f.plan())
	look(since())
	back := since()
	f.pass(10 * day)
	look(back)
	must(t, f.sql(`set session_replication_role = replica; update payouts set first_posted_at = '`+f.clock().Format(time.RFC3339)+`'`)) // as if more had been paid
	stale := since()
	if !stale.After(back) {
		t.Fatalf("it was read until %s, and then until %s", back, stale)
	}
	must(t, f.sql(`update transfer_looks set read_until = $1`, back.Add(2*day))) // the books go back
	look(stale)
	if now := since(); !now.Equal(back) {
		t.Errorf("a list since %s was read, and the books, which know until %s, are read since %s", stale, back, now)
	}
	if found := look(back, f.lost("acct_0", "tr_lost", 700)); len(found) != 1 {
		t.Errorf("found %+v", found)
	}
}

// Two rails may give two transfers one id: which is meant is asked, and the other stays open.
func TestADifferenceIsOneRailsOwn(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	f.launch(1)
	list := []partnership.Transfer{{ID: "77", AmountMinor: 500, Currency: "USD", Destination: "acct_x", CreatedAt: f.clock()}}
	for _, rail := range []string{"stripe", "paypal"} {
		list[0].PayoutID = "gone"
		if _, err := f.NoteDifferences(ctx, rail, time.Time{}, list); err != nil {
			t.Fatal(err)
		}
	}
	deed := partnership.Deed{Who: "cli:fin", Reason: "made by hand"}
	err := f.SettleDifference(ctx, partnership.DifferenceWord{Transfer: "77", As: partnership.SettleForeign}, deed)
	wantCode(t, err, partnership.Invalid)
	must(t, f.SettleDifference(ctx, partnership.DifferenceWord{Rail: "paypal", Transfer: "77", As: partnership.SettleForeign}, deed))
	left, err := f.OpenDifferences(ctx, "")
	must(t, err)
	if len(left) != 1 || left[0].Provider != "stripe" {
		t.Errorf("left are %+v", left)
	}
}

// A backup brings back a run with a payout that another run has paid since, or somebody pays by hand while a run waits: what is ours is not
// paid again by that run, approved or not, and the run comes to its end.
func TestWhatIsOursIsNotSentAgainByARunThatWaits(t *testing.T) {
	t.Parallel()
	for _, approved := range []bool{true, false} {
		f := open(t)
		ctx := t.Context()
		_, plan := f.month(1)
		paid := int64(4000) // of 5000
		if approved {
			f.approve(plan)
			paid = 5000
		}
		f.differences(f.lost("acct_0", "tr_lost", paid))
		must(t, f.settle("tr_lost", partnership.SettleOurs))
		f.sound()
		if approved {
			must(t, f.CheckRun(ctx, plan.RunID, partnership.RunKnown{LinesHash: plan.LinesHash, Sending: true}))
			if post, err := f.BeginTransfer(ctx, plan.Payouts[0]); err != nil || post.State != partnership.PayoutVoid || !strings.Contains(post.Reason, "tr_lost") {
				t.Errorf("sent again: %+v, %v", post, err)
			}
			must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
		} else {
			must(t, f.VoidPayoutPlan(ctx, plan.RunID, "it was paid already"))
		}
		if next := f.plan(); len(next.Payouts) != 0 {
			t.Errorf("paid again by the next run: %+v", next)
		}
		f.sound()
	}
}

// Nobody knows of a payout that was sent whether it is paid: beside a transfer that is ours it is not sent again by itself, and is asked about.
func TestWhatWasSentIsAskedAboutBesideWhatIsOurs(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(1)
	f.approve(plan)
	sent := plan.Payouts[0]
	_, err := f.BeginTransfer(ctx, sent)
	must(t, err)
	f.differences(f.lost("acct_0", "tr_lost", 5000))
	must(t, f.settle("tr_lost", partnership.SettleOurs))
	if post, err := f.BeginTransfer(ctx, sent); err != nil || post.State != partnership.PayoutUnknown || !strings.Contains(post.Reason, "tr_lost") {
		t.Errorf("sent again: %+v, %v", post, err)
	}
	must(t, f.FailTransfer(ctx, sent, "the provider does not show it"))
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	if next := f.plan(); len(next.Payouts) != 0 {
		t.Errorf("paid again by the next run: %+v", next)
	}
	f.sound()
}
