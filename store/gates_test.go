package store_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
)

// asking makes a program ask gates.
func asking(gates ...partnership.Gate) func(*partnership.Campaign, *partnership.Terms) {
	return func(c *partnership.Campaign, _ *partnership.Terms) { c.Payout.Gates = gates }
}

// give puts a paper on file.
func (f *fixture) give(of partnership.CreatorID, kind partnership.PaperKind, country, number string) {
	f.t.Helper()
	p := partnership.TaxPaper{CreatorID: of, Kind: kind, Country: country, Name: "Ada Example", Number: number, Address: "Main Street 1", File: []byte("%PDF-1.7 of " + number)}
	p, wrong := p.Clean()
	if len(wrong) > 0 {
		f.t.Fatal(wrong)
	}
	must(f.t, f.AddTaxPaper(f.t.Context(), p, partnership.Deed{Who: partnership.ByCreator(of), Deed: partnership.DeedGiveTaxPaper}))
}

// RULE 9: a program that asks for a tax form pays nobody of whom it has none; what is missing is said by preview, statement and view, and
// the money waits.
func TestMoneyWaitsForTheTaxForm(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(3, asking(partnership.GateTaxForm))
	for i, pa := range parties {
		f.order(pa, string(rune('a'+i)), 50_000)
	}
	f.pass(2 * day)
	f.give(parties[0].creator, partnership.FormW9, "US", "123-45-6780")
	f.give(parties[1].creator, partnership.FormW8, "DE", "12 345 678 901")
	_, carried, err := f.PreviewPayouts(ctx, program, period, f.clock())
	must(t, err)
	if len(carried) != 1 || carried[0].CreatorID != parties[2].creator || carried[0].Reason != "no valid tax form is on file" {
		t.Errorf("the preview carries %+v", carried)
	}
	plan := f.plan()
	if len(plan.Payouts) != 2 || plan.Carried != 1 {
		t.Fatalf("the plan is %+v", plan)
	}
	st, err := f.Statement(ctx, plan.RunID, parties[2].creator)
	must(t, err)
	view, err := f.View(ctx, parties[2].id)
	must(t, err)
	if st.PayableNow != 0 || !strings.Contains(st.CarriedWhy, "tax form") || view.MayBePaid() || len(view.Lacking) != 1 {
		t.Errorf("the statement says %d, %q; the view lacks %v", st.PayableNow, st.CarriedWhy, view.Lacking)
	}
	f.pay(plan)
	f.give(parties[2].creator, partnership.FormW9, "US", "987654320")
	if next := f.plan(); len(next.Payouts) != 1 || next.Carried != 0 {
		t.Errorf("with the form the plan is %+v", next)
	}
	f.sound()
}

// What was true when a run was planned is asked again before the transfer: a form that was rejected since stops it, and nothing is sent.
func TestAGateIsAskedAgainBeforeTheTransfer(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2, asking(partnership.GateTaxForm))
	for i, pa := range parties {
		f.give(pa.creator, partnership.FormW8, "DE", "12345678901")
		f.order(pa, string(rune('a'+i)), 50_000)
	}
	f.pass(2 * day)
	plan := f.plan()
	_, err := f.approveAs(plan.RunID, "finance", plan.LinesHash)
	must(t, err)
	papers, err := f.TaxPapers(ctx, parties[0].creator)
	must(t, err)
	of, err := f.RejectTaxPaper(ctx, papers[0].ID, partnership.Deed{Who: "cli:fin", Deed: partnership.DeedRejectTaxPaper, Reason: "it is not signed"})
	must(t, err)
	if of != parties[0].creator {
		t.Errorf("it was of %s", of)
	}
	for _, payout := range f.payouts(plan) {
		_, err := f.BeginTransfer(ctx, payout.ID)
		if payout.CreatorID == parties[0].creator {
			wantCode(t, err, partnership.Conflict)
			must(t, f.FailTransfer(ctx, payout.ID, err.Error()))
		} else {
			must(t, err)
		}
	}
	if _, carried, err := f.PreviewPayouts(ctx, program, period, f.clock()); err != nil || len(carried) != 1 {
		t.Errorf("it carries %+v, %v", carried, err)
	}
	// A repetition of what was sent is found out where it was sent, whatever the gates say since.
	for _, payout := range f.payouts(plan) {
		if payout.CreatorID == parties[1].creator {
			papers, err := f.TaxPapers(ctx, parties[1].creator)
			must(t, err)
			_, err = f.RejectTaxPaper(ctx, papers[0].ID, partnership.Deed{Who: "cli:fin", Deed: partnership.DeedRejectTaxPaper, Reason: "late"})
			must(t, err)
			posting, err := f.BeginTransfer(ctx, payout.ID)
			if err != nil || !posting.Again {
				t.Errorf("a repetition: %+v, %v", posting, err)
			}
		}
	}
}

