package store_test

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/integrations/filebank"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// The bank refused a file, its payments were paid by another one, and a backup of before came back. The books have ordered them, and know of
// neither file. The one that is made again is the same to the bank; a person says again that it was not carried out, and books from the
// statement what was paid: then nothing more is owed, and nothing goes to the bank.
func TestWhatABankDidSinceTheBackupIsSaidByPeople(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	c, a, plan := f.banked(2)
	refused := f.file(c, "cli:ana")
	again := f.file(c, "cli:ana")
	if again.ID != refused.ID || !bytes.Equal(again.Text, refused.Text) {
		t.Error("made again it is another file, and the bank would carry it out")
	}
	if told, err := f.VoidBankFile(ctx, refused.ID, nil, partnership.Deed{Who: "cli:bea", Reason: "the bank refused it before the restore"}); err != nil || len(told) != 2 {
		t.Fatal(told, err)
	}
	f.orderAll(a, plan, partnership.PayoutFailed)
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))

	creators := []partnership.CreatorID{}
	for _, id := range plan.Payouts {
		po, err := f.Payout(ctx, id)
		must(t, err)
		creators = append(creators, po.CreatorID)
	}
	word := partnership.Deed{Who: "cli:bea", Reason: "paid before the restore, as the statement says"}
	paid := partnership.BankPayment{Rail: bankRail, Reference: "NTRF 77", Program: program, AmountMinor: 5000, Currency: "USD", On: f.clock().Format(time.DateOnly)}
	for _, who := range creators {
		paid.CreatorID = who
		for range 2 { // the same word again
			must(t, f.BookBankPayment(ctx, paid, word))
		}
	}
	other := paid
	other.AmountMinor = 4000
	wantCode(t, f.BookBankPayment(ctx, other, word), partnership.Conflict)
	for name, edit := range map[string]func(p *partnership.BankPayment, d *partnership.Deed){
		"no reference": func(p *partnership.BankPayment, _ *partnership.Deed) { p.Reference = " " },
		"no amount":    func(p *partnership.BankPayment, _ *partnership.Deed) { p.AmountMinor = 0 },
		"to come": func(p *partnership.BankPayment, _ *partnership.Deed) {
			p.On = f.clock().Add(2 * day).Format(time.DateOnly)
		},
		"no day":    func(p *partnership.BankPayment, _ *partnership.Deed) { p.On = "28.11.2026" },
		"no reason": func(_ *partnership.BankPayment, d *partnership.Deed) { d.Reason = "" },
	} {
		p, d := paid, word
		edit(&p, &d)
		if err := f.BookBankPayment(ctx, p, d); partnership.CodeOf(err) != partnership.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.sound()
	if next := f.plan(); len(next.Payouts) != 0 {
		t.Errorf("they are paid again: %+v", next)
	}
	must(t, a.CheckBooks(ctx, activities.RunRef{Program: program}))
	lines, err := f.Audit(ctx, store.AuditFilter{Deed: partnership.DeedSettleDifference})
	must(t, err)
	if len(lines) != 2 {
		t.Errorf("%d lines in the audit", len(lines))
	}
	if _, err := f.files(c, "cli:ana"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("something goes to the bank: %v", err)
	}
}

// What the bank has paid with one reference to one creator is one payment, whichever way it came into the books: booked a second time the creator
// would be paid once less.
func TestAPaymentOfAReferenceIsBookedOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	c, a, plan := f.banked(2)
	f.file(c, "cli:ana")
	first, second := f.payouts(plan)[0], f.payouts(plan)[1]
	word := partnership.Deed{Who: "cli:bea", Reason: "as the statement says"}
	said := func(po partnership.Payout) error {
		_, err := f.TellBank(ctx, string(po.ID), partnership.BankWord{Answer: partnership.BankPaid, Reference: "NTRF 77", On: bankToday(f)}, nil, word)
		return err
	}
	booked := func(po partnership.Payout, minor int64) error {
		return f.BookBankPayment(ctx, partnership.BankPayment{Rail: bankRail, Reference: "NTRF 77", Program: program, CreatorID: po.CreatorID, AmountMinor: minor, Currency: po.Currency, On: bankToday(f)}, word)
	}
	must(t, said(first))
	if err := booked(first, first.AmountMinor); partnership.CodeOf(err) != partnership.Conflict || !strings.Contains(err.Error(), string(first.ID)) {
		t.Errorf("said and then booked: %v", err)
	}
	if err := booked(second, 2500); partnership.CodeOf(err) != partnership.Conflict || !strings.Contains(err.Error(), "confirm "+string(second.ID)) {
		t.Errorf("booked while it is at the bank: %v", err)
	}
	_, err := f.tell(string(second.ID), partnership.BankReturned, "cli:bea")
	must(t, err)
	must(t, booked(second, 2500))
	if state, err := a.ExecuteTransfer(ctx, activities.PayoutRef{PayoutID: second.ID, Rail: bankRail}); err != nil || state != partnership.PayoutFailed {
		t.Fatal(state, err)
	}
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	rest := f.plan() // the other half
	f.approve(rest)
	f.orderAll(a, rest, partnership.PayoutPosted)
	file := f.file(c, "cli:ana")
	if err := said(f.payouts(rest)[0]); partnership.CodeOf(err) != partnership.Conflict || !strings.Contains(err.Error(), file.ID) {
		t.Errorf("booked and then said: %v", err)
	}
	f.sound()
}

