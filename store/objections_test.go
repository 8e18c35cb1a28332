package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/store"
)

// object is a creator's objection to the commission of an order.
func (f *fixture) object(of party, order string) partnership.Objection {
	f.t.Helper()
	rows, _ := f.rows(order)
	o, err := f.Object(f.t.Context(), store.EarningsOwner{Creator: of.creator, Program: program}, rows[0].ID, "that is too little", partnership.Deed{Who: partnership.ByCreator(of.creator)})
	must(f.t, err)
	return o
}

func (f *fixture) decide(o partnership.Objection, how partnership.Choice, words string) (partnership.Objection, error) {
	return f.DecideObjection(f.t.Context(), o.ID, how, words, partnership.Deed{Who: "slack:U_FINANCE"})
}

func (f *fixture) stateOf(order string) ledger.State {
	f.t.Helper()
	rows, _ := f.rows(order)
	return rows[0].State
}

func TestWhatIsObjectedToIsHeldUntilItIsDecidedOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 90_000)
	f.order(parties[0], "o2", 50_000)
	first := f.object(parties[0], "o1")
	if again := f.object(parties[0], "o1"); again.ID != first.ID || first.Came != partnership.CameHeld || first.Creator != "Creator0" || first.AmountMinor != 9000 {
		t.Errorf("objected is %+v, then %+v", first, again)
	}
	f.pass(2 * day)
	if plan := f.plan(); plan.TotalMinor != 5000 {
		t.Errorf("the run pays %d: all but what is objected to", plan.TotalMinor)
	}
	_, err := f.decide(first, partnership.ChoiceRelease, " ")
	wantCode(t, err, partnership.Invalid)
	_, err = f.decide(first, "dance", "it is right")
	wantCode(t, err, partnership.Invalid)
	answered, err := f.decide(first, partnership.ChoiceAnswer, "we look at it tomorrow")
	must(t, err)
	if !answered.DecidedAt.IsZero() || f.stateOf("o1") != ledger.Held {
		t.Errorf("an answer decides: %+v", answered)
	}
	for range 2 { // the same press again
		o, err := f.decide(first, partnership.ChoiceRelease, "it is 10 % of what was bought")
		must(t, err)
		if o.Decision != partnership.ChoiceRelease || o.By != "slack:U_FINANCE" || o.DecidedAt.IsZero() || f.stateOf("o1") != ledger.Pending {
			t.Errorf("decided is %+v, the row %s", o, f.stateOf("o1"))
		}
	}
	_, err = f.decide(first, partnership.ChoiceVoid, "no, we reject it")
	wantCode(t, err, partnership.Conflict)
	if err == nil || !strings.Contains(err.Error(), "decided already, as release by slack:U_FINANCE") {
		t.Errorf("late it says %v", err)
	}
	told := f.sent()
	if len(told) != 2 || told[1].Kind != partnership.NoticeObjection || told[1].Objection.Said != "it is 10 % of what was bought" || told[1].Objection.Decision != partnership.ChoiceRelease {
		t.Errorf("told is %+v", told)
	}
	for deed, want := range map[string]int{partnership.DeedObject: 1, partnership.DeedDecideObjection: 2} {
		lines, err := f.Audit(t.Context(), store.AuditFilter{Deed: deed})
		must(t, err)
		if len(lines) != want {
			t.Errorf("the audit has %d lines of %s", len(lines), deed)
		}
	}
	f.sound()
}

func TestAPayoutThatIsObjectedToIsTakenOutOfItsRunBeforeItIsSent(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	parties, plan := f.month(2)
	f.approve(plan)
	o := f.object(parties[0], "o1")
	if o.Came != partnership.CameDropped || o.RunID != plan.RunID || o.PayoutMinor != 5000 || f.stateOf("o1") != ledger.Held {
		t.Fatalf("objected is %+v, the row %s", o, f.stateOf("o1"))
	}
	if left, err := f.UnsentMinor(ctx, plan.RunID, "stripe", "USD"); err != nil || left != 5000 {
		t.Errorf("%d are still to be sent, %v: the funds for one that was taken out are not waited for", left, err)
	}
	posting, err := f.BeginTransfer(ctx, o.PayoutID)
	if err == nil && posting.State != partnership.PayoutVoid {
		t.Errorf("it is sent all the same: %+v", posting)
	}
	for _, id := range plan.Payouts {
		if id == o.PayoutID {
			continue
		}
		po, err := f.BeginTransfer(ctx, id) // the others are paid as they were approved
		must(t, err)
		must(t, f.ConfirmTransfer(ctx, id, transferOf(po.Payout)))
	}
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	for _, n := range f.sent() {
		if n.Kind == partnership.NoticePutOff {
			t.Error("who stopped it themselves is told that it was stopped")
		}
	}
	_, err = f.decide(o, partnership.ChoiceVoid, "your own order")
	must(t, err)
	if f.stateOf("o1") != ledger.Voided {
		t.Errorf("the row is %s", f.stateOf("o1"))
	}
	f.sound()
}

