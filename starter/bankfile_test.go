package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/filebank"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
	"github.com/rapport-dev/rapport/partnership/zones"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

// ordered is a payout that the bank was ordered, of a program and a creator of its own, and the month that it is of.
func ordered(t *testing.T, s *store.Store, program string) (payout partnership.PayoutID, period string) {
	t.Helper()
	ctx := t.Context()
	t.Setenv("FILEBANK_NAME", "Dreams GmbH")
	t.Setenv("FILEBANK_ACCOUNT", "DE89370400440532013000")
	c := partnership.Campaign{Name: "Of " + program, Program: program, Currency: "EUR", Timezone: "Europe/Berlin", BudgetMinor: 1_000_000}
	c.Payout.Provider, c.Payout.Also = "stripe", []string{"filebank"}
	id, _, err := s.CreateCampaign(ctx, c, []partnership.Creator{{Handle: program, Email: program + "@mail.example", Followers: 9000, Niche: "home"}}, program)
	must(t, err)
	creators, err := s.CampaignCreators(ctx, id)
	must(t, err)
	who := creators[0].ID
	must(t, s.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: who, Tier: partnership.Nano, Niche: "home", Rank: 1}, partnership.Terms{Version: 1, Currency: "EUR"}, 0))
	to := partnership.Receiver{Kind: "IBAN", ID: "FR1420041010050500013M02606", Name: "Anaïs", Country: "FR"}
	must(t, s.ChooseAccount(ctx, who, partnership.PayoutAccount{Rail: "filebank", Ready: true}, to, partnership.Deed{Who: partnership.ByCreator(who)}))
	must(t, s.EarnFee(ctx, partnership.PartnershipFor(id, who), "post", 12_300, time.Now()))
	now, err := s.Time(ctx)
	must(t, err)
	period = now.In(zones.Or(c.Timezone)).Format("2006-01")
	run, err := s.OpenPayoutRun(ctx, program, period, "schedule", now)
	must(t, err)
	plan, err := s.PlanPayouts(ctx, run.ID, now)
	must(t, err)
	if len(plan.Payouts) != 1 {
		t.Fatalf("%+v", plan)
	}
	deed := partnership.Deed{ID: run.ID, Who: "slack:U1", Deed: partnership.DeedApproveRun, Subject: "payout-run/" + program + "/" + period, At: now}
	_, err = s.ApprovePayoutRun(ctx, run.ID, plan.LinesHash, deed, "a-run", []string{"slack:U1"})
	must(t, err)
	payout = plan.Payouts[0]
	_, err = s.BeginTransfer(ctx, payout)
	must(t, err)
	must(t, s.OrderBank(ctx, "filebank", payout))
	return payout, period
}

// atTheBank is such a payout in a file that somebody else took to the bank.
func atTheBank(t *testing.T, s *store.Store, program string) (payout partnership.PayoutID, file string) {
	t.Helper()
	payout, period := ordered(t, s, program)
	bank := (&filebank.Settings{Name: "Dreams GmbH", Account: "DE89370400440532013000"}).Open(nil).(*filebank.Client)
	files, err := s.BankFiles(t.Context(), program, period, func(f *partnership.BankFile) (err error) {
		f.Name, f.Text, err = bank.Write(*f)
		return err
	}, partnership.Deed{Who: "slack:U2"})
	must(t, err)
	return payout, files[0].ID
}

// yesterday is over in every zone, and no earlier than a bank may have paid what was made today.
func yesterday() string {
	return time.Now().In(zones.Or("Europe/Berlin")).AddDate(0, 0, -1).Format(time.DateOnly)
}

// refused is what a command says that is not done.
func refused(t *testing.T, args ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	if code := run(t.Context(), args, &out, &errOut); code == done {
		t.Errorf("rapport %s is done: %s", strings.Join(args, " "), out.String())
	}
	return errOut.String()
}