// What was booked from a statement may come back as what was ordered may: it is owed again, and the month's proof has the person's word on it,
// before and after.
func TestWhatWasBookedFromAStatementMayComeBack(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	c, a, plan := f.banked(1)
	file := f.file(c, "cli:ana")
	if _, err := f.VoidBankFile(ctx, file.ID, nil, partnership.Deed{Who: "cli:bea", Reason: "refused before the restore"}); err != nil {
		t.Fatal(err)
	}
	f.orderAll(a, plan, partnership.PayoutFailed)
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	word := partnership.Deed{Who: "cli:bea", Reason: "as the statement says"}
	must(t, f.BookBankPayment(ctx, partnership.BankPayment{Rail: bankRail, Reference: "NTRF 77", Program: program, CreatorID: f.payouts(plan)[0].CreatorID, AmountMinor: 5000, Currency: "USD", On: bankToday(f)}, word))
	f.provesAtTheBank(c)
	list, err := c.Transfers(ctx, time.Time{}, 100)
	must(t, err)
	paid := list[len(list)-1]
	if len(list) != 2 || paid.ID != "statement/"+string(f.payouts(plan)[0].CreatorID)+"/NTRF 77" || paid.ReversedMinor != 0 {
		t.Fatalf("the bank's list is %+v", list)
	}
	if open, err := f.NoteDifferences(ctx, bankRail, time.Time{}, list); err != nil || len(open) != 0 {
		t.Errorf("not explained: %+v, %v", open, err)
	}
	_, err = f.tell(string(paid.PayoutID), partnership.BankPaid, "cli:bea")
	wantCode(t, err, partnership.Conflict)
	for n := range 2 { // the same word again
		if told, err := f.tell(string(paid.PayoutID), partnership.BankReturned, "cli:bea"); err != nil || len(told) != 1-n {
			t.Errorf("returned: %v, %v", told, err)
		}
	}
	held, err := f.HeldRows(ctx, 0)
	must(t, err)
	if len(held) != 1 || held[0].AmountMinor != 5000 {
		t.Errorf("owed again: %+v", held)
	}
	lines, err := f.Audit(ctx, store.AuditFilter{Deed: partnership.DeedTellBank})
	must(t, err)
	if len(lines) != 1 {
		t.Errorf("%d lines in the audit", len(lines))
	}
	f.provesAtTheBank(c)
	f.sound()
}

// provesAtTheBank wants a proof of the month that verifies by what the bank's rail shows.
func (f *fixture) provesAtTheBank(c *filebank.Client) {
	f.t.Helper()
	p := payouts.Prover{Books: f, Rail: func(string) (payouts.Provider, error) { return c, nil }}
	text, err := p.Prove(f.t.Context(), deeds.By{Who: "cli:fin", Roles: []deeds.Role{deeds.Finance}}, payouts.Month{Program: program, Period: period}, "")
	must(f.t, err)
	holds(f.t, text)
}

