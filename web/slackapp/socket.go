package slackapp

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
)

// Socket Mode brings the same requests over a connection that we open: each comes in an envelope, and goes to who takes it over HTTP. That it is
// Slack's own is shown by the token with which the connection was opened.

// The kinds of envelopes.
const (
	envelopeCommand     = "slash_commands"
	envelopeInteraction = "interactive"
	envelopeEvent       = "events_api"
)

// Envelope takes what came in one, and returns what the ack carries. One that is not taken is not acknowledged, and comes again.
func (a *App) Envelope(ctx context.Context, kind, id string, payload json.RawMessage) (answer json.RawMessage, taken bool) {
	next, body, ok := a.opened(kind, payload)
	if !ok {
		a.Log.WarnContext(ctx, "slack envelope of an unknown kind", "kind", kind)
		return nil, true
	}
	var w kept
	next(ctx, &w, request{id: "slack/socket/" + id, body: body})
	if w.status >= http.StatusInternalServerError {
		return nil, false
	}
	if w.status >= http.StatusBadRequest {
		a.Log.WarnContext(ctx, "slack envelope refused", "kind", kind, "reason", w.String())
		return nil, true // as it is, it is refused however often it comes
	}
	return w.Bytes(), true
}

// opened is who takes an envelope's payload, and the payload as it comes over HTTP.
func (a *App) opened(kind string, payload json.RawMessage) (next taker, body []byte, ok bool) {
	switch kind {
	case envelopeCommand:
		var fields map[string]any
		form := url.Values{}
		if json.Unmarshal(payload, &fields) != nil {
			return nil, nil, false
		}
		for name, value := range fields {
			if text, is := value.(string); is {
				form.Set(name, text)
			}
		}
		return a.command, []byte(form.Encode()), true
	case envelopeInteraction:
		return a.interaction, []byte(url.Values{"payload": {string(payload)}}.Encode()), true
	case envelopeEvent:
		return a.event, payload, true
	}
	return nil, nil, false
}
