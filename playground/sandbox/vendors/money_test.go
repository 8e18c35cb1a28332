package vendors_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/shopify"
	"github.com/rapport-dev/rapport/integrations/slack"
	"github.com/rapport-dev/rapport/integrations/stripe"
	"github.com/rapport-dev/rapport/partnership"
)

func (b *box) shop() *shopify.Client {
	return shopify.New(shopify.Config{Shop: b.env["SHOPIFY_SHOP"], AccessToken: b.env["SHOPIFY_ACCESS_TOKEN"], BaseURL: b.env["SHOPIFY_BASE_URL"]})
}

func (b *box) discount(c *shopify.Client) partnership.Discount {
	b.t.Helper()
	d, err := c.CreateDiscount(ctx, partnership.DiscountRequest{
		Key: "partnership/0198-aaaa/tracking/code/1", PartnershipID: pid, Program: "dreams", Code: "ANA15", PercentBPS: 1500, StartsAt: time.Now().Add(-time.Minute),
	})
	if err != nil || !d.Active || d.PercentBPS != 1500 {
		b.t.Fatalf("%+v %v", d, err)
	}
	return d
}

func TestShopDiscounts(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.shop()
	d := b.discount(c)
	if again := b.discount(c); again.ID != d.ID {
		t.Errorf("a taken code of ours is ours: %+v", again)
	}
	_, err := c.CreateDiscount(ctx, partnership.DiscountRequest{Key: "partnership/other/tracking/code/1", PartnershipID: "other", Program: "dreams", Code: "ana15", PercentBPS: 1500, StartsAt: time.Now()})
	if partnership.CodeOf(err) != partnership.Conflict {
		t.Errorf("another's code: %v", err)
	}
	if found, err := c.FindDiscount(ctx, "ANA15"); err != nil || found.ID != d.ID || found.Key != d.Key {
		t.Errorf("%+v %v", found, err)
	}
	if row := b.truth("codes"); len(row) != 1 || row[0]["code"] != "ANA15" || row[0]["partnership_id"] != string(pid) || row[0]["active"] != true {
		t.Errorf("%v", row)
	}
	for range 2 {
		if err := c.DeactivateDiscount(ctx, d.ID); err != nil {
			t.Errorf("deactivating is repeatable: %v", err)
		}
	}
	if found, err := c.FindDiscount(ctx, "ANA15"); err != nil || found.Active || b.truth("codes")[0]["active"] != false {
		t.Errorf("%+v %v", found, err)
	}
	if status, _ := b.call(http.MethodPost, "/sandbox/shop/checkout", map[string]any{"subtotal_minor": 1000, "code": "ANA15"}); status != http.StatusUnprocessableEntity {
		t.Errorf("a dead code at the till: %d", status)
	}
}

func TestShopGifts(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.shop()
	key := partnership.EffectKey("partnership/0198-aaaa/gifting/order/1")
	if _, err := c.FindGiftOrder(ctx, key); partnership.CodeOf(err) != partnership.NotFound {
		t.Fatalf("before creation: %v", err)
	}
	g, err := c.CreateGiftOrder(ctx, partnership.GiftOrderRequest{
		Key: key, PartnershipID: pid, Gift: partnership.Gift{SKU: "SAMPLER-12", Name: "Sampler", ValueMinor: 3600, WeightOz: 40}, Currency: "USD", To: brand, Email: "ana@creators.example",
	})
	if err != nil || g.Status != "open" {
		t.Fatalf("%+v %v", g, err)
	}
	for range 2 {
		done, err := c.CompleteGiftOrder(ctx, g.ID)
		if err != nil || done.Status != "completed" || done.OrderID == "" {
			t.Fatalf("completing is repeatable: %+v %v", done, err)
		}
	}
	if found, err := c.FindGiftOrder(ctx, key); err != nil || found.ID != g.ID || found.Status != "completed" {
		t.Errorf("%+v %v", found, err)
	}
	h := b.door.wait(t, "/webhooks/shopify", 1)[0]
	o, err := shopify.ParseOrder(h.body)
	if err != nil || !o.IsGift() || o.LineNetMinor != 0 || o.SourceName != "shopify_draft_order" {
		t.Errorf("%+v %v", o, err)
	}
	for range 2 {
		if err := c.CancelGiftOrder(ctx, g.ID); err != nil {
			t.Errorf("cancelling is repeatable: %v", err)
		}
	}
	rows := b.truth("gift_orders")
	if len(rows) != 1 || rows[0]["key"] != string(key) || rows[0]["partnership_id"] != string(pid) || rows[0]["status"] != "cancelled" {
		t.Errorf("%v", rows)
	}
	if n := len(b.truth("orders")); n != 0 {
		t.Errorf("a gift is no sale, but there are %d", n)
	}
}

