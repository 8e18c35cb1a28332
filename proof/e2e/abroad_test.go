package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/proof/judge"
	"github.com/rapport-dev/rapport/proof/long"
	"github.com/rapport-dev/rapport/proof/systemtest"
)

// TestCampaignsInOtherCurrencies plays the examples in yen and dinars to their payouts, in shops of their place, and recomputes from the
// vendors' record what each creator brought, cost and was paid. Labels cost dollars everywhere and stand apart. The example in euros is
// TestCreatorsArePaidByTheRailThatTheyChose. One of them runs with encryption off, where what comes from a creator's handle lies readable in
// Temporal's database: so it is seen that the scan of TestACampaignFromOutside would have found something.
func TestCampaignsInOtherCurrencies(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the whole system twice")
	}
	for _, c := range []struct {
		example, currency string
		taxed             int64 // basis points of tax in the shop's prices
		step              int64 // the least amount that Stripe carries
		plain             bool
	}{
		{"japan", "JPY", 1_000, 1, false},
		{"kuwait", "KWD", 0, 10, true},
	} {
		t.Run(c.example, func(t *testing.T) {
			if !c.plain {
				long.Only(t, "the one in Kuwait is played by every run")
			}
			creators := example(t, c.example, "creators.csv")
			o := systemtest.Options{Day: day / 2, Campaign: example(t, c.example, "campaign.yaml"), Creators: creators, Exit: true, Timeout: 4 * time.Minute}
			if c.plain {
				o.Env = []string{"RAPPORT_CODEC_KEYS=plain"}
			}
			s := systemtest.Start(t, o)
			r := s.Report()
			recomputed(t, r)
			abroad(t, r, c.currency, c.taxed, c.step)
			if c.plain {
				t.Run("readable without the codec", func(t *testing.T) { readable(t, filepath.Join(s.Dir, "temporal.db"), creators) })
			}
		})
	}
}

// example is a file of an example.
func example(t *testing.T, of, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", of, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// recomputed holds the books against the vendors' record.
func recomputed(t *testing.T, r judge.Report) {
	t.Helper()
	verdicts := judge.Books(r)
	var sheet strings.Builder
	judge.Write(&sheet, verdicts)
	if err := judge.WriteSheet(&sheet, r); err != nil {
		t.Fatal(err)
	}
	t.Logf("recomputed from the vendors' record:\n%s", sheet.String())
	for _, v := range judge.Failed(verdicts) {
		t.Errorf("does not hold: %s", v)
	}
}

// abroad checks that the campaign really was where it should be: tax inside where that is the custom, money in its currency, labels apart.
func abroad(t *testing.T, r judge.Report, currency string, taxed, step int64) {
	t.Helper()
	for _, o := range r.Truth.Orders {
		if o.Currency != currency {
			t.Errorf("the shop sold in %s", o.Currency)
		}
		inside, want := o.PaidMinor-o.NetMinor, o.PaidMinor*taxed/(10_000+taxed)
		if inside < want-2 || inside > want+2 { // each of at most two lines is rounded
			t.Errorf("order %s: %d of %d is tax, want %d", o.ID, inside, o.PaidMinor, want)
		}
	}
	if len(r.Truth.Transfers) == 0 {
		t.Error("nobody was paid")
	}
	for _, tr := range r.Truth.Transfers {
		if tr.Currency != currency || tr.AmountMinor%step != 0 {
			t.Errorf("transfer %s is %d %s", tr.ID, tr.AmountMinor, tr.Currency)
		}
	}
	b := r.Campaigns[0].Budget
	labels := int64(0)
	for _, one := range r.Results {
		for _, a := range one.Shipping {
			if a.Currency != "USD" {
				t.Errorf("a label cost %s", a.Currency)
			}
			labels += a.AmountMinor
		}
	}
	if len(b.SpentOther) != 1 || b.SpentOther[0] != (judge.Amount{Currency: "USD", AmountMinor: labels}) || labels == 0 {
		t.Errorf("beside %s the board shows %v, the labels cost %d US cents", currency, b.SpentOther, labels)
	}
}
