package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// notices are those that are to be sent by now.
func (f *fixture) notices() (all []partnership.Notice) {
	f.t.Helper()
	ids, _, err := f.OpenNotices(f.t.Context(), "")
	must(f.t, err)
	for _, id := range ids {
		n, err := f.Notice(f.t.Context(), id)
		must(f.t, err)
		all = append(all, n)
	}
	return all
}

// sent is what there was to be sent, which is sent now.
func (f *fixture) sent() []partnership.Notice {
	f.t.Helper()
	all := f.notices()
	for _, n := range all {
		must(f.t, f.NoticeDone(f.t.Context(), n.ID))
	}
	return all
}

func TestWhoeverIsPaidIsToldOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	parties, plan := f.month(2)
	if left := f.notices(); len(left) != 0 {
		t.Fatalf("before anything is sent %+v is told", left)
	}
	f.pay(plan)
	for _, id := range plan.Payouts { // the same news once more
		po, err := f.Payout(t.Context(), id)
		must(t, err)
		must(t, f.ConfirmTransfer(t.Context(), id, transferOf(po)))
	}
	told := f.sent()
	if len(told) != 2 {
		t.Fatalf("%d are told", len(told))
	}
	pages := map[string]bool{}
	for i, n := range told {
		po := n.Payout
		if n.Kind != partnership.NoticePaid || po.AmountMinor != 5000 || po.WholeMinor != 5000 || po.Currency != "USD" || po.Period != period || po.Rail != "stripe" ||
			!strings.HasPrefix(po.Ref, "tr_") || po.SentAt.IsZero() || n.Address != people(2)[i].Email {
			t.Errorf("told is %+v of %+v", n, po)
		}
		if n.PartnershipID != parties[0].id && n.PartnershipID != parties[1].id {
			t.Errorf("it is of %s", n.PartnershipID)
		}
		pages[po.Page] = strings.HasPrefix(po.Page, "https://rapport.example/e/") && strings.HasSuffix(po.Page, "/"+period)
	}
	if len(pages) != 2 {
		t.Errorf("the pages are %v: each has their own", pages)
	}
	if left := f.sent(); len(left) != 0 {
		t.Errorf("%d are told again", len(left))
	}
	f.sound()
}

func TestWhoeverIsNotPaidIsTold(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(2)
	f.approve(plan)
	_, err := f.BeginTransfer(ctx, plan.Payouts[0])
	must(t, err)
	for range 2 {
		must(t, f.FailTransfer(ctx, plan.Payouts[0], "the creator's account cannot receive transfers: the creator has to finish onboarding"))
	}
	told := f.sent()
	if len(told) != 1 || told[0].Kind != partnership.NoticeFailed || told[0].Payout.AmountMinor != 5000 || !strings.Contains(told[0].Payout.Why, "onboarding") {
		t.Fatalf("told is %+v", told)
	}
	f.sound()
}

func TestWhoseMoneyCameBackIsToldOfEachPart(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(1)
	f.pay(plan)
	f.sent()
	po := plan.Payouts[0]
	for _, back := range []int64{2000, 2000, 5000, 5000} {
		must(t, f.ReverseTransfer(ctx, po, "tr_"+string(po), back))
	}
	told := f.sent()
	if len(told) != 2 || told[0].Kind != partnership.NoticeReturned || told[0].Payout.AmountMinor != 2000 || told[1].Payout.AmountMinor != 3000 || told[1].Payout.WholeMinor != 5000 {
		t.Fatalf("told is %+v", told)
	}
	f.sound()
}

func TestWhoIsPutOffIsToldAfterADayUnlessTheNextRunTookItUp(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, plan := f.month(1)
	must(t, f.VoidPayoutPlan(ctx, plan.RunID, "wrong month"))
	if told := f.notices(); len(told) != 0 {
		t.Fatalf("at once it tells %+v: the next run may take it up", told)
	}
	f.pass(day)
	told := f.notices()
	if len(told) != 1 || told[0].Kind != partnership.NoticePutOff || told[0].Payout.Overtaken || told[0].Payout.Why != "" {
		t.Fatalf("after a day it tells %+v; the reason is the team's", told)
	}
	f.plan()
	if told = f.notices(); len(told) != 1 || !told[0].Payout.Overtaken {
		t.Errorf("once it is claimed again it tells %+v", told)
	}
}

