package store_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/sanctions"
	"github.com/rapport-dev/rapport/store"
)

// list imports a list under a hash.
func (f *fixture) list(hash string, entries ...sanctions.Entry) []partnership.NameHit {
	f.t.Helper()
	list := partnership.SanctionList{Source: "ofac-sdn", Published: "2026-11-10", Hash: hash}
	for i := range entries {
		entries[i].Source, entries[i].Aliases = "ofac-sdn", append([]string{}, entries[i].Aliases...)
	}
	hits, err := f.ImportSanctions(f.t.Context(), list, entries, partnership.Deed{Who: "cli:fin", Deed: partnership.DeedImportSanctions})
	must(f.t, err)
	return hits
}

func (f *fixture) decideHit(id, decision string) {
	f.t.Helper()
	must(f.t, f.DecideNameHit(f.t.Context(), id, decision, false, partnership.Deed{Who: "cli:fin", Deed: partnership.DeedClearHit, Reason: "another birthday"}))
}

// RULE 9: whose name is like one on the list is not paid until a named person has cleared it; that word holds for the name and the entry, and
// a newer list asks again only for what is new.
func TestANameOnTheListIsPaidOnceAPersonHasClearedIt(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(3) // Name 0, Name 1, Name 2
	for i, pa := range parties {
		f.order(pa, fmt.Sprint("o", i), 50_000)
		must(t, f.sql(`update creators set name = $1 where id = $2`, []string{"Milan Petrović", "Lena Weiß", "Jordan Lee"}[i], pa.creator))
	}
	f.pass(2 * day)
	milan, other := sanctions.Entry{UID: "9696", Name: "PETROVIC, Milan Dragan", Kind: "individual", Program: "BALKANS"}, sanctions.Entry{UID: "1", Name: "KOVAC, Ana"}
	hits := f.list("first", milan, other)
	if len(hits) != 1 || hits[0].CreatorID != parties[0].creator || hits[0].Listed != milan.Name || hits[0].ListHash != "first" || hits[0].Percent < 90 {
		t.Fatalf("it finds %+v", hits)
	}
	carried := func() (why []string) {
		_, carried, err := f.PreviewPayouts(ctx, program, period, f.clock())
		must(t, err)
		for _, c := range carried {
			why = append(why, c.Reason)
		}
		return why
	}
	if why := carried(); len(why) != 1 || !strings.Contains(why[0], "sanctions list") {
		t.Errorf("it carries for %q", why)
	}
	run := must2(f.OpenPayoutRun(ctx, program, period, "schedule", f.clock()))(t)
	told, err := f.Statement(ctx, run.ID, parties[0].creator)
	if err != nil || strings.Contains(told.CarriedWhy, "sanctions") || !strings.Contains(told.CarriedWhy, "you need do nothing") {
		t.Errorf("its payee is told %q, %v", told.CarriedWhy, err)
	}
	f.decideHit(hits[0].ID, "cleared")
	if why := carried(); len(why) != 0 {
		t.Errorf("cleared, it carries for %q", why)
	}
	if again := f.list("second", milan, other); len(again) != 0 {
		t.Errorf("the same entry on a newer list is asked again: %+v", again)
	}
	milan.Aliases = []string{"PETROVITCH, Milan"}
	lena := sanctions.Entry{UID: "2", Name: "WEISS, Lena"}
	fresh := f.list("third", milan, other, lena)
	var listed []string
	for _, h := range fresh {
		listed = append(listed, h.Listed)
	}
	if fmt.Sprint(listed) != "[WEISS, Lena]" {
		t.Errorf("the third list asks about %q", listed)
	}
	f.decideHit(fresh[0].ID, "confirmed")
	plan := f.plan()
	if len(plan.Payouts) != 2 || plan.Carried != 1 {
		t.Errorf("the plan is %+v", plan)
	}
	if why := carried(); len(why) != 1 || !strings.Contains(why[0], "confirmed") {
		t.Errorf("confirmed, it carries for %q", why)
	}
	lines, err := f.Audit(ctx, store.AuditFilter{Deed: partnership.DeedClearHit})
	must(t, err)
	if len(lines) != 2 || lines[0].Reason != "another birthday" {
		t.Errorf("the audit has %+v", lines)
	}
	if rest := f.list("fourth", milan, other); len(rest) != 0 {
		t.Errorf("who is off the list is held: %+v", rest)
	}
	f.sound()
}

// A hit that is confirmed after the plan and the approval holds the payout: nothing is sent. So does a name that changed since it was compared.
func TestAHitAfterThePlanHoldsThePayout(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	milan := sanctions.Entry{UID: "9696", Name: "PETROVIC, Milan"}
	f.list("first", sanctions.Entry{UID: "1", Name: "KOVAC, Ana"})
	parties, plan := f.month(3)
	_, err := f.approveAs(plan.RunID, "finance", plan.LinesHash)
	must(t, err)
	must(t, f.sql(`update creators set name = 'Milan Petrovic' where id = $1`, parties[0].creator))
	if hits := f.list("second", sanctions.Entry{UID: "1", Name: "KOVAC, Ana"}, milan); len(hits) != 1 {
		t.Fatalf("it finds %+v", hits)
	}
	must(t, f.sql(`update creators set name = 'Somebody Else' where id = $1`, parties[1].creator))
	for _, payout := range f.payouts(plan) {
		_, err := f.BeginTransfer(ctx, payout.ID)
		switch payout.CreatorID {
		case parties[2].creator:
			must(t, err)
			must(t, f.ConfirmTransfer(ctx, payout.ID, transferOf(payout)))
		default:
			wantCode(t, err, partnership.Conflict)
			must(t, f.FailTransfer(ctx, payout.ID, err.Error()))
		}
	}
	must(t, f.SetPayoutRunState(ctx, plan.RunID, partnership.RunReconciled))
	next := f.plan() // which compares the new name
	if len(next.Payouts) != 1 || next.Carried != 1 {
		t.Errorf("the next plan is %+v", next)
	}
}

// All names of a payee are compared, that of the tax form too; who asks for a list pays nobody without one; an erasure takes the comparison.
func TestEveryNameOfAPayeeIsCompared(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2, asking(partnership.GateNames))
	for i, pa := range parties {
		f.order(pa, fmt.Sprint("o", i), 50_000)
	}
	f.pass(2 * day)
	_, carried, err := f.PreviewPayouts(ctx, program, period, f.clock())
	must(t, err)
	if len(carried) != 2 || !strings.Contains(carried[0].Reason, "no sanctions list") {
		t.Errorf("without a list it carries %+v", carried)
	}
	f.give(parties[0].creator, partnership.FormW9, "US", "523456781") // of Ada Example
	if hits := f.list("first", sanctions.Entry{UID: "5", Name: "EXAMPLE, Ada"}); len(hits) != 1 || hits[0].CreatorID != parties[0].creator {
		t.Fatalf("it finds %+v", hits)
	}
	f.decideHit(f.list("second", sanctions.Entry{UID: "5", Name: "EXAMPLE, Ada"})[0].ID, "confirmed")
	_, err = f.EraseCreator(ctx, "Creator0", "cli:ada")
	must(t, err)
	if plan := f.plan(); len(plan.Payouts) != 1 || plan.Carried != 1 {
		t.Errorf("an erasure frees who is on the list: %+v", plan)
	}
}
