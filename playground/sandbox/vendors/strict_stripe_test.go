package vendors_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// As strict as Stripe: countries and service agreements, its own units of money, metadata, keys.

// stripeCall posts a form and returns the status and the error's code, parameter and message.
func (b *box) stripeCall(path string, form url.Values, headers ...string) (status int, code, param, message string) {
	b.t.Helper()
	status, body := b.call(http.MethodPost, "/stripe/v1/"+path, form, append([]string{"Authorization", "Bearer " + b.keys["stripe_api_key"]}, headers...)...)
	var out struct {
		Error struct{ Code, Param, Message, Type string }
	}
	if err := json.Unmarshal(body, &out); err != nil {
		b.t.Fatalf("%s: %d %s", path, status, body)
	}
	return status, out.Error.Code, out.Error.Param, out.Error.Message
}

func TestStripeAccountsAbroad(t *testing.T) {
	t.Parallel()
	b := start(t)
	const agreement = "tos_acceptance[service_agreement]"
	for name, c := range map[string]struct {
		form        url.Values
		param, want string
	}{
		"no country":            {url.Values{"country": {"usa"}}, "country", "is unknown"},
		"not served":            {url.Values{"country": {"KP"}}, "country", "not currently supported"},
		"a recipient at home":   {url.Values{"country": {"US"}, agreement: {"recipient"}}, agreement, "not supported for platforms in US"},
		"no such agreement":     {url.Values{"country": {"MX"}, agreement: {"half"}}, agreement, "full or recipient"},
		"a recipient's charges": {url.Values{"country": {"MX"}, agreement: {"recipient"}, "capabilities[card_payments][requested]": {"true"}}, "capabilities", "card_payments"},
		"two kinds of account":  {url.Values{"type": {"express"}, "controller[fees][payer]": {"application"}}, "type", "only specify one"},
		"no address":            {url.Values{"email": {"nobody"}}, "email", "Invalid email address"},
		"long metadata":         {url.Values{"metadata[a]": {chars(501)}}, "metadata[a]", "at most 500 characters"},
		"long metadata key":     {url.Values{"metadata[" + chars(41) + "]": {"x"}}, "metadata", "at most 40 characters"},
	} {
		if status, _, param, message := b.stripeCall("accounts", c.form); status != http.StatusBadRequest || param != c.param || !strings.Contains(message, c.want) {
			t.Errorf("%s: %d %s: %s", name, status, param, message)
		}
	}
	if status, _, _, message := b.stripeCall("accounts", url.Values{"country": {"MX"}, agreement: {"recipient"}, "capabilities[transfers][requested]": {"true"}}); status != http.StatusOK {
		t.Errorf("a recipient in Mexico: %d %s", status, message)
	}
}

// finished is an account that the creator has finished, opened with a plain form.
func (b *box) finished(form url.Values) string {
	b.t.Helper()
	if !form.Has("capabilities[transfers][requested]") {
		form.Set("capabilities[transfers][requested]", "true")
	}
	status, body := b.call(http.MethodPost, "/stripe/v1/accounts", form, "Authorization", "Bearer "+b.keys["stripe_api_key"])
	var a struct{ ID string }
	if err := json.Unmarshal(body, &a); err != nil || status != http.StatusOK {
		b.t.Fatalf("%d %s", status, body)
	}
	b.call(http.MethodPost, "/stripe/onboarding/"+a.ID, url.Values{})
	return a.ID
}

func TestStripeTransfersAsStripeCounts(t *testing.T) {
	t.Parallel()
	b := start(t)
	home := b.onboarded(b.rail())
	abroad := b.finished(url.Values{"country": {"MX"}})
	unasked := b.finished(url.Values{"capabilities[transfers][requested]": {"false"}})
	for name, c := range map[string]struct {
		amount, currency, to string
		code, want           string
	}{
		"under the full agreement": {"100", "usd", abroad, "", "Funds can't be sent to accounts located in MX when the account is under the `full` service agreement."},
		"no transfers capability":  {"100", "usd", unasked, "insufficient_capabilities_for_transfer", "at least one of the following capabilities"},
		"nothing":                  {"0", "usd", home, "parameter_invalid_integer", "greater than or equal to 1"},
		"cents in a fraction":      {"1.5", "usd", home, "parameter_invalid_integer", "Invalid integer"},
		"too much":                 {"100000000", "usd", home, "amount_too_large", "no more than 99999999"},
		"no currency":              {"100", "xyz", home, "", "Invalid currency: xyz"},
		"a fraction of a krona":    {"150", "isk", home, "invalid_amount", "evenly divisible by 100"},
		"a shilling's cents":       {"150", "ugx", home, "invalid_amount", "evenly divisible by 100"},
		"a tenth of a fils":        {"1001", "kwd", home, "invalid_amount", "evenly divisible by 10"},
		"nobody":                   {"100", "usd", "acct_none", "resource_missing", "No such destination"},
	} {
		status, code, _, message := b.stripeCall("transfers", url.Values{"amount": {c.amount}, "currency": {c.currency}, "destination": {c.to}})
		if status != http.StatusBadRequest || code != c.code || !strings.Contains(message, c.want) {
			t.Errorf("%s: %d %s: %s", name, status, code, message)
		}
	}
	for currency, amount := range map[string]string{"jpy": "151", "isk": "15100", "kwd": "1010", "eur": "151"} {
		if status, _, _, message := b.stripeCall("transfers", url.Values{"amount": {amount}, "currency": {currency}, "destination": {home}}); status != http.StatusOK {
			t.Errorf("%s %s: %d %s", amount, currency, status, message)
		}
	}
	send := func(amount, path string) (int, string) {
		status, _, _, message := b.stripeCall(path, url.Values{"amount": {amount}, "currency": {"usd"}, "destination": {home}}, "Idempotency-Key", "one key")
		return status, message
	}
	if status, message := send("500", "transfers"); status != http.StatusOK {
		t.Fatalf("%d %s", status, message)
	}
	if status, message := send("501", "transfers"); status != http.StatusBadRequest || !strings.Contains(message, "same parameters") {
		t.Errorf("the key of another amount: %d %s", status, message)
	}
	if status, message := send("500", "accounts"); status != http.StatusBadRequest || !strings.Contains(message, "same parameters") {
		t.Errorf("the key of another endpoint: %d %s", status, message)
	}
}