// A W-8 ends with the third year after it was given, and then it is asked for anew.
func TestAFormThatRanOutIsNone(t *testing.T) {
	t.Parallel()
	f := open(t)
	_, parties := f.launch(1, asking(partnership.GateTaxForm, partnership.GateVATID))
	f.give(parties[0].creator, partnership.FormW8, "DE", "12345678901")
	lacks := func() []partnership.Gate {
		view, err := f.View(t.Context(), parties[0].id)
		must(t, err)
		return view.Lacking
	}
	if got := lacks(); len(got) != 1 || got[0] != partnership.GateVATID {
		t.Errorf("it lacks %v", got)
	}
	f.give(parties[0].creator, partnership.PaperVAT, "DE", "DE 123456789")
	f.pass(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC).Sub(f.clock()) - time.Second)
	if got := lacks(); len(got) != 0 {
		t.Errorf("until the end of 2029 it lacks %v", got)
	}
	f.pass(time.Second)
	if got := lacks(); len(got) != 1 || got[0] != partnership.GateTaxForm {
		t.Errorf("in 2030 it lacks %v", got)
	}
}

// Nothing of a paper stands readable in the database but its last four, and who has the key reads it whole, with a line in the audit.
func TestATaxPaperIsEncrypted(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(1)
	f.give(parties[0].creator, partnership.FormW9, "US", "523-45-6781")
	conn, err := pgx.Connect(ctx, pgtest.Owner(t, f.url))
	must(t, err)
	defer conn.Close(context.WithoutCancel(ctx))
	var row, audit string
	must(t, conn.QueryRow(ctx, `select (select string_agg(encode(convert_to(p::text, 'UTF8'), 'escape') || encode(sealed, 'escape') || encode(file, 'escape'), '|') from tax_papers p),
		(select string_agg(a::text, '|') from audit a)`).Scan(&row, &audit))
	for _, secret := range []string{"523456781", "523-45-6781", "Ada Example", "%PDF"} {
		if strings.Contains(row, secret) || strings.Contains(audit, secret) {
			t.Errorf("%q can be read in the database", secret)
		}
	}
	papers, err := f.TaxPapers(ctx, "")
	must(t, err)
	if len(papers) != 1 || papers[0].LastFour != "6781" || !papers[0].HasFile {
		t.Fatalf("on file: %+v", papers)
	}
	p, err := f.OpenTaxPaper(ctx, papers[0].ID, partnership.Deed{Who: "cli:fin", Deed: partnership.DeedOpenTaxPaper, Reason: "1099"})
	if err != nil || p.Number != "523456781" || p.Name != "Ada Example" || !strings.HasPrefix(string(p.File), "%PDF-1.7") {
		t.Errorf("it opens as %+v, %v", p, err)
	}
	lines, err := f.Audit(ctx, store.AuditFilter{Deed: partnership.DeedOpenTaxPaper})
	must(t, err)
	if len(lines) != 1 || lines[0].Who != "cli:fin" {
		t.Errorf("the audit has %+v", lines)
	}
	must(t, f.sql(`update tax_papers set file = sealed`)) // put elsewhere, it does not open
	_, err = f.OpenTaxPaper(ctx, papers[0].ID, partnership.Deed{Who: "cli:fin", Deed: partnership.DeedOpenTaxPaper, Reason: "1099"})
	wantCode(t, err, partnership.Conflict)
}

