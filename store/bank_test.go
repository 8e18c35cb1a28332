package store_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/integrations/filebank"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
)

const bankRail = "filebank"

// bank is a program's bank, the real client over the books.
func (f *fixture) bank(change ...func(*filebank.Settings)) (*filebank.Client, *activities.Activities) {
	s := filebank.Settings{Name: "Dreams Inc", Account: "021000021/123456789", CompanyID: "1234567890", BankName: "CHASE"}
	for _, edit := range change {
		edit(&s)
	}
	c := s.Open(nil).(*filebank.Client)
	c.Keep(f.Store)
	rails := activities.Among[activities.PayoutRail]{First: theRail, By: map[string]activities.PayoutRail{theRail: &provider{}, bankRail: c}}
	return c, activities.New(activities.Deps{Store: f.Store, Rails: rails, Day: day})
}

// banked is bankDue, ordered.
func (f *fixture) banked(n int) (*filebank.Client, *activities.Activities, partnership.PayoutPlan) {
	f.t.Helper()
	c, a, plan := f.bankDue(n)
	f.orderAll(a, plan, partnership.PayoutPosted)
	return c, a, plan
}

// bankDue is a month of n creators who are paid by the bank, approved.
func (f *fixture) bankDue(n int) (*filebank.Client, *activities.Activities, partnership.PayoutPlan) {
	f.t.Helper()
	_, parties := f.launch(n)
	f.offer(theRail, bankRail)
	for i, pa := range parties {
		to := partnership.Receiver{Kind: "US", ID: fmt.Sprintf("%08d", i+1), Routing: "011401533", Name: fmt.Sprint("Creator ", i)}
		f.moveTo(pa.creator, bankRail, to)
		f.order(pa, fmt.Sprint("o", i+1), 50_000)
	}
	f.pass(3 * day)
	plan := f.plan()
	if len(plan.Payouts) != n {
		f.t.Fatalf("%+v", plan)
	}
	f.approve(plan)
	c, a := f.bank()
	return c, a, plan
}

// orderAll has the steps send or look at each payout, and wants what becomes of it.
func (f *fixture) orderAll(a *activities.Activities, plan partnership.PayoutPlan, want partnership.PayoutState) {
	f.t.Helper()
	for _, id := range plan.Payouts {
		state, err := a.ExecuteTransfer(f.t.Context(), activities.PayoutRef{PayoutID: id, Rail: bankRail})
		if err != nil || state != want {
			f.t.Fatalf("payout %s is %s, %v; want %s", id, state, err, want)
		}
	}
}

func (f *fixture) files(c *filebank.Client, who string) ([]partnership.BankFile, error) {
	return f.BankFiles(f.t.Context(), program, period, func(file *partnership.BankFile) (err error) {
		file.Name, file.Text, err = c.Write(*file)
		return err
	}, partnership.Deed{Who: who})
}

func (f *fixture) file(c *filebank.Client, who string) partnership.BankFile {
	f.t.Helper()
	files, err := f.files(c, who)
	must(f.t, err)
	if len(files) != 1 {
		f.t.Fatalf("%d files", len(files))
	}
	return files[0]
}

// bankToday is what the bank's statement says for what it pays on the books' own day, in the program's zone.
func bankToday(f *fixture) string {
	return f.clock().In(zones.Or("America/New_York")).Format(time.DateOnly)
}

func (f *fixture) tell(of string, answer partnership.BankAnswer, who string, names ...string) ([]partnership.PayoutID, error) {
	word := partnership.BankWord{Answer: answer}
	if answer == partnership.BankPaid {
		word.Reference, word.On = "REF-1", bankToday(f)
	}
	return f.TellBank(f.t.Context(), of, word, append(names, who), partnership.Deed{Who: who, Reason: "as the statement says"})
}

