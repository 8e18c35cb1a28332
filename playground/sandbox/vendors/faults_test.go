package vendors_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// seen is what a fault left behind: whether the call failed and how many mails there are.
func (b *box) sendOnce() (failed bool, class partnership.Class, mails int) {
	b.t.Helper()
	_, err := b.mailer().SendMail(ctx, invitation())
	return err != nil, partnership.ClassOf(err), len(b.truth("mails"))
}

func TestRequestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  string
		fails bool
		class partnership.Class
		mails int
	}{
		{"429", true, partnership.Retry, 0},
		{"500", true, "", 0},
		{"slow", false, "", 1},
		{"reset-before", true, partnership.Ambiguous, 0},
		{"execute-then-drop", true, partnership.Ambiguous, 1},
		{"truncate", true, "", 1},
		{"html", true, "", 0},
	} {
		t.Run(c.kind, func(t *testing.T) {
			b := start(t)
			b.plan(map[string]any{"vendor": "sendgrid", "endpoint": "mail.send", "kind": c.kind, "count": 1, "ms": 20})
			failed, class, mails := b.sendOnce()
			// A 202 has no body to truncate or to misread: there the client may call it sent.
			if failed != c.fails && c.kind != "truncate" && c.kind != "html" || mails != c.mails || c.class != "" && class != c.class {
				t.Errorf("failed %v as %q, %d mails", failed, class, mails)
			}
			if b.fired(c.kind) != 1 {
				t.Errorf("fired %d times", b.fired(c.kind))
			}
			if failed, _, mails := b.sendOnce(); failed || mails != c.mails+1 {
				t.Errorf("a fault of count 1 struck twice: %v, %d mails", failed, mails)
			}
		})
	}
}

