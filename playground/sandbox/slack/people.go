package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// What people do in Slack. Slack does not retry these: whoever clicks sees at once what the app answered.

// frontAnswer is what the front door said to an interaction.
type frontAnswer struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

// tell posts a signed form to the front door and waits for the answer, for Slack's three seconds.
func (s *service) tell(ctx context.Context, path string, body []byte) (frontAnswer, error) {
	if s.FrontDoor() == "" {
		return frontAnswer{}, &sandbox.Refusal{Status: http.StatusServiceUnavailable, Message: "no front door is configured"}
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	res, err := s.Tell(ctx, path, "application/x-www-form-urlencoded", nil, body, sign(s.keys.First("slack_signing_secret")))
	if err != nil {
		return frontAnswer{}, &sandbox.Refusal{Status: http.StatusBadGateway, Message: "the front door did not answer within 3 s"}
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return frontAnswer{}, &sandbox.Refusal{Status: http.StatusBadGateway, Message: "the front door broke off"}
	}
	return frontAnswer{res.StatusCode, string(answer)}, nil
}

func (s *service) interaction(ctx context.Context, payload map[string]any) (frontAnswer, error) {
	payload["api_app_id"], payload["token"] = appID, "sandbox"
	payload["team"] = map[string]string{"id": teamID, "domain": "sandbox"}
	return s.tell(ctx, "/slack/interactions", signedForm(map[string]string{"payload": string(sandbox.Must(json.Marshal(payload)))}))
}

// click is a press of a button, in a message or in a view.
type click struct {
	Channel  string `json:"channel"`
	TS       string `json:"ts"`
	ViewID   string `json:"view_id"`
	ActionID string `json:"action_id"`
	Value    string `json:"value"` // tells two buttons with one action_id apart
	User     string `json:"user"`
}

func (s *service) pressButton(ctx context.Context, q click) (frontAnswer, error) {
	payload, err := s.clickPayload(q)
	if err != nil {
		return frontAnswer{}, err
	}
	return s.interaction(ctx, payload)
}

func (s *service) clickPayload(q click) (map[string]any, error) {
	s.Lock()
	defer s.Unlock()
	user, ok := userByID(q.User)
	if !ok {
		return nil, sandbox.Invalid("user must be one of %s", userIDs())
	}
	payload := map[string]any{"type": "block_actions", "user": user.short(), "trigger_id": s.newTrigger(q.User), "state": map[string]any{"values": map[string]any{}}}
	var blocks json.RawMessage
	if q.ViewID != "" {
		v := sandbox.Find(s.st.Views, func(v *view) bool { return v.ID == q.ViewID && v.Open })
		if v == nil {
			return nil, sandbox.NotFound("view")
		}
		shown := v.json()
		blocks = sandbox.Must(json.Marshal(shown["blocks"]))
		payload["view"], payload["container"] = shown, map[string]any{"type": "view", "view_id": v.ID}
	} else {
		m := s.messageOf(q.Channel, q.TS)
		if m == nil {
			return nil, sandbox.NotFound("message")
		}
		blocks = m.Blocks
		payload["message"], payload["channel"] = m.json(true), map[string]string{"id": m.Channel, "name": "partnerships"}
		payload["container"] = map[string]any{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.Ephemeral != ""}
		payload["response_url"] = s.newResponseURL(q.User, m.Channel, m.TS)
	}
	b, ok := findButton(blocks, q.ActionID, q.Value)
	if !ok {
		return nil, sandbox.NotFound("button")
	}
	payload["actions"] = []any{map[string]any{
		"type": "button", "action_id": b.ActionID, "block_id": b.BlockID, "value": b.Value, "style": b.Style,
		"text": map[string]any{"type": "plain_text", "text": b.Text, "emoji": true}, "action_ts": fmt.Sprintf("%.6f", float64(s.Now().UnixMicro())/1e6),
	}}
	return payload, nil
}

// command is a slash command.
type command struct {
	User    string `json:"user"`
	Text    string `json:"text"`
	Channel string `json:"channel"` // default: the brand's
}

func (s *service) slashCommand(ctx context.Context, q command) (frontAnswer, error) {
	user, ok := userByID(q.User)
	if !ok {
		return frontAnswer{}, sandbox.Invalid("user must be one of %s", userIDs())
	}
	if q.Channel == "" {
		q.Channel = s.keys["slack_channel"]
	}
	s.Lock()
	form := map[string]string{
		"token": "sandbox", "team_id": teamID, "team_domain": "sandbox", "channel_id": q.Channel, "channel_name": "partnerships", "user_id": user.ID,
		"user_name": user.Name, "command": "/rapport", "text": q.Text, "api_app_id": appID, "is_enterprise_install": "false",
		"response_url": s.newResponseURL(user.ID, q.Channel, ""), "trigger_id": s.newTrigger(user.ID),
	}
	s.Touch()
	s.Unlock()
	answer, err := s.tell(ctx, "/slack/commands", signedForm(form))
	if err != nil || answer.Status != http.StatusOK || strings.TrimSpace(answer.Body) == "" {
		return answer, err
	}
	said := struct {
		Text   string          `json:"text"`
		Blocks json.RawMessage `json:"blocks"`
	}{}
	if json.Unmarshal([]byte(answer.Body), &said) != nil {
		said.Text = answer.Body // plain text is an answer too
	}
	s.Lock()
	defer s.Unlock()
	s.st.Responses = append(s.st.Responses, &chatResponse{Seq: s.Next(), User: user.ID, Channel: q.Channel, Text: said.Text, Blocks: said.Blocks, At: s.Now()})
	s.Touch()
	return answer, nil
}

// openHome tells the app that a person looks at its home tab. This is an event, so it is retried.
func (s *service) openHome(user string) error {
	if _, ok := userByID(user); !ok {
		return sandbox.Invalid("user must be one of %s", userIDs())
	}
	s.Lock()
	defer s.Unlock()
	now := s.Now()
	body := sandbox.Must(json.Marshal(map[string]any{
		"token": "sandbox", "team_id": teamID, "api_app_id": appID, "type": "event_callback", "event_id": sandbox.NewID("Ev", 10), "event_time": now.Unix(),
		"event": map[string]any{"type": "app_home_opened", "user": user, "channel": "D" + user, "tab": "home", "event_ts": fmt.Sprintf("%d.000100", now.Unix())},
	}))
	s.Post(&sandbox.Delivery{Queue: name, Path: "/slack/events", ContentType: "application/json", Body: body, Events: []string{"app_home_opened"}})
	return nil
}