func TestShopSales(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.shop()
	b.discount(c)
	bought := b.post("/sandbox/shop/checkout", map[string]any{
		"landing_site": "https://shop.example/products/sampler?utm_campaign=dreams&utm_id=0198-bbbb", "code": "ana15", "tax_minor": 300, "shipping_minor": 500,
		"customer_email": "bea@mail.example", "customer_name": "Bea Byron", "referring_site": "https://blog.example/", "ship_to": map[string]any{"address1": "1 Side St", "zip": "62704", "country_code": "US"},
		"items": []map[string]any{{"title": "Sampler", "price_minor": 3599, "quantity": 2}, {"title": "Candle", "price_minor": 1201, "quantity": 1}},
	})
	if bought["net_minor"] != 7139.0 { // 7198-1080 and 1201-180
		t.Fatalf("%v", bought)
	}
	b.post("/sandbox/shop/refund", map[string]any{"order_id": bought["order_id"], "lines": []map[string]any{{"index": 0}}})
	if status, _ := b.call(http.MethodPost, "/sandbox/shop/refund", map[string]any{"order_id": bought["order_id"], "amount_minor": 1565}); status != http.StatusBadRequest {
		t.Errorf("more than was paid: %d", status)
	}
	hooks := b.door.wait(t, "/webhooks/shopify", 4) // orders/create, orders/paid, refunds/create, orders/updated
	for _, h := range hooks {
		if err := shopify.Verify([]string{b.env["SHOPIFY_WEBHOOK_SECRETS"]}, h.header, h.body); err != nil {
			t.Error(err)
		}
	}
	o, err := shopify.ParseOrder(hooks[1].body)
	if err != nil || o.ID != bought["order_id"] || o.LineNetMinor != 7139 || o.TotalMinor != 7939 || len(o.DiscountCodes) != 1 || o.DiscountCodes[0] != "ANA15" || !strings.Contains(o.LandingSite, "utm_id=0198-bbbb") || !o.Paid {
		t.Errorf("%+v %v", o, err)
	}
	for _, told := range []string{`"email":"bea@mail.example"`, `"first_name":"Bea"`, `"address1":"1 Side St"`, `"country_code":"US"`, `"referring_site":"https://blog.example/"`} {
		if !strings.Contains(string(hooks[1].body), told) {
			t.Errorf("the body lacks %s", told)
		}
	}
	r, err := shopify.ParseRefund(hooks[2].body)
	if net, _ := r.Taken(false); err != nil || r.OrderID != o.ID || net != 6118 || r.MovedMinor != 6375 || hooks[2].header.Get("X-Shopify-Topic") != "refunds/create" {
		t.Errorf("%+v %v", r, err)
	}
	ids, _, err := c.OrdersChanged(ctx, time.Now().Add(-time.Minute), "")
	if err != nil || len(ids) != 1 || ids[0] != o.ID {
		t.Errorf("%v %v", ids, err)
	}
	told, err := shopify.ParseOrder(hooks[3].body)
	if err != nil {
		t.Error(err)
	}
	asked, err := c.Order(ctx, o.ID)
	if err != nil || asked.LineNetMinor != 1021 || asked.LineNetMinor != told.LineNetMinor || asked.TotalMinor != told.TotalMinor || asked.RemovedMinor != told.RemovedMinor ||
		len(asked.Refunds) != 1 || !reflect.DeepEqual(asked.Refunds, told.Refunds) {
		t.Errorf("asked %+v\ntold  %+v %v", asked, told, err)
	}
	row := b.truth("orders")[0]
	if row["program"] != "dreams" || row["code"] != "ANA15" || row["link_partnership_id"] != "0198-bbbb" || row["net_minor"] != 7139.0 || row["refunded_minor"] != 6118.0 || row["currency"] != "USD" {
		t.Errorf("%v", row)
	}
	b.post("/sandbox/shop/checkout", map[string]any{"subtotal_minor": 1000})
	if row := b.truth("orders")[1]; row["code"] != nil || row["link_partnership_id"] != nil {
		t.Errorf("a stranger's order belongs to nobody: %v", row)
	}
}

