package paypal

import (
	"net/http"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
)

// Vendor pays creators. PayPal publishes no limit; it asks for no more than some calls a second.
var Vendor = integrations.Vendor{
	Name: vendor, Title: "PayPal", Fills: partnership.RailPort, Network: true, PerSecond: 5,
	Needs: []string{"PAYPAL_CLIENT_ID", "PAYPAL_SECRET", "PAYPAL_WEBHOOK_ID"},
	New:   func() integrations.Settings { return new(Settings) },
}

// Settings are how creators are paid.
type Settings struct {
	ClientID  integrations.Secret `env:"PAYPAL_CLIENT_ID"`
	Secret    integrations.Secret `env:"PAYPAL_SECRET"`
	BaseURL   string              `env:"PAYPAL_BASE_URL"`
	WebhookID string              `env:"PAYPAL_WEBHOOK_ID"`

	certs certificates
}

// Check implements integrations.Settings.
func (s *Settings) Check() []integrations.Fault {
	return integrations.URLs(map[string]string{"PAYPAL_BASE_URL": s.BaseURL})
}

// Open implements integrations.Settings.
func (s *Settings) Open(h *http.Client) any {
	return New(Config{ClientID: s.ClientID.Reveal(), Secret: s.Secret.Reveal(), WebhookID: s.WebhookID, BaseURL: s.BaseURL, HTTPClient: h})
}
