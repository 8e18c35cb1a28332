package store_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/sanctions"
)

// RULE 9: between the order and the file days may pass. Who has another account by then, or must not be paid any more, is in no file; taken out,
// their money is owed, and the others are paid.
func TestAFileHoldsOnlyWhoMayStillBePaid(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	c, a, plan := f.banked(3)
	stopped := map[string]partnership.PayoutID{}
	for _, po := range f.payouts(plan)[:2] {
		switch len(stopped) {
		case 0:
			to := partnership.Receiver{Kind: "US", ID: "99999999", Routing: "011401533", Name: "Somebody Else"}
			must(t, f.ChooseAccount(ctx, po.CreatorID, partnership.PayoutAccount{Rail: bankRail, Ready: true}, to, partnership.Deed{Who: partnership.ByCreator(po.CreatorID)}))
			stopped["account changed"] = po.ID
		case 1:
			must(t, f.sql(`update creators set name = 'Milan Petrović' where id = $1`, po.CreatorID))
			stopped["sanctions list"] = po.ID
		}
	}
	f.list("later", sanctions.Entry{UID: "9696", Name: "PETROVIC, Milan Dragan", Kind: "individual"})
	for range 2 {
		_, err := f.files(c, "cli:ana")
		wantCode(t, err, partnership.Conflict)
		for why, id := range stopped {
			if !strings.Contains(fmt.Sprint(err), string(id)) {
				continue
			}
			if !strings.Contains(err.Error(), why) || !strings.Contains(err.Error(), "rapport payouts confirm "+string(id)+" --as returned") {
				t.Errorf("%v", err)
			}
			_, err := f.tell(string(id), partnership.BankReturned, "cli:ana")
			must(t, err)
			f.orderAll(a, partnership.PayoutPlan{Payouts: []partnership.PayoutID{id}}, partnership.PayoutFailed)
			if po, err := f.Payout(ctx, id); err != nil || !strings.Contains(po.Reason, "taken out before the bank was asked") {
				t.Errorf("%+v %v", po, err)
			}
			delete(stopped, why)
		}
	}
	if file := f.file(c, "cli:ana"); file.Payments != 1 || len(stopped) != 0 {
		t.Errorf("it holds %d payments, and %v was not stopped", file.Payments, stopped)
	}
	f.sound()
}

// A backup may know nothing of a run that was rejected before the one that was paid: its file has the message id that the bank has seen all the
// same.
func TestAMessageIDIsTheMonthsAndNoRuns(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.offer(theRail, bankRail)
	to := partnership.Receiver{Kind: "US", ID: "00000001", Routing: "011401533", Name: "Creator 0"}
	must(t, f.ChooseAccount(t.Context(), parties[0].creator, partnership.PayoutAccount{Rail: bankRail, Ready: true}, to, partnership.Deed{Who: partnership.ByCreator(parties[0].creator)}))
	f.order(parties[0], "o1", 50_000)
	f.pass(3 * day)
	must(t, f.VoidPayoutPlan(t.Context(), f.plan().RunID, "one line is wrong"))
	plan := f.plan()
	f.approve(plan)
	c, a := f.bank()
	f.orderAll(a, plan, partnership.PayoutPosted)
	paid := f.file(c, "cli:ana")

	restored := open(t)
	c, _, _ = restored.banked(1)
	if again := restored.file(c, "cli:ana"); again.ID != paid.ID || again.RunID == paid.RunID {
		t.Errorf("restored, the month's first file is %s of %s; the bank has seen %s of %s", again.ID, again.RunID, paid.ID, paid.RunID)
	}
}

// Somebody who chose another account, and was erased, is in a file that the bank may have: it is written again to the byte, and what is under
// way to them can be held against where it went.
func TestAnErasureLeavesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	c, a, plan := f.banked(1)
	file := f.file(c, "cli:ana")
	po := f.payouts(plan)[0]
	must(t, f.SavePayoutAccount(ctx, po.CreatorID, partnership.PayoutAccount{ID: "acct_other", Rail: theRail, Ready: true}))
	_, err := f.EraseCreator(ctx, "Creator0", "cli:fin")
	must(t, err)
	if again := f.file(c, "cli:ana"); !bytes.Equal(again.Text, file.Text) {
		t.Error("it is another text")
	}
	_, err = f.tell(file.ID, partnership.BankPaid, "cli:bea")
	must(t, err)
	f.orderAll(a, plan, partnership.PayoutPaid)
	must(t, a.ReconcileRun(ctx, activities.RunRef{RunID: plan.RunID}))
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	if _, err := f.Receiver(ctx, bankRail, po.Destination); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("once it is over the account is still kept: %v", err)
	}
}

// A file that was taken may have been carried out: where it cannot be written again nobody is told to give its money back.
func TestAFileThatCannotBeReadAgainMayHaveBeenPaid(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, _, plan := f.banked(1)
	file := f.file(c, "cli:ana")
	must(t, f.sql(`update payout_accounts set sealed = null where id = (select destination from payouts where id = $1)`, plan.Payouts[0]))
	_, err := f.files(c, "cli:ana")
	wantCode(t, err, partnership.Conflict)
	if words := fmt.Sprint(err); !strings.Contains(words, file.ID) || !strings.Contains(words, "Use the text that cli:ana took") || strings.Contains(words, "--as returned") {
		t.Errorf("%v", err)
	}
}

// RULE 13: what a bank's file paid is of the year in which it was to be carried out, however late somebody reads the statement.
func TestWhatABankPaidIsOfTheYearOfItsFile(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, a, plan := f.banked(1)
	f.pass(time.Date(2026, 12, 30, 12, 0, 0, 0, time.UTC).Sub(f.clock()))
	file := f.file(c, "cli:ana")
	f.pass(5 * day)
	_, err := f.tell(file.ID, partnership.BankPaid, "cli:bea")
	must(t, err)
	f.orderAll(a, plan, partnership.PayoutPaid)
	for year, want := range map[int]int64{2026: plan.TotalMinor, 2027: 0} {
		lines, err := f.TaxYear(t.Context(), year, nil)
		must(t, err)
		sum := int64(0)
		for _, l := range lines {
			sum += l.PaidMinor
		}
		if sum != want {
			t.Errorf("in %d it paid %d, want %d", year, sum, want)
		}
	}
}