func (b *box) chat() *slack.Client {
	return slack.New(slack.Config{Token: b.env["SLACK_BOT_TOKEN"], APIURL: b.env["SLACK_API_URL"], Channel: b.env["SLACK_CHANNEL"]})
}

func card() partnership.Message {
	return partnership.Message{
		Key: "partnership/0198-aaaa/content/review/1", Kind: "review_draft", Text: "A draft waits", Body: "Look & decide <now>", Facts: []partnership.Fact{{Label: "Due", Value: "today"}},
		Buttons: []partnership.Button{{ActionID: "review:approve", Label: "Approve", Value: "0198-aaaa", Style: "primary"}, {ActionID: "review:change", Label: "Ask for changes", Value: "0198-aaaa", Confirm: "Sure?"}},
		Context: "small print", LinkURL: "https://example.com/draft", LinkText: "Open",
	}
}

func TestSlack(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.chat()
	ref, err := c.PostMessage(ctx, card())
	if err != nil || ref.TS == "" {
		t.Fatalf("%+v %v", ref, err)
	}
	if found, err := c.FindMessage(ctx, card(), time.Now().Add(-time.Minute)); err != nil || found != ref {
		t.Errorf("%+v %v", found, err)
	}
	if _, err := c.FindMessage(ctx, partnership.Message{Key: "campaign/none/board/1"}, time.Now().Add(-time.Minute)); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("a key that nobody used: %v", err)
	}
	reply := card()
	reply.Key, reply.ThreadTS = "partnership/0198-aaaa/content/review/2", ref.TS
	inThread, err := c.PostMessage(ctx, reply)
	if err != nil {
		t.Fatal(err)
	}
	if found, err := c.FindMessage(ctx, reply, time.Now().Add(-time.Minute)); err != nil || found.TS != inThread.TS {
		t.Errorf("in a thread: %+v %v", found, err)
	}
	changed := card()
	changed.Text, changed.Buttons = "Approved", nil
	if err := c.UpdateMessage(ctx, ref, changed); err != nil {
		t.Error(err)
	}
	rows := b.truth("messages")
	if len(rows) != 2 || rows[0]["key"] != string(card().Key) || rows[0]["kind"] != "review_draft" || rows[0]["channel"] != b.env["SLACK_CHANNEL"] {
		t.Errorf("an update is no new message: %v", rows)
	}
	if _, err := c.PostMessage(ctx, partnership.Message{Key: "k", Channel: "C0NOWHERE", Text: "x"}); partnership.ClassOf(err) != partnership.Permanent {
		t.Errorf("an unknown channel: %v", err)
	}
}

func (b *box) rail() *stripe.Client {
	return stripe.New(stripe.Config{APIKey: b.env["STRIPE_API_KEY"], BaseURL: b.env["STRIPE_BASE_URL"]})
}

// onboarded is a creator's account that can be paid.
func (b *box) onboarded(c *stripe.Client) string {
	b.t.Helper()
	a, err := c.OpenAccount(ctx, partnership.AccountRequest{Key: "creator/1/account", CreatorID: "1", Email: "ana@creators.example", Country: "US"})
	if err != nil || a.Ready {
		b.t.Fatalf("%+v %v", a, err)
	}
	link, err := c.OnboardingLink(ctx, a.ID, "https://acme.example/back", "https://acme.example/again")
	if err != nil {
		b.t.Fatal(err)
	}
	if status, _ := b.call(http.MethodPost, strings.TrimPrefix(link, b.url), url.Values{}); status != http.StatusSeeOther {
		b.t.Fatalf("onboarding: %d", status)
	}
	if a, err := c.Account(ctx, a.ID); err != nil || !a.Ready {
		b.t.Fatalf("%+v %v", a, err)
	}
	return a.ID
}

func payout(destination string, minor int64) partnership.TransferRequest {
	return partnership.TransferRequest{Key: "payout/p1", PayoutID: "p1", Destination: destination, AmountMinor: minor, Currency: "USD"}
}

