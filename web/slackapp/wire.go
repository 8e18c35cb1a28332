package slackapp

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/url"

	slackapi "github.com/slack-go/slack"
)

// ErrMalformed is a body that is not what Slack documents.
var ErrMalformed = errors.New("slack: the body is not what Slack documents")

// ErrCertificateCheck is a body by which Slack looks at our certificate now and then: nobody typed it.
var ErrCertificateCheck = errors.New("slack: a look at the certificate")

// Command is a slash command as a person typed it.
type Command struct {
	TeamID      string
	ChannelID   string
	UserID      string
	UserName    string // what others call the person; the id when Slack leaves it out
	Command     string // "/rapport"
	Text        string // what follows it
	TriggerID   string // opens a modal within three seconds
	ResponseURL string // five answers within half an hour
}

// ParseCommand reads a slash command's body.
func ParseCommand(body []byte) (Command, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return Command{}, ErrMalformed
	}
	c := Command{
		TeamID: form.Get("team_id"), ChannelID: form.Get("channel_id"), UserID: form.Get("user_id"),
		Command: form.Get("command"), Text: form.Get("text"),
		TriggerID: form.Get("trigger_id"), ResponseURL: form.Get("response_url"),
	}
	if form.Get("ssl_check") == "1" {
		return c, ErrCertificateCheck
	}
	c.UserName = cmp.Or(form.Get("user_name"), c.UserID)
	if c.Command == "" || c.UserID == "" {
		return Command{}, ErrMalformed
	}
	return c, nil
}

// ParseInteraction reads what a button or a modal sent: the form field "payload" of the body, never of the URL, which
// is not signed.
func ParseInteraction(body []byte) (slackapi.InteractionCallback, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil || len(form["payload"]) != 1 {
		return slackapi.InteractionCallback{}, ErrMalformed
	}
	var in slackapi.InteractionCallback
	if json.Unmarshal([]byte(form.Get("payload")), &in) != nil || in.Type == "" || in.User.ID == "" {
		return slackapi.InteractionCallback{}, ErrMalformed
	}
	return in, nil
}

// The outer types of events that are answered.
const (
	URLVerification = "url_verification" // answer with Challenge
	EventCallback   = "event_callback"
	RateLimited     = "app_rate_limited"
)

// Event is a delivery of the Events API.
type Event struct {
	Type      string // one of the outer types
	Challenge string // for URLVerification
	ID        string // event_id: deliveries repeat, up to three times
	TeamID    string
	Inner     string // app_home_opened, ...; "" unless Type is EventCallback
	UserID    string
	ChannelID string
	Tab       string // for app_home_opened: home or messages
}

// ParseEvent reads a delivery of the Events API. Events of kinds we do not use are read, not refused: refusing makes
// Slack send them again and, in the end, switch the subscription off.
func ParseEvent(body []byte) (Event, error) {
	var doc struct {
		Type      string          `json:"type"`
		Challenge string          `json:"challenge"`
		EventID   string          `json:"event_id"`
		TeamID    string          `json:"team_id"`
		Event     json.RawMessage `json:"event"`
	}
	if json.Unmarshal(body, &doc) != nil || doc.Type == "" {
		return Event{}, ErrMalformed
	}
	e := Event{Type: doc.Type, Challenge: doc.Challenge, ID: doc.EventID, TeamID: doc.TeamID}
	if doc.Type != EventCallback {
		return e, nil
	}
	var inner struct {
		Type string          `json:"type"`
		User json.RawMessage `json:"user"` // an id, or in some events a whole user
		Tab  string          `json:"tab"`
		Chan json.RawMessage `json:"channel"`
	}
	if json.Unmarshal(doc.Event, &inner) != nil || inner.Type == "" || doc.EventID == "" {
		return Event{}, ErrMalformed
	}
	e.Inner, e.Tab = inner.Type, inner.Tab
	e.UserID, e.ChannelID = id(inner.User), id(inner.Chan)
	return e, nil
}

func id(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var object struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(raw, &object) // of another shape: ""
	return object.ID
}
