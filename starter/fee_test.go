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

// feeDue is a partnership of a program of its own whose signed terms have a fee that nobody has booked.
func feeDue(t *testing.T, s *store.Store, program string) partnership.PartnershipID {
	t.Helper()
	c := partnership.Campaign{Name: "Of " + program, Program: program, Currency: "USD", Timezone: "America/New_York", BudgetMinor: 1_000_000}
	id, _, err := s.CreateCampaign(t.Context(), c, []partnership.Creator{{Handle: program, Email: program + "@mail.example", Followers: 9000, Niche: "home"}}, program)
	must(t, err)
	creators, err := s.CampaignCreators(t.Context(), id)
	must(t, err)
	agreed := partnership.Terms{Version: 1, Currency: "USD", FeeMinor: 50_000, Deliverables: []partnership.Deliverable{{Kind: "reel", Count: 1}}}
	must(t, s.ReserveBudget(t.Context(), id, partnership.RosterEntry{CreatorID: creators[0].ID, Tier: partnership.Nano, Niche: "home", Rank: 1}, agreed, 50_000))
	pa := partnership.PartnershipFor(id, creators[0].ID)
	must(t, s.SaveContract(t.Context(), partnership.Contract{PartnershipID: pa, Version: 1, EnvelopeID: "env-" + program, Status: partnership.EnvelopeCompleted}))
	return pa
}

func TestALostFeeIsBookedFromAShell(t *testing.T) {
	_, _ = kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	feeDue(t, s, "nova")
	book := []string{"ledger", "fee", "@nova", "--reason", "it is live, and the backup was older", "--on"}
	for range 2 {
		text := output(t, append(book, yesterday())...)
		if !strings.Contains(text, "$500.00") || !strings.Contains(text, "reel-1") {
			t.Errorf("it says %q", text)
		}
	}
	for _, day := range []string{"yesterday", time.Now().UTC().AddDate(0, 0, 2).Format(time.DateOnly)} {
		if text := refused(t, append(book, day)...); !strings.Contains(text, "on") {
			t.Errorf("on %s it says %q", day, text)
		}
	}
	lines, err := s.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedBookFee})
	must(t, err)
	if len(lines) != 1 || lines[0].Who != access.Shell() {
		t.Errorf("the audit has %+v", lines)
	}
}

func TestABankPaymentIsBookedFromAShell(t *testing.T) {
	_, _ = kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	payout, _ := atTheBank(t, s, "banked")
	book := []string{"payouts", "settle", "NTRF 77", "--as", "ours", "--creator", "@banked", "--program", "banked", "--amount", "123.00", "--on", yesterday(), "--reason", "paid before the restore"}
	if text := refused(t, append(book, "--rail", "stripe")...); text == "" {
		t.Error("a rail that can be asked is not asked")
	}
	if text := refused(t, append(book, "--rail", "filebank")...); !strings.Contains(text, string(payout)) {
		t.Errorf("a payout that waits for its bank may be the same money: %q", text)
	}
	_, err = s.TellBank(t.Context(), string(payout), partnership.BankWord{Answer: partnership.BankReturned}, []string{"cli:bea"}, partnership.Deed{Who: "cli:bea", Reason: "as the statement says"})
	must(t, err)
	for range 2 {
		if text := output(t, append(book, "--rail", "filebank")...); !strings.Contains(text, "€123.00") {
			t.Errorf("it says %q", text)
		}
	}
	lines, err := s.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedSettleDifference})
	must(t, err)
	if len(lines) != 1 {
		t.Errorf("the audit has %+v", lines)
	}
}
