// Package sendgrid sends mails through SendGrid's v3 API and reads its webhooks: delivery events and inbound replies.
package sendgrid

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	netmail "net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/sendgrid/sendgrid-go/helpers/mail"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

// DefaultBaseURL is the global region; accounts in the EU use https://api.eu.sendgrid.com.
const DefaultBaseURL = "https://api.sendgrid.com"

// The custom arguments that travel with a mail and come back in each of its events.
const (
	ArgKey           = "msg_key"
	ArgPartnershipID = "partnership_id"
	ArgKind          = "kind"
	ArgTask          = "task"
	ArgStep          = "step"
)

// Config says how to reach SendGrid and who sends.
type Config struct {
	APIKey     string
	BaseURL    string       // "" is DefaultBaseURL; a path prefix is kept
	From       string       // a verified sender: "mail@brand.example" or "Brand <mail@brand.example>"
	HTTPClient *http.Client // nil is a client of our own with httpx.DefaultTimeout
}

// Client sends mails. It is safe for concurrent use: sendgrid-go's own client is not (it keeps the body of the last
// request), so only its types are used and each call builds a request of its own.
type Client struct {
	key  string
	url  string
	from string
	http *http.Client
	now  func() time.Time
}

// New returns a client. What is missing in c is reported by SendMail, with what to do about it.
func New(c Config) *Client {
	base := c.BaseURL
	if base == "" {
		base = DefaultBaseURL
	}
	return &Client{
		key:  c.APIKey,
		url:  strings.TrimRight(base, "/") + "/v3/mail/send",
		from: c.From,
		http: httpx.Client(c.HTTPClient),
		now:  time.Now,
	}
}

const (
	vendor    = "sendgrid"
	opSend    = "mail.send"
	opScopes  = "scopes"
	maxAnswer = 64 << 10
	maxMail   = 20 << 20 // SendGrid refuses 30 MB with attachments; a text and an HTML part stay far below
)

