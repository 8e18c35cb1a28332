package vendors_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
	"github.com/rapport-dev/rapport/integrations/paypal"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/facts"
	"github.com/rapport-dev/rapport/playground/sandbox"
)

// payer is the real client, whose every request is held against PayPal's own documents on its way.
func (b *box) payer() *paypal.Client {
	b.t.Helper()
	return paypal.New(paypal.Config{
		ClientID: b.env["PAYPAL_CLIENT_ID"], Secret: b.env["PAYPAL_SECRET"], WebhookID: b.env["PAYPAL_WEBHOOK_ID"], BaseURL: b.guarded().URL + "/paypal",
	})
}

// guarded stands before the sandbox and judges what goes to PayPal's payouts and events.
func (b *box) guarded() *httptest.Server {
	b.t.Helper()
	payouts := httpxtest.LoadSpec(b.t, "paypal/payments_payouts_batch_v1.json", "/paypal")
	webhooks := httpxtest.LoadSpec(b.t, "paypal/notifications_webhooks_v1.json", "/paypal")
	pass := http.HandlerFunc(b.forward)
	byPayouts, byWebhooks := payouts.Guard(b.t, pass), webhooks.Guard(b.t, pass)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/paypal/v1/payments/"):
			byPayouts.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, "/paypal/v1/notifications/"):
			byWebhooks.ServeHTTP(w, r)
		default:
			pass(w, r)
		}
	}))
	b.t.Cleanup(srv.Close)
	return srv
}

func (b *box) forward(w http.ResponseWriter, r *http.Request) {
	req := r.Clone(r.Context())
	req.RequestURI, req.URL.Scheme, req.URL.Host = "", "http", strings.TrimPrefix(b.url, "http://")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer res.Body.Close()
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body)
}

func toAna(minor int64, currency string) partnership.TransferRequest {
	return partnership.TransferRequest{
		Key: "payout/p1", PayoutID: "p1", Destination: "ppa_1", To: partnership.Receiver{Kind: "EMAIL", ID: "ana@creators.example"}, AmountMinor: minor, Currency: currency,
	}
}

// one is the payout as PayPal has it now.
func (b *box) one(c *paypal.Client, id partnership.PayoutID) partnership.Transfer {
	b.t.Helper()
	list, err := c.TransfersOf(ctx, id, "")
	if err != nil || len(list) != 1 {
		b.t.Fatalf("%+v %v", list, err)
	}
	return list[0]
}

func longerDay(c *sandbox.Config) { c.Day = 2 * time.Second }

