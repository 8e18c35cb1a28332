package vendors_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// fill makes one of everything.
func (b *box) fill() {
	b.t.Helper()
	m := invitation()
	m.HTML = `<p>Hello</p><script>alert(1)</script>`
	if _, err := b.mailer().SendMail(ctx, m); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.chat().PostMessage(ctx, card()); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.signer().CreateEnvelope(ctx, b.envelope(1)); err != nil {
		b.t.Fatal(err)
	}
	b.ship(b.shipper())
	b.discount(b.shop())
	b.post("/sandbox/shop/checkout", map[string]any{"subtotal_minor": 4800, "code": "ANA15"})
	if _, err := b.shop().CreateGiftOrder(ctx, partnership.GiftOrderRequest{Key: giftKey, PartnershipID: pid, Gift: partnership.Gift{SKU: "S", Name: "Sampler", ValueMinor: 3600}, Currency: "USD", To: brand, Email: "ana@creators.example"}); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.rail().Transfer(ctx, payout(b.onboarded(b.rail()), 12345)); err != nil {
		b.t.Fatal(err)
	}
	b.plan(map[string]any{"vendor": "stripe", "kind": "500", "count": 2})
}

var views = map[string]string{
	"mail": "An idea for you", "contracts": "Review and sign", "parcels": "Deliver now", "shop": "40.80 USD", "money": "123.45 USD", "faults": "Clear all",
}

func TestPage(t *testing.T) {
	t.Parallel()
	b := start(t, slowDay)
	for view := range views {
		if status, body := b.call(http.MethodGet, "/?view="+view, nil); status != http.StatusOK || !strings.Contains(string(body), "</html>") {
			t.Errorf("empty %s: %d", view, status)
		}
	}
	b.fill()
	for view, want := range views {
		status, body := b.call(http.MethodGet, "/?view="+view, nil)
		page := string(body)
		if status != http.StatusOK || !strings.Contains(page, want) || !strings.Contains(page, "</html>") {
			t.Errorf("%s: %d, without %q", view, status, want)
		}
		if strings.Contains(page, "<script") {
			t.Errorf("%s: a mail's script stands in the page itself", view)
		}
	}
	res, err := b.try(http.MethodGet, "/?view=slack", nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if to := res.Header.Get("Location"); to != "/slack" {
		t.Errorf("Slack has a page of its own, not %q", to)
	}
	_, body := b.call(http.MethodGet, "/slack", nil)
	if page := string(body); !strings.Contains(page, "&lt;now&gt;") || !strings.Contains(page, "review:approve") || !strings.Contains(page, "</html>") {
		t.Error("a message's signs must be text on the page, and its buttons there")
	}
	if status, body := b.call(http.MethodGet, "/style.css", nil); status != http.StatusOK || !strings.Contains(string(body), "prefers-color-scheme") {
		t.Errorf("style: %d", status)
	}
}

func TestPageActions(t *testing.T) {
	t.Parallel()
	b := start(t, slowDay)
	b.fill()
	do := func(action string, form url.Values) string {
		t.Helper()
		if !strings.HasPrefix(action, "/") {
			action = "/ui/" + action
		}
		res, err := b.try(http.MethodPost, action, form)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		to, _ := url.Parse(res.Header.Get("Location"))
		if res.StatusCode != http.StatusSeeOther || to.Query().Get("failed") != "" {
			t.Errorf("%s: %d %s", action, res.StatusCode, to)
		}
		return to.Query().Get("notice")
	}
	order := b.truth("orders")[0]["id"].(string)
	do("refund", url.Values{"order_id": {order}, "amount": {"10.50"}})
	do("checkout", url.Values{"amount": {"20.00"}, "code": {"ANA15"}, "landing_site": {"/p?utm_id=0198-cccc"}})
	do("parcel", url.Values{"code": {b.truth("labels")[0]["tracking_code"].(string)}, "status": {"delivered"}})
	do("reverse", url.Values{"transfer_id": {b.truth("transfers")[0]["id"].(string)}})
	do("clear-faults", nil)
	do("fault", url.Values{"vendor": {"slack"}, "endpoint": {"*"}, "kind": {"500"}, "count": {"1"}})
	card := b.lastMessage()
	do("/slack/press", url.Values{"message_channel": {card.Channel}, "ts": {card.TS}, "user": {"U_MANAGER"}, "press": {strings.Join([]string{card.Buttons[0].BlockID, "review:approve", "button", "0198-aaaa"}, "\u241f")}})
	do("/slack/type", url.Values{"user": {"U_MANAGER"}, "text": {"/rapport help"}})
	b.door.wait(t, "/slack/interactions", 1)
	b.door.wait(t, "/slack/commands", 1)
	orders := b.truth("orders")
	if orders[0]["refunded_minor"] != 1050.0 || orders[1]["net_minor"] != 1700.0 || orders[1]["link_partnership_id"] != "0198-cccc" {
		t.Errorf("%v", orders)
	}
	if b.truth("labels")[0]["delivered_at"] == nil || b.truth("transfers")[0]["reversed_minor"] != 12345.0 {
		t.Error("the forms did nothing")
	}
	res, err := b.try(http.MethodPost, "/ui/clear-faults", url.Values{}, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("another site's form: %d", res.StatusCode)
	}
}

// slackMessage is a message in Slack with what can be pressed in it.
type slackMessage struct {
	Channel, TS string
	Buttons     []struct {
		BlockID string `json:"block_id"`
	}
}

func (b *box) lastMessage() slackMessage {
	var out struct{ Messages []slackMessage }
	b.get("/sandbox/slack/messages", &out)
	return out.Messages[len(out.Messages)-1]
}
