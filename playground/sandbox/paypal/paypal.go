// Package paypal imitates PayPal Payouts: batches that are worked through later, items that nobody claims, holds or gives back, the list of
// events that PayPal keeps, balances, and webhooks that are signed with a certificate.
package paypal

import (
	"embed"
	"net/http"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// Vendor offers PayPal to a sandbox.
var Vendor = sandbox.Vendor{
	Name:  name,
	Paths: map[string]string{"PAYPAL_BASE_URL": "/paypal"},
	Keys: []sandbox.Key{
		sandbox.Shared("PAYPAL_CLIENT_ID", "paypal_client_id", func() string { return "A" + sandbox.Token(20) }),
		sandbox.Shared("PAYPAL_SECRET", "paypal_secret", func() string { return "E" + sandbox.Token(20) }),
		sandbox.Shared("PAYPAL_WEBHOOK_ID", "paypal_webhook_id", func() string { return strings.ToUpper(sandbox.Token(8)) + "0W" }),
	},
	Open: open,
}

//go:embed templates
var templateFiles embed.FS

var pages = sandbox.ParsePages(templateFiles)

func open(core *sandbox.Server, keys sandbox.Keys) (*sandbox.Service, error) {
	s := &service{Server: core, keys: keys, st: &state{
		Funds: map[string]int64{}, Tokens: map[string]time.Time{}, Requests: map[string]*request{}, Receivers: map[string]string{},
	}}
	s.sign = newSigner(core, keys.First("paypal_webhook_id"))
	return &sandbox.Service{
		State: s.st, API: s.api(), Truth: s.truth, People: s.people, Tab: s.tab(), Due: s.due,
		Queues: []sandbox.Queue{{Name: name, Sign: s.sign.sign()}},
	}, nil
}

func (s *service) api() *sandbox.API {
	a := s.NewAPI(name, "/paypal/")
	a.Admit = s.admit
	a.TooMany = func(w http.ResponseWriter, _ *http.Request, _ int) {
		refuse(w, &apiError{http.StatusTooManyRequests, "RATE_LIMIT_REACHED", "Too many requests. Blocked due to rate limiting.", nil})
	}
	a.Broken = func(w http.ResponseWriter) {
		refuse(w, &apiError{http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "An internal server error has occurred.", nil})
	}
	a.NotFound = func(w http.ResponseWriter) { refuse(w, notFound()) }
	a.Handle("POST /paypal/v1/oauth2/token", "token", s.newToken)
	a.Handle("POST /paypal/v1/payments/payouts", "payout.create", s.createPayout)
	a.Handle("GET /paypal/v1/payments/payouts/{id}", "payout.get", s.getPayout)
	a.Handle("GET /paypal/v1/payments/payouts-item/{id}", "item.get", s.getItem)
	a.Handle("POST /paypal/v1/payments/payouts-item/{id}/cancel", "item.cancel", s.cancelItem)
	a.Handle("GET /paypal/v1/notifications/webhooks-events", "events.list", s.listEvents)
	a.Handle("GET /paypal/v1/notifications/webhooks/{id}", "webhook.get", s.getWebhook)
	a.Handle("GET /paypal/v1/reporting/balances", "balance.get", s.getBalances)
	a.Page("GET /paypal/certs/{id}", "certificate", s.sign.serve)
	return a
}

// truth is what PayPal paid, and every batch that it was asked for.
func (s *service) truth() map[string]any {
	type row struct {
		ID            string          `json:"id"`
		Key           string          `json:"key"`
		PayoutID      string          `json:"payout_id"`
		Destination   string          `json:"destination"`
		AmountMinor   int64           `json:"amount_minor"`
		Currency      string          `json:"currency"`
		At            sandbox.Instant `json:"at"`
		ReversedMinor int64           `json:"reversed_minor"`
		Status        string          `json:"status"`
	}
	paid, asked := []row{}, []row{}
	for _, b := range s.st.Batches {
		for _, i := range b.Items {
			r := row{b.ID, b.SenderBatchID, i.SenderItemID, i.Receiver, i.AmountMinor, i.Currency, sandbox.Instant(b.Created), 0, i.Status}
			if i.Paid && i.Status != "SUCCESS" {
				r.ReversedMinor = i.AmountMinor
			}
			if i.Paid {
				paid = append(paid, r)
			}
			asked = append(asked, r)
		}
	}
	return map[string]any{"paypal_paid": paid, "paypal_asked": asked}
}
