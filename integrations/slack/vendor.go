package slack

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/integrations/httpx"
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
	AppToken      integrations.Secret  `env:"SLACK_APP_TOKEN"` // Socket Mode: what would come over HTTP comes over a connection that we open
	SigningSecret integrations.Secrets `env:"SLACK_SIGNING_SECRET"`
	Channel       string               `env:"SLACK_CHANNEL"`
	Finance       string               `env:"SLACK_FINANCE_CHANNEL"` // of finance's own cards; "" they stand in SLACK_CHANNEL
	APIURL        string               `env:"SLACK_API_URL"`
	ClientID      string               `env:"SLACK_CLIENT_ID"` // with the secret: people of the workspace sign in on the console
	ClientSecret  integrations.Secret  `env:"SLACK_CLIENT_SECRET"`
	OpenIDURL     string               `env:"SLACK_OPENID_URL"`
}

// Check implements integrations.Settings.
func (s *Settings) Check() []integrations.Fault {
	faults := integrations.URLs(map[string]string{"SLACK_API_URL": s.APIURL, "SLACK_OPENID_URL": s.OpenIDURL})
	if (s.ClientID == "") != (s.ClientSecret == "") {
		faults = append(faults, integrations.Fault{Name: "SLACK_CLIENT_SECRET", Message: "it and SLACK_CLIENT_ID belong together: set both, or neither"})
	}
	return faults
}

// Open implements integrations.Settings.
func (s *Settings) Open(h *http.Client) any {
	c := New(Config{Token: s.BotToken.Reveal(), AppToken: s.AppToken.Reveal(), APIURL: s.APIURL, Channel: s.Channel, Finance: s.Finance, HTTPClient: h})
	if s.ClientID != "" {
		c.openID = &openID{issuer: cmp.Or(s.OpenIDURL, issuer), id: s.ClientID, secret: s.ClientSecret.Reveal(), http: httpx.Client(h)}
	}
	return c
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

// ZoneOf is where somebody's clock stands, "" unknown.
func (c *Client) ZoneOf(ctx context.Context, user string) (string, error) {
	person, err := c.Person(ctx, user)
	return person.Zone, err
}

// Alone is the channel in which somebody and the app are alone; doing so twice changes nothing more.
func (c *Client) Alone(ctx context.Context, user string) (string, error) {
	channel, _, _, err := c.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return "", vendorError("conversations.open", err, true)
	}
	return channel.ID, nil
}

// UserOf is the user of one of the workspace's own people by their address, "" for everybody else.
func (c *Client) UserOf(ctx context.Context, mail string) (string, error) {
	u, err := c.api.GetUserByEmailContext(ctx, mail)
	if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok && refused.Err == "users_not_found" {
		return "", nil
	}
	if err != nil {
		return "", vendorError("users.lookupByEmail", err, true)
	}
	if personOf(u).Ours() == "" {
		return "", nil
	}
	return u.ID, nil
}
