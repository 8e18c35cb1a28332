package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// What people do in Slack. Slack does not retry these: whoever clicks sees at once what the app answered.

// responseURL is where an app may answer an interaction.
type responseURL struct {
	User    string    `json:"user"`
	Channel string    `json:"channel"`
	TS      string    `json:"ts"` // the message that was clicked, "" for a command
	Uses    int       `json:"uses"`
	At      time.Time `json:"at"`
}

// chatResponse is an answer to an interaction, by response_url or in the acknowledgement itself.
type chatResponse struct {
	Seq     int64           `json:"seq"`
	User    string          `json:"user"`
	Channel string          `json:"channel"`
	TS      string          `json:"ts"`
	Text    string          `json:"text"`
	Blocks  json.RawMessage `json:"blocks,omitempty"`
	At      time.Time       `json:"at"`
}

// frontAnswer is what the front door said to an interaction.
type frontAnswer struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

func (s *Server) newResponseURL(user, channel, ts string) string {
	t := token(20)
	s.st.ResponseURLs[t] = &responseURL{User: user, Channel: channel, TS: ts, At: s.now()}
	return s.cfg.PublicURL + "/slack/api/response/" + t
}

// tell posts a signed form to the front door and waits for the answer, for Slack's three seconds.
func (s *Server) tell(ctx context.Context, path string, body []byte) (frontAnswer, error) {
	s.mu.Lock()
	base := s.cfg.FrontDoorURL
	s.mu.Unlock()
	if base == "" {
		return frontAnswer{}, &peopleError{http.StatusServiceUnavailable, "no front door is configured"}
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+path, bytes.NewReader(body))
	if err != nil {
		return frontAnswer{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	s.signSlack(req.Header, body, s.now())
	res, err := s.send.Do(req)
	if err != nil {
		return frontAnswer{}, &peopleError{http.StatusBadGateway, "the front door did not answer within 3 s"}
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return frontAnswer{}, &peopleError{http.StatusBadGateway, "the front door broke off"}
	}
	return frontAnswer{res.StatusCode, string(answer)}, nil
}

func (s *Server) interaction(ctx context.Context, payload map[string]any) (frontAnswer, error) {
	payload["api_app_id"], payload["token"] = slackApp, "sandbox"
	payload["team"] = map[string]string{"id": slackTeam, "domain": "sandbox"}
	return s.tell(ctx, "/slack/interactions", slackForm(map[string]string{"payload": string(must(json.Marshal(payload)))}))
}

func (u slackUser) short() map[string]string {
	return map[string]string{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": slackTeam}
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

func (s *Server) pressButton(ctx context.Context, q click) (frontAnswer, error) {
	payload, err := s.clickPayload(q)
	if err != nil {
		return frontAnswer{}, err
	}
	return s.interaction(ctx, payload)
}

func (s *Server) clickPayload(q click) (map[string]any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, ok := userByID(q.User)
	if !ok {
		return nil, invalid("user must be one of %s", userIDs())
	}
	payload := map[string]any{"type": "block_actions", "user": user.short(), "trigger_id": s.newTrigger(q.User), "state": map[string]any{"values": map[string]any{}}}
	var blocks json.RawMessage
	if q.ViewID != "" {
		v := find(s.st.Views, func(v *view) bool { return v.ID == q.ViewID && v.Open })
		if v == nil {
			return nil, notFound("view")
		}
		shown := v.json()
		blocks = must(json.Marshal(shown["blocks"]))
		payload["view"], payload["container"] = shown, map[string]any{"type": "view", "view_id": v.ID}
	} else {
		m := s.messageOf(q.Channel, q.TS)
		if m == nil {
			return nil, notFound("message")
		}
		blocks = m.Blocks
		payload["message"], payload["channel"] = m.json(true), map[string]string{"id": m.Channel, "name": "partnerships"}
		payload["container"] = map[string]any{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.Ephemeral != ""}
		payload["response_url"] = s.newResponseURL(q.User, m.Channel, m.TS)
	}
	b, ok := findButton(blocks, q.ActionID, q.Value)
	if !ok {
		return nil, notFound("button")
	}
	payload["actions"] = []any{map[string]any{
		"type": "button", "action_id": b.ActionID, "block_id": b.BlockID, "value": b.Value, "style": b.Style,
		"text": map[string]any{"type": "plain_text", "text": b.Text, "emoji": true}, "action_ts": fmt.Sprintf("%.6f", float64(s.now().UnixMicro())/1e6),
	}}
	return payload, nil
}

func userIDs() string {
	var ids []string
	for _, u := range slackUsers {
		ids = append(ids, u.ID)
	}
	return strings.Join(ids, ", ")
}

// button is a button that somebody can press.
type button struct {
	ActionID string `json:"action_id"`
	Value    string `json:"value"`
	Text     string `json:"text"`
	Style    string `json:"style,omitempty"`
	URL      string `json:"url,omitempty"`
	BlockID  string `json:"block_id"`
}

// buttonsOf lists the buttons of blocks. Blocks without an id get one, as Slack does.
func buttonsOf(raw json.RawMessage) []button {
	out := []button{}
	var blocks []kitObject
	_ = json.Unmarshal(raw, &blocks)
	for i, b := range blocks {
		elements := b.objects("elements")
		if a, ok := b.object("accessory"); ok {
			elements = append(elements, a)
		}
		for _, e := range elements {
			if e.text("type") != "button" {
				continue
			}
			label, _ := e.object("text")
			id := b.text("block_id")
			if id == "" {
				id = fmt.Sprintf("b%d", i)
			}
			out = append(out, button{e.text("action_id"), e.text("value"), label.text("text"), e.text("style"), e.text("url"), id})
		}
	}
	return out
}

// findButton finds a button by its action; a value that is given must fit.
func findButton(blocks json.RawMessage, actionID, value string) (button, bool) {
	for _, b := range buttonsOf(blocks) {
		if b.ActionID == actionID && (value == "" || b.Value == value) {
			return b, true
		}
	}
	return button{}, false
}

// submission is a modal that somebody sends or closes: values by block_id, then action_id.
type submission struct {
	ViewID string                               `json:"view_id"`
	User   string                               `json:"user"`
	Close  bool                                 `json:"close"`
	Values map[string]map[string]map[string]any `json:"values"` // as in state.values: {"type":"plain_text_input","value":"x"}
}

// submitView sends a view_submission; an answer without response_action closes the modal.
func (s *Server) submitView(ctx context.Context, q submission) (frontAnswer, error) {
	s.mu.Lock()
	v := find(s.st.Views, func(v *view) bool { return v.ID == q.ViewID && v.Open && !v.Home })
	user, ok := userByID(q.User)
	if v == nil || !ok {
		s.mu.Unlock()
		return frontAnswer{}, notFound("open view or user")
	}
	shown := v.json()
	shown["state"] = map[string]any{"values": q.Values}
	payload := map[string]any{"type": "view_submission", "user": user.short(), "view": shown, "trigger_id": s.newTrigger(q.User), "response_urls": []any{}}
	if q.Close {
		payload["type"], payload["is_cleared"] = "view_closed", false
		v.Open = false
	}
	s.touch()
	s.mu.Unlock()
	answer, err := s.interaction(ctx, payload)
	if err != nil || q.Close || answer.Status != http.StatusOK {
		return answer, err
	}
	var ack struct {
		Action string          `json:"response_action"`
		View   json.RawMessage `json:"view"`
	}
	_ = json.Unmarshal([]byte(answer.Body), &ack)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case ack.Action == "errors":
	case (ack.Action == "update" || ack.Action == "push") && len(checkView(ack.View, "modal")) == 0:
		v.Source, v.Hash = ack.View, newID("", 16)
	default:
		v.Open = false
	}
	s.touch()
	return answer, nil
}

// command is a slash command.
type command struct {
	User    string `json:"user"`
	Text    string `json:"text"`
	Channel string `json:"channel"` // default: the brand's
}

func (s *Server) slashCommand(ctx context.Context, q command) (frontAnswer, error) {
	user, ok := userByID(q.User)
	if !ok {
		return frontAnswer{}, invalid("user must be one of %s", userIDs())
	}
	if q.Channel == "" {
		q.Channel = s.keys.SlackChannel
	}
	s.mu.Lock()
	form := map[string]string{
		"token": "sandbox", "team_id": slackTeam, "team_domain": "sandbox", "channel_id": q.Channel, "channel_name": "partnerships", "user_id": user.ID,
		"user_name": user.Name, "command": "/rapport", "text": q.Text, "api_app_id": slackApp, "is_enterprise_install": "false",
		"response_url": s.newResponseURL(user.ID, q.Channel, ""), "trigger_id": s.newTrigger(user.ID),
	}
	s.touch()
	s.mu.Unlock()
	answer, err := s.tell(ctx, "/slack/commands", slackForm(form))
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
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.Responses = append(s.st.Responses, &chatResponse{Seq: s.st.next(), User: user.ID, Channel: q.Channel, Text: said.Text, Blocks: said.Blocks, At: s.now()})
	s.touch()
	return answer, nil
}

// openHome tells the app that a person looks at its home tab. This is an event, so it is retried.
func (s *Server) openHome(user string) error {
	if _, ok := userByID(user); !ok {
		return invalid("user must be one of %s", userIDs())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	body := must(json.Marshal(map[string]any{
		"token": "sandbox", "team_id": slackTeam, "api_app_id": slackApp, "type": "event_callback", "event_id": newID("Ev", 10), "event_time": now.Unix(),
		"event": map[string]any{"type": "app_home_opened", "user": user, "channel": "D" + user, "tab": "home", "event_ts": fmt.Sprintf("%d.000100", now.Unix())},
	}))
	s.post(&delivery{Queue: queueSlackEvents, Path: "/slack/events", ContentType: "application/json", Body: body, Events: []string{"app_home_opened"}})
	return nil
}
