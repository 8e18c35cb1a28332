package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
)

func TestFiftyConcurrentReportsOfAnOrderCreditItOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(2)
	var fresh atomic.Int32
	atOnce(50, func(i int) {
		result, err := f.reported(store.OrderIn{
			OrderID: "o1", Currency: "USD", NetMinor: 10_000, Codes: []string{parties[i%2].kit.DiscountCode}, OccurredAt: epoch,
		})
		if err != nil {
			t.Error(err)
		}
		if result.Fresh {
			fresh.Add(1)
		}
	})
	if rows, sum := f.rows("o1"); fresh.Load() != 1 || len(rows) != 1 || sum != 1000 {
		t.Errorf("%d credits, %d rows, %d in all", fresh.Load(), len(rows), sum)
	}
	f.sound()
}

func TestCodeBeatsLinkAndBothTouchesAreKept(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	code, link := parties[0], parties[1]
	for _, test := range []struct {
		name string
		in   store.OrderIn
		want partnership.PartnershipID
		why  ledger.Why
	}{
		{"code", store.OrderIn{Codes: []string{"WELCOME", code.kit.DiscountCode}, LinkCode: link.kit.LinkCode}, code.id, "code"},
		{"lower", store.OrderIn{Codes: []string{"creator015" + code.kit.DiscountCode[len("CREATOR015"):]}}, code.id, "code"},
		{"link", store.OrderIn{Codes: []string{"WELCOME"}, LinkCode: link.kit.LinkCode}, link.id, "link"},
		{"nobody", store.OrderIn{Codes: []string{"WELCOME"}, LinkCode: "unknown1"}, "", "no code or link of a creator"},
		{"gift", store.OrderIn{Codes: []string{code.kit.DiscountCode}, Gift: true}, "", "our own gift order"},
		{"elsewhere", store.OrderIn{Program: "another", Codes: []string{code.kit.DiscountCode}}, "", "no code or link of a creator"},
	} {
		test.in.OrderID, test.in.Currency, test.in.NetMinor, test.in.OccurredAt = test.name, "USD", 5000, epoch
		result, err := f.RecordOrder(ctx, test.in)
		must(t, err)
		if result.PartnershipID != test.want || result.Why != test.why {
			t.Errorf("%s: credited to %q by %q", test.name, result.PartnershipID, result.Why)
		}
	}
	must(t, f.sql(`do $$ begin if not exists (select from orders where order_id = 'code' and link_partnership_id = '`+string(link.id)+`') then raise 'lost touch'; end if; end $$`))
	f.sound()
}

func TestGiftOrdersNeverEarn(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	must(t, f.SaveDelivery(t.Context(), partnership.Delivery{PartnershipID: parties[0].id, OrderID: "gid://shop/Order/1"}))
	if result := f.order(parties[0], "gid://shop/Order/1", 3600); result.PartnershipID != "" || result.CommissionMinor != 0 {
		t.Errorf("a gift earned: %+v", result)
	}
}

func TestSalesCountUntilTheWindowAfterThePostIsOver(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	pa := parties[0]
	if early := f.order(pa, "before the post", 1000); early.Why != "code" {
		t.Errorf("before the post: %+v", early)
	}
	sub, err := f.AddSubmission(t.Context(), partnership.Submission{PartnershipID: pa.id, Task: "post"})
	must(t, err)
	must(t, f.SavePost(t.Context(), pa.id, sub, "", true, ""))
	f.pass(30*day - 1000)
	if late := f.order(pa, "last instant", 1000); late.Why != "code" {
		t.Errorf("inside the window: %+v", late)
	}
	f.pass(1000)
	if after := f.order(pa, "after", 1000); after.PartnershipID != "" || after.Why != "after the attribution window" {
		t.Errorf("after the window: %+v", after)
	}
}

func TestRateAndHoldAreFrozenOnTheRow(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, func(_ *partnership.Campaign, agreed *partnership.Terms) {
		agreed.CommissionBPS, agreed.HoldDays = 290, 2.5
	})
	f.order(parties[0], "o1", 500)
	changed := terms()
	changed.Version, changed.CommissionBPS = 2, 9000
	must(t, f.SaveProjection(t.Context(), partnership.Projection{PartnershipID: parties[0].id, Seq: 1, Terms: &changed}))
	rows, sum := f.rows("o1")
	if sum != 15 { // 500 at 2.9 % is 14.5, half away from zero
		t.Errorf("500 at 2.9 %% is %d", sum)
	}
	if want := epoch.Add(60 * 3600 * 1e9); rows[0].State != ledger.Pending || !rows[0].EligibleAt.Equal(want) {
		t.Errorf("row is %s until %s, want pending until %s", rows[0].State, rows[0].EligibleAt, want)
	}
	if f.refund("o1", "r1", 500).ReversedMinor != 15 {
		t.Error("the refund was not taken at the rate of the sale")
	}
}

