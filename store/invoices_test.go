package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/invoice"
	"github.com/rapport-dev/rapport/store"
)

var acme = partnership.SelfBilling{Name: "Acme GmbH", Address: "Ring 2, Köln, DE", TaxID: "DE987654321"}

// billing makes a program write its creators' invoices.
func billing(c *partnership.Campaign, _ *partnership.Terms) { c.Payout.SelfBilling = &acme }

// sheetOf draws nothing: its bytes are the document's number.
func sheetOf(d invoice.Document) ([]byte, error) { return []byte("%PDF " + d.Number), nil }

// details puts on file what a creator's invoices need of them.
func (f *fixture) details(of partnership.CreatorID) {
	f.t.Helper()
	p := partnership.TaxPaper{CreatorID: of, Kind: partnership.PaperVAT, Country: "DE", Name: "Lena Weiß", Number: "DE123456789", Address: "Hauptstraße 1, Berlin"}
	must(f.t, f.AgreeInvoices(f.t.Context(), p, acme, partnership.Deed{Who: partnership.ByCreator(of), Deed: partnership.DeedAgreeInvoices}))
}

func (f *fixture) treat(of partnership.CreatorID, t partnership.TaxTreatment) {
	f.t.Helper()
	must(f.t, f.SetTaxTreatment(f.t.Context(), of, t, partnership.Deed{Who: "cli:fin", Deed: partnership.DeedSetTaxTreatment}))
}

var atNineteen = partnership.TaxTreatment{Kind: partnership.TaxDomestic, RateBPS: 1900}

// issue issues all that is due, and returns the numbers.
func (f *fixture) issue() (numbers []string) {
	f.t.Helper()
	due, err := f.InvoicesDue(f.t.Context(), "", 100)
	must(f.t, err)
	for _, id := range due {
		more, _, err := f.IssueInvoices(f.t.Context(), id, sheetOf)
		must(f.t, err)
		numbers = append(numbers, more...)
	}
	return numbers
}

func (f *fixture) invoicesOf(of partnership.CreatorID) []partnership.InvoiceState {
	f.t.Helper()
	all, err := f.InvoiceStates(f.t.Context(), store.InvoiceFilter{Program: program, Period: period, Creator: of})
	must(f.t, err)
	return all
}

// The money does not wait for the invoice, the invoice waits for what it lacks and says it, and is issued once all is there, however often and
// by however many it is tried; then nothing of it changes.
func TestAnInvoiceIsIssuedOnceItLacksNothing(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	parties, plan := f.month(2, billing)
	f.pay(plan)
	lena, noor := parties[0].creator, parties[1].creator
	f.sent()
	if got := f.issue(); len(got) != 0 {
		t.Fatalf("%v are issued of nothing", got)
	}
	waits := f.invoicesOf(lena)
	if len(waits) != 1 || waits[0].Number != "" || len(waits[0].Waits) != 3 || waits[0].GrossMinor != 5000 || waits[0].Creator == "" {
		t.Fatalf("lena's is %+v", waits)
	}
	f.details(lena)
	f.treat(lena, atNineteen)
	if ready := f.invoicesOf(lena); len(ready) != 1 || len(ready[0].Waits) != 0 || ready[0].NetMinor != 4202 || ready[0].VATMinor != 798 {
		t.Fatalf("lena's is %+v", ready)
	}
	due, err := f.InvoicesDue(ctx, "", 100)
	must(t, err)
	undrawable := func(invoice.Document) ([]byte, error) { return nil, partnership.Errorf(partnership.Invalid, "U+1681") }
	for _, id := range due { // what cannot be drawn takes no number
		if numbers, why, err := f.IssueInvoices(ctx, id, undrawable); err != nil || len(numbers) != 0 || len(why) == 0 {
			t.Errorf("%v, %v, %v", numbers, why, err)
		}
	}
	atOnce(5, func(int) {
		for _, id := range due {
			if _, _, err := f.IssueInvoices(ctx, id, sheetOf); err != nil {
				t.Error(err)
			}
		}
	})
	there := f.invoicesOf(lena)
	if len(there) != 1 || there[0].Number != "DREAMS-1-0001" || there[0].NetMinor != 4202 || there[0].VATMinor != 798 || there[0].GrossMinor != 5000 || there[0].Currency != "USD" {
		t.Fatalf("lena's is %+v", there)
	}
	if got := f.issue(); len(got) != 0 || len(f.invoicesOf(noor)[0].Waits) != 3 {
		t.Errorf("%v are issued beside it", got)
	}
	told := f.sent()
	if len(told) != 1 || told[0].Kind != partnership.NoticeInvoice || told[0].Payout.Why != "DREAMS-1-0001" || !strings.HasSuffix(told[0].Payout.Page, "/invoices") {
		t.Errorf("told is %+v", told)
	}

	for name, change := range map[string]string{
		"edited":    `update invoices set gross_minor = 6000, net_minor = 5202`,
		"forged":    `update invoices set paper = 'x'::bytea`,
		"deleted":   `delete from invoices`,
		"truncated": `truncate invoices`,
		"untaxed":   `update tax_treatments set kind = 'own', rate_bps = 0`,
	} {
		if f.sql(change) == nil {
			t.Errorf("an invoice is %s", name)
		}
	}
	pdf, err := f.TakeInvoice(ctx, "DREAMS-1-0001", partnership.Deed{Who: "cli:fin", Deed: partnership.DeedTakeInvoice})
	must(t, err)
	if string(pdf) != "%PDF DREAMS-1-0001" {
		t.Errorf("the paper is %q", pdf)
	}
	if lines, err := f.Audit(ctx, store.AuditFilter{Deed: partnership.DeedTakeInvoice}); err != nil || len(lines) != 1 || lines[0].Subject != "invoice/DREAMS-1-0001" {
		t.Errorf("the audit has %+v, %v", lines, err)
	}
	_, err = f.OwnInvoice(ctx, store.EarningsOwner{Creator: noor, Program: program}, "DREAMS-1-0001")
	wantCode(t, err, partnership.NotFound)
	_, err = f.OwnInvoice(ctx, store.EarningsOwner{Creator: lena, Program: program}, "DREAMS-1-0001")
	must(t, err)

	f.treat(noor, partnership.TaxTreatment{Kind: partnership.TaxOwn})
	if left := f.invoicesOf(noor); len(left) != 0 {
		t.Errorf("who writes their own waits for %+v", left)
	}
	f.sound()
}