func TestPayPalPaysByItemsAndNotByBatches(t *testing.T) {
	t.Parallel()
	b := start(t, longerDay)
	c := b.payer()
	if err := c.Check(ctx); err != nil {
		t.Fatal(err)
	}
	before, err := c.AvailableBalance(ctx, "USD")
	if err != nil {
		t.Fatal(err)
	}
	b.post("/sandbox/paypal/receiver", map[string]any{"receiver": "ana@creators.example", "status": "UNCLAIMED"})
	first, err := c.Transfer(ctx, toAna(12345, "USD"))
	if err != nil || first.State != partnership.TransferUnderway || first.ID == "" {
		t.Fatalf("%+v %v", first, err)
	}
	if again, err := c.Transfer(ctx, toAna(12345, "USD")); err != nil || again.ID != first.ID {
		t.Errorf("the same request is the same payout: %+v %v", again, err)
	}
	other := b.payer() // another worker, who knows nothing of it
	hooks := b.door.wait(t, "/webhooks/paypal", 3)
	list, err := other.TransfersOf(ctx, "p1", "")
	if err != nil || len(list) != 1 || list[0].ID != first.ID || list[0].State != partnership.TransferUnderway || !strings.Contains(list[0].Why, "claimed") {
		t.Errorf("the batch is SUCCESS and nobody was paid: %+v %v", list, err)
	}
	if all, err := other.Transfers(ctx, time.Now().Add(-time.Hour), 10); err != nil || len(all) != 1 || all[0].PayoutID != "p1" || all[0].AmountMinor != 12345 || all[0].State != partnership.TransferUnderway {
		t.Errorf("%+v %v", all, err)
	}
	if n := len(b.truth("paypal_paid")); n != 0 {
		t.Errorf("%d are paid", n)
	}
	b.post("/sandbox/paypal/item", map[string]any{"batch": first.ID, "status": "SUCCESS"})
	if paid := b.one(c, "p1"); paid.State != partnership.TransferMoved || paid.AmountMinor != 12345 || paid.ReversedMinor != 0 || paid.Receiver != "ana@creators.example" {
		t.Errorf("%+v", paid)
	}
	if after, err := c.AvailableBalance(ctx, "USD"); err != nil || before-after != 12345 {
		t.Errorf("balance from %d to %d (%v)", before, after, err)
	}
	b.post("/sandbox/paypal/item", map[string]any{"batch": first.ID, "status": "REVERSED"})
	if back := b.one(c, "p1"); back.State != partnership.TransferFailed || back.ReversedMinor != 12345 {
		t.Errorf("%+v", back)
	}
	rows := b.truth("paypal_paid")
	if len(rows) != 1 || rows[0]["key"] != "payout/p1" || rows[0]["payout_id"] != "p1" || rows[0]["amount_minor"] != 12345.0 || rows[0]["reversed_minor"] != 12345.0 {
		t.Errorf("%v", rows)
	}
	b.believed(hooks)
}

// believed holds the sandbox's webhooks against the product's own look at them.
func (b *box) believed(hooks []hook) {
	b.t.Helper()
	s := paypal.Settings{WebhookID: b.env["PAYPAL_WEBHOOK_ID"], BaseURL: b.env["PAYPAL_BASE_URL"]}
	door := s.Webhooks()[0]
	for _, h := range hooks {
		if err := door.Verify(h.header, h.body, time.Now()); err != nil {
			b.t.Error(err)
		}
		told, err := door.Read(h.header, h.body)
		if changed, ok := told[0].(facts.TransferChanged); err != nil || !ok || changed.PayoutID != "p1" {
			b.t.Errorf("%+v %v", told, err)
		}
		spaced := bytes.ReplaceAll(h.body, []byte(`:`), []byte(`: `))
		if err := door.Verify(h.header, spaced, time.Now()); err == nil {
			b.t.Error("other bytes are believed")
		}
		forged := h.header.Clone()
		forged.Set("Paypal-Cert-Url", "https://paypal.com.evil.example/cert")
		if err := door.Verify(forged, h.body, time.Now()); err == nil {
			b.t.Error("anybody's certificate is believed")
		}
	}
}

// A lost answer, PayPal's own error and a second worker with a request of its own: one batch.
func TestPayPalMakesOneOfARepeatedPayout(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.payer()
	b.post("/faults", map[string]any{"vendor": "paypal", "endpoint": "payout.create", "kind": "execute-then-drop", "count": 1})
	if _, err := c.Transfer(ctx, toAna(500, "USD")); partnership.ClassOf(err) != partnership.Ambiguous {
		t.Fatalf("a lost answer: %v", err)
	}
	r := toAna(500, "USD")
	again, err := c.Transfer(ctx, r)
	if err != nil || again.ID == "" {
		t.Fatalf("%+v %v", again, err)
	}
	r.AmountMinor = 501 // so the request's id is worth nothing, and the sender_batch_id is what is left
	other, err := c.Transfer(ctx, r)
	if err != nil || other.ID != again.ID || other.AmountMinor != 500 {
		t.Errorf("a duplicate is found at its original: %+v %v", other, err)
	}
	if rows := b.truth("paypal_asked"); len(rows) != 1 || rows[0]["amount_minor"] != 500.0 {
		t.Errorf("%v", rows)
	}
}