func TestAnObjectionThatComesTooLateSaysSo(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	parties, plan := f.month(2)
	f.approve(plan)
	sent, err := f.BeginTransfer(ctx, plan.Payouts[0])
	must(t, err)
	late := 0 // whose is being sent
	if sent.CreatorID == parties[1].creator {
		late = 1
	}
	order := []string{"o1", "o2"}[late]
	o := f.object(parties[late], order)
	if o.Came != partnership.CameTooLate || f.stateOf(order) != ledger.InPayout {
		t.Errorf("while it is sent: %+v, the row %s", o, f.stateOf(order))
	}
	must(t, f.ConfirmTransfer(ctx, sent.ID, transferOf(sent.Payout)))
	_, err = f.decide(o, partnership.ChoiceVoid, "we reject it")
	wantCode(t, err, partnership.Conflict)
	if o, err = f.decide(o, partnership.ChoiceAnswer, "it was right"); err != nil || o.DecidedAt.IsZero() {
		t.Errorf("an answer is all there is to decide: %+v, %v", o, err)
	}
	f.sound()
}

func TestWhatWaitsForAnotherReasonGoesOnWaitingForIt(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2)
	f.order(parties[0], "o1", 90_000)
	rows, _ := f.rows("o1")
	must(t, f.HoldRow(ctx, rows[0].ID, "slack:U_FINANCE", "three buyers at one address"))
	o := f.object(parties[0], "o1")
	if o.Came != partnership.CameWasHeld {
		t.Fatalf("objected is %+v", o)
	}
	_, err := f.decide(o, partnership.ChoiceRelease, "the amount is right")
	must(t, err)
	if f.stateOf("o1") != ledger.Held {
		t.Error("what looks like fraud was let go with the objection")
	}
	must(t, f.ClearRow(ctx, rows[0].ID, "slack:U_FINANCE", "they are a family"))
	if f.stateOf("o1") == ledger.Held {
		t.Error("nothing is left that it waits for, and it waits")
	}
	f.order(parties[0], "o2", 90_000)
	rows2, _ := f.rows("o2")
	must(t, f.HoldRow(ctx, rows2[0].ID, "slack:U_FINANCE", "three buyers at one address"))
	second := f.object(parties[0], "o2")
	must(t, f.ClearRow(ctx, rows2[0].ID, "slack:U_FINANCE", "they are a family"))
	if rows2, _ = f.rows("o2"); rows2[0].State != ledger.Held || strings.Contains(rows2[0].Reason, "address") {
		t.Errorf("nobody has decided about the objection, and the line is %s: %q", rows2[0].State, rows2[0].Reason)
	}
	wantCode(t, f.ClearRow(ctx, rows2[0].ID, "slack:U_FINANCE", "once more"), partnership.Conflict)
	_, err = f.decide(second, partnership.ChoiceRelease, "it is right")
	must(t, err)
	if f.stateOf("o2") == ledger.Held {
		t.Error("decided, and it waits")
	}
	_, err = f.Object(ctx, store.EarningsOwner{Creator: parties[1].creator, Program: program}, rows[0].ID, "mine", partnership.Deed{Who: "creator:x"})
	wantCode(t, err, partnership.NotFound)
	_, err = f.Object(ctx, store.EarningsOwner{Creator: parties[0].creator, Program: "another"}, rows[0].ID, "mine", partnership.Deed{Who: "creator:x"})
	wantCode(t, err, partnership.NotFound)
}

// A line that waits for its post alone waits for the objection too: the mended post pays nothing that nobody has decided about, and whoever
// decides first pays nothing of an undisclosed post.
func TestAnObjectionOutlivesWhatHeldItsLineBefore(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 90_000)
	f.order(parties[0], "o2", 50_000)
	cure := f.undisclosed(parties[0])
	first, second := f.object(parties[0], "o1"), f.object(parties[0], "o2")
	if first.Came != partnership.CameWasHeld {
		t.Errorf("it came %s", first.Came)
	}
	_ = must2(f.decide(second, partnership.ChoiceRelease, "it is right"))(t)
	if rows, _ := f.rows("o2"); rows[0].State != ledger.Held || rows[0].Reason != ledger.Undisclosed {
		t.Errorf("its post lacks its disclosure, and o2 is %s: %q", rows[0].State, rows[0].Reason)
	}
	cure()
	f.pass(2 * day)
	if plan := f.plan(); plan.TotalMinor != 5000 || f.stateOf("o1") != ledger.Held {
		t.Errorf("the run pays %d, and o1, that nobody has decided about, is %s", plan.TotalMinor, f.stateOf("o1"))
	}
	_ = must2(f.decide(first, partnership.ChoiceRelease, "it is 10 % of what was bought"))(t)
	if f.stateOf("o1") != ledger.Pending {
		t.Errorf("decided, and it is %s", f.stateOf("o1"))
	}
	f.sound()
}