func TestStripeLists(t *testing.T) {
	t.Parallel()
	b := start(t)
	for query, param := range map[string]string{
		"created[gte]=banana": "created[gte]", "starting_after=tr_none": "starting_after", "limit=101": "limit", "colour=red": "colour", "created[lte]=soon": "created[lte]",
	} {
		status, body := b.call(http.MethodGet, "/stripe/v1/transfers?"+query, nil, "Authorization", "Bearer "+b.keys["stripe_api_key"])
		var out struct {
			Error struct{ Param string }
		}
		if err := json.Unmarshal(body, &out); err != nil || status != http.StatusBadRequest || out.Error.Param != param {
			t.Errorf("%s: %d %s", query, status, body)
		}
	}
}

// Stripe documents four bounds of when something was made.
func TestStripeListsByWhenATransferWasMade(t *testing.T) {
	t.Parallel()
	b := start(t)
	if _, err := b.rail().Transfer(ctx, payout(b.onboarded(b.rail()), 500)); err != nil {
		t.Fatal(err)
	}
	listed := func(bounds string) (made []struct{ Created int64 }) {
		status, body := b.call(http.MethodGet, "/stripe/v1/transfers?"+bounds, nil, "Authorization", "Bearer "+b.keys["stripe_api_key"])
		var out struct{ Data []struct{ Created int64 } }
		if err := json.Unmarshal(body, &out); err != nil || status != http.StatusOK {
			t.Fatalf("%s: %d %s", bounds, status, body)
		}
		return out.Data
	}
	at := listed("limit=1")[0].Created
	for bound, shows := range map[string]bool{"gt": false, "gte": true, "lt": false, "lte": true} {
		if got := len(listed(fmt.Sprintf("created[%s]=%d", bound, at))) == 1; got != shows {
			t.Errorf("created[%s] of its own second shows it: %t", bound, got)
		}
	}
	if len(listed(fmt.Sprintf("created[gt]=%d&created[lt]=%d", at-1, at+1))) != 1 || len(listed(fmt.Sprintf("created[lte]=%d", at-1))) != 0 {
		t.Error("bounds do not hold together")
	}
}

func TestStripeLinks(t *testing.T) {
	t.Parallel()
	b := start(t)
	acct := b.finished(url.Values{})
	good := url.Values{"account": {acct}, "type": {"account_onboarding"}, "refresh_url": {"https://acme.example/again"}, "return_url": {"https://acme.example/back"}}
	if status, _, _, message := b.stripeCall("account_links", good); status != http.StatusOK {
		t.Errorf("%d %s", status, message)
	}
	for param, wrong := range map[string]string{"type": "payout", "refresh_url": "/again", "return_url": "back", "account": "acct_none"} {
		form := url.Values{}
		for k, v := range good {
			form[k] = v
		}
		form.Set(param, wrong)
		if status, _, at, message := b.stripeCall("account_links", form); status != http.StatusBadRequest || at != param {
			t.Errorf("%s %q: %d %s %s", param, wrong, status, at, message)
		}
	}
}

// TestCreatorsAbroadCanBePaid: Rapport opens the account that can be paid from where the platform is.
func TestCreatorsAbroadCanBePaid(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.rail()
	for _, country := range []string{"MX", "GB", "US", ""} {
		a, err := c.OpenAccount(ctx, partnership.AccountRequest{Key: partnership.EffectKey("creator/" + country + "/account"), CreatorID: "1", Email: "ana@creators.example", Country: country})
		if err != nil {
			t.Fatalf("%s: %v", country, err)
		}
		b.call(http.MethodPost, "/stripe/onboarding/"+a.ID, url.Values{})
		r := payout(a.ID, 100)
		r.Key, r.PayoutID = partnership.EffectKey("payout/"+a.ID), partnership.PayoutID(a.ID)
		if _, err := c.Transfer(ctx, r); err != nil {
			t.Errorf("a creator in %q: %v", country, err)
		}
	}
}
