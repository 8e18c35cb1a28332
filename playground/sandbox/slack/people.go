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

// click is a press of a button or a choice, in a message or in a view.
type click struct {
	Channel  string `json:"channel"`
	TS       string `json:"ts"`
	ViewID   string `json:"view_id"`
	BlockID  string `json:"block_id"` // tells two elements with one action_id apart, as does the value of a button
	ActionID string `json:"action_id"`
	Value    string `json:"value"` // of a button: its own; of anything else: what was chosen, typed or picked
	User     string `json:"user"`
	Values   values `json:"values"` // what stands in the view's fields
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
	defer s.Touch()
	user, ok := userByID(q.User)
	if !ok {
		return nil, sandbox.Invalid("user must be one of %s", userIDs())
	}
	payload, blocks, v, err := s.pressedIn(q)
	if err != nil {
		return nil, err
	}
	b, ok := findPressable(blocks, q)
	if !ok {
		return nil, sandbox.NotFound("button")
	}
	payload["type"], payload["user"], payload["trigger_id"] = "block_actions", user.short(), s.newTrigger(q.User, q.ViewID)
	action, err := s.chosen(b, q.Value)
	if err != nil {
		return nil, err
	}
	if v == nil && b.Kind != "button" && b.Kind != "overflow" && strings.HasSuffix(holds[b.Kind], "s") {
		return nil, sandbox.Invalid("several choices at once are made in forms here, not in messages")
	}
	if v != nil {
		if f, held := fieldAt(v, b); held {
			name := holds[b.Kind]
			if q.Value == "" {
				action[name] = v.Values[f.Block][f.Action][name] // it was chosen in the form
			}
			v.Values.set(f, map[string]any{"type": b.Kind, name: action[name]})
		}
		shown := v.json()
		payload["view"], payload["state"] = shown, shown["state"]
	}
	payload["actions"] = []any{action}
	return payload, nil
}

// pressedIn is where a person presses: what the app is told of it, and the blocks that stand there.
func (s *service) pressedIn(q click) (payload map[string]any, blocks json.RawMessage, v *view, err error) {
	if q.ViewID == "" {
		m := s.messageOf(q.Channel, q.TS)
		if m == nil || m.Ephemeral != "" && m.Ephemeral != q.User {
			return nil, nil, nil, sandbox.NotFound("message")
		}
		r, _ := s.roomOf(m.Channel)
		container := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": m.Channel, "is_ephemeral": m.Ephemeral != ""}
		if m.ThreadTS != "" {
			container["thread_ts"] = m.ThreadTS
		}
		payload = map[string]any{
			"message": m.json(true), "channel": map[string]string{"id": m.Channel, "name": r.told()}, "container": container,
			"response_url": s.newResponseURL(q.User, m.Channel, m.TS, m.ThreadTS), "state": map[string]any{"values": map[string]any{}},
		}
		return payload, m.Blocks, nil, nil
	}
	v = sandbox.Find(s.st.Views, func(v *view) bool { return v.ID == q.ViewID && v.Open && v.User == q.User })
	if v == nil {
		return nil, nil, nil, sandbox.NotFound("view")
	}
	filled, problem := s.fill(v, q.Values)
	if problem != "" {
		return nil, nil, nil, sandbox.Invalid("Slack does not know this form: %s", problem)
	}
	v.Values = filled
	return map[string]any{"container": map[string]any{"type": "view", "view_id": v.ID}}, sandbox.Must(json.Marshal(v.source()["blocks"])), v, nil
}

// told is a channel's name as an interaction tells it.
func (r room) told() string {
	if r.direct() {
		return "directmessage"
	}
	return r.name
}

// findPressable finds what a person presses by its action; a block or a button's value that is given must fit.
func findPressable(blocks json.RawMessage, q click) (button, bool) {
	for _, b := range pressable(blocks) {
		if b.ActionID == q.ActionID && (q.BlockID == "" || b.BlockID == q.BlockID) && (b.Kind != "button" || q.Value == "" || b.Value == q.Value) {
			return b, true
		}
	}
	return button{}, false
}

// chosen is the action of a press: of a button its value, of a choice what was chosen.
func (s *service) chosen(b button, value string) (map[string]any, error) {
	out := map[string]any{"type": b.Kind, "action_id": b.ActionID, "block_id": b.BlockID, "action_ts": fmt.Sprintf("%.6f", float64(s.Now().UnixMicro())/1e6)}
	if b.Kind == "button" {
		out["value"], out["style"], out["text"] = b.Value, b.Style, map[string]any{"type": "plain_text", "text": b.Text, "emoji": true}
		return out, nil
	}
	if b.Kind == "overflow" {
		option, ok := optionOf(b.element, value)
		if !ok {
			return nil, sandbox.Invalid("%s offers no %q", b.ActionID, value)
		}
		out["selected_option"] = option
		return out, nil
	}
	name := holds[b.Kind]
	switch {
	case name == "selected_option" && value != "":
		out[name] = map[string]any{"value": value, "text": map[string]any{"type": "plain_text", "text": value, "emoji": true}}
	case name == "selected_options" || strings.HasSuffix(name, "s"):
		return out, nil // several: they stand in the values
	default:
		out[name] = sandbox.Nullable(value)
	}
	if problem := s.complete(field{Element: b.element}, out); problem != "" {
		return nil, sandbox.Invalid("%s %s", b.ActionID, problem)
	}
	return out, nil
}

