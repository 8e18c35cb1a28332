package e2e

import (
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

// TestCreatorsArePaidByTheRailThatTheyChose plays the example in euros with three ways to be paid: some creators choose Stripe, some PayPal,
// some their bank, and one run pays them all. At PayPal nobody has an account at first: the batches are SUCCESS and nobody is paid. One
// creator then claims their money, another never does. The bank is paid by a file (see byFile). What left is recomputed from the three rails'
// own records, and what each creator brought, cost and was paid from the vendors'.
func TestCreatorsArePaidByTheRailThatTheyChose(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the whole system")
	}
	creators := example(t, "germany", "creators.csv")
	s := systemtest.Start(t, systemtest.Options{
		Day: day, Campaign: strings.Replace(example(t, "germany", "campaign.yaml"), "provider: stripe", "provider: [stripe, paypal, filebank]", 1), Creators: creators, Exit: true, Timeout: 5 * time.Minute,
	})
	s.Await("Launched Dreams Abendrot")
	for _, line := range strings.Split(strings.TrimSpace(creators), "\n")[1:] {
		s.Tell("/sandbox/paypal/receiver", map[string]string{"receiver": strings.Split(line, ",")[2], "status": "UNCLAIMED"}, nil)
	}
	s.Until("the campaign's end", func() bool { return s.Board().State == "finished" })
	want, returned := byFile(t, s) // how the payouts end
	claimed := byPayPal(t, s)
	r := s.Report()
	recomputed(t, r)
	abroad(t, r, "EUR", 1_900, 1)
	for _, o := range r.Truth.PayPalAsked {
		want[o.PayoutID] = "failed" // its rows are in the next run
	}
	want[claimed] = "paid"
	byStripe := 0
	for _, po := range r.Payouts {
		if want[po.ID] == "" {
			want[po.ID] = "paid"
			byStripe++
		}
		if po.State != want[po.ID] {
			t.Errorf("payout %s of %s is %s, want %s", po.ID, po.Creator, po.State, want[po.ID])
		}
	}
	if paid := len(r.Truth.BankPaid); paid == 0 || want[returned] != "failed" {
		t.Errorf("the bank paid %d and sent %q back", paid, returned)
	}
	if len(r.Truth.PayPalPaid) != 1 || byStripe == 0 || len(r.Truth.Transfers) != byStripe+len(r.Truth.PayPalPaid)+len(r.Truth.BankPaid) {
		t.Errorf("%d were paid, %d of them by PayPal, %d by the bank, %d of %d payouts by Stripe", len(r.Truth.Transfers), len(r.Truth.PayPalPaid), len(r.Truth.BankPaid), byStripe, len(r.Payouts))
	}
}

// byPayPal lets one creator claim what PayPal holds for them and another not, and returns the payout that is claimed.
func byPayPal(t *testing.T, s *systemtest.System) (claimed string) {
	t.Helper()
	var waiting []order
	s.Until("payouts that somebody has to claim", func() bool {
		var truth struct {
			Asked []order `json:"paypal_asked"`
		}
		s.Sandbox("/truth", &truth)
		waiting = slices.DeleteFunc(truth.Asked, func(o order) bool { return o.Status != "UNCLAIMED" })
		return len(waiting) >= 2
	})
	var now struct {
		Payouts []judge.Payout `json:"payouts"`
	}
	s.API("/payouts", &now)
	for _, po := range now.Payouts {
		if slices.ContainsFunc(waiting, func(o order) bool { return o.PayoutID == po.ID }) && po.State != "posted" {
			t.Errorf("payout %s is %s: nobody has claimed it", po.ID, po.State)
		}
	}
	s.Tell("/sandbox/paypal/item", map[string]string{"batch": waiting[0].Batch, "status": "SUCCESS"}, nil)
	s.Tell("/sandbox/paypal/item", map[string]string{"batch": waiting[1].Batch, "status": "RETURNED"}, nil)
	return waiting[0].PayoutID // and whatever comes later nobody claims
}