func TestStripe(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.rail()
	acct := b.onboarded(c)
	before, err := c.AvailableBalance(ctx, "USD")
	if err != nil {
		t.Fatal(err)
	}
	first, err := c.Transfer(ctx, payout(acct, 12345))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := c.Transfer(ctx, payout(acct, 12345)); err != nil || again.ID != first.ID {
		t.Errorf("the same key replays: %+v %v", again, err)
	}
	if _, err := c.Transfer(ctx, payout(acct, 12346)); partnership.ClassOf(err) != partnership.Permanent {
		t.Errorf("the same key for another amount: %v", err)
	}
	if list, err := c.TransfersOf(ctx, "p1", ""); err != nil || len(list) != 1 || list[0].AmountMinor != 12345 {
		t.Errorf("%+v %v", list, err)
	}
	if after, err := c.AvailableBalance(ctx, "USD"); err != nil || before-after != 12345 {
		t.Errorf("balance from %d to %d (%v)", before, after, err)
	}
	b.post("/sandbox/stripe/reverse", map[string]any{"transfer_id": first.ID, "amount_minor": 345})
	rows := b.truth("transfers")
	if len(rows) != 1 || rows[0]["key"] != "payout/p1" || rows[0]["payout_id"] != "p1" || rows[0]["destination"] != acct || rows[0]["amount_minor"] != 12345.0 || rows[0]["reversed_minor"] != 345.0 {
		t.Errorf("%v", rows)
	}
	var types []string
	for _, h := range b.door.wait(t, "/webhooks/stripe", 3) {
		if err := stripe.Verify([]string{b.env["STRIPE_WEBHOOK_SECRETS"]}, h.header, h.body, time.Now()); err != nil {
			t.Error(err)
		}
		e, err := stripe.ParseEvent(h.body)
		if err != nil {
			t.Error(err)
		}
		types = append(types, e.Type)
	}
	if got := strings.Join(types, " "); got != "account.updated transfer.created transfer.reversed" {
		t.Errorf("events: %s", got)
	}
}

func TestStripeRefusals(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.rail()
	acct := b.onboarded(c)
	b.post("/sandbox/stripe/balance", map[string]any{"currency": "USD", "amount_minor": 500})
	if _, err := c.Transfer(ctx, payout(acct, 501)); err == nil || !strings.Contains(err.Error(), "balance_insufficient") {
		t.Errorf("more than there is: %v", err)
	}
	fresh, err := c.OpenAccount(ctx, partnership.AccountRequest{Key: "creator/2/account", CreatorID: "2", Email: "bo@creators.example", Country: "US"})
	if err != nil {
		t.Fatal(err)
	}
	r := payout(fresh.ID, 100)
	r.Key, r.PayoutID = "payout/p2", "p2"
	if _, err := c.Transfer(ctx, r); partnership.ClassOf(err) != partnership.Permanent {
		t.Errorf("an account that is not ready: %v", err)
	}
	form := url.Values{"amount": {"100"}, "currency": {"usd"}, "destination": {acct}, "amuont": {"1"}}
	status, body := b.call(http.MethodPost, "/stripe/v1/transfers", form, "Authorization", "Bearer "+b.keys["stripe_api_key"])
	if status != http.StatusBadRequest || !bytes.Contains(body, []byte("parameter_unknown")) {
		t.Errorf("a misspelt parameter: %d %s", status, body)
	}
	if n := len(b.truth("transfers")); n != 0 {
		t.Errorf("%d transfers", n)
	}
}

func TestAuth(t *testing.T) {
	t.Parallel()
	b := start(t)
	for _, c := range []struct {
		method, path string
		status       int
		word         string
	}{
		{"POST", "/sendgrid/v3/mail/send", 401, "authorization grant"},
		{"GET", "/docusign/restapi/v2.1/accounts/" + b.keys["docusign_account_id"] + "/envelopes/x", 401, "AUTHORIZATION_INVALID_TOKEN"},
		{"GET", "/easypost/v2/shipments/x", 401, "error"},
		{"POST", "/shopify/admin/api/2026-10/graphql.json", 401, "Invalid API key"},
		{"POST", "/slack/api/auth.test", 200, "not_authed"},
		{"GET", "/stripe/v1/balance", 401, "API key"},
		{"POST", "/paypal/v1/payments/payouts", 401, "invalid_token"},
	} {
		status, body := b.call(c.method, c.path, nil)
		if status != c.status || !bytes.Contains(body, []byte(c.word)) || !json.Valid(body) {
			t.Errorf("%s: %d %s", c.path, status, body)
		}
	}
}