// Whoever got money twice hears of it when one of the two was taken back, once, and not before: its reversal may be refused.
func TestWhoGotMoneyTwiceIsToldOfItOnceItWasTakenBack(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 50_000)
	twice := f.lost("acct_0", "tr_twice", 5000)
	f.differences(twice)
	must(t, f.settle("tr_twice", partnership.SettleDouble))
	twice.ReversedMinor = 2000
	f.differences(twice)
	if told := f.notices(); len(told) != 0 {
		t.Fatalf("before it is back %+v is told", told)
	}
	twice.ReversedMinor = 5000
	f.differences(twice)
	f.differences(twice)
	told := f.sent()
	if len(told) != 1 || told[0].Kind != partnership.NoticeDouble || told[0].PartnershipID != parties[0].id || told[0].Address != people(1)[0].Email {
		t.Fatalf("told is %+v", told)
	}
	if po := told[0].Payout; po.AmountMinor != 5000 || po.Currency != "USD" || po.Ref != "tr_twice" || po.Rail != theRail || po.SentAt.IsZero() || !strings.HasPrefix(po.Page, "https://rapport.example/e/") {
		t.Errorf("it tells %+v", po)
	}
	f.sound()
}

// A run of a large program leaves more notices than one look reads: the next looks read the others.
func TestMoreNoticesThanOneLookReads(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(1)
	f.pay(plan)
	must(t, f.sql(`insert into notices select (jsonb_populate_record(n, jsonb_build_object('id', 'n' || lpad(i::text, 4, '0')))).*
		from notices n, generate_series(1, 249) i where n.payout_id is not null`))
	got := map[string]bool{}
	for after, looks := "", 0; looks == 0 || after != ""; looks++ {
		ids, next, err := f.OpenNotices(t.Context(), after)
		must(t, err)
		for _, id := range ids {
			got[id] = true
		}
		after = next
	}
	if len(got) != 250 {
		t.Errorf("%d notices of 250 are read", len(got))
	}
}

func TestNobodyWhoWasErasedIsWrittenTo(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, plan := f.month(2)
	_, err := f.EraseCreator(t.Context(), "creator0", "cli:ada")
	must(t, err)
	f.pay(plan)
	if told := f.notices(); len(told) != 1 || told[0].Address != people(2)[1].Email {
		t.Errorf("told is %+v", told)
	}
}

func TestABankThatRefusedIsToldToWhomWasPaidThere(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	parties, plan := f.month(2)
	must(t, f.BankRefused(ctx, parties[0].creator, "acct_0", "po_1", "account_closed")) // paid nothing there yet
	f.pay(plan)
	f.sent()
	for range 2 {
		must(t, f.BankRefused(ctx, parties[0].creator, "acct_0", "po_1", "account_closed"))
	}
	if told := f.sent(); len(told) != 1 || told[0].Kind != partnership.NoticeBankRefused || told[0].Payout.Why != "account_closed" || told[0].Payout.Account != "acct_0" && told[0].Payout.Account != "…ct_0" {
		t.Errorf("told is %+v", told)
	}
}

// A program may have campaigns of several brands: who was only in one never hears of the other.
func TestNoBrandSpeaksToAnothersCreators(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	parties, plan := f.month(1)
	other := campaign()
	other.Name, other.Brand.Name = "Dreams Sunrise", "Borealis Candles"
	f.pass(time.Hour)
	_, _, err := f.CreateCampaign(ctx, other, people(0), "another")
	must(t, err)
	st, err := f.Statement(ctx, plan.RunID, parties[0].creator)
	must(t, err)
	if st.Brand.Name != "Acme Scents" {
		t.Errorf("the statement comes from %s", st.Brand.Name)
	}
}

func TestRevokedEarningsLinksOpenNothing(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	parties, plan := f.month(1)
	st, err := f.Statement(ctx, plan.RunID, parties[0].creator)
	must(t, err)
	again, err := f.EarningsURL(ctx, parties[0].creator, program)
	must(t, err)
	if st.Page != again+"/"+period {
		t.Errorf("the link is %s, then %s", st.Page, again)
	}
	_, err = f.RevokeTaskLinks(ctx, parties[0].creator, "cli:ada", "she lost her phone")
	must(t, err)
	if next, err := f.EarningsURL(ctx, parties[0].creator, program); err != nil || next == again {
		t.Errorf("after it was revoked the link is %s, %v", next, err)
	}
}