// fieldAt is the field that was pressed, if what was pressed holds a value.
func fieldAt(v *view, b button) (field, bool) {
	for _, f := range v.fields() {
		if f.Block == b.BlockID && f.Action == b.ActionID {
			return f, true
		}
	}
	return field{}, false
}

// command is a slash command.
type command struct {
	User    string `json:"user"`
	Text    string `json:"text"`
	Channel string `json:"channel"` // default: the brand's
}

func (s *service) slashCommand(ctx context.Context, q command) (frontAnswer, error) {
	form, err := s.commandForm(&q)
	if err != nil {
		return frontAnswer{}, err
	}
	answer, err := s.tell(ctx, "/slack/commands", signedForm(form))
	if err != nil || answer.Status != http.StatusOK || strings.TrimSpace(answer.Body) == "" {
		return answer, err
	}
	said := struct {
		Text         string          `json:"text"`
		Blocks       json.RawMessage `json:"blocks"`
		ResponseType string          `json:"response_type"`
	}{}
	if json.Unmarshal([]byte(answer.Body), &said) != nil {
		said.Text = answer.Body // plain text is an answer too
	}
	s.Lock()
	defer s.Unlock()
	s.st.Responses = append(s.st.Responses, &chatResponse{Seq: s.Next(), User: q.User, Channel: q.Channel, Text: said.Text, Blocks: said.Blocks, At: s.Now()})
	m := &message{Channel: q.Channel, Text: said.Text, Blocks: said.Blocks, Aside: true}
	if said.ResponseType != "in_channel" {
		m.Ephemeral = q.User
	}
	s.say(m)
	s.Touch()
	return answer, nil
}

// commandForm is what the app is told of a command, which may be typed in any channel that the person sees.
func (s *service) commandForm(q *command) (map[string]string, error) {
	user, ok := userByID(q.User)
	if !ok {
		return nil, sandbox.Invalid("user must be one of %s", userIDs())
	}
	if q.Channel == "" {
		q.Channel = s.keys["slack_channel"]
	}
	s.Lock()
	defer s.Unlock()
	r, ok := s.roomOf(q.Channel)
	if !ok || !r.holds(user) {
		return nil, sandbox.NotFound("channel")
	}
	if r.archived {
		return nil, sandbox.Invalid("#%s is archived: nothing can be typed there", r.name)
	}
	q.Channel = r.id
	s.Touch()
	return map[string]string{
		"token": "sandbox", "team_id": teamID, "team_domain": "sandbox", "channel_id": r.id, "channel_name": r.told(), "user_id": user.ID,
		"user_name": user.Name, "command": "/rapport", "text": html3.Replace(q.Text), "api_app_id": appID, "is_enterprise_install": "false",
		"response_url": s.newResponseURL(user.ID, r.id, "", ""), "trigger_id": s.newTrigger(user.ID, ""),
	}, nil
}

// html3 writes the three signs that Slack keeps for its markup as it does in all that people type.
var html3 = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// write posts what a person types into a channel, or into a thread of it.
func (s *service) write(user, channel, thread, text string) error {
	u, ok := userByID(user)
	if !ok {
		return sandbox.Invalid("user must be one of %s", userIDs())
	}
	s.Lock()
	defer s.Unlock()
	r, ok := s.roomOf(channel)
	if !ok || !r.holds(u) {
		return sandbox.NotFound("channel")
	}
	if r.archived {
		return sandbox.Invalid("#%s is archived: nothing can be typed there", r.name)
	}
	if thread != "" {
		ts, serr := s.threadOf(r.id, thread)
		if serr != nil {
			return sandbox.NotFound("thread")
		}
		thread = ts
	}
	if text = strings.TrimSpace(text); text == "" || length(text) > maxEdited {
		return sandbox.Invalid("a message has 1 to %d characters, this one %d", maxEdited, length(text))
	}
	s.say(&message{Channel: r.id, ThreadTS: thread, User: user, Text: html3.Replace(text), Aside: true})
	s.Touch()
	return nil
}

// openHome tells the app that a person looks at its home tab, with what stands there.
func (s *service) openHome(user string) error {
	if _, ok := userByID(user); !ok {
		return sandbox.Invalid("user must be one of %s", userIDs())
	}
	s.Lock()
	defer s.Unlock()
	inner := map[string]any{"user": user, "channel": "D" + user, "tab": "home"}
	if v := sandbox.Find(s.st.Views, func(v *view) bool { return v.Home && v.User == user }); v != nil {
		inner["view"] = v.json()
	}
	s.event("app_home_opened", inner)
	return nil
}
