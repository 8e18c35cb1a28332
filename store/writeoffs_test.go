package store_test

import (
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
)

// owing is a creator who was paid for a sale that was refunded after.
func owing(t *testing.T) (*fixture, party) {
	f := open(t)
	parties, plan := f.month(1)
	f.pay(plan)
	f.refund("o1", "r1", 50_000)
	return f, parties[0]
}

func (f *fixture) askWriteOff(pa party, minor int64) (partnership.WriteOff, error) {
	return f.AskWriteOff(f.t.Context(), partnership.WriteOff{Program: program, CreatorID: pa.creator, AmountMinor: minor}, partnership.Deed{Who: "slack:U1", Reason: "she left"})
}

func (f *fixture) approveWriteOff(id, by string, names ...string) (partnership.WriteOff, error) {
	return f.ApproveWriteOff(f.t.Context(), id, partnership.Deed{Who: by}, append(names, by))
}

func TestAWriteOffTakesTwoPeople(t *testing.T) {
	t.Parallel()
	f, pa := owing(t)
	ctx := t.Context()
	for _, wrong := range []int64{-1, 5001} {
		_, err := f.askWriteOff(pa, wrong)
		wantCode(t, err, partnership.Invalid)
	}
	asked, err := f.askWriteOff(pa, 0)
	must(t, err)
	if again, err := f.askWriteOff(pa, 5000); err != nil || again.ID != asked.ID || asked.AmountMinor != 5000 {
		t.Errorf("asked %+v, again %+v, %v", asked, again, err)
	}
	_, err = f.askWriteOff(pa, 100)
	wantCode(t, err, partnership.Conflict)
	if waits, err := f.WriteOffsToApprove(ctx); err != nil || len(waits) != 1 || waits[0].Reason != "she left" || waits[0].AskedBy != "slack:U1" {
		t.Errorf("what waits is %+v, %v", waits, err)
	}
	_, err = f.approveWriteOff(asked.ID, "slack:U1")
	wantCode(t, err, partnership.Forbidden)
	_, err = f.approveWriteOff(asked.ID, "cli:ana", "slack:U1") // the same person
	wantCode(t, err, partnership.Forbidden)
	_, err = f.approveWriteOff("none", "cli:bo")
	wantCode(t, err, partnership.NotFound)
	if _, sum := f.rows(""); sum != 0 {
		t.Errorf("before anybody approves, all rows sum to %d", sum)
	}
	atOnce(5, func(int) {
		if done, err := f.approveWriteOff(asked.ID, "cli:bo"); err != nil || done.ApprovedBy != "cli:bo" {
			t.Errorf("%+v, %v", done, err)
		}
	})
	doc, err := f.LedgerDocument(ctx, store.LedgerFilter{})
	must(t, err)
	balances := map[string]int64{}
	for _, b := range doc.Balances {
		balances[b.Account] = b.AmountMinor
	}
	if balances["expense:dreams:writeoff"] != -5000 || balances["creator:"+string(pa.creator)+":payable"] != 0 {
		t.Errorf("the accounts are %v", balances)
	}
	for deed, who := range map[string]string{partnership.DeedAskWriteOff: "slack:U1", partnership.DeedApproveWriteOff: "cli:bo"} {
		if lines, err := f.Audit(ctx, store.AuditFilter{Deed: deed}); err != nil || len(lines) != 1 || lines[0].Who != who || lines[0].Reason != "she left" {
			t.Errorf("%s: %+v, %v", deed, lines, err)
		}
	}
	_, err = f.askWriteOff(pa, 0)
	wantCode(t, err, partnership.Conflict)
	f.sound()
	if err := f.sql(`set session_replication_role = replica; update write_offs set approved_by = asked_by`); err == nil {
		t.Error("who asked stands as who approved")
	}
}

// What was earned meanwhile leaves less to forgive: nobody gets a present.
func TestAWriteOffForgivesNothingThatIsNotOwedAnyMore(t *testing.T) {
	t.Parallel()
	f, pa := owing(t)
	asked, err := f.askWriteOff(pa, 5000)
	must(t, err)
	f.order(pa, "o2", 20_000)
	_, err = f.approveWriteOff(asked.ID, "cli:bo")
	wantCode(t, err, partnership.Invalid)
	f.sound()
}

// One that cannot be approved any more, or should not be, is withdrawn, and does not keep the next one out.
func TestAWriteOffThatWaitsIsWithdrawn(t *testing.T) {
	t.Parallel()
	f, pa := owing(t)
	ctx := t.Context()
	asked, err := f.askWriteOff(pa, 5000)
	must(t, err)
	f.order(pa, "o2", 20_000) // of the 50.00 only 30.00 are owed now
	_, err = f.approveWriteOff(asked.ID, "cli:bo")
	wantCode(t, err, partnership.Invalid)
	_, err = f.askWriteOff(pa, 3000)
	wantCode(t, err, partnership.Conflict)
	_, err = f.WithdrawWriteOff(ctx, "none", partnership.Deed{Who: "cli:bo"})
	wantCode(t, err, partnership.NotFound)
	for range 2 {
		_, err = f.WithdrawWriteOff(ctx, asked.ID, partnership.Deed{Who: "cli:bo"})
		must(t, err)
	}
	if lines, err := f.Audit(ctx, store.AuditFilter{Deed: partnership.DeedWithdrawWriteOff}); err != nil || len(lines) != 1 || lines[0].Who != "cli:bo" {
		t.Errorf("the audit has %+v, %v", lines, err)
	}
	if waits, err := f.WriteOffsToApprove(ctx); err != nil || len(waits) != 0 {
		t.Errorf("what waits is %+v, %v", waits, err)
	}
	_, err = f.approveWriteOff(asked.ID, "cli:ana")
	wantCode(t, err, partnership.Conflict)
	again, err := f.askWriteOff(pa, 3000)
	must(t, err)
	_, err = f.approveWriteOff(again.ID, "cli:bo")
	must(t, err)
	_, err = f.WithdrawWriteOff(ctx, again.ID, partnership.Deed{Who: "cli:bo"})
	wantCode(t, err, partnership.Conflict)
	if err := f.sqlAsProgram(`update write_offs set withdrawn_by = '', withdrawn_at = null where withdrawn_by <> ''`); err == nil {
		t.Error("what was withdrawn is taken up again")
	}
	f.sound()
}