func TestRefundsAreCumulative(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, func(_ *partnership.Campaign, agreed *partnership.Terms) { agreed.CommissionBPS = 1001 })
	for _, test := range []struct {
		order      string
		net        int64
		commission int64
		refunds    []int64
		want       []int64
	}{
		{"thirds", 999, 100, []int64{333, 333, 333}, []int64{33, 34, 33}},
		{"fifths", 25, 3, []int64{5, 5, 5, 5, 5}, []int64{1, 0, 1, 0, 1}},
		{"too much", 1000, 100, []int64{900, 900}, []int64{90, 10}},
		{"free", 0, 0, []int64{10}, []int64{0}},
	} {
		if got := f.order(parties[0], test.order, test.net).CommissionMinor; got != test.commission {
			t.Errorf("%s: commission is %d, want %d", test.order, got, test.commission)
		}
		for i, minor := range test.refunds {
			id := fmt.Sprint(test.order, i)
			if got := f.refund(test.order, id, minor).ReversedMinor; got != test.want[i] {
				t.Errorf("%s: refund %d reverses %d, want %d", test.order, i, got, test.want[i])
			}
			if again := f.refund(test.order, id, minor); again.Fresh || again.ReversedMinor != 0 {
				t.Errorf("%s: refund %d reported again: %+v", test.order, i, again)
			}
		}
		rows, sum := f.rows(test.order)
		if sum != 0 {
			t.Errorf("%s: %d is left of a full refund", test.order, sum)
		}
		for _, row := range rows {
			if test.commission > 0 && row.State != ledger.Reversed {
				t.Errorf("%s: a row of %d is %s, want reversed", test.order, row.AmountMinor, row.State)
			}
		}
	}
	f.sound()
}

func TestARefundMayComeBeforeItsOrder(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	if early := f.refund("o1", "r1", 400); !early.Parked || !early.Fresh {
		t.Errorf("the early refund: %+v", early)
	}
	f.order(parties[0], "o1", 1000)
	f.refund("o1", "r1", 400)
	if _, sum := f.rows("o1"); sum != 60 {
		t.Errorf("%d is left of 100 after a refund of 400 on 1000", sum)
	}
	f.sound()
}

func TestConcurrentRefundsAndReplaysEndAtOneSum(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	atOnce(40, func(i int) {
		if i%8 == 0 {
			_, err := f.reported(store.OrderIn{OrderID: "o1", Currency: "USD", NetMinor: 999, LinkCode: parties[0].kit.LinkCode, OccurredAt: epoch})
			if err != nil {
				t.Error(err)
			}
			return
		}
		if _, err := f.refunded(refundOf("o1", fmt.Sprint("r", i%3), 111)); err != nil {
			t.Error(err)
		}
	})
	if _, sum := f.rows("o1"); sum != 67 { // 100 - round(100 x 333 / 999)
		t.Errorf("%d is left, want 67", sum)
	}
	f.sound()
}

func TestAnUndisclosedPostHoldsTheMoney(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	pa := parties[0]
	f.order(pa, "before", 50_000)
	sub, err := f.AddSubmission(ctx, partnership.Submission{PartnershipID: pa.id, Task: "post"})
	must(t, err)
	must(t, f.SavePost(ctx, pa.id, sub, "", false, "no #ad"))
	f.order(pa, "while", 50_000)
	f.pass(5 * day)
	if plan := f.plan(); len(plan.Payouts) != 0 {
		t.Errorf("held money was planned: %+v", plan)
	}
	must(t, f.SavePost(ctx, pa.id, sub, "", true, ""))
	if plan := f.plan(); plan.TotalMinor != 10_000 {
		t.Errorf("after the cure %d is paid", plan.TotalMinor)
	}
	f.sound()
}

func TestAPersonRejectsARow(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 10_000)
	f.refund("o1", "r1", 2500)
	rows, _ := f.rows("o1")
	must(t, f.HoldRow(ctx, rows[0].ID, "risk", "looks like a leaked code"))
	must(t, f.VoidRow(ctx, rows[0].ID, "U1", "self-referral"))
	wantCode(t, f.ClearRow(ctx, rows[0].ID, "U1", "a second thought"), partnership.Conflict)
	rows, _ = f.rows("o1")
	for _, row := range rows {
		if row.State != ledger.Voided || row.Reason != "self-referral" {
			t.Errorf("row of %d is %s (%s)", row.AmountMinor, row.State, row.Reason)
		}
	}
	f.refund("o1", "r2", 7500)
	f.sound()
}
