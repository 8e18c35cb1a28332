package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/web/webhooks"
	"github.com/rapport-dev/rapport/workflows"
)

// deliver sends a vendor's signed webhook.
func (h *house) deliver(vendor, path, body string, headers ...string) answered {
	h.t.Helper()
	r := h.request(http.MethodPost, "/webhooks/"+path, strings.NewReader(body))
	r.Header = sign(vendor, []byte(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return h.do(r)
}

// counted is how many kept deliveries of a provider are in a state.
func (h *house) counted(provider, state string) int {
	h.t.Helper()
	counts, err := h.store.InboxCounts(h.t.Context())
	must(h.t, err)
	for _, c := range counts {
		if c.Provider == provider && c.State == state {
			return c.Count
		}
	}
	return 0
}

// settled waits until nothing of a provider waits any more.
func (h *house) settled(provider string, applied int) {
	h.t.Helper()
	eventually(h.t, fmt.Sprintf("%d of %s applied", applied, provider), func() bool { return h.counted(provider, "applied") == applied })
}

func TestForgedAndBrokenDeliveries(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, c := range []struct{ vendor, path string }{
		{"sendgrid", "sendgrid/events"}, {"sendgrid", "sendgrid/inbound"}, {"docusign", "docusign"}, {"easypost", "easypost"}, {"shopify", "shopify"}, {"stripe", "stripe"},
	} {
		t.Run(c.path, func(t *testing.T) {
			send := func(header http.Header, body []byte) int {
				r := h.request(http.MethodPost, "/webhooks/"+c.path, bytes.NewReader(body))
				r.Header = header
				return h.do(r).StatusCode
			}
			body := []byte(`{"id":"1"}`)
			want(t, "without a signature", send(http.Header{}, body), http.StatusUnauthorized)
			want(t, "with another body", send(sign(c.vendor, []byte(`{"id":"2"}`)), body), http.StatusUnauthorized)
			other := map[string]string{"sendgrid": "shopify", "shopify": "stripe", "stripe": "docusign", "docusign": "easypost", "easypost": "sendgrid"}[c.vendor]
			want(t, "with another vendor's signature", send(sign(other, body), body), http.StatusUnauthorized)
			if c.path != "sendgrid/inbound" && c.path != "shopify" { // of those the beginning is kept
				want(t, "too large", send(sign(c.vendor, body), make([]byte, 2<<20)), http.StatusRequestEntityTooLarge)
			}
			want(t, "by GET", h.get("/webhooks/"+c.path).StatusCode, http.StatusNotFound)
		})
	}
	counts, err := h.store.InboxCounts(t.Context())
	must(t, err)
	want(t, "rows in the inbox", len(counts), 0)
}

func TestUnconfiguredVendorsSayWhatToSet(t *testing.T) {
	t.Parallel()
	h := open(t, func(d *web.Deps) { d.Webhooks = hooksOf(nil); d.Slack = slackProof("") })
	for path, setting := range map[string]string{
		"sendgrid/events": "SENDGRID_EVENT_PUBLIC_KEY", "docusign": "DOCUSIGN_HMAC_KEYS", "easypost": "EASYPOST_WEBHOOK_SECRET",
		"shopify": "SHOPIFY_WEBHOOK_SECRETS", "stripe": "STRIPE_WEBHOOK_SECRETS", "paypal": "PAYPAL_WEBHOOK_ID",
	} {
		res := h.deliver("none", path, "{}")
		want(t, path, res.StatusCode, http.StatusServiceUnavailable)
		wantIn(t, res.body, setting)
	}
	want(t, "a vendor that nobody has", h.deliver("none", "venmo", "{}").StatusCode, http.StatusNotFound)
	want(t, "slack", h.slack("commands", "command=/rapport").StatusCode, http.StatusServiceUnavailable)
	h = open(t, func(d *web.Deps) { d.Chat = nil })
	want(t, "slack without a token", h.slack("commands", "command=/rapport").StatusCode, http.StatusServiceUnavailable)
}

func TestNothingIsAcknowledgedWithoutADatabase(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.store.Close()
	want(t, "status", h.deliver("stripe", "stripe", `{"id":"evt_1","object":"event","type":"x.y"}`).StatusCode, http.StatusServiceUnavailable)
}

func (h *house) mailEvent(id, kind, more string) string {
	return fmt.Sprintf(`[{"sg_event_id":%q,"event":%q,"timestamp":%d,"email":%q,"msg_key":%q,"partnership_id":%q%s}]`,
		id, kind, time.Now().Unix(), canaryMail, partnership.Key(h.partnership, partnership.Outreach, "offer/request", 1), h.partnership, more)
}

func TestMailEvents(t *testing.T) {
	t.Parallel()
	h := running(t)
	body := h.mailEvent("e1", "click", `,"url":"https://rapport.example/t/x"`)
	want(t, "first", h.deliver("sendgrid", "sendgrid/events", body).StatusCode, http.StatusOK)
	m := h.temporal.next(t)
	want(t, "signal", m.Name, workflows.SignalCreatorActive)
	want(t, "channel", m.Arg.(workflows.CreatorActive).Channel, "click")

	want(t, "again", h.deliver("sendgrid", "sendgrid/events", body).StatusCode, http.StatusOK)
	want(t, "in a new batch", h.deliver("sendgrid", "sendgrid/events", strings.Replace(body, "[", "[ ", 1)).StatusCode, http.StatusOK)
	h.deliver("sendgrid", "sendgrid/events", h.mailEvent("e2", "open", ""))
	h.deliver("sendgrid", "sendgrid/events", h.mailEvent("e3", "click", `,"url":"https://rapport.example/u/x"`))
	h.settled("sendgrid", 4)
	want(t, "signals for repetitions, opens and opt-out clicks", len(h.temporal.messages()), 1)

	h.deliver("sendgrid", "sendgrid/events", h.mailEvent("e4", "bounce", `,"type":"blocked"`))
	want(t, "a block", h.temporal.next(t).Arg.(workflows.MailFailed).Why, "blocked")
	suppressed, err := h.store.Suppressed(t.Context(), canaryMail)
	must(t, err)
	want(t, "suppressed by a block", suppressed, false)
	status, err := h.store.MailStatus(t.Context(), partnership.Key(h.partnership, partnership.Outreach, "offer/request", 1))
	must(t, err)
	want(t, "known at the vendor", status.Accepted, true)

	h.deliver("sendgrid", "sendgrid/events", h.mailEvent("e5", "spamreport", ""))
	want(t, "a complaint", h.temporal.next(t).Name, workflows.SignalOptedOut)
	suppressed, err = h.store.Suppressed(t.Context(), canaryMail)
	must(t, err)
	want(t, "suppressed by a complaint", suppressed, true)
}

// inbound is SendGrid's form for a mail.
func inbound(to, text, headers string) (body, contentType string) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for k, v := range map[string]string{
		"envelope": fmt.Sprintf(`{"to":[%q],"from":%q}`, to, canaryMail), "from": canaryName + " <" + canaryMail + ">", "subject": "Re: offer", "text": text, "headers": headers,
	} {
		_ = w.WriteField(k, v)
	}
	_ = w.Close()
	return buf.String(), w.FormDataContentType()
}

func TestInboundMail(t *testing.T) {
	t.Parallel()
	h := running(t)
	to := h.store.ReplyAddress(h.partnership)
	body, kind := inbound(to, "I am in! <!channel> *bold*", "Message-Id: <1@mail>\n")
	want(t, "status", h.deliver("sendgrid", "sendgrid/inbound", body, "Content-Type", kind).StatusCode, http.StatusOK)
	want(t, "signal", h.temporal.next(t).Arg.(workflows.CreatorActive).Channel, "mail_reply")
	card := h.said()
	want(t, "said", card.how, "post")
	wantIn(t, card.message.Text, "@ada.scents replied")
	wantIn(t, card.message.Body, "I am in!")
	messages, err := h.store.InboundMessages(t.Context(), h.partnership)
	must(t, err)
	want(t, "kept mails", len(messages), 1)

	out, kind := inbound(to, "I am on holiday", "Auto-Submitted: auto-replied\nMessage-Id: <2@mail>\n")
	h.deliver("sendgrid", "sendgrid/inbound", out, "Content-Type", kind)
	stranger, kind2 := inbound("reply+nobody@in.rapport.example", "hello", "Message-Id: <3@mail>\n")
	h.deliver("sendgrid", "sendgrid/inbound", stranger, "Content-Type", kind2)
	h.deliver("sendgrid", "sendgrid/inbound", "not a form", "Content-Type", "text/plain")
	h.settled("sendgrid-inbound", 3) // and what is no mail waits for a build that can read it
	want(t, "signals for machines and strangers", len(h.temporal.messages()), 1)

	stop, kind := inbound(to, "STOP.", "Message-Id: <4@mail>\n")
	h.deliver("sendgrid", "sendgrid/inbound", stop, "Content-Type", kind)
	want(t, "a stop by mail", h.temporal.next(t).Name, workflows.SignalOptedOut)
}

func TestACardOfWhichNobodyKnowsIsPostedOnce(t *testing.T) {
	t.Parallel()
	h := running(t)
	h.chat.mu.Lock()
	h.chat.fail = &partnership.VendorError{Vendor: "slack", Op: "chat.postMessage", Class: partnership.Ambiguous, Message: "no answer"}
	h.chat.mu.Unlock()
	body, kind := inbound(h.store.ReplyAddress(h.partnership), "hello", "Message-Id: <1@mail>\n")
	h.deliver("sendgrid", "sendgrid/inbound", body, "Content-Type", kind)
	want(t, "said after the doubt", h.said().how, "post")
	h.settled("sendgrid-inbound", 1)
	want(t, "messages: the board and the card", len(h.chat.keys), 2)
}

func TestEnvelopes(t *testing.T) {
	t.Parallel()
	h := running(t)
	event := func(kind, envelope string) string {
		return fmt.Sprintf(`{"event":%q,"generatedDateTime":"2026-11-10T15:00:00Z","data":{"envelopeId":%q}}`, kind, envelope)
	}
	must(t, h.store.SaveContract(t.Context(), partnership.Contract{PartnershipID: h.partnership, Version: 1, EnvelopeID: "env-1", Status: partnership.EnvelopeSent}))
	h.deliver("docusign", "docusign", event("envelope-completed", "env-1"))
	m := h.temporal.next(t)
	want(t, "signal", m.Name, workflows.SignalEnvelopeChanged)
	want(t, "envelope", m.Arg.(workflows.EnvelopeChanged).EnvelopeID, "env-1")
	h.deliver("docusign", "docusign", event("recipient-sent", "env-1"))
	want(t, "an event that nobody knows", h.deliver("docusign", "docusign", `{"event":"new-thing"}`).StatusCode, http.StatusOK)
	h.settled("docusign", 3)
	want(t, "signals", len(h.temporal.messages()), 1)

	h.deliver("docusign", "docusign", `not json`)
	eventually(t, "the poison to be put aside", func() bool { return h.counted("docusign", "dead") == 1 })
}

func TestClosedPartnershipsNeedNoNews(t *testing.T) {
	t.Parallel()
	h := running(t)
	h.temporal.mu.Lock()
	h.temporal.refuse = func(message) error { return partnership.Errorf(partnership.NotFound, "it has ended") }
	h.temporal.mu.Unlock()
	must(t, h.store.SaveContract(t.Context(), partnership.Contract{PartnershipID: h.partnership, Version: 1, EnvelopeID: "env-1", Status: partnership.EnvelopeSent}))
	h.deliver("docusign", "docusign", `{"event":"envelope-voided","generatedDateTime":"2026-11-10T15:00:00Z","data":{"envelopeId":"env-1"}}`)
	h.settled("docusign", 1)
	wantIn(t, h.log.String(), "the partnership has ended")
}

func TestWebhooksWaitWhileTemporalIsAway(t *testing.T) {
	t.Parallel()
	h := running(t)
	h.temporal.mu.Lock()
	away := true
	h.temporal.refuse = func(message) error {
		if away {
			away = false
			return errors.New("connection refused")
		}
		return nil
	}
	h.temporal.mu.Unlock()
	must(t, h.store.SaveContract(t.Context(), partnership.Contract{PartnershipID: h.partnership, Version: 1, EnvelopeID: "env-1", Status: partnership.EnvelopeSent}))
	h.deliver("docusign", "docusign", `{"event":"envelope-completed","generatedDateTime":"2026-11-10T15:00:00Z","data":{"envelopeId":"env-1"}}`)
	want(t, "signal in the end", h.temporal.next(t).Name, workflows.SignalEnvelopeChanged)
	h.settled("docusign", 1)
}

func TestParcels(t *testing.T) {
	t.Parallel()
	h := running(t)
	must(t, h.store.SaveDelivery(t.Context(), partnership.Delivery{PartnershipID: h.partnership, ShipmentID: "shp_1", TrackingCode: "EZ1", Status: partnership.ParcelPreTransit}))
	event := func(id, status, shipment string) string {
		return fmt.Sprintf(`{"id":%q,"object":"Event","description":"tracker.updated","mode":"test","created_at":"2026-11-10T15:00:00Z","result":{"id":"trk_1","object":"Tracker","tracking_code":"EZ1","status":%q,"shipment_id":%s,"carrier":"USPS","updated_at":"2026-11-10T14:00:00Z"}}`, id, status, shipment)
	}
	h.deliver("easypost", "easypost", event("evt_1", "delivered", `null`))
	m := h.temporal.next(t).Arg.(workflows.ParcelMoved)
	want(t, "shipment", m.ShipmentID, "shp_1")
	want(t, "status", m.Status, partnership.ParcelDelivered)
	v, err := h.store.View(t.Context(), h.partnership)
	must(t, err)
	want(t, "on the board", v.Delivery.Status, partnership.ParcelDelivered)
	h.deliver("easypost", "easypost", event("evt_2", "unknown", `null`))
	h.settled("easypost", 2)
}

func order(id int, landing, codes, total string) string {
	return fmt.Sprintf(`{"id":%d,"currency":"USD","financial_status":"paid","landing_site":%q,"discount_codes":[%s],"processed_at":"2026-11-10T15:00:00Z","line_items":[{"id":1,"price":%q,"quantity":1}]}`, id, landing, codes, total)
}

func TestOrdersAndRefunds(t *testing.T) {
	t.Parallel()
	h := running(t)
	kit, err := h.store.EnsureKit(t.Context(), h.partnership)
	must(t, err)
	topic := "X-Shopify-Topic"
	h.deliver("shopify", "shopify", order(1, "/products/sampler?utm_content="+kit.LinkCode, "", "100.00"), topic, "orders/paid")
	h.deliver("shopify", "shopify", order(2, "/", `{"code":"`+strings.ToLower(kit.DiscountCode)+`"}`, "50.00"), topic, "orders/paid")
	h.deliver("shopify", "shopify", order(3, "/", "", "50.00"), topic, "orders/paid")
	gone := strings.Replace(order(2, "/", `{"code":"`+kit.DiscountCode+`"}`, "50.00"), `"financial_status"`, `"cancelled_at":"2026-11-11T15:00:00Z","financial_status"`, 1)
	h.deliver("shopify", "shopify", gone, topic, "orders/cancelled")
	h.deliver("shopify", "shopify", `{"id":9,"order_id":1,"created_at":"2026-11-11T15:00:00Z","refund_line_items":[{"id":1,"quantity":1,"subtotal":25.00,"total_tax":0,"subtotal_set":{"shop_money":{"amount":"25.00","currency_code":"USD"}}}]}`, topic, "refunds/create")
	h.deliver("shopify", "shopify", `{}`, topic, "products/update")
	h.settled("shopify", 6)
	rows, err := h.store.LedgerDocument(t.Context(), store.LedgerFilter{})
	must(t, err)
	sum := map[string]int64{}
	for _, row := range rows.Rows {
		sum[row.OrderID] += row.AmountMinor
	}
	want(t, "commission of order 1 after a refund of a quarter", sum["1"], int64(750))
	want(t, "commission of the cancelled order 2", sum["2"], int64(0))
	if _, credited := sum["3"]; credited {
		t.Error("an order without a code or link was credited")
	}
}

func rails(r webhooks.Rail) map[string]webhooks.Rail { return map[string]webhooks.Rail{"stripe": r} }

// rail stands in for the payout provider.
type rail struct {
	accounts map[string]partnership.PayoutAccount
}

func (r rail) Account(_ context.Context, id string) (partnership.PayoutAccount, error) {
	return r.accounts[id], nil
}

func (r rail) TransfersOf(context.Context, partnership.PayoutID, string) ([]partnership.Transfer, error) {
	return nil, nil
}

func TestPayoutAccountsAreReadAgain(t *testing.T) {
	t.Parallel()
	truth := rail{accounts: map[string]partnership.PayoutAccount{"acct_1": {ID: "acct_1", Ready: true}, "acct_2": {ID: "acct_2"}}}
	h := running(t, func(d *web.Deps) { d.Rails = rails(truth) })
	must(t, h.store.SavePayoutAccount(t.Context(), h.creator.ID, partnership.PayoutAccount{ID: "acct_1"}))
	event := `{"id":"evt_1","object":"event","type":"account.updated","created":1,"data":{"object":{"id":"acct_1","object":"account"}}}`
	h.deliver("stripe", "stripe", event)
	want(t, "signal", h.temporal.next(t).Name, workflows.SignalPayoutAccountReady)
	h.settled("stripe", 1)
	v, err := h.store.View(t.Context(), h.partnership)
	must(t, err)
	want(t, "ready", v.PayoutReady, true)
	want(t, "again", h.deliver("stripe", "stripe", event).StatusCode, http.StatusOK)
	h.deliver("stripe", "stripe", `{"id":"evt_2","object":"event","type":"charge.succeeded","created":1,"data":{"object":{}}}`)
	h.settled("stripe", 2)
}
