package slack

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// TestListen: what Slack sends over the connection is taken and acknowledged by its envelope, also events that the library does not know, and after
// Slack has ended the connection.
func TestListen(t *testing.T) {
	t.Parallel()
	acks := make(chan map[string]any, 10)
	connections := 0
	var srv *httptest.Server
	srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/apps.connections.open" {
			if r.Header.Get("Authorization") != "Bearer xapp-1" {
				t.Errorf("opened with %q", r.Header.Get("Authorization"))
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "url": "ws" + strings.TrimPrefix(srv.URL, "http") + "/link"})
			return
		}
		conn, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		connections++
		say := func(v any) { _ = conn.WriteJSON(v) }
		say(map[string]any{"type": "hello", "num_connections": 1})
		switch connections {
		case 1:
			say(map[string]any{"type": "slash_commands", "envelope_id": "e1", "accepts_response_payload": true, "payload": map[string]any{"command": "/rapport", "text": "status"}})
			say(map[string]any{"type": "events_api", "envelope_id": "e2", "payload": map[string]any{"type": "event_callback", "event_id": "Ev1", "event": map[string]any{"type": "of_tomorrow"}}})
			say(map[string]any{"type": "interactive", "envelope_id": "lost", "payload": map[string]any{"type": "block_actions"}})
		default:
			say(map[string]any{"type": "interactive", "envelope_id": "e3", "payload": map[string]any{"type": "block_actions"}})
		}
		for n := 0; ; n++ {
			var ack map[string]any
			if conn.ReadJSON(&ack) != nil {
				return
			}
			acks <- ack
			if connections == 1 && n == 1 {
				say(map[string]any{"type": "disconnect", "reason": "refresh_requested"})
			}
		}
	}))
	t.Cleanup(srv.Close)
	ctx, stop := context.WithCancel(t.Context())
	c := New(Config{Token: "xoxb-1", AppToken: "xapp-1", APIURL: srv.URL, Channel: "C1"})
	done := make(chan error, 1)
	go func() {
		done <- c.Listen(ctx, func(_ context.Context, kind, id string, payload json.RawMessage) (json.RawMessage, bool) {
			if id == "e1" && kind == "slash_commands" && strings.Contains(string(payload), `"status"`) {
				return json.RawMessage(`{"text":"all is well"}`), true
			}
			return nil, id != "lost"
		})
	}()
	seen := map[string]map[string]any{}
	for len(seen) < 3 {
		select {
		case ack := <-acks:
			seen[ack["envelope_id"].(string)] = ack
		case err := <-done:
			t.Fatal(err)
		case <-time.After(time.Minute):
			t.Fatalf("acknowledged are %v", seen)
		}
	}
	if payload, _ := seen["e1"]["payload"].(map[string]any); payload["text"] != "all is well" {
		t.Errorf("e1: %v", seen["e1"])
	}
	if _, acknowledged := seen["lost"]; acknowledged {
		t.Error("what was not taken is acknowledged")
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