// An erasure takes what no payment rests on; the rest goes when the law has no more use for it.
func TestErasureKeepsAPaperAsLongAsTheLawAsks(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	parties, plan := f.month(2)
	f.pay(plan)
	f.give(parties[0].creator, partnership.FormW9, "US", "523456781")
	erased, err := f.EraseCreator(ctx, "Creator0", "cli:ada")
	must(t, err)
	papers, err := f.TaxPapers(ctx, parties[0].creator)
	must(t, err)
	if erased.TaxPapers != 0 || papers[0].LastFour == "" {
		t.Errorf("what a payment rests on went: %+v, %+v", erased, papers)
	}
	f.pass(time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC).Sub(f.clock()) - time.Second)
	if n, err := f.ForgetPapers(ctx); err != nil || n != 0 {
		t.Errorf("in 2030 %d went, %v", n, err)
	}
	f.pass(time.Second)
	if n, err := f.ForgetPapers(ctx); err != nil || n != 1 {
		t.Errorf("in 2031 %d went, %v", n, err)
	}
	papers, err = f.TaxPapers(ctx, parties[0].creator)
	must(t, err)
	if papers[0].LastFour != "" || papers[0].HasFile {
		t.Errorf("it is still there: %+v", papers)
	}
}

// At most one mail about what is missing in three days, whoever would send it, and the same mail may be tried again.
func TestAChaserGoesAtMostEveryThreeDays(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	_, parties := f.launch(2, asking(partnership.GateTaxForm))
	for i, pa := range parties {
		f.order(pa, string(rune('a'+i)), 50_000)
	}
	f.give(parties[1].creator, partnership.FormW9, "US", "523456781")
	waiting := func() []partnership.WaitingPayee {
		list, next, err := f.WaitingPayees(ctx, "")
		must(t, err)
		if next != "" {
			t.Errorf("there is more: %q", next)
		}
		return list
	}
	if got := waiting(); len(got) != 0 {
		t.Errorf("before anything is due: %+v", got)
	}
	f.pass(2 * day)
	if got := waiting(); len(got) != 1 || got[0].PartnershipID != parties[0].id || got[0].Lacks[0] != partnership.GateTaxForm {
		t.Fatalf("it waits for %+v", got)
	}
	may := func(key partnership.EffectKey) bool {
		yes, err := f.MayChase(ctx, parties[0].creator, key)
		must(t, err)
		return yes
	}
	for range 2 { // tried again it is the same mail
		if !may("a") {
			t.Error("the first mail does not go out")
		}
	}
	if may("b") {
		t.Error("a second mail went out at once")
	}
	open := func(want ...partnership.EffectKey) {
		t.Helper()
		if got, err := f.OpenChasers(ctx); err != nil || !slices.Equal(got, want) {
			t.Errorf("open are %v, %v; want %v", got, err, want)
		}
	}
	open()
	_, err := f.BeginEffect(ctx, "a", "mail")
	must(t, err)
	open("a") // whoever sent it may have died
	must(t, f.RevertEffect(ctx, "a", "refused"))
	open()
	_, err = f.BeginEffect(ctx, "a", "mail")
	must(t, err)
	must(t, f.ConfirmEffect(ctx, "a", nil))
	open()
	if got := waiting(); len(got) != 0 {
		t.Errorf("who was just written to waits to be written to: %+v", got)
	}
	f.pass(3*day - 2*time.Hour)
	if may("b") {
		t.Error("another mail went out within three days")
	}
	f.pass(2 * time.Hour)
	if len(waiting()) != 1 || !may("b") {
		t.Error("after three days nobody is written to")
	}
}