func TestPayPalRefusals(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.payer()
	for what, r := range map[string]partnership.TransferRequest{
		"a currency that PayPal has not": toAna(1000, "KWD"),
		"a part of a forint":             toAna(1050, "HUF"),
		"nobody":                         func() partnership.TransferRequest { r := toAna(1000, "USD"); r.To = partnership.Receiver{}; return r }(),
	} {
		if _, err := c.Transfer(ctx, r); partnership.ClassOf(err) != partnership.Permanent {
			t.Errorf("%s: %v", what, err)
		}
	}
	b.post("/sandbox/paypal/balance", map[string]any{"currency": "USD", "amount_minor": 499})
	if _, err := c.Transfer(ctx, toAna(500, "USD")); partnership.ClassOf(err) != partnership.Short {
		t.Errorf("more than there is keeps everybody: %v", err)
	}
	whole := toAna(1500, "JPY")
	whole.Key, whole.PayoutID = "payout/p2", "p2"
	if got, err := c.Transfer(ctx, whole); err != nil || got.AmountMinor != 1500 {
		t.Errorf("1500 yen: %+v %v", got, err)
	}
	forint := toAna(150000, "HUF")
	forint.Key, forint.PayoutID = "payout/p3", "p3"
	if got, err := c.Transfer(ctx, forint); err != nil || got.AmountMinor != 150000 {
		t.Errorf("1500 forint: %+v %v", got, err)
	}
	wrong := paypal.New(paypal.Config{ClientID: "x", Secret: "y", WebhookID: "z", BaseURL: b.env["PAYPAL_BASE_URL"]})
	if err := wrong.Check(ctx); partnership.ClassOf(err) != partnership.Barred {
		t.Errorf("wrong credentials: %v", err)
	}
}

// Whoever claims nothing for 30 days has it taken back.
func TestPayPalTakesBackWhatNobodyClaims(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.payer()
	b.post("/sandbox/paypal/receiver", map[string]any{"receiver": "ana@creators.example", "status": "UNCLAIMED"})
	if _, err := c.Transfer(ctx, toAna(500, "USD")); err != nil {
		t.Fatal(err)
	}
	b.door.wait(t, "/webhooks/paypal", 4)
	if back := b.one(c, "p1"); back.State != partnership.TransferFailed || back.ReversedMinor != 500 || !strings.Contains(back.Why, "nobody claimed") {
		t.Errorf("%+v", back)
	}
	if n := len(b.truth("paypal_paid")); n != 0 {
		t.Errorf("%d were paid", n)
	}
}

// A batch that PayPal denies pays nobody, holds no money, and is told of as what it is.
func TestPayPalDeniesABatch(t *testing.T) {
	t.Parallel()
	b := start(t, longerDay)
	c := b.payer()
	before, err := c.AvailableBalance(ctx, "USD")
	if err != nil {
		t.Fatal(err)
	}
	b.post("/sandbox/paypal/receiver", map[string]any{"receiver": "ana@creators.example", "status": "DENIED"})
	if _, err := c.Transfer(ctx, toAna(700, "USD")); err != nil {
		t.Fatal(err)
	}
	b.believed(b.door.wait(t, "/webhooks/paypal", 1))
	if now := b.one(c, "p1"); now.State != partnership.TransferFailed || now.ReversedMinor != 700 || now.Why == "" {
		t.Errorf("%+v", now)
	}
	if all, err := b.payer().Transfers(ctx, time.Now().Add(-time.Hour), 10); err != nil || len(all) != 1 || all[0].State != partnership.TransferFailed {
		t.Errorf("%+v %v", all, err)
	}
	if after, err := c.AvailableBalance(ctx, "USD"); err != nil || after != before || len(b.truth("paypal_paid")) != 0 {
		t.Errorf("%d of %d are left: %v", after, before, err)
	}
}
