package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// chooses is a creator's word that they are paid by another rail.
func (f *fixture) chooses(of party, rail, receiver string) partnership.PayoutAccount {
	f.t.Helper()
	ctx := f.t.Context()
	f.moveTo(of.creator, rail, partnership.Receiver{Kind: "EMAIL", ID: receiver})
	all, err := f.PayoutAccounts(ctx, of.creator)
	must(f.t, err)
	at := slices.IndexFunc(all, func(a partnership.PayoutAccount) bool { return a.Current })
	if at < 0 || all[at].Rail != rail || !all[at].Ready {
		f.t.Fatalf("%+v", all)
	}
	return all[at]
}

// offer lets the program's creators choose.
func (f *fixture) offer(rails ...string) {
	f.t.Helper()
	must(f.t, f.Signed(f.t.Context(), "update programs set rails = $1", rails))
}

// A creator has accounts at several rails, and money goes to the one that they chose last, after its wait. Who they are there is kept
// encrypted, shown by its last four, and leaves no trace in the books.
func TestMoneyGoesByTheRailThatTheCreatorChose(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	f.offer(theRail, "paypal")
	f.order(parties[0], "o1", 50_000)
	f.order(parties[1], "o2", 30_000)
	f.pass(3 * day)
	account := f.chooses(parties[0], "paypal", "Ana@Creators.example")
	if account.Shown != "…mple" || strings.Contains(account.ID, "ana") {
		t.Errorf("%+v", account)
	}
	if again := f.chooses(parties[0], "paypal", "ana@creators.example"); again.ID != account.ID {
		t.Errorf("the same receiver is another account: %+v", again)
	}
	f.pass(day)
	if _, carried, err := f.PreviewPayouts(ctx, program, period, f.clock()); err != nil || len(carried) != 1 || !strings.Contains(carried[0].Reason, "new payout account") {
		t.Errorf("carried: %+v %v", carried, err)
	}
	f.pass(2 * day)
	plan := f.plan()
	if len(plan.Payouts) != 2 || len(plan.Rails) != 2 || plan.TotalMinor != 8000 {
		t.Fatalf("%+v", plan)
	}
	rails := map[string]int64{}
	for _, of := range plan.Rails {
		rails[of.Rail] = of.AmountMinor
	}
	if rails[theRail] != 3000 || rails["paypal"] != 5000 {
		t.Errorf("%v", rails)
	}
	f.approve(plan)
	if plan.Batches != 2 {
		t.Errorf("%d batches: one has two rails", plan.Batches)
	}
	for batch := range plan.Batches {
		inIt, err := f.PayoutsOfBatch(ctx, plan.RunID, batch)
		must(t, err)
		for _, po := range inIt {
			if plan.RailOf(batch) != po.Provider {
				t.Errorf("batch %d goes by %s, the plan says %s", batch, po.Provider, plan.RailOf(batch))
			}
		}
	}
	for _, id := range plan.Payouts {
		post, err := f.BeginTransfer(ctx, id)
		must(t, err)
		if post.Provider != "paypal" {
			continue
		}
		to, err := f.Receiver(ctx, post.Provider, post.Destination)
		if err != nil || post.Destination != account.ID || to.ID != "ana@creators.example" && to.ID != "Ana@Creators.example" {
			t.Fatalf("%s %v", post.Destination, err)
		}
		paid := partnership.Transfer{ID: "B1", PayoutID: id, Receiver: "ana@creators.example", AmountMinor: post.AmountMinor, Currency: post.Currency, CreatedAt: f.clock()}
		other := paid
		other.Receiver = "eve@creators.example"
		wantCode(t, f.ConfirmTransfer(ctx, id, other), partnership.Conflict)
		if open, err := f.NoteDifferences(ctx, "paypal", time.Time{}, []partnership.Transfer{{ID: "B9", PayoutID: "gone", Receiver: "ANA@creators.example", AmountMinor: 100, Currency: "USD", CreatedAt: f.clock()}}); err != nil ||
			len(open) != 1 || open[0].CreatorID != parties[0].creator || open[0].Destination != account.ID {
			t.Errorf("a payout that the books have lost: %+v %v", open, err)
		}
		must(t, f.ConfirmTransfer(ctx, id, paid))
	}
	f.sound()
	for table, text := range f.everything() {
		if strings.Contains(strings.ToLower(text), "ana@creators") {
			t.Errorf("%s holds the receiver in plain", table)
		}
	}
}

