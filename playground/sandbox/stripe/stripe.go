// Package stripe imitates Stripe Connect: accounts that creators finish, transfers to them, reversals, balances, and the
// idempotency of every POST.
package stripe

import (
	"embed"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

const name = "stripe"

// apiVersion is the API version of webhooks; a client refuses those of another release train.
const apiVersion = "2026-03-25.dahlia"

// defaultFunds is the platform's balance in each currency until somebody sets another: 10,000,000.00.
const defaultFunds = 1_000_000_000

// sticky500 is a fault of Stripe's alone: the 500 is saved under the idempotency key and replayed.
const sticky500 = "sticky-500"

// listBehind is another: a list does not show yet what was made in its last minute. Stripe's lists lag by moments.
const listBehind = "list-behind"

// Vendor offers Stripe to a sandbox.
var Vendor = sandbox.Vendor{
	Name:  name,
	Paths: map[string]string{"STRIPE_BASE_URL": "/stripe"},
	Keys: []sandbox.Key{
		sandbox.Shared("STRIPE_API_KEY", "stripe_api_key", func() string { return "sk_test_" + sandbox.Token(24) }),
		sandbox.Shared("STRIPE_WEBHOOK_SECRETS", "stripe_webhook_secret", func() string { return "whsec_" + sandbox.Token(24) }),
	},
	Open: open,
}

//go:embed templates
var templateFiles embed.FS

var pages = sandbox.ParsePages(templateFiles)

// service is Stripe in a running sandbox.
type service struct {
	*sandbox.Server
	keys sandbox.Keys
	st   *state
}

type state struct {
	Accounts   []*account            `json:"accounts"`
	Transfers  []*transfer           `json:"transfers"`
	Funds      map[string]int64      `json:"funds"` // what the platform had before all transfers, by currency
	StripeKeys map[string]*savedCall `json:"stripe_keys"`
}

func open(core *sandbox.Server, keys sandbox.Keys) (*sandbox.Service, error) {
	s := &service{Server: core, keys: keys, st: &state{Funds: map[string]int64{}, StripeKeys: map[string]*savedCall{}}}
	return &sandbox.Service{
		State: s.st, API: s.api(), Truth: s.truth, People: s.people, Tab: s.tab(), Faults: []string{sticky500, listBehind},
		Queues: []sandbox.Queue{{Name: name, Sign: sign(keys.First("stripe_webhook_secret"))}},
	}, nil
}

// sign is Stripe's, nil without a secret. Each attempt is signed anew: the time is part of it.
func sign(secret string) sandbox.Sign {
	if secret == "" {
		return nil
	}
	return func(h http.Header, body []byte, now time.Time) {
		t := strconv.FormatInt(now.Unix(), 10)
		h.Set("Stripe-Signature", "t="+t+",v1="+hex.EncodeToString(sandbox.MAC(secret, []byte(t+"."+string(body)))))
	}
}

func (s *service) api() *sandbox.API {
	a := s.NewAPI(name, "/stripe/")
	a.Admit = s.admit
	a.TooMany = func(w http.ResponseWriter, _ *http.Request, after int) {
		w.Header().Set("Retry-After", strconv.Itoa(after))
		w.Header().Set("Stripe-Should-Retry", "true")
		refuse(w, &apiError{http.StatusTooManyRequests, "invalid_request_error", "rate_limit", "", "Request rate limit exceeded."})
	}
	a.Broken = broken
	a.Refusals = map[string]func(http.ResponseWriter, *http.Request){sticky500: s.stick}
	a.NotFound = func(w http.ResponseWriter) {
		refuse(w, &apiError{http.StatusNotFound, "invalid_request_error", "", "", "Unrecognized request URL."})
	}
	a.Handle("POST /stripe/v1/accounts", "account.create", s.post(s.createAccount,
		"type", "country", "email", "business_type", "default_currency", "controller[", "capabilities[", "metadata[", "business_profile[", "individual[", "settings[", "tos_acceptance["))
	a.Handle("POST /stripe/v1/accounts/{id}", "account.update", s.post(s.updateAccount, "email", "metadata[", "capabilities[", "settings["))
	a.Handle("GET /stripe/v1/accounts/{id}", "account.get", s.getAccount)
	a.Handle("GET /stripe/v1/account", "account.self", func(w http.ResponseWriter, _ *http.Request) {
		sandbox.WriteJSON(w, http.StatusOK, map[string]any{"id": "acct_platform", "object": "account", "charges_enabled": true, "payouts_enabled": true, "country": platformCountry})
	})
	a.Handle("GET /stripe/v1/country_specs/{id}", "country_spec.get", getCountrySpec)
	a.Handle("POST /stripe/v1/account_links", "account_link.create", s.post(s.createAccountLink, "account", "refresh_url", "return_url", "type", "collect", "collection_options["))
	a.Handle("POST /stripe/v1/transfers", "transfer.create", s.post(s.createTransfer,
		"amount", "currency", "destination", "transfer_group", "description", "metadata[", "source_transaction", "source_type"))
	a.Handle("GET /stripe/v1/transfers", "transfer.list", s.listTransfers)
	a.Handle("GET /stripe/v1/transfers/{id}", "transfer.get", s.getTransfer)
	a.Handle("POST /stripe/v1/transfers/{id}/reversals", "reversal.create", s.post(s.createReversal, "amount", "description", "metadata[", "refund_application_fee"))
	a.Handle("GET /stripe/v1/balance", "balance.get", s.getBalance)
	a.Page("GET /stripe/onboarding/{id}", "onboarding.view", s.onboardingPage)
	a.Page("POST /stripe/onboarding/{id}", "onboarding.act", s.onboardingAct)
	return a
}

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
	}
	rows := []row{}
	for _, x := range s.st.Transfers {
		rows = append(rows, row{x.ID, x.Key, x.Group, x.Destination, minor(x.AmountMinor, x.Currency), strings.ToUpper(x.Currency), sandbox.Instant(x.Created), minor(x.reversed(), x.Currency)})
	}
	return map[string]any{"transfers": rows}
}
