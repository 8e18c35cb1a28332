package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

func TestADifferenceIsSettledFromAShell(t *testing.T) {
	t.Setenv("USER", "ana")
	id, pa := kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	if text := output(t, "payouts", "differences"); text != "The books explain every transfer that was read.\n" {
		t.Errorf("with none it says %q", text)
	}
	creators, err := s.CampaignCreators(t.Context(), id)
	must(t, err)
	must(t, s.SavePayoutAccount(t.Context(), creators[0].ID, partnership.PayoutAccount{ID: "acct_lena", Ready: true}))
	must(t, s.EarnFee(t.Context(), pa, "post", 12_300, time.Now()))
	_, err = s.NoteDifferences(t.Context(), "stripe", time.Time{}, []partnership.Transfer{
		{ID: "tr_ours", PayoutID: "gone", Destination: "acct_lena", AmountMinor: 10_000, Currency: "USD", CreatedAt: time.Now()},
		{ID: "tr_twice", PayoutID: "gone2", Destination: "acct_lena", AmountMinor: 500, Currency: "USD", CreatedAt: time.Now()},
		{ID: "tr_foreign", PayoutID: "gone3", Destination: "acct_other", AmountMinor: 700, Currency: "USD", CreatedAt: time.Now()},
	})
	must(t, err)
	if text := output(t, "payouts", "differences"); !strings.Contains(text, "tr_ours") || !strings.Contains(text, "$100.00") || !strings.Contains(text, "@lena") || !strings.Contains(text, "nobody known") {
		t.Errorf("it shows %q", text)
	}
	for as, transfer := range map[string]string{"ours": "tr_ours", "double": "tr_twice", "foreign": "tr_foreign"} {
		for range 2 {
			output(t, "payouts", "settle", transfer, "--as", as, "--reason", "seen in the dashboard")
		}
	}
	if text := output(t, "payouts", "differences"); strings.Contains(text, "tr_ours") || !strings.Contains(text, "settled as a double by "+access.Shell()) || strings.Contains(text, "tr_foreign") {
		t.Errorf("afterwards it shows %q", text)
	}
	lines, err := s.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedSettleDifference})
	must(t, err)
	if len(lines) != 3 || lines[0].Who != access.Shell() || lines[0].Reason != "seen in the dashboard" {
		t.Errorf("the audit has %+v", lines)
	}
}
