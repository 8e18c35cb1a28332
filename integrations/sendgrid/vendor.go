package sendgrid

import (
	"net/http"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
)

// Vendor sends and receives mail. It publishes no limit; its X-RateLimit headers allow 600 a minute and more.
var Vendor = integrations.Vendor{
	Name: vendor, Title: "SendGrid", Fills: partnership.MailPort, PerSecond: 50,
	Needs: []string{"SENDGRID_API_KEY", "SENDGRID_FROM"},
	New:   func() integrations.Settings { return new(Settings) },
}

// Settings are how mail is sent and received.
type Settings struct {
	APIKey            integrations.Secret `env:"SENDGRID_API_KEY"`
	BaseURL           string              `env:"SENDGRID_BASE_URL"`
	From              string              `env:"SENDGRID_FROM"`
	EventPublicKeys   []string            `env:"SENDGRID_EVENT_PUBLIC_KEY"`
	InboundPublicKeys []string            `env:"SENDGRID_INBOUND_PUBLIC_KEY"`
	InboundDomain     string              `env:"SENDGRID_INBOUND_DOMAIN"`
}

// Check implements integrations.Settings.
func (s *Settings) Check() []integrations.Fault {
	return integrations.URLs(map[string]string{"SENDGRID_BASE_URL": s.BaseURL})
}

// Open implements integrations.Settings.
func (s *Settings) Open(h *http.Client) any {
	return New(Config{APIKey: s.APIKey.Reveal(), BaseURL: s.BaseURL, From: s.From, HTTPClient: h})
}

// ReplyDomain is where answers to our mails come in, "" when none do.
func (s *Settings) ReplyDomain() string { return s.InboundDomain }
