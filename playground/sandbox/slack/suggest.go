package slack

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// typing is what somebody types into a choice whose options the app knows.
type typing struct {
	Channel  string `json:"channel"`
	TS       string `json:"ts"`
	ViewID   string `json:"view_id"`
	BlockID  string `json:"block_id"`
	ActionID string `json:"action_id"`
	Value    string `json:"value"`
	User     string `json:"user"`
}

// suggest asks the app for options, as Slack does while a person types; an answer that Slack could not show is told.
func (s *service) suggest(ctx context.Context, q typing) (frontAnswer, error) {
	payload, err := s.typingPayload(q)
	if err != nil || payload == nil {
		return frontAnswer{Status: http.StatusOK, Body: `{"options":[]}`}, err
	}
	answer, err := s.interaction(ctx, payload)
	if err != nil || answer.Status != http.StatusOK {
		return answer, err
	}
	var offered kitObject
	if json.Unmarshal([]byte(answer.Body), &offered) != nil || offered["options"] == nil && offered["option_groups"] == nil {
		return answer, &sandbox.Refusal{Status: http.StatusBadGateway, Message: "Slack had trouble with the app's answer: want options or option_groups"}
	}
	if none, _ := offered["options"].([]any); offered["options"] != nil && len(none) == 0 {
		return answer, nil // nothing fits
	}
	c := &kitCheck{}
	if c.options("", offered, 100); len(c.problems) > 0 {
		return answer, &sandbox.Refusal{Status: http.StatusBadGateway, Message: "Slack had trouble with the app's answer: " + c.problems[0]}
	}
	return answer, nil
}

// typingPayload is nil while too little was typed.
func (s *service) typingPayload(q typing) (map[string]any, error) {
	s.Lock()
	defer s.Unlock()
	user, ok := userByID(q.User)
	if !ok {
		return nil, sandbox.Invalid("user must be one of %s", userIDs())
	}
	payload := map[string]any{"type": "block_suggestion", "user": user.short(), "action_id": q.ActionID, "block_id": q.BlockID, "value": q.Value}
	blocks := json.RawMessage(nil)
	if v := sandbox.Find(s.st.Views, func(v *view) bool { return v.ID == q.ViewID && v.Open && v.User == q.User }); v != nil {
		payload["view"], payload["container"] = v.json(), map[string]any{"type": "view", "view_id": v.ID}
		blocks = sandbox.Must(json.Marshal(v.source()["blocks"]))
	} else if m := s.messageOf(q.Channel, q.TS); m != nil {
		r, _ := s.roomOf(m.Channel)
		payload["message"], payload["channel"] = m.json(true), map[string]string{"id": m.Channel, "name": r.told()}
		payload["container"] = map[string]any{"type": "message", "message_ts": m.TS, "channel_id": m.Channel}
		blocks = m.Blocks
	}
	var all []kitObject
	_ = json.Unmarshal(blocks, &all)
	for _, f := range fieldsOf(all) {
		kind := f.Element.text("type")
		if f.Action != q.ActionID || q.BlockID != "" && f.Block != q.BlockID || kind != "external_select" && kind != "multi_external_select" {
			continue
		}
		payload["block_id"] = f.Block
		if length(q.Value) < whole(f.Element, "min_query_length", 3) {
			return nil, nil
		}
		return payload, nil
	}
	return nil, sandbox.NotFound("choice whose options the app knows")
}
