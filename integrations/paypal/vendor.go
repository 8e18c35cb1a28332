// Package paypal keeps the place of another way to pay creators: its settings are read, and nothing asks for it yet.
package paypal

import (
	"net/http"

	"github.com/rapport-dev/rapport/integrations"
)

// Vendor fills no port yet.
var Vendor = integrations.Vendor{
	Name: "paypal", Title: "PayPal",
	Needs: []string{"PAYPAL_CLIENT_ID", "PAYPAL_SECRET"},
	New:   func() integrations.Settings { return new(Settings) },
}

// Settings are how creators would be paid.
type Settings struct {
	ClientID  integrations.Secret `env:"PAYPAL_CLIENT_ID"`
	Secret    integrations.Secret `env:"PAYPAL_SECRET"`
	BaseURL   string              `env:"PAYPAL_BASE_URL"`
	WebhookID string              `env:"PAYPAL_WEBHOOK_ID"`
}

// Check implements integrations.Settings.
func (s *Settings) Check() []integrations.Fault {
	return integrations.URLs(map[string]string{"PAYPAL_BASE_URL": s.BaseURL})
}

// Open implements integrations.Settings: there is no client.
func (s *Settings) Open(*http.Client) any { return nil }