// A bank's payout is paid once somebody else than who took the file says so, and not before, however often anybody looks.
func TestABankPaysWhatAPersonSaysThatItPaid(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, a, plan := f.banked(3)
	waits, err := f.BankWaits(t.Context())
	if err != nil || len(waits) != 1 || waits[0].Payments != 3 || waits[0].FileID != "" || waits[0].AmountMinor != plan.TotalMinor || !strings.Contains(waits[0].Words(), "rapport payouts bankfile") {
		t.Fatalf("%+v %v", waits, err)
	}
	_, err = f.tell(string(plan.Payouts[0]), partnership.BankPaid, "cli:bea")
	wantCode(t, err, partnership.Conflict) // it is in no file
	file := f.file(c, "cli:ana")
	if file.Payments != 3 || file.TotalMinor != plan.TotalMinor || len(file.ID) > 35 || file.MadeBy != "cli:ana" {
		t.Errorf("%+v", file)
	}
	again := f.file(c, "cli:ana")
	if !bytes.Equal(again.Text, file.Text) || again.ID != file.ID {
		t.Error("read again it is another text")
	}
	f.pass(40 * day) // no key of the bank's is ever forgotten: nobody asks about it, and nothing is sent again
	f.orderAll(a, plan, partnership.PayoutPosted)
	for _, id := range plan.Payouts {
		if state, err := a.LookUpTransfer(t.Context(), activities.LookUp{PayoutID: id, Resolved: partnership.ChoiceRelease}); err != nil || state != partnership.PayoutPosted {
			t.Errorf("released by a person it is %s, %v", state, err)
		}
	}
	f.sound()
	if told, err := f.tell(file.ID, partnership.BankPaid, "cli:bea"); err != nil || len(told) != 3 {
		t.Fatalf("%v %v", told, err)
	}
	f.orderAll(a, plan, partnership.PayoutPaid)
	must(t, a.ReconcileRun(t.Context(), activities.RunRef{RunID: plan.RunID}))
	must(t, a.CheckBooks(t.Context(), activities.RunRef{Program: program}))
	if told, err := f.tell(file.ID, partnership.BankPaid, "cli:bea"); err != nil || len(told) != 0 {
		t.Errorf("said again it is news of %v, %v", told, err)
	}
	if _, err := f.files(c, "cli:ana"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("a file that is done is written again: %v", err)
	}
	if waits, err := f.BankWaits(t.Context()); err != nil || len(waits) != 0 {
		t.Errorf("%+v %v", waits, err)
	}
	f.sound()
}

// Who took a file does not say what the bank did, under any of their names, and neither does whoever read it again.
func TestWhoTookAFileDoesNotSayWhatTheBankDid(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, _, plan := f.banked(1)
	file := f.file(c, "cli:ana")
	f.file(c, "cli:bea")
	for _, who := range []string{"cli:ana", "cli:bea", "", "slack:U1"} {
		names := []string{}
		if who == "slack:U1" {
			names = append(names, "cli:ana")
		}
		for _, of := range []string{file.ID, string(plan.Payouts[0])} {
			_, err := f.tell(of, partnership.BankPaid, who, names...)
			wantCode(t, err, partnership.Forbidden)
		}
		_, err := f.VoidBankFile(t.Context(), file.ID, append(names, who), partnership.Deed{Who: who, Reason: "the bank refused it"})
		wantCode(t, err, partnership.Forbidden)
	}
	if _, err := f.tell(file.ID, partnership.BankPaid, "cli:cem"); err != nil {
		t.Error(err)
	}
}

// However many take a month to the bank at once, each payment is in one file; what is ordered later is in another, with an id of its own.
func TestAPayoutIsInOneFile(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(3)
	f.offer(theRail, bankRail)
	for i, pa := range parties {
		to := partnership.Receiver{Kind: "US", ID: fmt.Sprintf("%08d", i+1), Routing: "011401533", Name: "A Creator"}
		f.moveTo(pa.creator, bankRail, to)
		f.order(pa, fmt.Sprint("o", i+1), 50_000)
	}
	f.pass(3 * day)
	plan := f.plan()
	c, a := f.bank()
	if _, err := f.files(c, "cli:ana"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("before it is approved it is taken to the bank: %v", err)
	}
	f.approve(plan)
	f.orderAll(a, partnership.PayoutPlan{Payouts: plan.Payouts[:2]}, partnership.PayoutPosted)
	var mu sync.Mutex
	texts := map[string]int{}
	atOnce(8, func(int) {
		files, err := f.files(c, "cli:ana")
		mu.Lock()
		defer mu.Unlock()
		if err != nil || len(files) != 1 || files[0].Payments != 2 {
			t.Errorf("%d files, %v", len(files), err)
			return
		}
		texts[string(files[0].Text)]++
	})
	if len(texts) != 1 {
		t.Errorf("of two payments there are %d files", len(texts))
	}
	f.orderAll(a, plan, partnership.PayoutPosted)
	files, err := f.files(c, "cli:ana")
	if err != nil || len(files) != 2 || files[0].Payments != 2 || files[1].Payments != 1 || files[0].ID == files[1].ID {
		t.Fatalf("%+v %v", files, err)
	}
	if err := f.sql(`insert into bank_lines (payout_id, file_id) select payout_id, $1 from bank_lines where file_id = $2 limit 1`, files[1].ID, files[0].ID); err == nil {
		t.Error("a payout is in two files")
	}
	f.sound()
}

