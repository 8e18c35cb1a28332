package vendors_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/docusign"
	"github.com/rapport-dev/rapport/playground/sandbox"
)

// TestRetriesKeepOrder: a front door that is down loses nothing and sees everything in order.
func TestRetriesKeepOrder(t *testing.T) {
	t.Parallel()
	b := start(t, func(c *sandbox.Config) { c.Day = 200 * time.Millisecond })
	b.door.mu.Lock()
	b.door.answer = func(h hook, n int) (int, string) {
		if h.path == "/webhooks/docusign" && n <= 2 {
			return http.StatusServiceUnavailable, ""
		}
		return http.StatusOK, ""
	}
	b.door.mu.Unlock()
	e, err := b.signer().CreateEnvelope(ctx, b.envelope(1))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.signer().VoidEnvelope(ctx, e.ID, "changed"); err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, h := range b.door.wait(t, "/webhooks/docusign", 4) {
		if err := docusign.Verify([]string{b.keys["docusign_hmac_key"]}, h.header, h.body); err != nil {
			t.Errorf("attempt %d: %v", i+1, err)
		}
		var ev struct {
			Event      string
			RetryCount int
		}
		if err := json.Unmarshal(h.body, &ev); err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.TrimPrefix(ev.Event, "envelope-")+string(rune('0'+ev.RetryCount)))
	}
	if s := strings.Join(got, " "); s != "sent0 sent1 sent2 voided0" {
		t.Errorf("deliveries: %s", s)
	}
}

// TestRestart: what happened, what is planned and what is not delivered yet survives, and ids go on.
func TestRestart(t *testing.T) {
	t.Parallel()
	b := start(t, slowDay, withState(t))
	b.door.mu.Lock()
	b.door.answer = func(hook, int) (int, string) { return http.StatusBadGateway, "" }
	b.door.mu.Unlock()
	if _, err := b.mailer().SendMail(ctx, invitation()); err != nil {
		t.Fatal(err)
	}
	acct := b.onboarded(b.rail())
	paid, err := b.rail().Transfer(ctx, payout(acct, 700))
	if err != nil {
		t.Fatal(err)
	}
	sh := b.ship(b.shipper())
	e, err := b.signer().CreateEnvelope(ctx, b.envelope(1))
	if err != nil {
		t.Fatal(err)
	}
	b.plan(map[string]any{"vendor": "slack", "kind": "500", "count": 5})
	var before, after json.RawMessage
	b.get("/truth", &before)
	b.door.wait(t, "/webhooks/stripe", 1)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}

	b.door.mu.Lock()
	b.door.answer = nil
	b.door.hooks = nil
	b.door.mu.Unlock()
	c := run(t, b.cfg, b.env, b.door)
	c.get("/truth", &after)
	if string(before) != string(after) {
		t.Errorf("the truth changed:\n%s\n%s", before, after)
	}
	if again, err := c.rail().Transfer(ctx, payout(acct, 700)); err != nil || again.ID != paid.ID {
		t.Errorf("the idempotency key was forgotten: %+v %v", again, err)
	}
	if s, err := c.shipper().Shipment(ctx, sh.ID); err != nil || s.TrackingCode != sh.TrackingCode {
		t.Errorf("%+v %v", s, err)
	}
	if status, _ := c.call(http.MethodPost, "/docusign/signing/"+e.ID, map[string]any{}); status != http.StatusBadRequest {
		t.Errorf("an empty form signs nothing: %d", status)
	}
	var pdf []byte
	_, pdf = c.call(http.MethodGet, "/docusign/signing/"+e.ID+"/contract.pdf", nil)
	if string(pdf) != contractPDF {
		t.Errorf("the contract was lost: %q", pdf)
	}
	for _, path := range []string{"/webhooks/stripe", "/webhooks/docusign", "/webhooks/easypost", "/webhooks/sendgrid/events"} {
		c.door.wait(t, path, 1)
	}
	if _, err := c.mailer().SendMail(ctx, invitation()); err != nil {
		t.Fatal(err)
	}
	var box struct{ Mails []struct{ Seq int64 } }
	c.get("/sandbox/mails?to=ana@creators.example", &box)
	for i := 1; i < len(box.Mails); i++ {
		if box.Mails[i].Seq <= box.Mails[i-1].Seq {
			t.Errorf("numbers repeat: %+v", box.Mails)
		}
	}
}

func TestLongPoll(t *testing.T) {
	t.Parallel()
	b := start(t)
	type answer struct {
		Mails []struct{ Key string }
	}
	got := make(chan answer)
	go func() {
		var a answer
		b.get("/sandbox/mails?wait=20", &a)
		got <- a
	}()
	if _, err := b.mailer().SendMail(ctx, invitation()); err != nil {
		t.Fatal(err)
	}
	if a := <-got; len(a.Mails) != 1 || a.Mails[0].Key != ctxKey {
		t.Errorf("%+v", a)
	}
	var none answer
	b.get("/sandbox/mails?to=nobody@creators.example&wait=0.05", &none)
	if none.Mails == nil || len(none.Mails) != 0 {
		t.Errorf("%+v", none)
	}
}
