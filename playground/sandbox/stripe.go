package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// stripeVersion is the API version of webhooks; a client refuses those of another release train.
const stripeVersion = "2026-03-25.dahlia"

// defaultFunds is the platform's balance in each currency until somebody sets another: 10,000,000.00.
const defaultFunds = 1_000_000_000

// An account is a creator's at the payout rail.
type account struct {
	ID       string            `json:"id"`
	Type     string            `json:"type"`
	Country  string            `json:"country"`
	Email    string            `json:"email"`
	Metadata map[string]string `json:"metadata"`
	Wanted   bool              `json:"wanted"` // the transfers capability was requested
	Active   bool              `json:"active"`
	Return   string            `json:"return"` // where the last account link leads back to
	Created  time.Time         `json:"created"`
}

// A transfer is money that left the platform.
type transfer struct {
	ID          string            `json:"id"`
	Key         string            `json:"key"` // Idempotency-Key
	Group       string            `json:"group"`
	Destination string            `json:"destination"`
	AmountMinor int64             `json:"amount_minor"`
	Currency    string            `json:"currency"` // lower case
	Description string            `json:"description"`
	Metadata    map[string]string `json:"metadata"`
	Reversals   []reversal        `json:"reversals"`
	Created     time.Time         `json:"created"`
}

type reversal struct {
	ID          string    `json:"id"`
	AmountMinor int64     `json:"amount_minor"`
	Created     time.Time `json:"created"`
}

func (t *transfer) reversed() (n int64) {
	for _, r := range t.Reversals {
		n += r.AmountMinor
	}
	return n
}

// stripeForm is a form with nested keys: metadata[a], capabilities[transfers][requested].
type stripeForm struct {
	values  url.Values
	allowed []string
}

func (f stripeForm) text(name string) string { return f.values.Get(name) }

func (f stripeForm) metadata() map[string]string {
	out := map[string]string{}
	for k, v := range f.values {
		if name, ok := strings.CutPrefix(k, "metadata["); ok {
			out[strings.TrimSuffix(name, "]")] = v[0]
		}
	}
	return out
}

// unknown is the first parameter that the endpoint does not take, "" when there is none. Allowed names ending in "[" allow all below.
func (f stripeForm) unknown() string {
	for _, k := range slices.Sorted(maps.Keys(f.values)) {
		if !slices.ContainsFunc(f.allowed, func(a string) bool { return k == a || strings.HasSuffix(a, "[") && strings.HasPrefix(k, a) }) {
			return k
		}
	}
	return ""
}

type stripeError struct {
	status                    int
	typ, code, param, message string
}

func stripeInvalid(code, param, format string, args ...any) *stripeError {
	return &stripeError{http.StatusBadRequest, "invalid_request_error", code, param, fmt.Sprintf(format, args...)}
}

func stripeRefuse(w http.ResponseWriter, e *stripeError) {
	body := map[string]any{"type": e.typ, "message": e.message}
	if e.code != "" {
		body["code"], body["doc_url"] = e.code, "https://stripe.com/docs/error-codes/"+strings.ReplaceAll(e.code, "_", "-")
	}
	if e.param != "" {
		body["param"] = e.param
	}
	w.Header().Set("Request-Id", newID("req_", 14))
	writeJSON(w, e.status, map[string]any{"error": body})
}

