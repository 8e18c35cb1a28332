package store_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
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
			f.moveTo(po.CreatorID, bankRail, to)
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
	f.moveTo(parties[0].creator, bankRail, to)
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

// RULE 13: what a bank's file paid is of the year in which the bank has paid it, by its statement in the program's zone, whenever the file was made
// and somebody reads it.
func TestWhatABankPaidIsOfTheYearOfItsStatement(t *testing.T) {
	t.Parallel()
	for on, year := range map[string]int{"2026-12-05": 2026, "2026-12-31": 2026, "2027-01-01": 2027} { // the first is before the file was made: it was made again after a restore
		t.Run(on, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			c, a, plan := f.banked(1)
			f.pass(time.Date(2026, 12, 30, 12, 0, 0, 0, time.UTC).Sub(f.clock()))
			file := f.file(c, "cli:ana")
			f.pass(5 * day)
			saidOf := func(of, reference, on string) error {
				_, err := f.TellBank(t.Context(), of, partnership.BankWord{Answer: partnership.BankPaid, Reference: reference, On: on}, []string{"cli:bea"}, partnership.Deed{Who: "cli:bea"})
				return err
			}
			said := func(reference, on string) error { return saidOf(file.ID, reference, on) }
			for _, wrong := range []string{"", "31.12.2026", "2026-02-30", "2027-01-05", "2026-10-27"} { // no day, to come, and before the month had ended
				if err := said("R1", wrong); partnership.CodeOf(err) != partnership.Invalid || !strings.Contains(err.Error(), "on") {
					t.Errorf("on %q: %v", wrong, err)
				}
			}
			must(t, said("R1", on))
			must(t, said("R1", on))
			must(t, saidOf(string(plan.Payouts[0]), "R1", on))
			wantCode(t, saidOf(string(plan.Payouts[0]), "R1", "2027-01-03"), partnership.Conflict)
			wantCode(t, saidOf(string(plan.Payouts[0]), "R2", on), partnership.Conflict)
			f.orderAll(a, plan, partnership.PayoutPaid)
			for _, of := range []int{2026, 2027} {
				lines, err := f.TaxYear(t.Context(), of, nil)
				must(t, err)
				sum := int64(0)
				for _, l := range lines {
					sum += l.PaidMinor
				}
				if want := map[bool]int64{true: plan.TotalMinor}[of == year]; sum != want {
					t.Errorf("in %d it paid %d, want %d", of, sum, want)
				}
			}
			f.sound()
		})
	}
}

// What the bank has paid and sent back is owed again and held, also where nobody has looked at it in between: it left, so why it came back is a
// person's to see before it leaves once more.
func TestWhatComesBackBeforeAnybodyLookedIsHeld(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, a, plan := f.banked(2)
	file := f.file(c, "cli:ana")
	_, err := f.tell(file.ID, partnership.BankPaid, "cli:bea")
	must(t, err)
	_, err = f.tell(string(plan.Payouts[0]), partnership.BankReturned, "cli:cem")
	must(t, err)
	f.orderAll(a, partnership.PayoutPlan{Payouts: plan.Payouts[:1]}, partnership.PayoutReturned)
	f.orderAll(a, partnership.PayoutPlan{Payouts: plan.Payouts[1:]}, partnership.PayoutPaid)
	held, err := f.HeldRows(t.Context(), 10)
	if err != nil || len(held) != 1 || held[0].AmountMinor != 5_000 {
		t.Errorf("held is %+v, %v", held, err)
	}
	must(t, f.SetPayoutRunState(t.Context(), plan.RunID, partnership.RunReconciled))
	if next := f.plan(); len(next.Payouts) != 0 {
		t.Errorf("the next run pays it, and nobody has looked: %+v", next)
	}
	f.sound()
}

// A file that cannot be written again is named, and holds up nothing that was ordered since.
func TestAFileThatCannotBeReadAgainHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(2)
	f.offer(theRail, bankRail)
	for i, pa := range parties {
		to := partnership.Receiver{Kind: "US", ID: fmt.Sprintf("%08d", i+1), Routing: "011401533", Name: "A Creator"}
		f.moveTo(pa.creator, bankRail, to)
		f.order(pa, fmt.Sprint("o", i+1), 50_000)
	}
	f.pass(3 * day)
	plan := f.plan()
	f.approve(plan)
	c, a := f.bank()
	f.orderAll(a, partnership.PayoutPlan{Payouts: plan.Payouts[:1]}, partnership.PayoutPosted)
	old := f.file(c, "cli:ana")
	must(t, f.sql(`update payout_accounts set sealed = null where id = (select destination from payouts where id = $1)`, plan.Payouts[0]))
	f.orderAll(a, partnership.PayoutPlan{Payouts: plan.Payouts[1:]}, partnership.PayoutPosted)
	files, err := f.files(c, "cli:bea")
	must(t, err)
	if len(files) != 2 || files[0].ID != old.ID || files[0].Text != nil || !strings.Contains(files[0].Wrong, "Use the text that cli:ana took") || files[1].Payments != 1 || len(files[1].Text) == 0 {
		t.Fatalf("%+v", files)
	}
	// Who was shown no text of it did not take it, and may say what the bank did.
	if _, err := f.tell(old.ID, partnership.BankPaid, "cli:bea"); err != nil {
		t.Error(err)
	}
	f.sound()
}