func TestABankIsPaidByFileFromAShell(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database and Temporal")
	}
	_, _ = kept(t)
	server := temporaltest.Server(t)
	t.Setenv("TEMPORAL_ADDRESS", server.Address())
	t.Setenv("TEMPORAL_NAMESPACE", server.Namespace())
	t.Setenv("RAPPORT_CODEC_KEYS", "plain")
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	payout, period := ordered(t, s, "banked")
	month := []string{"--program", "banked", "--period", period}
	if text := output(t, append([]string{"payouts", "status"}, month...)...); !strings.Contains(text, "wait to be taken to the bank") || !strings.Contains(text, "€123.00") {
		t.Errorf("it waits for a file: %q", text)
	}
	dir := t.TempDir()
	take := append([]string{"payouts", "bankfile", "--out", dir}, month...)
	if text := output(t, take...); !strings.Contains(text, "1 payments, €123.00, 1 open") || !strings.Contains(text, "to be carried out on "+timeline.NextTARGETDay(time.Now())) {
		t.Errorf("it says %q", text)
	}
	names, err := filepath.Glob(filepath.Join(dir, "RPT*.xml"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	first, err := os.ReadFile(names[0])
	must(t, err)
	if info, err := os.Stat(names[0]); err != nil || info.Mode().Perm() != 0o600 || !bytes.Contains(first, []byte("FR1420041010050500013M02606")) {
		t.Errorf("%v %v", info, err)
	}
	output(t, take...)
	if again, err := os.ReadFile(names[0]); err != nil || !bytes.Equal(first, again) {
		t.Error("written again it is another text")
	}
	file := strings.TrimSuffix(filepath.Base(names[0]), ".xml")
	t.Setenv("FILEBANK_NAME", "Somebody Else")
	if text := refused(t, take...); !strings.Contains(text, "would be another text") {
		t.Errorf("under another name it says %q", text)
	}
	if text := refused(t, "payouts", "confirm", file, "--as", "paid", "--reference", "R1", "--on", yesterday()); !strings.Contains(text, "someone other than who took the file") {
		t.Errorf("who took it: %q", text)
	}
	if text := refused(t, "payouts", "unexecuted", file, "--reason", "the bank refused it"); !strings.Contains(text, "someone other than who took the file") {
		t.Errorf("who took it: %q", text)
	}
	// What somebody else says, and says again.
	other, otherFile := atTheBank(t, s, "others")
	if text := refused(t, "payouts", "confirm", string(other), "--as", "paid"); !strings.Contains(text, "reference") {
		t.Errorf("without a reference: %q", text)
	}
	if text := refused(t, "payouts", "confirm", string(other), "--as", "paid", "--reference", "R2"); !strings.Contains(text, "the day on which the bank paid") {
		t.Errorf("without a day: %q", text)
	}
	if text := output(t, "payouts", "confirm", otherFile, "--as", "paid", "--reference", "R2", "--on", yesterday()); text != "Noted: 1 paid.\n" {
		t.Errorf("it says %q", text)
	}
	if text := output(t, "payouts", "confirm", string(other), "--as", "paid", "--reference", "R2", "--on", yesterday()); text != "That was said before.\n" {
		t.Errorf("again it says %q", text)
	}
	if text := refused(t, "payouts", "unexecuted", otherFile, "--reason", "the bank refused it"); !strings.Contains(text, "it did execute the file") {
		t.Errorf("paid and unexecuted: %q", text)
	}
	if text := output(t, "payouts", "confirm", string(other), "--as", "returned", "--reason", "the account is closed"); !strings.Contains(text, "is owed") {
		t.Errorf("it says %q", text)
	}
	_, third := atTheBank(t, s, "third")
	if text := output(t, "payouts", "unexecuted", third, "--reason", "the bank refused it"); !strings.Contains(text, "1 payments are owed again") {
		t.Errorf("it says %q", text)
	}
	lines, err := s.Audit(t.Context(), store.AuditFilter{Who: access.Shell()})
	must(t, err)
	count := map[string]int{}
	for _, l := range lines {
		count[l.Deed]++
	}
	if count[partnership.DeedBankFile] != 2 || count[partnership.DeedTellBank] != 2 || count[partnership.DeedVoidBankFile] != 1 {
		t.Errorf("the audit has %v", count)
	}
	if one, err := s.Payout(t.Context(), payout); err != nil || one.State != partnership.PayoutPosted {
		t.Errorf("%+v %v", one, err)
	}
}
