// Package slack talks to the brand's people: messages with decisions as buttons, modals, and what they send back.
package slack

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

// EventType marks our messages' metadata.
const EventType = "rapport_effect"

// Config says how to reach Slack and where to post.
type Config struct {
	AppToken   string       // xapp-..., for Socket Mode
	Token      string       // bot token, xoxb-...; scopes as in docs/slack-manifest.yaml
	APIURL     string       // "" is Slack's own; a path prefix is kept
	Channel    string       // id of the channel for messages that name none
	Finance    string       // id of finance's own channel; "" none: theirs goes where all goes
	HTTPClient *http.Client // nil is a client of our own with httpx.DefaultTimeout
}

// Client posts and finds messages and opens modals. It is safe for concurrent use and never retries by itself.
type Client struct {
	api     *slack.Client
	http    *http.Client // for addresses that Slack names
	token   string
	options []slack.Option
	appTok  string // for Socket Mode, "" where requests come over HTTP
	channel string
	finance string
	openID  *openID // nil where nobody signs in by it
}

// New returns a client. What is missing in c is reported by the first call, with what to do about it.
func New(c Config) *Client {
	plain := httpx.Client(c.HTTPClient)
	options := []slack.Option{slack.OptionHTTPClient(plain)}
	if c.APIURL != "" {
		options = append(options, slack.OptionAPIURL(strings.TrimRight(c.APIURL, "/")+"/"))
	}
	return &Client{http: plain, api: slack.New(c.Token, options...), options: options, appTok: c.AppToken, token: c.Token, channel: c.Channel, finance: c.Finance}
}

// post posts a message to one channel, "" the team's.
func (c *Client) post(ctx context.Context, m partnership.Message) (partnership.MessageRef, error) {
	const op = "chat.postMessage"
	channel, err := c.target(op, m.Channel)
	if err != nil {
		return partnership.MessageRef{}, err
	}
	options, err := content(op, m)
	if err != nil {
		return partnership.MessageRef{}, err
	}
	if m.ThreadTS != "" {
		options = append(options, slack.MsgOptionTS(m.ThreadTS))
	}
	posted, ts, err := c.api.PostMessageContext(ctx, channel, options...)
	if err != nil {
		return partnership.MessageRef{}, everybodys(vendorError(op, err, false), channel == c.channel)
	}
	if posted == "" {
		posted = channel
	}
	return partnership.MessageRef{Channel: posted, TS: ts}, nil
}

// UpdateMessage replaces a message's text, blocks and metadata; doing so twice changes nothing more. One that somebody has deleted is Gone.
func (c *Client) UpdateMessage(ctx context.Context, ref partnership.MessageRef, m partnership.Message) error {
	const op = "chat.update"
	if ref.Channel == "" || ref.TS == "" {
		return refusal(op, "the message to replace is not known")
	}
	if _, err := c.target(op, ref.Channel); err != nil {
		return err
	}
	options, err := content(op, m)
	if err != nil {
		return err
	}
	if _, _, _, err := c.api.UpdateMessageContext(ctx, ref.Channel, ref.TS, options...); err != nil {
		return vendorError(op, err, true)
	}
	return nil
}

// Pin keeps a message at hand for everybody in its channel; doing so twice changes nothing more.
func (c *Client) Pin(ctx context.Context, ref partnership.MessageRef) error {
	err := c.api.AddPinContext(ctx, ref.Channel, slack.NewRefToMessage(ref.Channel, ref.TS))
	if err == nil {
		return nil
	}
	no := vendorError("pins.add", err, true)
	if no.VendorCode == "already_pinned" {
		return nil
	}
	return no
}

// Permalink is the address of a message, for whoever may read its channel.
func (c *Client) Permalink(ctx context.Context, ref partnership.MessageRef) (string, error) {
	link, err := c.api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: ref.Channel, Ts: ref.TS})
	if err != nil {
		return "", vendorError("chat.getPermalink", err, true)
	}
	return link, nil
}

// Respond answers at the address that came with a command or a press: in whatever channel that was, for its person alone. Slack takes five answers
// within half an hour.
func (c *Client) Respond(ctx context.Context, address string, m *slack.WebhookMessage) error {
	if err := slack.PostWebhookCustomHTTPContext(ctx, address, c.http, m); err != nil {
		return vendorError("response_url", err, false)
	}
	return nil
}

