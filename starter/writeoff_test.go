package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

// debt is what a partnership's creator owes: 10 dollars were earned, and 10,000 paid that the books had lost.
func debt(t *testing.T, s *store.Store, pa partnership.PartnershipID, transfer string) (creator partnership.CreatorID) {
	t.Helper()
	ctx := t.Context()
	view, err := s.View(ctx, pa)
	must(t, err)
	must(t, s.EarnFee(ctx, pa, transfer, 1_000, time.Now()))
	must(t, s.SavePayoutAccount(ctx, view.Creator.ID, partnership.PayoutAccount{ID: "acct_debt", Ready: true}))
	_, err = s.NoteDifferences(ctx, "stripe", time.Time{}, []partnership.Transfer{{ID: transfer, PayoutID: "gone", Destination: "acct_debt", AmountMinor: 1_000_000, Currency: "USD", CreatedAt: time.Now()}})
	must(t, err)
	must(t, s.SettleDifference(ctx, partnership.DifferenceWord{Transfer: transfer, As: partnership.SettleOurs, Program: "dreams"}, partnership.Deed{Who: "slack:U1", Reason: "paid before the restore"}))
	return view.Creator.ID
}

func TestAWriteOffFromAShell(t *testing.T) {
	t.Setenv("USER", "ana")
	_, pa := kept(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	debt(t, s, pa, "tr_debt")
	if text := output(t, "ledger", "writeoff"); text != "No write-off waits to be approved.\n" {
		t.Errorf("with none it says %q", text)
	}
	if text := output(t, "ledger", "writeoff", "@lena", "--program", "dreams", "--amount", "1.50", "--reason", "she left"); !strings.Contains(text, "$1.50 of @lena") {
		t.Errorf("asked, it says %q", text)
	}
	open, err := s.WriteOffsToApprove(t.Context())
	must(t, err)
	if len(open) != 1 || open[0].AskedBy != access.Shell() || open[0].AmountMinor != 150 {
		t.Fatalf("what waits is %+v", open)
	}
	var out, errOut bytes.Buffer
	if code := run(t.Context(), []string{"ledger", "writeoff", "--approve", open[0].ID}, &out, &errOut); code == done || !strings.Contains(errOut.String(), "someone other than who asked") {
		t.Errorf("the same person may approve: %d %q", code, errOut.String())
	}
	asked, err := s.AskWriteOff(t.Context(), partnership.WriteOff{Program: "dreams", CreatorID: open[0].CreatorID, AmountMinor: 150}, partnership.Deed{Who: "slack:U1", Reason: "she left"})
	must(t, err)
	_, err = s.ApproveWriteOff(t.Context(), asked.ID, partnership.Deed{Who: "slack:U2"}, []string{"slack:U2"})
	must(t, err)
	asked, err = s.AskWriteOff(t.Context(), partnership.WriteOff{Program: "dreams", CreatorID: open[0].CreatorID}, partnership.Deed{Who: "slack:U1", Reason: "the rest"})
	must(t, err)
	if text := output(t, "ledger", "writeoff"); !strings.Contains(text, "the rest") {
		t.Errorf("it lists %q", text)
	}
	if text := output(t, "ledger", "writeoff", "--withdraw", asked.ID); !strings.Contains(text, "Nothing is forgiven") {
		t.Errorf("withdrawn, it says %q", text)
	}
	asked, err = s.AskWriteOff(t.Context(), partnership.WriteOff{Program: "dreams", CreatorID: open[0].CreatorID}, partnership.Deed{Who: "slack:U1", Reason: "the rest"})
	must(t, err)
	if text := output(t, "ledger", "writeoff", "--approve", asked.ID); !strings.Contains(text, "is forgiven") {
		t.Errorf("approved, it says %q", text)
	}
}
