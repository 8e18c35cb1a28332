package slackapp

import (
	"bytes"
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
	ctx, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	defer func() { // as the server does for a request: one that breaks takes nothing else along
		if broke := recover(); broke != nil {
			a.Log.ErrorContext(ctx, "slack envelope broke its handler", "kind", kind, "error", broke)
		}
	}()
	next, body, ok := a.opened(kind, payload)
	if !ok {
		a.Log.WarnContext(ctx, "slack envelope of an unknown kind", "kind", kind)
		return nil, true
	}
	switch first, err := a.Store.FirstSeen(ctx, "slack/socket/"+id); {
	case err != nil:
		a.Log.WarnContext(ctx, "slack envelope not looked up", "error", err)
		return nil, false
	case !first:
		return nil, true
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "/", nil)
	if err != nil {
		return nil, false
	}
	var w kept
	next(&w, r, body)
	if w.status >= http.StatusInternalServerError {
		return nil, false // Slack tells the person
	}
	if w.status >= http.StatusBadRequest {
		a.Log.WarnContext(ctx, "slack envelope refused", "kind", kind, "reason", w.String())
		return nil, true // as it is, it is refused however often it comes
	}
	return w.Bytes(), true
}

// opened is who takes an envelope's payload, and the payload as it comes over HTTP.
func (a *App) opened(kind string, payload json.RawMessage) (next func(http.ResponseWriter, *http.Request, []byte), body []byte, ok bool) {
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

// kept is an answer that is not sent over HTTP.
type kept struct {
	bytes.Buffer
	header http.Header
	status int
}

func (k *kept) Header() http.Header {
	if k.header == nil {
		k.header = http.Header{}
	}
	return k.header
}

func (k *kept) WriteHeader(status int) { k.status = status }