// TestEachVendorThrottles checks that a 429 is worded as the vendor words it: each client must call it retryable.
func TestEachVendorThrottles(t *testing.T) {
	t.Parallel()
	b := start(t)
	acct := b.onboarded(b.rail())
	b.plan(map[string]any{"vendor": "*", "endpoint": "*", "kind": "429", "rate": 1})
	for name, call := range map[string]func() error{
		"sendgrid": func() error { _, err := b.mailer().SendMail(ctx, invitation()); return err },
		"docusign": func() error { _, err := b.signer().CreateEnvelope(ctx, b.envelope(1)); return err },
		"easypost": func() error { _, err := b.shipper().Shipment(ctx, "shp_1"); return err },
		"shopify":  func() error { _, err := b.shop().FindDiscount(ctx, "X"); return err },
		"slack":    func() error { _, err := b.chat().PostMessage(ctx, card()); return err },
		"stripe":   func() error { _, err := b.rail().Transfer(ctx, payout(acct, 100)); return err },
	} {
		if err := call(); partnership.ClassOf(err) != partnership.Retry {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b.fired("429") < 6 {
		t.Errorf("fired %d times", b.fired("429"))
	}
	status, _ := b.call(http.MethodDelete, "/faults", nil)
	if status != http.StatusOK || b.fired("429") < 6 {
		t.Error("what fired must stay known after the plans are gone")
	}
	if _, err := b.shop().FindDiscount(ctx, "X"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("after the plans are gone: %v", err)
	}
}

// TestLostRepliesAreFoundAgain is the heart of it: the act is done, the answer is lost, the key finds it.
func TestLostRepliesAreFoundAgain(t *testing.T) {
	t.Parallel()
	b := start(t)
	acct := b.onboarded(b.rail())
	b.plan(
		map[string]any{"vendor": "docusign", "endpoint": "POST /docusign/restapi/v2.1/accounts/*/envelopes", "kind": "execute-then-drop"},
		map[string]any{"vendor": "stripe", "endpoint": "transfer.create", "kind": "execute-then-drop"},
		map[string]any{"vendor": "shopify", "endpoint": "draftOrderCreate", "kind": "execute-then-drop"},
		map[string]any{"vendor": "slack", "endpoint": "chat.postMessage", "kind": "execute-then-drop"},
	)
	if _, err := b.signer().CreateEnvelope(ctx, b.envelope(1)); partnership.ClassOf(err) != partnership.Ambiguous {
		t.Errorf("docusign: %v", err)
	}
	if e, err := b.signer().FindEnvelope(ctx, contractKey); err != nil || e.ID == "" {
		t.Errorf("docusign: %v", err)
	}
	// Go's own transport may repeat a request that carries an Idempotency-Key, so the loss may stay unseen here.
	_, _ = b.rail().Transfer(ctx, payout(acct, 100))
	if x, err := b.rail().Transfer(ctx, payout(acct, 100)); err != nil || x.AmountMinor != 100 {
		t.Errorf("stripe: %v", err)
	}
	gift := partnership.GiftOrderRequest{Key: giftKey, PartnershipID: pid, Gift: partnership.Gift{SKU: "S", Name: "S", ValueMinor: 100}, Currency: "USD", To: brand, Email: "ana@creators.example"}
	if _, err := b.shop().CreateGiftOrder(ctx, gift); partnership.ClassOf(err) != partnership.Ambiguous {
		t.Errorf("shopify: %v", err)
	}
	if g, err := b.shop().FindGiftOrder(ctx, giftKey); err != nil || g.Status != "open" {
		t.Errorf("shopify: %+v %v", g, err)
	}
	if _, err := b.chat().PostMessage(ctx, card()); partnership.ClassOf(err) != partnership.Ambiguous {
		t.Errorf("slack: %v", err)
	}
	for _, list := range []string{"envelopes", "transfers", "gift_orders", "messages"} {
		if n := len(b.truth(list)); n != 1 {
			t.Errorf("%s: %d", list, n)
		}
	}
	if b.fired("execute-then-drop") != 4 {
		t.Errorf("fired %d times", b.fired("execute-then-drop"))
	}
}

// TestStickyFailure: Stripe replays a 500 for its key, and forgets it with the key.
func TestStickyFailure(t *testing.T) {
	t.Parallel()
	b := start(t)
	acct := b.onboarded(b.rail())
	b.plan(map[string]any{"vendor": "stripe", "endpoint": "transfer.create", "kind": "sticky-500"})
	for range 2 {
		if _, err := b.rail().Transfer(ctx, payout(acct, 100)); err == nil {
			t.Fatal("the saved failure was not replayed")
		}
	}
	if b.fired("sticky-500") != 1 || len(b.truth("transfers")) != 0 {
		t.Errorf("fired %d times, %d transfers", b.fired("sticky-500"), len(b.truth("transfers")))
	}
	if out := b.post("/sandbox/stripe/keys/expire", map[string]any{"key": "payout/p1"}); out["expired"] != 1.0 {
		t.Errorf("%v", out)
	}
	if _, err := b.rail().Transfer(ctx, payout(acct, 100)); err != nil {
		t.Error(err)
	}
}

func TestWebhookFaults(t *testing.T) {
	t.Parallel()
	transfer := func(b *box, acct, id string) {
		r := payout(acct, 100)
		r.Key, r.PayoutID = partnership.EffectKey("payout/"+id), partnership.PayoutID(id)
		if _, err := b.rail().Transfer(ctx, r); err != nil {
			b.t.Fatal(err)
		}
	}
	for _, c := range []struct {
		kind string
		want string
	}{
		{"duplicate-webhook", "p1 p1 p2"},
		{"out-of-order", "p2 p1"},
		{"webhook-never", "p2"},
	} {
		t.Run(c.kind, func(t *testing.T) {
			b := start(t, slowDay)
			acct := b.onboarded(b.rail())
			b.plan(map[string]any{"vendor": "stripe", "endpoint": "transfer.created", "kind": c.kind})
			transfer(b, acct, "p1")
			transfer(b, acct, "p2")
			words := strings.Fields(c.want)
			var got []string
			for _, h := range b.door.wait(t, "/webhooks/stripe", 1+len(words))[1:] {
				for _, id := range []string{"p1", "p2"} {
					if strings.Contains(string(h.body), `"transfer_group":"`+id+`"`) {
						got = append(got, id)
					}
				}
			}
			if strings.Join(got, " ") != c.want || b.fired(c.kind) != 1 {
				t.Errorf("%v, want %s; fired %d times", got, c.want, b.fired(c.kind))
			}
		})
	}
}

// TestHeldWebhookIsNotLost: without a next event, an out-of-order fault is only a delay, and does not count.
func TestHeldWebhookIsNotLost(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.plan(map[string]any{"vendor": "stripe", "endpoint": "account.updated", "kind": "out-of-order"})
	b.onboarded(b.rail())
	b.door.wait(t, "/webhooks/stripe", 1)
	if b.fired("out-of-order") != 0 {
		t.Error("nothing was overtaken")
	}
}

func TestFaultPlansAreChecked(t *testing.T) {
	t.Parallel()
	b := start(t)
	for _, c := range []struct{ body, want string }{
		{`[{"vendor":"fedex","kind":"500"}]`, "fedex"},
		{`[{"vendor":"stripe","kind":"explode"}]`, "explode"},
		{`{"vendor":"stripe","kind":"500","rate":2}`, "rate"},
		{`{"faults":[{"vendor":"stripe","kind":"500","cuont":2}]}`, "cuont"},
		{`nonsense`, "want a list"},
	} {
		status, body := b.call(http.MethodPost, "/faults", c.body)
		if status != http.StatusBadRequest || !strings.Contains(string(body), c.want) {
			t.Errorf("%s: %d %s", c.body, status, body)
		}
	}
	var set struct{ Faults []map[string]any }
	b.plan(map[string]any{"vendor": "stripe", "kind": "500", "rate": 0.5})
	b.plan(map[string]any{"vendor": "stripe", "kind": "500", "count": 3})
	b.get("/faults", &set)
	if len(set.Faults) != 1 || set.Faults[0]["count"] != 3.0 || set.Faults[0]["endpoint"] != "*" {
		t.Errorf("a plan replaces its like: %v", set.Faults)
	}
	if rows := b.truth("faults"); len(rows) != 1 || rows[0]["fired"] != 0.0 {
		t.Errorf("a plan that never fired is named: %v", rows)
	}
}

// TestSeededRates: one seed gives one schedule of faults.
func TestSeededRates(t *testing.T) {
	t.Parallel()
	schedule := func() string {
		b := start(t)
		b.plan(map[string]any{"vendor": "stripe", "endpoint": "balance.get", "kind": "500", "rate": 0.5})
		var s strings.Builder
		for range 20 {
			status, _ := b.call(http.MethodGet, "/stripe/v1/balance", nil, "Authorization", "Bearer "+b.keys["stripe_api_key"])
			s.WriteString(http.StatusText(status)[:1])
		}
		return s.String()
	}
	first := schedule()
	if first != schedule() || !strings.Contains(first, "I") || !strings.Contains(first, "O") {
		t.Errorf("schedule %s", first)
	}
}

func TestPeopleMistakesAreTold(t *testing.T) {
	t.Parallel()
	b := start(t)
	for path, in := range map[string]any{
		"/sandbox/mails/reply":        map[string]any{"mail_seq": 99, "text": "x"},
		"/sandbox/mails/event":        map[string]any{"key": "none", "event": "open"},
		"/sandbox/slack/click":        map[string]any{"user": "U_MANAGER", "channel": "C", "ts": "1", "action_id": "x"},
		"/sandbox/slack/command":      map[string]any{"user": "U_NOBODY", "text": "status"},
		"/sandbox/parcels/nowhere":    map[string]any{"status": "delivered"},
		"/sandbox/shop/refund":        map[string]any{"order_id": "1", "amount_minor": 1},
		"/sandbox/shop/checkout":      map[string]any{"subtotal": 1},
		"/sandbox/stripe/reverse":     map[string]any{"transfer_id": "tr_none"},
		"/sandbox/stripe/balance":     map[string]any{"currency": "dollars"},
		"/sandbox/stripe/keys/expire": url.Values{"key": {"x"}},
	} {
		if status, body := b.call(http.MethodPost, path, in); status < 400 || status > 499 || !strings.Contains(string(body), `"error"`) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}