// A file that nobody knows the fate of is never written otherwise: other settings would be another payment under a known id.
func TestAFileIsNeverWrittenOtherwise(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, _, _ := f.banked(2)
	file := f.file(c, "cli:ana")
	for name, change := range map[string]func(*filebank.Settings){
		"from another bank": func(s *filebank.Settings) { s.Account = "011401533/99999999" },
		"as a CSV":          func(s *filebank.Settings) { s.Format = "csv" },
		"in another name":   func(s *filebank.Settings) { s.Name = "Nightmares Inc" },
	} {
		other, _ := f.bank(change)
		if _, err := f.files(other, "cli:ana"); partnership.CodeOf(err) != partnership.Conflict || !strings.Contains(fmt.Sprint(err), file.ID) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if again := f.file(c, "cli:ana"); !bytes.Equal(again.Text, file.Text) {
		t.Error("it is another text")
	}
	// A backup that knows nothing of the file makes the same message id again, and the bank refuses it.
	must(t, f.sql(`set session_replication_role = replica; delete from bank_lines; delete from bank_files; delete from book_signatures where tx not in (select tx from bank_orders)`))
	if restored := f.file(c, "cli:ana"); restored.ID != file.ID {
		t.Errorf("restored it is %s, and was %s", restored.ID, file.ID)
	}
}

// What the bank never executed is owed again, in payouts of another run, and only as long as the bank has paid none of it.
func TestAFileThatWasNeverExecutedIsPaidByAnotherRun(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, a, plan := f.banked(2)
	file := f.file(c, "cli:ana")
	never := func() ([]partnership.PayoutID, error) {
		return f.VoidBankFile(t.Context(), file.ID, []string{"cli:bea"}, partnership.Deed{Who: "cli:bea", Reason: "the bank refused it"})
	}
	if told, err := never(); err != nil || len(told) != 2 {
		t.Fatalf("%v %v", told, err)
	}
	if told, err := never(); err != nil || len(told) != 0 {
		t.Errorf("said again it is news of %v, %v", told, err)
	}
	_, err := f.tell(file.ID, partnership.BankPaid, "cli:bea")
	if err != nil {
		t.Errorf("nothing of it is open, and it says %v", err)
	}
	_, err = f.tell(string(plan.Payouts[0]), partnership.BankPaid, "cli:bea")
	wantCode(t, err, partnership.Conflict)
	f.orderAll(a, plan, partnership.PayoutFailed)
	f.sound()
	must(t, f.SetPayoutRunState(t.Context(), plan.RunID, partnership.RunReconciled))
	next := f.plan()
	f.approve(next)
	f.orderAll(a, next, partnership.PayoutPosted)
	other := f.file(c, "cli:ana")
	if len(next.Payouts) != 2 || other.ID == file.ID || other.Orders[0].PayoutID == file.Orders[0].PayoutID {
		t.Errorf("the next run pays %d by %s", len(next.Payouts), other.ID)
	}
	if _, err := f.tell(string(next.Payouts[0]), partnership.BankPaid, "cli:bea"); err != nil {
		t.Error(err)
	}
	_, err = f.VoidBankFile(t.Context(), other.ID, []string{"cli:bea"}, partnership.Deed{Who: "cli:bea", Reason: "the bank refused it"})
	wantCode(t, err, partnership.Conflict)
	f.sound()
}

// What was paid and comes back weeks later is owed again, held for a person, and can be called paid by nobody any more. Two who say it at
// once are one.
func TestWhatABankReturnsLaterIsOwedAgain(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, a, plan := f.banked(2)
	file := f.file(c, "cli:ana")
	_, err := f.tell(file.ID, partnership.BankPaid, "cli:bea")
	must(t, err)
	f.orderAll(a, plan, partnership.PayoutPaid)
	must(t, f.SetPayoutRunState(t.Context(), plan.RunID, partnership.RunReconciled))
	f.pass(20 * day)
	var mu sync.Mutex
	news := 0
	atOnce(6, func(i int) {
		told, err := f.tell(string(plan.Payouts[0]), partnership.BankReturned, fmt.Sprint("cli:", i))
		mu.Lock()
		defer mu.Unlock()
		if news += len(told); err != nil {
			t.Error(err)
		}
	})
	if news != 1 {
		t.Errorf("it came back %d times", news)
	}
	_, err = f.tell(string(plan.Payouts[0]), partnership.BankPaid, "cli:bea")
	wantCode(t, err, partnership.Conflict)
	if _, err := f.tell(file.ID, partnership.BankReturned, "cli:bea"); partnership.CodeOf(err) != partnership.Invalid {
		t.Errorf("a whole file comes back: %v", err)
	}
	one, err := f.Payout(t.Context(), plan.Payouts[0])
	if err != nil || one.State != partnership.PayoutReturned || one.ReversedMinor != one.AmountMinor {
		t.Errorf("%+v %v", one, err)
	}
	must(t, a.ReconcileRun(t.Context(), activities.RunRef{RunID: plan.RunID}))
	must(t, a.CheckBooks(t.Context(), activities.RunRef{Program: program}))
	held, err := f.HeldRows(t.Context(), 10)
	if err != nil || len(held) != 1 || held[0].AmountMinor != one.AmountMinor {
		t.Errorf("%+v %v", held, err)
	}
	f.sound()
}

// An order whose account cannot be read any more is taken out, and the others are paid.
func TestAnOrderThatNoFileCanPayIsTakenOut(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, a, plan := f.banked(2)
	must(t, f.sql(`update payout_accounts set sealed = null where id = (select destination from payouts where id = $1)`, plan.Payouts[0]))
	_, err := f.files(c, "cli:ana")
	if partnership.CodeOf(err) != partnership.Conflict || !strings.Contains(err.Error(), string(plan.Payouts[0])) {
		t.Fatalf("%v", err)
	}
	if _, err := f.tell(string(plan.Payouts[0]), partnership.BankReturned, "cli:ana"); err != nil {
		t.Fatal(err)
	}
	if file := f.file(c, "cli:ana"); file.Payments != 1 {
		t.Errorf("%+v", file)
	}
	f.orderAll(a, partnership.PayoutPlan{Payouts: plan.Payouts[:1]}, partnership.PayoutFailed)
	f.orderAll(a, partnership.PayoutPlan{Payouts: plan.Payouts[1:]}, partnership.PayoutPosted)
	f.sound()
}

// What a bank was ordered and has answered is refused to the program's role, and found where somebody has switched the guards off.
func TestABanksWordCannotBeForged(t *testing.T) {
	t.Parallel()
	answer := `insert into bank_answers (payout_id, answer, reference, why, told_by, told_at, tx) select payout_id, 'paid', 'forged', '', 'nobody', now(), this_transaction() from bank_lines limit 1`
	for name, forgery := range map[string]struct{ sql, found string }{
		"an answer of nobody's":               {answer, "bank answer"},
		"an order of another payout":          {`insert into bank_orders (payout_id, rail, ordered_at, tx) select 'forged', 'filebank', now(), this_transaction()`, "bank order forged"},
		"an order that is taken back":         {`delete from bank_lines; delete from bank_orders`, "are gone from the books"},
		"a line in another file":              {`update bank_lines set file_id = 'forged'`, "bank line"},
		"a file that holds more":              {`update bank_files set total_minor = total_minor * 2`, "bank file"},
		"a file that somebody else took":      {`update bank_files set made_by = 'nobody'`, "bank file"},
		"a payout that the bank has not paid": {`update payouts set state = 'paid', provider_ref = 'bank/forged' where id = (select min(payout_id) from bank_lines)`, "nobody has said what the bank did"},
		"rows of what may still be paid":      {`update payouts set state = 'failed' where id = (select min(payout_id) from bank_lines)`, "nobody has said what the bank did"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t)
			c, _, _ := f.banked(2)
			f.file(c, "cli:ana")
			must(t, f.SealBooks(t.Context()))
			f.sound()
			if err := f.sqlAsProgram("begin; " + forgery.sql + "; commit"); err == nil {
				t.Error("the program may")
			}
			must(t, f.sql("begin; set local session_replication_role = replica; "+forgery.sql+"; commit"))
			if faults := strings.Join(f.faults(), "\n"); !strings.Contains(faults, forgery.found) {
				t.Errorf("found:\n%s\nwant %q", faults, forgery.found)
			}
		})
	}
}