// One reference and creator is one payment also where the second word names another amount: the error says both.
func TestAReferenceHasOneAmount(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	c, _, plan := f.banked(2)
	f.file(c, "cli:ana")
	first, second := f.payouts(plan)[0], f.payouts(plan)[1]
	booked := func(po partnership.Payout, minor int64) error {
		return f.BookBankPayment(ctx, partnership.BankPayment{Rail: bankRail, Reference: "REF-1", Program: program, CreatorID: po.CreatorID, AmountMinor: minor, Currency: "USD", On: bankToday(f)},
			partnership.Deed{Who: "cli:bea", Reason: "as the statement says"})
	}
	names := func(what string, err error, words ...string) {
		t.Helper()
		for _, word := range append(words, "REF-1", "$50.00", "$5.00") {
			if partnership.CodeOf(err) != partnership.Conflict || !strings.Contains(err.Error(), word) {
				t.Errorf("%s lacks %q: %v", what, word, err)
			}
		}
	}
	_, err := f.tell(string(first.ID), partnership.BankPaid, "cli:bea")
	must(t, err)
	names("said and then booked", booked(first, 500), string(first.ID))
	_, err = f.tell(string(second.ID), partnership.BankReturned, "cli:bea") // while it waits for its bank nothing is booked beside it
	must(t, err)
	must(t, booked(second, 500))
	names("booked and then booked", booked(second, 5_000))
	f.sound()
}

// One payment of the bank is no two payouts of one creator.
func TestAReferencePaysACreatorOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, a, plan := f.banked(2)
	f.file(c, "cli:ana")
	first := f.payouts(plan)[0]
	_, err := f.tell(string(first.ID), partnership.BankPaid, "cli:bea")
	must(t, err)
	_, err = f.tell(string(plan.Payouts[1]), partnership.BankPaid, "cli:bea") // another's payment may be called the same
	must(t, err)
	f.orderAll(a, plan, partnership.PayoutPaid)
	must(t, f.SetPayoutRunState(t.Context(), plan.RunID, partnership.RunReconciled))
	rows, _ := f.rows("o1")
	id := partnership.PartnershipFor(rows[0].CampaignID, first.CreatorID)
	f.order(party{id: id, creator: first.CreatorID, kit: must2(f.EnsureKit(t.Context(), id))(t)}, "later", 70_000)
	f.pass(3 * day)
	next := f.plan()
	f.approve(next)
	f.orderAll(a, next, partnership.PayoutPosted)
	f.file(c, "cli:ana")
	_, err = f.tell(string(next.Payouts[0]), partnership.BankPaid, "cli:bea")
	if partnership.CodeOf(err) != partnership.Invalid || !strings.Contains(err.Error(), string(first.ID)) || !strings.Contains(err.Error(), "REF-1") {
		t.Errorf("the payment of another month: %v", err)
	}
	f.sound()
}

// Said of the order and booked from the statement at once it is one payment: whoever comes second is refused.
func TestAPaymentIsToldByTwoAtOnceAndBookedOnce(t *testing.T) {
	t.Parallel()
	for _, minor := range []int64{5_000, 500} {
		t.Run(strconv.FormatInt(minor, 10), func(t *testing.T) {
			t.Parallel()
			const n = 6
			f := open(t)
			c, _, plan := f.banked(n)
			f.file(c, "cli:ana")
			payouts := f.payouts(plan)
			var mu sync.Mutex
			told := map[partnership.PayoutID]int{}
			atOnce(2*n, func(i int) {
				po := payouts[i/2]
				var err error
				if i%2 == 0 {
					_, err = f.tell(string(po.ID), partnership.BankPaid, "cli:bea")
				} else {
					err = f.BookBankPayment(t.Context(), partnership.BankPayment{Rail: bankRail, Reference: "REF-1", Program: program, CreatorID: po.CreatorID, AmountMinor: minor, Currency: "USD", On: bankToday(f)},
						partnership.Deed{Who: "cli:cem", Reason: "as the statement says"})
				}
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					told[po.ID]++
				} else if partnership.CodeOf(err) != partnership.Conflict {
					t.Error(err)
				}
			})
			for _, po := range payouts {
				if told[po.ID] != 1 {
					t.Errorf("the payment of payout %s is in the books %d times", po.ID, told[po.ID])
				}
			}
			f.sound()
		})
	}
}

// An order that is in no file yet was sent to nobody: where a lost payment of the bank's is booked that may have paid the same, it is taken out,
// and nobody has to say what the bank did with what it never saw.
func TestAnOrderInNoFileIsTakenOutWhereALostPaymentIsBooked(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, a, plan := f.banked(1)
	po := f.payouts(plan)[0]
	word := partnership.Deed{Who: "cli:bea", Reason: "paid before the restore"}
	must(t, f.BookBankPayment(t.Context(), partnership.BankPayment{
		Rail: bankRail, Reference: "NTRF 91", Program: program, CreatorID: po.CreatorID, AmountMinor: po.AmountMinor, Currency: "USD", On: bankToday(f),
	}, word))
	f.orderAll(a, plan, partnership.PayoutVoid)
	f.sound()
}
