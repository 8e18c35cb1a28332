// Package shopify imitates a Shopify shop: its Admin API in GraphQL (discount codes, draft orders, orders), the checkout
// where buyers use the codes, refunds, and the webhooks about all of it.
package shopify

import (
	"cmp"
	"embed"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

const (
	name    = "shopify"
	version = "2026-10"
)

// defaultShop is the shop of a sandbox whose keys name none.
const defaultShop = "rapport-dev.myshopify.com"

// Vendor offers Shopify to a sandbox.
var Vendor = sandbox.Vendor{
	Name:  name,
	Paths: map[string]string{"SHOPIFY_BASE_URL": "/shopify"},
	Keys: []sandbox.Key{
		sandbox.Shared("SHOPIFY_SHOP", "shopify_shop", func() string { return defaultShop }),
		sandbox.Shared("SHOPIFY_ACCESS_TOKEN", "shopify_access_token", func() string { return "shpat_" + sandbox.Token(16) }),
		sandbox.Shared("SHOPIFY_WEBHOOK_SECRETS", "shopify_webhook_secret", func() string { return sandbox.Token(32) }),
	},
	Open: open,
}

//go:embed templates
var templateFiles embed.FS

var pages = sandbox.ParsePages(templateFiles)

// service is a shop in a running sandbox.
type service struct {
	*sandbox.Server
	keys sandbox.Keys
	shop string // the domain, as webhooks name it
	st   *state

	bucket bucket // of points; not kept, as nothing waits for it
}

type state struct {
	Place     place       `json:"place"`
	Variants  []*variant  `json:"variants"`
	Drafts    []*draft    `json:"drafts"`
	Discounts []*discount `json:"discounts"`
	Orders    []*order    `json:"orders"`

	Subscriptions []*subscription `json:"subscriptions"`
	Asked         bool            `json:"asked"` // somebody has set subscriptions up, or removed one
}

func open(core *sandbox.Server, keys sandbox.Keys) (*sandbox.Service, error) {
	s := &service{Server: core, keys: keys, shop: cmp.Or(keys["shopify_shop"], defaultShop), st: &state{Place: home}}
	return &sandbox.Service{
		State: s.st, API: s.api(), Truth: s.truth, Tab: s.tab(),
		Queues: []sandbox.Queue{{Name: name, Sign: sign(keys.First("shopify_webhook_secret"))}},
		People: func(mux *http.ServeMux) {
			mux.HandleFunc("POST /sandbox/shop/checkout", sandbox.Act(func(_ *http.Request, q checkout) (any, error) { return s.placeOrder(q) }))
			mux.HandleFunc("POST /sandbox/shop/place", sandbox.Act(func(_ *http.Request, q place) (any, error) { return nil, s.move(q) }))
			mux.HandleFunc("POST /sandbox/shop/refund", sandbox.Act(func(_ *http.Request, q refund) (any, error) { return s.refundOrder(q) }))
			mux.HandleFunc("POST /sandbox/shop/settle-refund", sandbox.Act(func(_ *http.Request, q settled) (any, error) { return s.settleRefund(q) }))
			mux.HandleFunc("POST /sandbox/shop/dispute", sandbox.Act(func(_ *http.Request, q disputing) (any, error) { return s.disputeOrder(q) }))
			mux.HandleFunc("POST /sandbox/shop/edit", sandbox.Act(func(_ *http.Request, q edit) (any, error) { return s.editOrder(q) }))
			mux.HandleFunc("POST /sandbox/shop/pay", sandbox.Act(func(_ *http.Request, q about) (any, error) { return s.payOrder(q) }))
			mux.HandleFunc("POST /sandbox/shop/cancel", sandbox.Act(func(_ *http.Request, q about) (any, error) { return s.cancelOrder(q) }))
			mux.HandleFunc("POST /sandbox/shop/unsubscribe", sandbox.Act(func(_ *http.Request, q unsubscribing) (any, error) { return s.unsubscribe(q) }))
		},
	}, nil
}

// sign is Shopify's, nil without a secret.
func sign(secret string) sandbox.Sign {
	if secret == "" {
		return nil
	}
	return func(h http.Header, body []byte, _ time.Time) {
		h.Set("X-Shopify-Hmac-Sha256", base64.StdEncoding.EncodeToString(sandbox.MAC(secret, body)))
	}
}

func (s *service) truth() map[string]any {
	return map[string]any{"gift_orders": s.giftTruth(), "codes": s.codeTruth(), "orders": s.orderTruth()}
}

type truthGift struct {
	ID            string          `json:"id"`
	Key           string          `json:"key"`
	PartnershipID string          `json:"partnership_id"`
	Status        string          `json:"status"` // open, completed, cancelled, deleted
	CreatedAt     sandbox.Instant `json:"created_at"`
}

func (s *service) giftTruth() []truthGift {
	rows := []truthGift{}
	for _, d := range s.st.Drafts {
		rows = append(rows, truthGift{
			strconv.FormatInt(d.ID, 10), attributeOf(d.Attributes, "rapport_key"), attributeOf(d.Attributes, "partnership_id"), s.giftStatus(d), sandbox.Instant(d.CreatedAt),
		})
	}
	return rows
}

type truthCode struct {
	Code          string          `json:"code"`
	Key           string          `json:"key"`
	PartnershipID string          `json:"partnership_id"`
	Active        bool            `json:"active"`
	CreatedAt     sandbox.Instant `json:"created_at"`
}

func (s *service) codeTruth() []truthCode {
	rows := []truthCode{}
	for _, d := range s.st.Discounts {
		if _, key := d.ours(); key != "" {
			rows = append(rows, truthCode{d.Code, key, sandbox.PartnershipOf(key), d.status(s.Now()) != "EXPIRED", sandbox.Instant(d.CreatedAt)})
		}
	}
	return rows
}

type truthOrder struct {
	ID                string          `json:"id"` // the number, as webhooks carry it
	Program           string          `json:"program"`
	Code              *string         `json:"code"`                // null: bought without one
	LinkPartnershipID *string         `json:"link_partnership_id"` // null: came by no link of ours
	PaidMinor         int64           `json:"paid_minor"`          // for the lines, with tax where prices hold it
	NetMinor          int64           `json:"net_minor"`
	Currency          string          `json:"currency"`
	RefundedMinor     int64           `json:"refunded_minor"`
	At                sandbox.Instant `json:"at"`
}

func (s *service) orderTruth() []truthOrder {
	rows, bought := []truthOrder{}, func(l line) int64 { return l.Quantity - l.EditedOut }
	for _, o := range s.st.Orders {
		if o.DraftID == 0 && !o.Test {
			rows = append(rows, truthOrder{
				strconv.FormatInt(o.ID, 10), o.Program, sandbox.Optional(o.Code), sandbox.Optional(o.utm("utm_id")), o.subtotal(bought), o.net(), o.Currency,
				o.refunded(), sandbox.Instant(o.At),
			})
		}
	}
	return rows
}
