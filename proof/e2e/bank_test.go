package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
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

// payout is the one that the payment is of: its id without its hyphens is what a bank carries to the end.
func (p atBank) payout() string {
	return strings.Join([]string{p.EndToEnd[:8], p.EndToEnd[8:12], p.EndToEnd[12:16], p.EndToEnd[16:20], p.EndToEnd[20:]}, "-")
}

// byFile pays whoever chose the bank: a person takes the file from the command line to the bank, which reads it as strictly as banks do;
// another says by the API what its statement shows. One account is closed and sends its money back. It returns how each payout has to end, and
// the one that came back.
func byFile(t *testing.T, s *systemtest.System) (ends map[string]string, returned string) {
	t.Helper()
	ends = map[string]string{}
	for _, p := range toTheBank(t, s, bankFiles(t, s)) {
		answer := map[string]string{"as": "paid", "reference": p.Reference, "on": time.Now().In(zones.Or("Europe/Berlin")).AddDate(0, 0, -1).Format(time.DateOnly)}
		ends[p.payout()] = "paid"
		if p.Status == "RTRN" {
			answer = map[string]string{"as": "returned", "reference": p.Reference, "reason": p.Why}
			ends[p.payout()], returned = "failed", p.payout()
		}
		s.Post("/payouts/bank/"+p.payout()+"/confirm", answer, nil)
	}
	return ends, returned
}

// bankFiles takes what waits for a file into files, twice.
func bankFiles(t *testing.T, s *systemtest.System) (texts []string) {
	t.Helper()
	var waits struct {
		Bank []partnership.BankWait `json:"bank"`
	}
	s.Until("payments that wait for a file", func() bool {
		s.API("/payouts/bank", &waits)
		return len(waits.Bank) == 1 && waits.Bank[0].Payments >= 2
	})
	s.Until("every payment of the run to be ordered", func() bool { // one that is ordered after the last file would wait for ever
		var now struct {
			Payouts []judge.Payout `json:"payouts"`
		}
		s.API("/payouts", &now)
		return !slices.ContainsFunc(now.Payouts, func(po judge.Payout) bool { return po.State == string(partnership.PayoutPlanned) })
	})
	s.API("/payouts/bank", &waits)
	dir := t.TempDir()
	for range 2 { // read again it is the same, or a further file of what was ordered since
		s.Must("payouts", "bankfile", "--program", waits.Bank[0].Program, "--period", waits.Bank[0].Period, "--out", dir)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return texts
}

// toTheBank brings the files to the bank, where the first account is closed, and returns what its statement then shows: all that it took.
func toTheBank(t *testing.T, s *systemtest.System, texts []string) []atBank {
	t.Helper()
	first := creditor.FindStringSubmatch(texts[0])
	if first == nil {
		t.Fatal("the file pays no account")
	}
	s.Tell("/sandbox/bank/account", map[string]string{"account": first[1], "why": "AC04"}, nil)
	taken := 0
	for _, text := range texts {
		var took struct {
			Payments []atBank `json:"payments"`
		}
		s.Tell("/sandbox/bank/file", map[string]string{"text": text}, &took)
		taken += len(took.Payments)
	}
	var done struct {
		Payments []atBank `json:"payments"`
	}
	s.Until("what the bank did", func() bool {
		s.Sandbox("/sandbox/bank/statement", &done)
		return len(done.Payments) == taken
	})
	return done.Payments
}
