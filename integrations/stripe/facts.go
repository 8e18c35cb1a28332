package stripe

import (
	"net/http"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership/facts"
)

// Webhooks implements integrations.Reporter.
func (s *Settings) Webhooks() []integrations.Webhook {
	return []integrations.Webhook{{
		Vendor: vendor, Path: "/webhooks/stripe", Inbox: vendor, Setting: "STRIPE_WEBHOOK_SECRETS",
		Verify: func(h http.Header, body []byte, now time.Time) error {
			return Verify(s.WebhookSecrets.Reveal(), h, body, now)
		},
		ID: func(_ http.Header, body []byte) string {
			e, err := ParseEvent(body)
			if err != nil {
				return ""
			}
			return e.ID
		},
		Read: func(_ http.Header, body []byte) ([]facts.Fact, error) { return s.facts(body) },
	}}
}

// facts reads news of accounts and transfers.
func (s *Settings) facts(body []byte) ([]facts.Fact, error) {
	e, err := ParseEvent(body)
	if err != nil {
		return nil, err
	}
	var fact facts.Fact
	switch live, known := s.live(); {
	case known && e.Live != live:
		fact = facts.Nothing{Why: "it is of Stripe's other mode"}
	case e.PayoutAccount != nil:
		fact = facts.AccountChanged{AccountID: e.PayoutAccount.ID, EventID: e.ID}
	case e.Type == TransferReversed && e.Transfer != nil:
		fact = facts.TransferReversed{TransferID: e.Transfer.ID}
	case e.Type == PayoutFailed && e.BankPayout != nil:
		fact = facts.BankRefused{AccountID: e.Account, ID: e.BankPayout.ID, Reason: e.BankPayout.FailureCode}
	default:
		fact = facts.Nothing{Why: "an event that changes nothing here"}
	}
	return []facts.Fact{fact}, nil
}

// live says in which of its modes the account is used, as far as the key's beginning tells.
func (s *Settings) live() (live, known bool) {
	for prefix, live := range map[string]bool{"sk_live_": true, "rk_live_": true, "sk_test_": false, "rk_test_": false} {
		if strings.HasPrefix(s.APIKey.Reveal(), prefix) {
			return live, true
		}
	}
	return false, false
}
