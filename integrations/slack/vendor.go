package slack

import (
	"context"
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/partnership"
)

// Vendor is where the brand's people decide. It takes 1 message a second and channel.
var Vendor = integrations.Vendor{
	Name: vendor, Title: "Slack", Fills: partnership.ChatPort, PerSecond: 1,
	Needs: []string{"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CHANNEL"},
	New:   func() integrations.Settings { return new(Settings) },
}

// Settings are how the brand's people are reached.
type Settings struct {
	BotToken      integrations.Secret  `env:"SLACK_BOT_TOKEN"`
	AppToken      integrations.Secret  `env:"SLACK_APP_TOKEN"` // Socket Mode, which nothing serves yet
	SigningSecret integrations.Secrets `env:"SLACK_SIGNING_SECRET"`
	Channel       string               `env:"SLACK_CHANNEL"`
	APIURL        string               `env:"SLACK_API_URL"`
}

// Check implements integrations.Settings.
func (s *Settings) Check() []integrations.Fault {
	return integrations.URLs(map[string]string{"SLACK_API_URL": s.APIURL})
}

// Open implements integrations.Settings.
func (s *Settings) Open(h *http.Client) any {
	return New(Config{Token: s.BotToken.Reveal(), APIURL: s.APIURL, Channel: s.Channel, HTTPClient: h})
}

// Verify says whether a request of its door is Slack's own: facts.ErrNoKey, ErrNotSigned, ErrSignature, ErrTooOld.
func (s *Settings) Verify(h http.Header, body []byte, now time.Time) error {
	return Verify(s.SigningSecret.Reveal(), h, body, now)
}

// DeliveryID names a verified request.
func (*Settings) DeliveryID(h http.Header) string { return DeliveryID(h) }

// MailOf is the address of one of the workspace's own people, "" for bots, guests, other workspaces' people and those who have left.
func (c *Client) MailOf(ctx context.Context, user string) (string, error) {
	person, err := c.Person(ctx, user)
	return person.Ours(), err
}