func (s *Server) stripeAPI() http.Handler {
	a := s.newAPI("stripe")
	a.admit = s.stripeAdmit
	a.tooMany = func(w http.ResponseWriter, _ *http.Request, after int) {
		w.Header().Set("Retry-After", strconv.Itoa(after))
		w.Header().Set("Stripe-Should-Retry", "true")
		stripeRefuse(w, &stripeError{http.StatusTooManyRequests, "invalid_request_error", "rate_limit", "", "Request rate limit exceeded."})
	}
	a.broken = func(w http.ResponseWriter) {
		stripeRefuse(w, &stripeError{http.StatusInternalServerError, "api_error", "", "", "An unknown error occurred"})
	}
	a.notFound = func(w http.ResponseWriter) {
		stripeRefuse(w, &stripeError{http.StatusNotFound, "invalid_request_error", "", "", "Unrecognized request URL."})
	}
	a.handle("POST /stripe/v1/accounts", "account.create", s.stripePost(s.createAccount,
		"type", "country", "email", "business_type", "default_currency", "controller[", "capabilities[", "metadata[", "business_profile[", "individual[", "settings[", "tos_acceptance["))
	a.handle("POST /stripe/v1/accounts/{id}", "account.update", s.stripePost(s.updateAccount, "email", "metadata[", "capabilities[", "settings["))
	a.handle("GET /stripe/v1/accounts/{id}", "account.get", s.getAccount)
	a.handle("GET /stripe/v1/account", "account.self", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"id": "acct_platform", "object": "account", "charges_enabled": true, "payouts_enabled": true, "country": "US"})
	})
	a.handle("POST /stripe/v1/account_links", "account_link.create", s.stripePost(s.createAccountLink, "account", "refresh_url", "return_url", "type", "collect", "collection_options["))
	a.handle("POST /stripe/v1/transfers", "transfer.create", s.stripePost(s.createTransfer,
		"amount", "currency", "destination", "transfer_group", "description", "metadata[", "source_transaction", "source_type"))
	a.handle("GET /stripe/v1/transfers", "transfer.list", s.listTransfers)
	a.handle("GET /stripe/v1/transfers/{id}", "transfer.get", s.getTransfer)
	a.handle("POST /stripe/v1/transfers/{id}/reversals", "reversal.create", s.stripePost(s.createReversal, "amount", "description", "metadata[", "refund_application_fee"))
	a.handle("GET /stripe/v1/balance", "balance.get", s.getBalance)
	a.page("GET /stripe/onboarding/{id}", "onboarding.view", s.onboardingPage)
	a.page("POST /stripe/onboarding/{id}", "onboarding.act", s.onboardingAct)
	return a
}