// Once the bank has not paid a payment of a file its text is given to nobody: uploaded again it would pay what the next run pays too. What is open
// in it is said by a person, and what was ordered since is in a file of its own.
func TestAFileOfWhichAPaymentCameBackIsNotReadAgain(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	c, a, plan := f.banked(4)
	old := f.file(c, "cli:ana")
	back, left := plan.Payouts[0], plan.Payouts[1:]
	_, err := f.tell(string(back), partnership.BankReturned, "cli:bea")
	must(t, err)
	f.orderAll(a, partnership.PayoutPlan{Payouts: plan.Payouts[:1]}, partnership.PayoutFailed)
	_, err = f.files(c, "cli:ana")
	for _, word := range []string{old.ID, string(back), "3 payments", "payouts confirm", "payouts unexecuted " + old.ID} {
		if partnership.CodeOf(err) != partnership.Conflict || !strings.Contains(err.Error(), word) {
			t.Errorf("it lacks %q: %v", word, err)
		}
	}
	if strings.Contains(fmt.Sprint(err), string(left[0])) {
		t.Errorf("it names one that did not come back: %v", err)
	}

	must(t, f.sql(`set session_replication_role = replica; delete from bank_lines where payout_id = '`+string(left[2])+`'`)) // as if it had been ordered after the file was made
	files, err := f.files(c, "cli:ana")
	must(t, err)
	if len(files) != 2 || files[0].Text != nil || !strings.Contains(files[0].Wrong, string(back)) || files[1].Payments != 1 || len(files[1].Text) == 0 {
		t.Errorf("%+v", files)
	}
	_, err = f.tell(string(left[0]), partnership.BankPaid, "cli:bea")
	must(t, err)
	_, err = f.tell(string(left[1]), partnership.BankReturned, "cli:bea")
	must(t, err)
	if again, err := f.files(c, "cli:ana"); err != nil || len(again) != 1 || again[0].ID != files[1].ID {
		t.Errorf("all of it is answered for, and it is still spoken of: %+v, %v", again, err)
	}
	if po, err := f.Payout(ctx, left[0]); err != nil || po.State != partnership.PayoutPaid {
		t.Errorf("%+v %v", po, err)
	}
}

// Where the bank has carried out none of it what is left of it is said as unexecuted.
func TestWhatIsLeftOfAFileOfWhichAPaymentCameBackMayBeUnexecuted(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, a, plan := f.banked(2)
	file := f.file(c, "cli:ana")
	_, err := f.tell(string(plan.Payouts[0]), partnership.BankReturned, "cli:bea")
	must(t, err)
	if told, err := f.VoidBankFile(t.Context(), file.ID, nil, partnership.Deed{Who: "cli:bea", Reason: "the bank refused it"}); err != nil || len(told) != 1 || told[0] != plan.Payouts[1] {
		t.Errorf("%v %v", told, err)
	}
	f.orderAll(a, plan, partnership.PayoutFailed)
	f.sound()
}

// The files of one day are told apart by their number of that day, whichever program they are of and however many make one at once; it stays what
// it is.
func TestFilesOfADayAreNumbered(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, _, _ := f.banked(1)
	var mu sync.Mutex
	taken := map[string]int{}
	atOnce(4, func(int) {
		file, err := f.files(c, "cli:ana")
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			t.Error(err)
			return
		}
		taken[fmt.Sprint(file[0].DayN, " ", string(file[0].Text[33]))]++
	})
	if len(taken) != 1 || taken["1 A"] != 4 {
		t.Errorf("the day's first file is %v", taken)
	}
	// Another program's, of the same bank and day.
	must(t, f.sql(`set session_replication_role = replica; update bank_files set id = 'RPTOFANOTHERPROGRAM', run_id = 'another/2026-11/1'; update bank_lines set file_id = 'RPTOFANOTHERPROGRAM', payout_id = 'another'`))
	if second := f.file(c, "cli:ana"); second.DayN != 2 || second.Text[33] != 'B' {
		t.Errorf("the day's second file is %d, %q", second.DayN, second.Text[33])
	}
}
