package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/stripe"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/playground/sandbox"
	"github.com/rapport-dev/rapport/playground/sandbox/vendors"
	"github.com/rapport-dev/rapport/store"
)

// atTheProvider is the sandbox's payout rail, and an account there that takes money.
func atTheProvider(t *testing.T) (_ *stripe.Client, box, account string) {
	t.Helper()
	keys, env := vendors.All.MakeKeys()
	s, err := sandbox.New(sandbox.Config{Addr: "127.0.0.1:0", Day: time.Hour, Seed: 7, Keys: keys}, vendors.All)
	must(t, err)
	must(t, s.Start(context.WithoutCancel(t.Context())))
	t.Cleanup(func() { must(t, s.Close()) })
	base := vendors.All.BaseURLs(s.URL())["STRIPE_BASE_URL"]
	t.Setenv("STRIPE_API_KEY", env["STRIPE_API_KEY"])
	t.Setenv("STRIPE_BASE_URL", base)
	c := stripe.New(stripe.Config{APIKey: env["STRIPE_API_KEY"], BaseURL: base})
	a, err := c.OpenAccount(t.Context(), partnership.AccountRequest{Key: "creator/1/account", CreatorID: "1", Email: "lena@mail.example", Country: "US"})
	must(t, err)
	link, err := c.OnboardingLink(t.Context(), a.ID, "https://acme.example/back", "https://acme.example/again")
	must(t, err)
	post(t, link, "application/x-www-form-urlencoded", url.Values{}.Encode())
	return c, s.URL(), a.ID
}

func post(t *testing.T, address, kind, body string) {
	t.Helper()
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	must(t, err)
	ask.Header.Set("Content-Type", kind)
	answer, err := http.DefaultTransport.RoundTrip(ask)
	must(t, err)
	must(t, answer.Body.Close())
	if answer.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s: %s", address, answer.Status)
	}
}

// paidOnce pays lena's fee at the provider, and returns the month and the transfer.
func paidOnce(t *testing.T, s *store.Store, c *stripe.Client, account string, id partnership.CampaignID, pa partnership.PartnershipID) (period string, moved partnership.Transfer) {
	t.Helper()
	ctx := t.Context()
	creators, err := s.CampaignCreators(ctx, id)
	must(t, err)
	must(t, s.SavePayoutAccount(ctx, creators[0].ID, partnership.PayoutAccount{ID: account, Ready: true}))
	now, err := s.Time(ctx)
	must(t, err)
	must(t, s.EarnFee(ctx, pa, "post", 12_300, now.Add(-time.Hour)))
	period, err = ledger.PeriodOf("America/New_York", now)
	must(t, err)
	run, err := s.OpenPayoutRun(ctx, "dreams", period, "schedule", now)
	must(t, err)
	plan, err := s.PlanPayouts(ctx, run.ID, now)
	must(t, err)
	_, err = s.ApprovePayoutRun(ctx, run.ID, plan.LinesHash, partnership.Deed{ID: "d1", Who: "slack:U1", Deed: partnership.DeedApproveRun, Subject: "payout-run/dreams/" + period, At: now}, "w", nil)
	must(t, err)
	payouts, err := s.PayoutsOfRun(ctx, run.ID)
	must(t, err)
	for _, p := range payouts {
		posting, err := s.BeginTransfer(ctx, p.ID)
		must(t, err)
		moved, err = c.Transfer(ctx, partnership.TransferRequest{Key: posting.IdempotencyKey, PayoutID: p.ID, Destination: p.Destination, AmountMinor: p.AmountMinor, Currency: p.Currency})
		must(t, err)
		must(t, s.ConfirmTransfer(ctx, p.ID, moved))
	}
	return period, moved
}

// M7: the proof is a file that is checked where there is no database, no network and no setting; the judge is the provider's own record.
func TestAProofIsMadeAndVerifiedFromAShell(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a database")
	}
	id, pa := kept(t)
	c, box, account := atTheProvider(t)
	s, err := store.Open(t.Context(), os.Getenv("RAPPORT_DATABASE_URL"), store.Options{SecretKey: []byte("a secret of these very tests ...")})
	must(t, err)
	defer s.Close()
	period, moved := paidOnce(t, s, c, account, id, pa)
	file := filepath.Join(t.TempDir(), "lena.json")
	proof := []string{"payouts", "proof", "--program", "dreams", "--period", period, "--creator", "lena", "--out", file}
	if said := output(t, proof...); !strings.Contains(said, moved.ID) || !strings.Contains(said, "$123.00") || !strings.Contains(said, "ok: 1 payouts, 1 rows") {
		t.Errorf("it says %q", said)
	}
	text, err := os.ReadFile(file)
	must(t, err)
	if bytes.Contains(text, []byte(account)) || bytes.Contains(text, []byte("lena")) {
		t.Error("it shows the account, or a name")
	}

	post(t, box+"/sandbox/stripe/reverse", "application/json", fmt.Sprintf(`{"transfer_id": %q, "amount_minor": 300}`, moved.ID))
	var said bytes.Buffer
	if code := run(t.Context(), proof[:len(proof)-2], &said, &said); code != failed || !strings.Contains(said.String(), "FAULT: payout") || !strings.Contains(said.String(), "the provider moved 12000 units, the books say 12300") {
		t.Errorf("300 came back at the provider: exit %d, %s", code, said.String())
	}

	lines, err := s.Audit(t.Context(), store.AuditFilter{Deed: partnership.DeedTakeProof})
	must(t, err)
	if len(lines) != 2 || lines[0].Subject != "payout-run/dreams/"+period {
		t.Errorf("the audit says %+v: it was taken twice", lines)
	}
	roles := filepath.Join(t.TempDir(), "roles")
	must(t, os.WriteFile(roles, []byte("U1: finance\n"), 0o600))
	t.Setenv("RAPPORT_ROLES", roles)
	if code := run(t.Context(), proof, &said, &said); code == done || !strings.Contains(said.String(), "finance") {
		t.Errorf("without the role: exit %d, %s", code, said.String())
	}

	for _, name := range []string{"RAPPORT_DATABASE_URL", "RAPPORT_SECRET_KEY", "STRIPE_API_KEY", "STRIPE_BASE_URL"} {
		t.Setenv(name, "")
	}
	if said := output(t, "payouts", "verify", file); !strings.Contains(said, "ok: 1 payouts") {
		t.Errorf("it says %q", said)
	}
	must(t, os.WriteFile(file, bytes.Replace(text, []byte("12300"), []byte("12301"), 1), 0o600))
	if code := run(t.Context(), []string{"payouts", "verify", file}, &said, &said); code != failed || !strings.Contains(said.String(), "FAULT: the digest does not fit") {
		t.Errorf("a cent more: exit %d, %s", code, said.String())
	}
	if code := run(t.Context(), []string{"payouts", "verify", file + "x"}, &said, &said); code != wrong {
		t.Errorf("no file: exit %d", code)
	}
}