func TestAProgramPaysOnlyByTheRailsThatItOffers(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	f.chooses(parties[0], "paypal", "ana@creators.example")
	f.pass(3 * day)
	if why := f.reason(); !strings.Contains(why, "does not pay that way") {
		t.Errorf("it says %q", why)
	}
	f.offer(theRail, "paypal")
	if why := f.reason(); why != "" {
		t.Errorf("it says %q", why)
	}
}

// An account that the rail closed is replaced; news of one that is not current changes nothing for the one that is.
func TestAClosedAccountIsReplacedAndOldNewsChangeNothing(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	whose, err := f.NotePayoutAccount(ctx, partnership.PayoutAccount{ID: "acct_0", Rail: theRail, Closed: true})
	if err != nil || len(whose) != 1 || whose[0] != parties[0].creator {
		t.Fatalf("%v %v", whose, err)
	}
	f.pass(3 * day)
	if why := f.reason(); !strings.Contains(why, "not set up") {
		t.Errorf("a closed account: %q", why)
	}
	f.moveAccount(parties[0], "acct_second")
	f.pass(2*day + time.Second)
	if why := f.reason(); why != "" {
		t.Errorf("its successor: %q", why)
	}
	if _, err := f.NotePayoutAccount(ctx, partnership.PayoutAccount{ID: "acct_0", Rail: theRail}); err != nil {
		t.Fatal(err)
	}
	if why := f.reason(); why != "" {
		t.Errorf("after news of the closed one: %q", why)
	}
}

// Who was erased is paid what is left where they were paid, and then nobody can say where that was.
func TestAReceiverIsForgottenOnceNothingIsOwed(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	f.offer(theRail, "paypal")
	f.order(parties[0], "o1", 50_000)
	owed, done := f.chooses(parties[0], "paypal", "ana@creators.example"), f.chooses(parties[1], "paypal", "bo@creators.example")
	for _, handle := range []string{"creator0", "creator1"} {
		_, err := f.EraseCreator(ctx, handle, "cli:ada")
		must(t, err)
	}
	if _, err := f.Receiver(ctx, "paypal", owed.ID); err != nil {
		t.Errorf("what is owed has to go somewhere: %v", err)
	}
	_, err := f.Receiver(ctx, "paypal", done.ID)
	wantCode(t, err, partnership.NotFound)
	f.pass(3 * day)
	plan := f.plan()
	f.approve(plan)
	post, err := f.BeginTransfer(ctx, plan.Payouts[0])
	must(t, err)
	must(t, f.ConfirmTransfer(ctx, post.ID, partnership.Transfer{ID: "B1", PayoutID: post.ID, Receiver: "ana@creators.example", AmountMinor: post.AmountMinor, Currency: post.Currency, CreatedAt: f.clock()}))
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	_, err = f.Receiver(ctx, "paypal", owed.ID)
	wantCode(t, err, partnership.NotFound)
}

func TestAReceiverIsNotMovedToAnotherAccount(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(2)
	ana, bo := f.chooses(parties[0], "paypal", "ana@creators.example"), f.chooses(parties[1], "paypal", "bo@creators.example")
	if err := f.sql("update payout_accounts set sealed = (select sealed from payout_accounts where id = $2) where id = $1", ana.ID, bo.ID); err == nil {
		t.Error("a receiver was changed in place")
	}
	must(f.t, f.sql("alter table payout_accounts disable trigger payout_accounts_guard"))
	must(f.t, f.sql("update payout_accounts set sealed = (select sealed from payout_accounts where id = $2) where id = $1", ana.ID, bo.ID))
	_, err := f.Receiver(t.Context(), "paypal", ana.ID)
	wantCode(t, err, partnership.NotFound)
}

