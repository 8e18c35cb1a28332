package stripe

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// An account is a creator's at the payout rail.
type account struct {
	ID        string            `json:"id"`
	Type      string            `json:"type"`
	Country   string            `json:"country"`
	Email     string            `json:"email"`
	Metadata  map[string]string `json:"metadata"`
	Recipient bool              `json:"recipient"` // under the recipient service agreement, not the full one
	Wanted    bool              `json:"wanted"`    // the transfers capability was requested
	Active    bool              `json:"active"`    // the creator has finished Stripe's forms
	Return    string            `json:"return"`    // where the last account link leads back to
	Created   time.Time         `json:"created"`
}

// payable says that the transfers capability was asked for, and that the creator gave what it needs.
func (a *account) payable() bool { return a.Wanted && a.Active }

func (a *account) agreement() string {
	if a.Recipient {
		return recipient
	}
	return "full"
}

func (a *account) json() map[string]any {
	due, capabilities := []string{"external_account", "tos_acceptance.date"}, map[string]string{}
	if a.Active {
		due = []string{}
	}
	if a.Wanted {
		capabilities["transfers"] = "inactive"
	}
	if a.payable() {
		capabilities["transfers"] = "active"
	}
	return map[string]any{
		"id": a.ID, "object": "account", "type": a.Type, "country": a.Country, "email": sandbox.Nullable(a.Email), "metadata": a.Metadata, "created": a.Created.Unix(),
		"capabilities": capabilities, "charges_enabled": false, "payouts_enabled": a.Active, "details_submitted": a.Active, "tos_acceptance": map[string]any{"date": nil, "service_agreement": a.agreement()}, "default_currency": "usd",
		"requirements": map[string]any{"currently_due": due, "eventually_due": due, "past_due": []string{}, "disabled_reason": nil},
	}
}

func (s *service) accountOf(id string) *account {
	return sandbox.Find(s.st.Accounts, func(a *account) bool { return a.ID == id })
}

var accountTypes = []string{"custom", "express", "standard"}

func (s *service) createAccount(_ *http.Request, f form) (any, *apiError) {
	country, agreement := cmp.Or(f.text("country"), platformCountry), f.text("tos_acceptance[service_agreement]")
	switch email := f.text("email"); {
	case !twoLetters.MatchString(country):
		return nil, invalid("country_unsupported", "country", "Country '%s' is unknown. Try using a 2-character alphanumeric country code instead, such as 'US', 'EG', or 'GB'.", country)
	case !slices.Contains(countries, country):
		return nil, invalid("country_unsupported", "country", "%s is not currently supported by Stripe.", country)
	case email != "" && !sandbox.ValidAddress(email):
		return nil, invalid("email_invalid", "email", "Invalid email address: %s", email)
	case f.text("type") != "" && f.below("controller["):
		return nil, invalid("", "type", "You may only specify one of these parameters: type, controller.")
	case f.text("type") != "" && !slices.Contains(accountTypes, f.text("type")):
		return nil, invalid("", "type", "Invalid type: must be one of custom, express, or standard")
	case agreement != "" && agreement != "full" && agreement != recipient:
		return nil, invalid("", "tos_acceptance[service_agreement]", "Invalid tos_acceptance[service_agreement]: must be one of full or recipient")
	case agreement == recipient && country == platformCountry:
		return nil, invalid("", "tos_acceptance[service_agreement]", "The recipient ToS agreement is not supported for platforms in %s creating accounts in %s.", platformCountry, country)
	case agreement == recipient && f.text("capabilities[card_payments][requested]") == "true":
		return nil, invalid("", "capabilities", "You cannot request the card_payments capability for accounts under the recipient service agreement.")
	}
	a := &account{
		ID: sandbox.NewID("acct_", 16), Type: cmp.Or(f.text("type"), "none"), Country: country, Email: f.text("email"), Metadata: f.metadata(), Recipient: agreement == recipient,
		Wanted: f.text("capabilities[transfers][requested]") == "true", Created: s.Now(),
	}
	s.st.Accounts = append(s.st.Accounts, a)
	return a.json(), nil
}

func (s *service) updateAccount(r *http.Request, f form) (any, *apiError) {
	a := s.accountOf(r.PathValue("id"))
	if a == nil {
		return nil, noSuchAccount(r.PathValue("id"))
	}
	if e := f.text("email"); e != "" {
		if !sandbox.ValidAddress(e) {
			return nil, invalid("email_invalid", "email", "Invalid email address: %s", e)
		}
		a.Email = e
	}
	for k, v := range f.metadata() {
		a.Metadata[k] = v
	}
	a.Wanted = a.Wanted || f.text("capabilities[transfers][requested]") == "true"
	return a.json(), nil
}

func noSuchAccount(id string) *apiError {
	return &apiError{http.StatusForbidden, "invalid_request_error", "account_invalid", "", fmt.Sprintf("The provided key does not have access to account '%s' (or that account does not exist).", id)}
}

func (s *service) getAccount(w http.ResponseWriter, r *http.Request) {
	a := s.accountOf(r.PathValue("id"))
	if a == nil {
		refuse(w, noSuchAccount(r.PathValue("id")))
		return
	}
	sandbox.WriteJSON(w, http.StatusOK, a.json())
}

// getCountrySpec says whom Stripe pays from the platform's country.
func getCountrySpec(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != platformCountry {
		refuse(w, invalid("", "country", "Country '%s' is unknown or has no platform in this sandbox.", r.PathValue("id")))
		return
	}
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{
		"id": platformCountry, "object": "country_spec", "default_currency": "usd", "supported_payment_currencies": currencies,
		"supported_payment_methods": []string{"card", "ach"}, "supported_transfer_countries": countries,
	})
}

func (s *service) createAccountLink(_ *http.Request, f form) (any, *apiError) {
	for _, p := range []string{"account", "type", "refresh_url", "return_url"} {
		if f.text(p) == "" {
			return nil, invalid("parameter_missing", p, "Missing required param: %s.", p)
		}
	}
	a := s.accountOf(f.text("account"))
	if a == nil {
		return nil, invalid("resource_missing", "account", "No such account: '%s'", f.text("account"))
	}
	if typ := f.text("type"); typ != "account_onboarding" && typ != "account_update" {
		return nil, invalid("", "type", "Invalid type: must be one of account_onboarding or account_update")
	}
	for _, p := range []string{"refresh_url", "return_url"} {
		if u, err := url.Parse(f.text(p)); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, invalid("url_invalid", p, "Not a valid URL")
		}
	}
	a.Return = f.text("return_url")
	now := s.Now()
	return map[string]any{"object": "account_link", "created": now.Unix(), "expires_at": now.Add(5 * time.Minute).Unix(), "url": s.URL() + "/stripe/onboarding/" + a.ID}, nil
}

func (s *service) onboardingPage(w http.ResponseWriter, r *http.Request) {
	a := s.accountOf(r.PathValue("id"))
	if a == nil {
		http.NotFound(w, r)
		return
	}
	s.Render(w, pages, "onboarding", a)
}

// onboardingAct is the creator finishing Stripe's own forms.
func (s *service) onboardingAct(w http.ResponseWriter, r *http.Request) {
	a := s.accountOf(r.PathValue("id"))
	if a == nil {
		http.NotFound(w, r)
		return
	}
	if !a.Active {
		a.Active = true
		s.event("account.updated", a.ID, a.json(), map[string]any{"payouts_enabled": false}, "")
	}
	back := a.Return
	if back == "" {
		back = "/stripe/onboarding/" + a.ID
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}