// Direct answers one person in their direct messages with the app. It is said once or not at all: nobody looks for it again.
func (c *Client) Direct(ctx context.Context, user, text string, blocks []slack.Block) error {
	const op = "chat.postMessage"
	user, err := c.target(op, user)
	if err != nil {
		return err
	}
	said := known("answer/"+uuid.NewString(), "answer")
	if _, _, err := c.api.PostMessageContext(ctx, user, slack.MsgOptionText(text, false), slack.MsgOptionBlocks(blocks...), said); err != nil {
		return vendorError(op, err, false)
	}
	return nil
}

// OpenView opens a modal. The trigger lives three seconds, so this belongs into the HTTP handler, not behind a queue.
func (c *Client) OpenView(ctx context.Context, triggerID string, view slack.ModalViewRequest) error {
	if _, err := c.api.OpenViewContext(ctx, triggerID, view); err != nil {
		return vendorError("views.open", err, false)
	}
	return nil
}

// PublishHome shows a person's home tab; doing so twice changes nothing more.
func (c *Client) PublishHome(ctx context.Context, user string, view slack.HomeTabViewRequest) error {
	_, err := c.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: view})
	if err != nil {
		return vendorError("views.publish", err, true)
	}
	return nil
}

// Person is who stands behind a Slack user id. Email is personal data.
type Person struct {
	Zone     string // IANA, as they have set it
	Email    string // "" when the workspace hides it
	TeamID   string
	Bot      bool
	Guest    bool // restricted to some channels
	Stranger bool // of another workspace, by Slack Connect
	Deleted  bool
}

// Person looks a user up, so that roles can be given by e-mail and never to bots, guests or strangers by accident.
func (c *Client) Person(ctx context.Context, user string) (Person, error) {
	u, err := c.api.GetUserInfoContext(ctx, user)
	if err != nil {
		return Person{}, vendorError("users.info", err, true)
	}
	return personOf(u), nil
}

func personOf(u *slack.User) Person {
	return Person{
		Zone: u.TZ, Email: u.Profile.Email, TeamID: u.TeamID, Bot: u.IsBot || u.IsAppUser,
		Guest: u.IsRestricted || u.IsUltraRestricted, Stranger: u.IsStranger, Deleted: u.Deleted,
	}
}

// Ours is the address of one of the workspace's own people, "" for bots, guests, other workspaces' people and those who have left.
func (p Person) Ours() string {
	if p.Bot || p.Guest || p.Stranger || p.Deleted {
		return ""
	}
	return p.Email
}

// target checks what every post needs.
func (c *Client) target(op, channel string) (string, error) {
	if c.token == "" {
		return "", refusal(op, "no token: set SLACK_BOT_TOKEN").ForAll()
	}
	if channel == "" {
		channel = c.channel
	}
	if channel == "" {
		return "", refusal(op, "no channel: set SLACK_CHANNEL to the channel's id").ForAll()
	}
	return channel, nil
}

// content is what PostMessage and UpdateMessage share. text is the notification's and screen readers' form.
func content(op string, m partnership.Message) ([]slack.MsgOption, error) {
	blocks, err := render(m)
	if err != nil {
		return nil, refusal(op, err.Error())
	}
	return []slack.MsgOption{
		slack.MsgOptionText(notification(m), false),
		slack.MsgOptionBlocks(blocks...),
		known(string(m.Key), m.Kind),
		slack.MsgOptionDisableLinkUnfurl(), // a preview would fetch our links, and show them to bots
		slack.MsgOptionDisableMediaUnfurl(),
	}, nil
}

// known is by what a message is found again, and told from others.
func known(key, kind string) slack.MsgOption {
	return slack.MsgOptionMetadata(slack.SlackMetadata{
		EventType: EventType, EventPayload: map[string]any{partnership.MessageKey: key, partnership.MessageKind: kind},
	})
}

// notification is what a phone's lock screen and a screen reader say.
func notification(m partnership.Message) string {
	text := escape(truncate(m.Text, maxText))
	if who := mentioned(m); who != "" {
		return person(who) + " " + text
	}
	return text
}

// stamp writes an instant as Slack's message timestamps are written.
func stamp(t time.Time) string {
	return strconv.FormatInt(t.Unix(), 10) + ".000000"
}

// Check proves that the token is taken, and nothing about the channel.
func (c *Client) Check(ctx context.Context) error {
	if _, err := c.api.AuthTestContext(ctx); err != nil {
		return vendorError("auth.test", err, true)
	}
	return nil
}