// An objection and the transfer at one moment: one of the two is first, and what is said is what happened.
func TestAnObjectionAndItsTransferAtOnce(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	parties, plan := f.month(6)
	f.approve(plan)
	objected := make([]partnership.Objection, len(parties))
	byCreator := map[partnership.CreatorID]partnership.PayoutID{}
	for _, id := range plan.Payouts {
		po, err := f.Payout(ctx, id)
		must(t, err)
		byCreator[po.CreatorID] = id
	}
	atOnce(2*len(parties), func(i int) {
		pa := parties[i/2]
		if i%2 == 0 {
			objected[i/2] = f.object(pa, []string{"o1", "o2", "o3", "o4", "o5", "o6"}[i/2])
			return
		}
		po, err := f.BeginTransfer(ctx, byCreator[pa.creator])
		if err == nil && po.State == partnership.PayoutPosted {
			err = f.ConfirmTransfer(ctx, po.ID, transferOf(po.Payout))
		}
		if err != nil && partnership.CodeOf(err) == "" {
			t.Error(err)
		}
	})
	for i, o := range objected {
		po, err := f.Payout(ctx, byCreator[parties[i].creator])
		must(t, err)
		if paid := po.State == partnership.PayoutPaid; paid == (o.Came == partnership.CameDropped) || !paid && po.State != partnership.PayoutVoid {
			t.Errorf("it came %s, and the payout is %s", o.Came, po.State)
		}
	}
	f.sound()
}

func TestFinanceIsAskedOnceAboutAnObjectionAndADifference(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	f.order(parties[0], "o1", 90_000)
	o := f.object(parties[0], "o1")
	if held, err := f.UntoldHolds(ctx); err != nil || len(held) != 0 {
		t.Errorf("the hold has a card of its own too: %+v, %v", held, err)
	}
	ask := func() int {
		all, err := f.UntoldObjections(ctx)
		must(t, err)
		for _, one := range all {
			card := partnership.EffectKey("objection/" + one.ID)
			_, err := f.BeginEffect(ctx, card, "message")
			must(t, err)
			must(t, f.ConfirmEffect(ctx, card, partnership.MessageRef{Channel: "C", TS: "1"}))
		}
		return len(all)
	}
	if first, again := ask(), ask(); first != 1 || again != 0 {
		t.Errorf("asked %d, then %d times", first, again)
	}
	_, err := f.decide(o, partnership.ChoiceRelease, "it is right")
	must(t, err)
	if again := ask(); again != 0 {
		t.Errorf("what is decided is asked %d times", again)
	}

	list := []partnership.Transfer{{ID: "tr_x", PayoutID: "gone", Destination: "acct_0", AmountMinor: 700, Currency: "USD", CreatedAt: f.clock().Add(-time.Hour)}}
	told := func() (n int) {
		all, err := f.UntoldDifferences(ctx)
		must(t, err)
		for _, d := range all {
			must(t, f.DifferenceTold(ctx, d.Provider, d.ID, partnership.MessageRef{Channel: "C", TS: "2"}, d.State(), ""))
			if len(d.Programs) != 1 || d.Programs[0] != program {
				t.Errorf("programs that may have paid it: %v", d.Programs)
			}
		}
		return len(all)
	}
	for days, want := range []int{1, 0, 0} { // looked at each day, told once
		_, err := f.NoteDifferences(ctx, "stripe", time.Time{}, list)
		must(t, err)
		if got := told(); got != want {
			t.Errorf("on day %d %d are told", days, got)
		}
	}
	must(t, f.SettleDifference(ctx, partnership.DifferenceWord{Rail: "stripe", Transfer: "tr_x", As: partnership.SettleDouble}, partnership.Deed{Who: "slack:U_FINANCE", Reason: "twice"}))
	if again := told(); again != 0 { // its card is kept as all others are
		t.Errorf("a double is told %d times again", again)
	}
	d, err := f.Decision(ctx, partnership.AsksDifference.ID("stripe", "tr_x"))
	must(t, err)
	if d.Open() || d.Final() {
		t.Errorf("a double that is not reversed yet stands as %+v", d)
	}
}

// An order of a bank that is in no file yet was sent to nobody, so an objection is in time; once a file has it, it is not.
func TestAnObjectionBeforeTheBankFileTakesThePayoutOut(t *testing.T) {
	t.Parallel()
	f := open(t)
	c, a, plan := f.banked(2)
	all := f.payouts(plan)
	order, other := "o1", "o2"
	if rows, _ := f.rows(order); *rows[0].PayoutID != all[0].ID {
		order, other = other, order
	}
	o := f.object(party{creator: all[0].CreatorID}, order)
	if o.Came != partnership.CameDropped || o.PayoutID != all[0].ID || f.stateOf(order) != ledger.Held {
		t.Errorf("objected is %+v, the row %s", o, f.stateOf(order))
	}
	f.orderAll(a, partnership.PayoutPlan{Payouts: []partnership.PayoutID{all[0].ID}}, partnership.PayoutVoid)
	if file := f.file(c, "cli:ana"); file.Payments != 1 || file.Orders[0].PayoutID != all[1].ID {
		t.Errorf("the bank gets %+v", file.Orders)
	}
	if late := f.object(party{creator: all[1].CreatorID}, other); late.Came != partnership.CameTooLate || f.stateOf(other) != ledger.InPayout {
		t.Errorf("in a file it came %s, the row is %s", late.Came, f.stateOf(other))
	}
	f.sound()
}