// SendMail hands one mail to SendGrid. The receipt's ID is the X-Message-Id, the prefix of sg_message_id in events.
// SendGrid has no idempotency: after an Ambiguous error only an event that carries the key proves the mail.
func (c *Client) SendMail(ctx context.Context, m partnership.Mail) (partnership.Receipt, error) {
	msg, err := c.message(m)
	if err != nil {
		return partnership.Receipt{}, err
	}
	body, err := json.Marshal(msg)
	if err != nil {
		return partnership.Receipt{}, refusal("the mail could not be written as JSON")
	}
	if len(body) > maxMail {
		return partnership.Receipt{}, refusal("the mail is larger than SendGrid accepts")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return partnership.Receipt{}, refusal("the base URL is not a URL: check SENDGRID_BASE_URL").ForAll()
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", "application/json")

	status, header, answer, err := httpx.Do(c.http, req, maxAnswer)
	switch {
	case err != nil:
		return partnership.Receipt{}, httpx.Classify(vendor, opSend, err, false)
	case status < 200 || status > 299:
		return partnership.Receipt{}, sendError(status, header, answer, c.now())
	}
	return partnership.Receipt{ID: header.Get("X-Message-Id")}, nil
}

// message checks m and turns it into SendGrid's form. Open and click tracking are off: they would rewrite task links,
// which are secrets of one creator, and opens are noise anyway.
func (c *Client) message(m partnership.Mail) (*mail.SGMailV3, error) {
	if c.key == "" {
		return nil, refusal("no API key: set SENDGRID_API_KEY").ForAll()
	}
	if err := checkHeaders(m, c.from); err != nil {
		return nil, err
	}
	from, err := sender(c.from, m.FromName)
	if err != nil {
		return nil, err
	}
	to, ok := bareAddress(m.To)
	if !ok {
		return nil, refusal("the recipient's address is not an e-mail address: correct it on the creator")
	}
	if m.Text == "" && m.HTML == "" {
		return nil, refusal("the mail has no text")
	}

	msg := mail.NewV3Mail()
	msg.SetFrom(from)
	msg.Subject = m.Subject
	person := mail.NewPersonalization()
	person.AddTos(mail.NewEmail(m.ToName, to))
	msg.AddPersonalizations(person)
	if m.ReplyTo != "" {
		reply, ok := bareAddress(m.ReplyTo)
		if !ok {
			return nil, refusal("the reply address is not an e-mail address: check SENDGRID_INBOUND_DOMAIN").ForAll()
		}
		msg.SetReplyTo(mail.NewEmail(from.Name, reply))
	}
	if m.Text != "" { // text first: clients show the last part they understand
		msg.AddContent(mail.NewContent("text/plain", m.Text))
	}
	if m.HTML != "" {
		msg.AddContent(mail.NewContent("text/html", m.HTML))
	}
	for name, value := range map[string]string{
		ArgKey: string(m.Key), ArgPartnershipID: string(m.PartnershipID), ArgKind: m.Kind, ArgTask: m.Task, ArgStep: m.Step,
	} {
		if value != "" {
			person.SetCustomArg(name, value) // here and not on the whole mail, where SendGrid's specification wants one string
		}
	}
	if m.Unsubscribe != "" {
		if !webURL(m.Unsubscribe) {
			return nil, refusal("the unsubscribe link is not a web address: check RAPPORT_PUBLIC_URL")
		}
		msg.SetHeader("List-Unsubscribe", "<"+m.Unsubscribe+">")
		msg.SetHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") // RFC 8058
	}
	setThread(msg, m)
	msg.SetTrackingSettings(mail.NewTrackingSettings().
		SetClickTracking(mail.NewClickTrackingSetting().SetEnable(false).SetEnableText(false)).
		SetOpenTracking(mail.NewOpenTrackingSetting().SetEnable(false)).
		SetSubscriptionTracking(mail.NewSubscriptionTrackingSetting().SetEnable(false)))
	return msg, nil
}

// setThread says which mails it follows, so that the creator's mail program shows them together.
func setThread(msg *mail.SGMailV3, m partnership.Mail) {
	if m.MessageID != "" {
		msg.SetHeader("Message-ID", "<"+m.MessageID+">")
	}
	if n := len(m.Earlier); n > 0 {
		msg.SetHeader("In-Reply-To", "<"+m.Earlier[n-1]+">")
		msg.SetHeader("References", "<"+strings.Join(m.Earlier, "> <")+">")
	}
}

// sender takes the address from the configuration and prefers the mail's own display name.
func sender(configured, name string) (*mail.Email, error) {
	if configured == "" {
		return nil, refusal("no sender: set SENDGRID_FROM to a sender verified at SendGrid").ForAll()
	}
	a, err := netmail.ParseAddress(configured)
	if err != nil {
		return nil, refusal("the sender is not an e-mail address: check SENDGRID_FROM").ForAll()
	}
	if name == "" {
		name = a.Name
	}
	return mail.NewEmail(name, a.Address), nil
}

// bareAddress accepts "a@b" only: a display name or a second address in one field is somebody's trick.
func bareAddress(s string) (string, bool) {
	a, err := netmail.ParseAddress("<" + s + ">")
	if err != nil || a.Address != s || strings.ContainsAny(s, "<>\"") {
		return "", false
	}
	return s, true
}

// checkHeaders refuses control characters in everything that becomes a header, because a line break there starts a
// header of the attacker's choice. The message names the field, never its value.
func checkHeaders(m partnership.Mail, from string) error {
	for _, f := range []struct{ name, value string }{
		{"sender", from},
		{"recipient", m.To},
		{"recipient's name", m.ToName},
		{"sender's name", m.FromName},
		{"reply address", m.ReplyTo},
		{"subject", m.Subject},
		{"unsubscribe link", m.Unsubscribe},
		{"key", string(m.Key)},
		{"partnership id", string(m.PartnershipID)},
		{"kind", m.Kind},
		{"task", m.Task},
		{"step", m.Step},
		{"message id", m.MessageID},
		{"ids of the mails before it", strings.Join(m.Earlier, "")},
	} {
		if strings.ContainsFunc(f.value, unicode.IsControl) {
			return refusal("the " + f.name + " holds a line break or another control character")
		}
	}
	return nil
}

func webURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && !strings.ContainsAny(s, "<>,\" ")
}

// Check proves that the key is taken and may send.
func (c *Client) Check(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.url, "/mail/send")+"/scopes", http.NoBody)
	if err != nil {
		return refusal("the base URL is not a URL: check SENDGRID_BASE_URL").ForAll()
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	status, header, answer, err := httpx.Do(c.http, req, maxAnswer)
	switch {
	case err != nil:
		return httpx.Classify(vendor, opScopes, err, true)
	case status != http.StatusOK:
		v := sendError(status, header, answer, c.now())
		v.Op = opScopes
		return v
	}
	var may struct {
		Scopes []string `json:"scopes"`
	}
	if json.Unmarshal(answer, &may) != nil || !slices.Contains(may.Scopes, "mail.send") {
		return refusal("the API key may not send: give it the Mail Send right").ForAll()
	}
	return nil
}
