package web_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web"
	"github.com/rapport-dev/rapport/workflows"
)

// shopNow is the shop as it is when it is asked.
type shopNow map[string]partnership.Sale

func (s shopNow) Sale(_ context.Context, id string) (partnership.Sale, error) {
	if o, ok := s[id]; ok {
		return o, nil
	}
	return partnership.Sale{}, partnership.Errorf(partnership.NotFound, "no such order")
}

func edited(body, from, to string) string { return strings.Replace(body, from, to, 1) }

// What the topic's header says is not signed: only the body and the shop itself move a commission.
func TestAShopsTopicProvesNothing(t *testing.T) {
	t.Parallel()
	paidAt := time.Date(2026, 11, 10, 15, 0, 0, 0, time.UTC)
	code := ""
	body := func(id int) string { return order(id, "/", `{"code":"`+code+`"}`, "100.00") }
	cancelledBody := func(id int) string {
		return edited(body(id), `"financial_status"`, `"cancelled_at":"2026-11-11T15:00:00Z","financial_status"`)
	}
	for name, c := range map[string]struct {
		deliver func(h *house)
		shop    shopNow
		want    int64 // the commission of order 1, in cents
	}{
		"paid": {func(h *house) { h.topic(body(1), "orders/paid") }, nil, 1000},
		"a test order": {func(h *house) {
			h.topic(edited(body(1), `"currency"`, `"test":true,"currency"`), "orders/paid")
		}, nil, 0},
		"pending": {func(h *house) { h.topic(edited(body(1), `"paid"`, `"pending"`), "orders/paid") }, nil, 0},
		"pending, but the shop says paid": {func(h *house) {
			h.topic(edited(body(1), `"paid"`, `"pending"`), "orders/paid")
		}, shopNow{"1": {ID: "1", Currency: "USD", NetMinor: 10_000, Paid: true, ProcessedAt: paidAt}}, 0}, // the code is not in this answer
		"voided and authorized": {func(h *house) {
			h.topic(edited(body(1), `"paid"`, `"authorized"`), "orders/paid")
			h.topic(edited(body(1), `"paid"`, `"voided"`), "orders/paid")
		}, nil, 0},
		"a paid body replayed as cancelled": {func(h *house) {
			h.topic(body(1), "orders/paid")
			h.topic(body(1), "orders/cancelled")
		}, nil, 1000},
		"a paid body replayed as a refund": {func(h *house) {
			h.topic(body(1), "orders/paid")
			h.topic(body(1), "refunds/create")
		}, nil, 1000},
		"cancelled": {func(h *house) {
			h.topic(body(1), "orders/paid")
			h.topic(cancelledBody(1), "orders/cancelled")
		}, nil, 0},
		"cancelled, and the shop says so": {func(h *house) {
			h.topic(body(1), "orders/paid")
			h.topic(cancelledBody(1), "orders/cancelled")
		}, shopNow{"1": {ID: "1", Paid: true, SaleState: partnership.SaleState{CancelledAt: paidAt.Add(24 * time.Hour)}}}, 0},
		"another shop's": {func(h *house) {
			h.topic(body(1), "orders/paid", "X-Shopify-Shop-Domain", "other.myshopify.com")
		}, nil, 0},
		"our shop's": {func(h *house) {
			h.topic(body(1), "orders/paid", "X-Shopify-Shop-Domain", "Acme.myshopify.com")
		}, nil, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			h := running(t, func(d *web.Deps) {
				d.Webhooks = vendorHooks("SHOPIFY_SHOP", "acme.myshopify.com")
				if c.shop != nil {
					d.Shop = c.shop
				}
			})
			kit, err := h.store.EnsureKit(t.Context(), h.partnership)
			must(t, err)
			code = kit.DiscountCode
			c.deliver(h)
			eventually(t, "nothing waits", func() bool { return h.counted("shopify", "new") == 0 })
			rows, err := h.store.LedgerDocument(t.Context(), store.LedgerFilter{})
			must(t, err)
			sum := int64(0)
			for _, row := range rows.Rows {
				sum += row.AmountMinor
			}
			want(t, "commission", sum, c.want)
		})
	}
}

// topic sends a shop's delivery with a delivery id of its own, as somebody would who replays one.
func (h *house) topic(body, topic string, more ...string) {
	h.t.Helper()
	h.deliver("shopify", "shopify", body, append([]string{"X-Shopify-Topic", topic, "X-Shopify-Event-Id", topic + rand.Text()}, more...)...)
}

func TestDeliveriesAboutOthersChangeNothing(t *testing.T) {
	t.Parallel()
	h := running(t, func(d *web.Deps) {
		d.Webhooks = vendorHooks("DOCUSIGN_ACCOUNT_ID", "acc-1", "EASYPOST_API_KEY", "EZAK1", "STRIPE_API_KEY", "sk_test_1")
		d.Rails = rails(rail{accounts: map[string]partnership.PayoutAccount{"acct_1": {ID: "acct_1", Ready: true}}})
	})
	must(t, h.store.SavePayoutAccount(t.Context(), h.creator.ID, partnership.PayoutAccount{ID: "acct_1"}))
	h.deliver("stripe", "stripe", `{"id":"evt_1","object":"event","type":"account.updated","livemode":true,"created":1,"data":{"object":{"id":"acct_1","object":"account"}}}`)
	h.deliver("docusign", "docusign", `{"event":"envelope-completed","generatedDateTime":"2026-11-10T15:00:00Z","data":{"accountId":"acc-2","envelopeId":"e1"}}`)
	h.deliver("easypost", "easypost", `{"id":"evt_2","object":"Event","description":"tracker.updated","mode":"test","created_at":"2026-11-10T15:00:00Z","result":{"id":"trk_1","object":"Tracker","tracking_code":"EZ1","status":"delivered","shipment_id":"shp_1"}}`)
	h.settled("stripe", 1)
	h.settled("docusign", 1)
	h.settled("easypost", 1)
	want(t, "workflows that were told", len(h.temporal.messages()), 0)
	h.deliver("stripe", "stripe", `{"id":"evt_3","object":"event","type":"account.updated","livemode":false,"created":1,"data":{"object":{"id":"acct_1","object":"account"}}}`)
	want(t, "signal", h.temporal.next(t).Name, workflows.SignalPayoutAccountReady)
}