func (s *Server) stripeAdmit(w http.ResponseWriter, r *http.Request) bool {
	key, _, basic := r.BasicAuth()
	if !basic {
		key = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	if key != "" && key == s.keys.StripeAPIKey {
		return true
	}
	message := "You did not provide an API key."
	if key != "" {
		message = "Invalid API Key provided."
	}
	stripeRefuse(w, &stripeError{http.StatusUnauthorized, "invalid_request_error", "", "", message})
	return false
}

func (a *account) json() map[string]any {
	capability, due := "inactive", []string{"external_account", "tos_acceptance.date"}
	if a.Active {
		capability, due = "active", []string{}
	}
	capabilities := map[string]string{}
	if a.Wanted {
		capabilities["transfers"] = capability
	}
	return map[string]any{
		"id": a.ID, "object": "account", "type": a.Type, "country": a.Country, "email": nullable(a.Email), "metadata": a.Metadata, "created": a.Created.Unix(),
		"capabilities": capabilities, "charges_enabled": false, "payouts_enabled": a.Active, "details_submitted": a.Active, "default_currency": "usd",
		"requirements": map[string]any{"currently_due": due, "eventually_due": due, "past_due": []string{}, "disabled_reason": nil},
	}
}

func (s *Server) accountOf(id string) *account {
	return find(s.st.Accounts, func(a *account) bool { return a.ID == id })
}

func (s *Server) createAccount(_ *http.Request, f stripeForm) (any, *stripeError) {
	if c := f.text("country"); c != "" && !regexp.MustCompile(`^[A-Z]{2}$`).MatchString(c) {
		return nil, stripeInvalid("country_unsupported", "country", "Country '%s' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US', 'EG', or 'GB'.", c)
	}
	if e := f.text("email"); e != "" && !validAddress(e) {
		return nil, stripeInvalid("email_invalid", "email", "Invalid email address.")
	}
	a := &account{
		ID: newID("acct_", 16), Type: f.text("type"), Country: f.text("country"), Email: f.text("email"), Metadata: f.metadata(),
		Wanted: f.text("capabilities[transfers][requested]") == "true", Created: s.now(),
	}
	if a.Country == "" {
		a.Country = "US"
	}
	if a.Type == "" {
		a.Type = "none"
	}
	s.st.Accounts = append(s.st.Accounts, a)
	return a.json(), nil
}

func (s *Server) updateAccount(r *http.Request, f stripeForm) (any, *stripeError) {
	a := s.accountOf(r.PathValue("id"))
	if a == nil {
		return nil, noSuchAccount(r.PathValue("id"))
	}
	if e := f.text("email"); e != "" {
		a.Email = e
	}
	for k, v := range f.metadata() {
		a.Metadata[k] = v
	}
	a.Wanted = a.Wanted || f.text("capabilities[transfers][requested]") == "true"
	return a.json(), nil
}

func noSuchAccount(id string) *stripeError {
	return &stripeError{http.StatusForbidden, "invalid_request_error", "account_invalid", "", fmt.Sprintf("The provided key does not have access to account '%s' (or that account does not exist).", id)}
}

func (s *Server) getAccount(w http.ResponseWriter, r *http.Request) {
	a := s.accountOf(r.PathValue("id"))
	if a == nil {
		stripeRefuse(w, noSuchAccount(r.PathValue("id")))
		return
	}
	writeJSON(w, http.StatusOK, a.json())
}

func (s *Server) createAccountLink(_ *http.Request, f stripeForm) (any, *stripeError) {
	for _, p := range []string{"account", "type", "refresh_url", "return_url"} {
		if f.text(p) == "" {
			return nil, stripeInvalid("parameter_missing", p, "Missing required param: %s.", p)
		}
	}
	a := s.accountOf(f.text("account"))
	if a == nil {
		return nil, stripeInvalid("resource_missing", "account", "No such account: '%s'", f.text("account"))
	}
	if u, err := url.Parse(f.text("return_url")); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, stripeInvalid("url_invalid", "return_url", "Not a valid URL")
	}
	a.Return = f.text("return_url")
	now := s.now()
	return map[string]any{"object": "account_link", "created": now.Unix(), "expires_at": now.Add(5 * time.Minute).Unix(), "url": s.cfg.PublicURL + "/stripe/onboarding/" + a.ID}, nil
}

// stripeEvent sends a webhook. mu is held.
func (s *Server) stripeEvent(typ, account string, object any, previous map[string]any, key string) {
	data := map[string]any{"object": object}
	if previous != nil {
		data["previous_attributes"] = previous
	}
	e := map[string]any{
		"id": newID("evt_", 24), "object": "event", "api_version": stripeVersion, "created": s.now().Unix(), "livemode": false, "pending_webhooks": 1,
		"type": typ, "data": data, "request": map[string]any{"id": newID("req_", 14), "idempotency_key": nullable(key)},
	}
	if account != "" {
		e["account"] = account
	}
	s.post(&delivery{Queue: queueStripe, Path: "/webhooks/stripe", ContentType: "application/json; charset=utf-8", Body: must(json.Marshal(e)), Events: []string{typ}})
}

func (s *Server) onboardingPage(w http.ResponseWriter, r *http.Request) {
	a := s.accountOf(r.PathValue("id"))
	if a == nil {
		http.NotFound(w, r)
		return
	}
	s.render(w, "onboarding", a)
}

// onboardingAct is the creator finishing Stripe's own forms.
func (s *Server) onboardingAct(w http.ResponseWriter, r *http.Request) {
	a := s.accountOf(r.PathValue("id"))
	if a == nil {
		http.NotFound(w, r)
		return
	}
	if !a.Active {
		a.Active, a.Wanted = true, true
		s.stripeEvent("account.updated", a.ID, a.json(), map[string]any{"payouts_enabled": false}, "")
	}
	back := a.Return
	if back == "" {
		back = "/stripe/onboarding/" + a.ID
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}
