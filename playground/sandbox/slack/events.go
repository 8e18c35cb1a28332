package slack

import (
	"encoding/json"
	"fmt"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// event queues one of the Events API, which is retried. The lock is held.
func (s *service) event(kind string, inner map[string]any) {
	now := s.Now()
	inner["type"], inner["event_ts"] = kind, fmt.Sprintf("%d.000100", now.Unix())
	body := sandbox.Must(json.Marshal(map[string]any{
		"token": "sandbox", "team_id": teamID, "api_app_id": appID, "type": "event_callback", "event_id": sandbox.NewID("Ev", 10), "event_time": now.Unix(), "event": inner,
	}))
	s.Post(&sandbox.Delivery{Queue: name, Path: "/slack/events", ContentType: "application/json", Body: body, Events: []string{kind}})
}
