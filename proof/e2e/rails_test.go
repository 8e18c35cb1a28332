package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/proof/judge"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// order is a payout that PayPal was asked for, as it stands there.
type order struct {
	Batch    string `json:"id"`
	PayoutID string `json:"payout_id"`
	Status   string `json:"status"`
}

// TestCreatorsArePaidByTheRailThatTheyChose plays a campaign that offers Stripe and PayPal: some creators choose one, some the other, and
// one run pays both. At PayPal nobody has an account at first: the batches are SUCCESS and nobody is paid. One creator then claims their
// money, another never does. What left the bank is recomputed from both rails' records.
func TestCreatorsArePaidByTheRailThatTheyChose(t *testing.T) {
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
	creators := file("creators.csv")
	s := systemtest.Start(t, systemtest.Options{
		Day: day, Campaign: strings.Replace(file("campaign.yaml"), "provider: stripe", "provider: [stripe, paypal]", 1), Creators: creators, Exit: true, Timeout: 5 * time.Minute,
	})
	s.Await("Launched Dreams Abendrot")
	for _, line := range strings.Split(strings.TrimSpace(creators), "\n")[1:] {
		s.Tell("/sandbox/paypal/receiver", map[string]string{"receiver": strings.Split(line, ",")[2], "status": "UNCLAIMED"}, nil)
	}
	asked := func(status string) (all []order) {
		var truth struct {
			Asked []order `json:"paypal_asked"`
		}
		s.Sandbox("/truth", &truth)
		for _, o := range truth.Asked {
			if o.Status == status {
				all = append(all, o)
			}
		}
		return all
	}
	s.Until("the campaign's end", func() bool { return s.Board().State == "finished" })
	s.Until("payouts that somebody has to claim", func() bool { return len(asked("UNCLAIMED")) >= 2 })
	waiting := asked("UNCLAIMED")
	var now struct {
		Payouts []judge.Payout `json:"payouts"`
	}
	s.API("/payouts", &now)
	for _, po := range now.Payouts {
		if slices.ContainsFunc(waiting, func(o order) bool { return o.PayoutID == po.ID }) && po.State != "posted" {
			t.Errorf("payout %s is %s: nobody has claimed it", po.ID, po.State)
		}
	}
	claimed, returned := waiting[0], waiting[1] // and whatever comes later nobody claims
	s.Tell("/sandbox/paypal/item", map[string]string{"batch": claimed.Batch, "status": "SUCCESS"}, nil)
	s.Tell("/sandbox/paypal/item", map[string]string{"batch": returned.Batch, "status": "RETURNED"}, nil)
	r := s.Report()
	verdicts := judge.Books(r)
	var sheet strings.Builder
	judge.Write(&sheet, verdicts)
	t.Logf("recomputed from both rails' records:\n%s", sheet.String())
	for _, v := range judge.Failed(verdicts) {
		t.Errorf("does not hold: %s", v)
	}
	for _, po := range r.Payouts {
		want := "paid"
		if po.ID != claimed.PayoutID && slices.ContainsFunc(r.Truth.PayPalAsked, func(o judge.Transfer) bool { return o.PayoutID == po.ID }) {
			want = "failed" // its rows are in the next run
		}
		if po.State != want {
			t.Errorf("payout %s of %s is %s, want %s", po.ID, po.Creator, po.State, want)
		}
	}
	if len(r.Truth.PayPalPaid) != 1 || len(r.Truth.Transfers) < 2 {
		t.Errorf("%d were paid, %d of them by PayPal", len(r.Truth.Transfers), len(r.Truth.PayPalPaid))
	}
}
