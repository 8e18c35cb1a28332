package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/invoice"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/store"
)

// invoiced is an invoice that was issued, of a program and a creator of its own.
func invoiced(t *testing.T, s *store.Store, program string) (number string) {
	t.Helper()
	ctx := t.Context()
	c := partnership.Campaign{Name: "Of " + program, Program: program, Currency: "EUR", Timezone: "Europe/Berlin", BudgetMinor: 1_000_000}
	c.Payout.Provider, c.Payout.SelfBilling = "stripe", &partnership.SelfBilling{Name: "Acme GmbH", Address: "Ring 2, Köln"}
	id, _, err := s.CreateCampaign(ctx, c, []partnership.Creator{{Handle: program, Email: program + "@mail.example", Followers: 9000, Niche: "home"}}, program)
	must(t, err)
	creators, err := s.CampaignCreators(ctx, id)
	must(t, err)
	who := creators[0].ID
	must(t, s.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: who, Tier: partnership.Nano, Niche: "home", Rank: 1}, partnership.Terms{Version: 1, Currency: "EUR"}, 0))
	must(t, s.SavePayoutAccount(ctx, who, partnership.PayoutAccount{ID: "acct_" + program, Ready: true}))
	paper := partnership.TaxPaper{CreatorID: who, Kind: partnership.PaperVAT, Country: "DE", Name: "Lena Weiß", Number: "DE123456789", Address: "Berlin"}
	must(t, s.AgreeInvoices(ctx, paper, *c.Payout.SelfBilling, partnership.Deed{Who: partnership.ByCreator(who), Deed: partnership.DeedAgreeInvoices}))
	must(t, s.SetTaxTreatment(ctx, who, partnership.TaxTreatment{Kind: partnership.TaxDomestic, RateBPS: 1900}, partnership.Deed{Who: "rapport", Deed: "test"}))
	must(t, s.EarnFee(ctx, partnership.PartnershipFor(id, who), "post", 12_300, time.Now()))
	now, err := s.Time(ctx)
	must(t, err)
	period := now.In(zones.Or(c.Timezone)).Format("2006-01")
	run, err := s.OpenPayoutRun(ctx, program, period, "schedule", now)
	must(t, err)
	plan, err := s.PlanPayouts(ctx, run.ID, now)
	must(t, err)
	deed := partnership.Deed{ID: run.ID, Who: "slack:U1", Deed: partnership.DeedApproveRun, Subject: "payout-run/" + program + "/" + period, At: now}
	_, err = s.ApprovePayoutRun(ctx, run.ID, plan.LinesHash, deed, "a-run", []string{"slack:U1"})
	must(t, err)
	po, err := s.BeginTransfer(ctx, plan.Payouts[0])
	must(t, err)
	must(t, s.ConfirmTransfer(ctx, po.ID, partnership.Transfer{ID: "tr_" + program, PayoutID: po.ID, Destination: po.Destination, AmountMinor: po.AmountMinor, Currency: po.Currency}))
	numbers, waits, err := s.IssueInvoices(ctx, po.ID, func(d invoice.Document) ([]byte, error) { return invoice.Draw(d, nil) })
	must(t, err)
	if len(numbers) != 1 {
		t.Fatalf("it waits for %v", waits)
	}
	return numbers[0]
}

func TestInvoicesFromAShell(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	number := invoiced(t, s, "billed")
	for what, words := range map[string]string{
		output(t, "payouts", "invoices", "--program", "billed"):                                 number,
		output(t, "tax", "treatment", "@billed", "--as", "exempt", "--note", "section 19 UStG"): "are exempt from now on",
	} {
		if !strings.Contains(what, words) {
			t.Errorf("it says %q, want %q", what, words)
		}
	}
	file := filepath.Join(t.TempDir(), "invoice.pdf")
	output(t, "payouts", "invoice", number, "--out", file)
	if pdf, err := os.ReadFile(file); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Errorf("the paper is %d bytes, %v", len(pdf), err)
	}
	if said := output(t, "payouts", "credit", number, "--reason", "she is a small business"); !strings.Contains(said, "BILLED-1-0002") {
		t.Errorf("it says %q", said)
	}
	var said bytes.Buffer
	for name, args := range map[string][]string{
		"a guess":         {"tax", "treatment", "@billed", "--as", "standard"},
		"no rate":         {"tax", "treatment", "@billed", "--as", "domestic"},
		"an unread rate":  {"tax", "treatment", "@billed", "--as", "domestic", "--rate", "much"},
		"corrected twice": {"payouts", "credit", number, "--reason", "again"},
		"nobody's":        {"payouts", "invoice", "BILLED-9-0001", "--out", file},
	} {
		if code := run(t.Context(), args, &said, &said); code == done {
			t.Errorf("%s: exit %d, %s", name, code, said.String())
		}
	}
}