// What came back of a payout is credited, in the order of the numbers, and so is what a person corrects: then another invoice follows.
func TestAnInvoiceIsCorrectedByACreditNote(t *testing.T) {
	t.Parallel()
	f := open(t)
	ctx := t.Context()
	parties, plan := f.month(1, billing)
	lena := parties[0].creator
	f.details(lena)
	f.treat(lena, atNineteen)
	f.pay(plan)
	if got := f.issue(); !slices.Equal(got, []string{"DREAMS-1-0001"}) {
		t.Fatalf("issued are %v", got)
	}
	po, err := f.Payout(ctx, plan.Payouts[0])
	must(t, err)
	must(t, f.ReverseTransfer(ctx, po.ID, po.ProviderRef, 1190))
	if got := f.issue(); !slices.Equal(got, []string{"DREAMS-1-0002"}) {
		t.Fatalf("issued are %v", got)
	}
	credit := partnership.Deed{Who: "cli:fin", Deed: partnership.DeedCreditInvoice, Reason: "she is a small business"}
	_, err = f.CreditInvoice(ctx, "DREAMS-1-0002", credit, sheetOf)
	wantCode(t, err, partnership.Conflict) // a credit note is none
	f.treat(lena, partnership.TaxTreatment{Kind: partnership.TaxExempt, Note: "section 19 UStG"})
	broken := errors.New("no disk")
	if _, err := f.CreditInvoice(ctx, "DREAMS-1-0001", credit, func(invoice.Document) ([]byte, error) { return nil, broken }); err == nil {
		t.Error("what cannot be drawn is issued")
	}
	note, err := f.CreditInvoice(ctx, "DREAMS-1-0001", credit, sheetOf)
	must(t, err)
	_, err = f.CreditInvoice(ctx, "DREAMS-1-0001", credit, sheetOf)
	wantCode(t, err, partnership.Conflict)
	if got := f.issue(); note != "DREAMS-1-0003" || !slices.Equal(got, []string{"DREAMS-1-0004", "DREAMS-1-0005"}) {
		t.Fatalf("%s and %v are issued", note, got)
	}
	var sums []int64
	for _, s := range f.invoicesOf(lena) { // the newest first
		sums = append([]int64{s.GrossMinor, s.VATMinor}, sums...)
	}
	if want := []int64{5000, 798, 1190, 190, 3810, 608, 5000, 0, 1190, 0}; !slices.Equal(sums, want) {
		t.Errorf("the sums are %v, want %v", sums, want)
	}
	if got := f.issue(); len(got) != 0 {
		t.Errorf("%v are issued again", got)
	}
	f.sound()
}

// What was paid before a brand wrote invoices has none of it, and where the brand says so the money waits for what its invoice needs.
func TestMoneyWaitsForTheInvoiceWhereTheBrandSaysSo(t *testing.T) {
	t.Parallel()
	f := open(t)
	parties, plan := f.month(1)
	f.pay(plan)
	c := campaign()
	c.Name, c.Payout.SelfBilling, c.Payout.Gates = "Another", &acme, []partnership.Gate{partnership.GateInvoice}
	f.pass(day)
	_, _, err := f.CreateCampaign(t.Context(), c, people(1), "h2")
	must(t, err)
	f.details(parties[0].creator)
	f.treat(parties[0].creator, atNineteen)
	if got := f.issue(); len(got) != 0 {
		t.Errorf("%v are issued of what was paid before", got)
	}

	f = open(t)
	_, parties = f.launch(2, billing, asking(partnership.GateInvoice))
	for i, pa := range parties {
		f.order(pa, string(rune('a'+i)), 50_000)
	}
	f.pass(2 * day)
	f.details(parties[0].creator)
	_, carried, err := f.PreviewPayouts(t.Context(), program, period, f.clock())
	must(t, err)
	if len(carried) != 1 || carried[0].CreatorID != parties[1].creator || carried[0].Reason != "what a self-billed invoice needs is missing" {
		t.Errorf("the preview carries %+v", carried)
	}
	f.treat(parties[1].creator, partnership.TaxTreatment{Kind: partnership.TaxOwn})
	if plan := f.plan(); len(plan.Payouts) != 2 {
		t.Errorf("who writes their own waits: %+v", plan)
	}
}
