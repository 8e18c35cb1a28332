package slack

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// Take does what came in an envelope: its kind, its id and its payload. answer goes back with the ack; not taken, nothing is acknowledged and Slack
// sends it again.
type Take = func(ctx context.Context, kind, id string, payload json.RawMessage) (answer json.RawMessage, taken bool)

// Listens says whether there is a token for Socket Mode.
func (c *Client) Listens() bool { return c.appTok != "" }

// Listen keeps a connection open by which Slack sends what it would send to the app's addresses, until ctx ends: where nobody reaches the front
// door from outside. It connects again by itself; an error is a token that Slack does not take.
func (c *Client) Listen(ctx context.Context, take Take) error {
	options := slices.Concat(c.options, []slack.Option{slack.OptionAppLevelToken(c.appTok)})
	socket := socketmode.New(slack.New(c.token, options...))
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case event := <-socket.Events:
				e, ok := envelopeOf(event)
				if !ok {
					continue
				}
				go func() { // each has its three seconds, whatever else comes
					answer, taken := take(ctx, e.Type, e.EnvelopeID, e.Payload)
					if !taken {
						return
					}
					if err := socket.AckCtx(ctx, e.EnvelopeID, payloadOf(answer)); err != nil && ctx.Err() == nil {
						slog.WarnContext(ctx, "slack envelope not acknowledged; it comes again", "error", err)
					}
				}()
			}
		}
	}()
	if err := socket.RunContext(ctx); ctx.Err() == nil {
		return vendorError("apps.connections.open", err, true)
	}
	return nil
}

// envelope is what a message of the connection holds.
type envelope struct {
	Type       string          `json:"type"`
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
}

// envelopeOf is what Slack sent, also where the library does not know the kind of event in it: what is not acknowledged comes again and, in the
// end, is switched off.
func envelopeOf(event socketmode.Event) (envelope, bool) {
	if event.Request != nil && event.Request.EnvelopeID != "" {
		return envelope{event.Request.Type, event.Request.EnvelopeID, event.Request.Payload}, true
	}
	var e envelope
	if bad, ok := event.Data.(*socketmode.ErrorBadMessage); ok && json.Unmarshal(bad.Message, &e) == nil {
		return e, e.EnvelopeID != ""
	}
	return e, false
}

// payloadOf is nothing where nothing is answered.
func payloadOf(answer json.RawMessage) any {
	if len(answer) == 0 {
		return nil
	}
	return answer
}
