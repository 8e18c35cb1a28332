package easypost

import (
	"net/http"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
)

// Vendor ships parcels. It allows 5 calls a second where it lists.
var Vendor = integrations.Vendor{
	Name: vendor, Title: "EasyPost", Fills: partnership.CarrierPort, PerSecond: 4,
	Needs: []string{"EASYPOST_API_KEY"},
	New:   func() integrations.Settings { return new(Settings) },
}

// Settings are how parcels are shipped.
type Settings struct {
	APIKey         integrations.Secret  `env:"EASYPOST_API_KEY"`
	BaseURL        string               `env:"EASYPOST_BASE_URL"`
	WebhookSecrets integrations.Secrets `env:"EASYPOST_WEBHOOK_SECRET"`
}

// Check implements integrations.Settings.
func (s *Settings) Check() []integrations.Fault {
	return integrations.URLs(map[string]string{"EASYPOST_BASE_URL": s.BaseURL})
}

// Open implements integrations.Settings.
func (s *Settings) Open(h *http.Client) any {
	return New(Config{APIKey: s.APIKey.Reveal(), BaseURL: s.BaseURL, HTTPClient: h})
}