// What was kept of a receiver can be broken. Then nothing is planned for that account, and the creator's word that it is the same one is a
// new account, which can be read.
func TestAReceiverThatCannotBeReadIsGivenAgain(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	f.offer(theRail, "paypal")
	f.order(parties[0], "o1", 50_000)
	broken := f.chooses(parties[0], "paypal", "ana@creators.example")
	must(t, f.sql("alter table payout_accounts disable trigger payout_accounts_guard"))
	must(t, f.sql("update payout_accounts set sealed = 'x' where id = $1", broken.ID))
	_, err := f.Receiver(ctx, "paypal", broken.ID)
	wantCode(t, err, partnership.NotFound)
	_, err = f.NotePayoutAccount(ctx, partnership.PayoutAccount{Rail: "paypal", ID: broken.ID, Closed: true})
	must(t, err)
	f.pass(3 * day)
	if _, carried, err := f.PreviewPayouts(ctx, program, period, f.clock()); err != nil || len(carried) != 1 || !strings.Contains(carried[0].Reason, "not set up yet") {
		t.Errorf("carried: %+v %v", carried, err)
	}
	again := f.chooses(parties[0], "paypal", "ana@creators.example")
	if to, err := f.Receiver(ctx, "paypal", again.ID); err != nil || to.ID != "ana@creators.example" || again.ID == broken.ID {
		t.Errorf("%+v %v", again, err)
	}
}

// Two handles of one person share a receiver. Whose a transfer to it is tells the payout that it names, and else a person: a guess would take
// from one what the other was paid.
func TestWhoseATransferToASharedReceiverIsAPersonSays(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	f.offer(theRail, "paypal")
	f.order(parties[0], "o1", 50_000)
	f.order(parties[1], "o2", 90_000)
	f.chooses(parties[0], "paypal", "ana@creators.example")
	account := f.chooses(parties[1], "paypal", "ana@creators.example")
	paid := f.lost("", "PB1", 9000) // what the second was owed
	paid.Receiver = "ana@creators.example"
	open, err := f.NoteDifferences(ctx, "paypal", time.Time{}, []partnership.Transfer{paid})
	must(t, err)
	if len(open) != 1 || open[0].CreatorID != "" || open[0].To() != "@Creator0 or @Creator1" {
		t.Fatalf("it is taken for %+v", open)
	}
	word := partnership.Deed{Who: "cli:fin", Reason: "the backup was older"}
	err = f.SettleDifference(ctx, partnership.DifferenceWord{Rail: "paypal", Transfer: "PB1", As: partnership.SettleOurs}, word)
	if partnership.CodeOf(err) != partnership.Invalid || !strings.Contains(err.Error(), "@Creator0 or @Creator1") {
		t.Errorf("whose it is was not asked: %v", err)
	}
	wantCode(t, f.SettleDifference(ctx, partnership.DifferenceWord{Rail: "paypal", Transfer: "PB1", As: partnership.SettleOurs, Creator: "nobody"}, word), partnership.Invalid)
	for range 2 { // the same word again
		must(t, f.SettleDifference(ctx, partnership.DifferenceWord{Rail: "paypal", Transfer: "PB1", As: partnership.SettleOurs, Creator: parties[1].creator}, word))
	}
	wantCode(t, f.SettleDifference(ctx, partnership.DifferenceWord{Rail: "paypal", Transfer: "PB1", As: partnership.SettleOurs, Creator: parties[0].creator}, word), partnership.Invalid)
	if left, err := f.NoteDifferences(ctx, "paypal", time.Time{}, []partnership.Transfer{paid}); err != nil || len(left) != 0 {
		t.Errorf("still open: %+v, %v", left, err)
	}
	if named, err := f.NameTransfers(ctx, "paypal", []partnership.Transfer{paid}); err != nil || named[0].Destination != account.ID {
		t.Errorf("a proof would say that %+v was paid, %v", named, err)
	}
	f.pass(3 * day)
	plan := f.plan()
	if next := f.payouts(plan); len(next) != 1 || next[0].CreatorID != parties[0].creator || next[0].AmountMinor != 5000 {
		t.Errorf("the next run pays %+v", next)
	}
	f.sound()
	f.pay(plan)
	twice := f.lost("", "PB2", 5000)
	twice.Receiver, twice.PayoutID = "ana@creators.example", plan.Payouts[0]
	if open, err = f.NoteDifferences(ctx, "paypal", time.Time{}, []partnership.Transfer{twice}); err != nil || len(open) != 1 || open[0].CreatorID != parties[0].creator {
		t.Errorf("its own payout tells whose it is: %+v, %v", open, err)
	}
}
