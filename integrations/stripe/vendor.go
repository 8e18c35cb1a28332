package stripe

import (
	"net/http"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
)

// Vendor pays creators. It allows 25 calls a second in test mode, 100 live.
var Vendor = integrations.Vendor{
	Name: vendor, Title: "Stripe", Fills: partnership.RailPort, PerSecond: 20,
	Needs: []string{"STRIPE_API_KEY"},
	New:   func() integrations.Settings { return new(Settings) },
}

// Settings are how creators are paid.
type Settings struct {
	APIKey         integrations.Secret  `env:"STRIPE_API_KEY"`
	BaseURL        string               `env:"STRIPE_BASE_URL"`
	WebhookSecrets integrations.Secrets `env:"STRIPE_WEBHOOK_SECRETS"`
}

// Check implements integrations.Settings.
func (s *Settings) Check() []integrations.Fault {
	return integrations.URLs(map[string]string{"STRIPE_BASE_URL": s.BaseURL})
}

// Open implements integrations.Settings.
func (s *Settings) Open(h *http.Client) any {
	return New(Config{APIKey: s.APIKey.Reveal(), BaseURL: s.BaseURL, HTTPClient: h})
}
