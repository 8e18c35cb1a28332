package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/judge"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

var creditor = regexp.MustCompile(`<CdtrAcct>\s*<Id>\s*<IBAN>([A-Z0-9]+)<`)

// atBank is a payment on the bank's statement.
type atBank struct {
	Reference string `json:"reference"`
	EndToEnd  string `json:"end_to_end"`
	Status    string `json:"status"`
	Why       string `json:"why"`
}

// TestCreatorsArePaidByAFileForTheBank plays a campaign that offers Stripe and the brand's own bank: one run pays by both. A person takes the
// file from the command line to the bank, which reads it as strictly as banks do; another says by the API what its statement shows; one account is
// closed and sends its money back. The judge is the bank's own record.
func TestCreatorsArePaidByAFileForTheBank(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the whole system")
	}
	file := func(name string) string {
		text, err := os.ReadFile(filepath.Join("..", "..", "examples", "germany", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	s := systemtest.Start(t, systemtest.Options{
		Day: day, Campaign: strings.Replace(file("campaign.yaml"), "provider: stripe", "provider: [stripe, filebank]", 1), Creators: file("creators.csv"), Exit: true, Timeout: 5 * time.Minute,
	})
	s.Await("Launched Dreams Abendrot")
	var waits struct {
		Bank []partnership.BankWait `json:"bank"`
	}
	s.Until("the campaign's end", func() bool { return s.Board().State == "finished" })
	s.Until("payments that wait for a file", func() bool {
		s.API("/payouts/bank", &waits)
		return len(waits.Bank) == 1 && waits.Bank[0].Payments >= 2
	})
	dir := t.TempDir()
	for range 2 { // read again it is the same, or a further file of what was ordered since
		s.Must("payouts", "bankfile", "--program", waits.Bank[0].Program, "--period", waits.Bank[0].Period, "--out", dir)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	closed := false
	taken := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if to := creditor.FindSubmatch(text); !closed && to != nil {
			s.Tell("/sandbox/bank/account", map[string]string{"account": string(to[1]), "why": "AC04"}, nil)
			closed = true
		}
		var took struct {
			Payments []atBank `json:"payments"`
		}
		s.Tell("/sandbox/bank/file", map[string]string{"text": string(text)}, &took)
		taken += len(took.Payments)
	}
	var done struct {
		Payments []atBank `json:"payments"`
	}
	s.Until("what the bank did", func() bool {
		s.Sandbox("/sandbox/bank/statement", &done)
		return len(done.Payments) == taken
	})
	ended := map[string]string{}
	say := func(p atBank, as, why string) {
		payout := strings.Join([]string{p.EndToEnd[:8], p.EndToEnd[8:12], p.EndToEnd[12:16], p.EndToEnd[16:20], p.EndToEnd[20:]}, "-")
		s.Post("/payouts/bank/"+payout+"/confirm", map[string]string{"as": as, "reference": p.Reference, "reason": why}, nil)
		ended[payout] = map[string]string{"paid": "paid", "returned": "failed"}[as]
	}
	for _, p := range done.Payments {
		if p.Status == "RTRN" {
			say(p, "returned", p.Why)
		} else {
			say(p, "paid", "")
		}
	}
	r := s.Report()
	verdicts := judge.Books(r)
	var sheet strings.Builder
	judge.Write(&sheet, verdicts)
	t.Logf("recomputed from both rails' records:\n%s", sheet.String())
	for _, v := range judge.Failed(verdicts) {
		t.Errorf("does not hold: %s", v)
	}
	for _, po := range r.Payouts {
		want, banked := ended[po.ID]
		if banked && po.State != want {
			t.Errorf("payout %s of %s is %s, want %s", po.ID, po.Creator, po.State, want)
		}
	}
	if !closed || len(ended) != taken || len(r.Truth.BankPaid) != taken-1 || len(r.Truth.Transfers) <= len(r.Truth.BankPaid) {
		t.Errorf("%d were taken, %d told, the bank paid %d of %d", taken, len(ended), len(r.Truth.BankPaid), len(r.Truth.Transfers))
	}
}
