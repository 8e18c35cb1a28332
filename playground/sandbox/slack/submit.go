package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// submission is a modal that somebody sends or closes: values by block_id, then action_id.
type submission struct {
	ViewID string                               `json:"view_id"`
	User   string                               `json:"user"`
	Close  bool                                 `json:"close"`
	Values map[string]map[string]map[string]any `json:"values"` // as in state.values: {"type":"plain_text_input","value":"x"}
}

// submitView sends a view_submission; an answer without response_action closes the modal.
func (s *service) submitView(ctx context.Context, q submission) (frontAnswer, error) {
	s.Lock()
	v := sandbox.Find(s.st.Views, func(v *view) bool { return v.ID == q.ViewID && v.Open && !v.Home })
	user, ok := userByID(q.User)
	if v == nil || !ok {
		s.Unlock()
		return frontAnswer{}, sandbox.NotFound("open view or user")
	}
	if problem := unsendable(v, q); problem != "" {
		s.Unlock()
		return frontAnswer{}, sandbox.Invalid("Slack does not send this form: %s", problem)
	}
	shown := v.json()
	shown["state"] = map[string]any{"values": q.Values}
	payload := map[string]any{"type": "view_submission", "user": user.short(), "view": shown, "trigger_id": s.newTrigger(q.User), "response_urls": []any{}}
	if q.Close {
		payload["type"], payload["is_cleared"] = "view_closed", false
		v.Open = false
	}
	s.Touch()
	s.Unlock()
	answer, err := s.interaction(ctx, payload)
	if err != nil || q.Close || answer.Status != http.StatusOK {
		return answer, err
	}
	s.Lock()
	defer s.Unlock()
	err = s.acknowledged(v, answer.Body)
	s.Touch()
	return answer, err
}

// acknowledged does to an open form what the app answered, or tells what Slack cannot show.
func (s *service) acknowledged(v *view, body string) error {
	var ack struct {
		Action string            `json:"response_action"`
		View   json.RawMessage   `json:"view"`
		Errors map[string]string `json:"errors"`
	}
	trouble := func(why string) error {
		return &sandbox.Refusal{Status: http.StatusBadGateway, Message: "Slack had trouble with the app's answer: " + why}
	}
	if strings.TrimSpace(body) != "" && json.Unmarshal([]byte(body), &ack) != nil {
		return trouble("it is not JSON")
	}
	switch ack.Action {
	case "":
		v.Open = false
	case "clear":
		for _, other := range s.st.Views {
			if other.User == v.User && !other.Home {
				other.Open = false
			}
		}
	case "errors":
		fields := inputsOf(v)
		for id, words := range ack.Errors {
			if _, ok := fields[id]; !ok || words == "" {
				return trouble(fmt.Sprintf("an error for %q, which is no field of the form, or without words", id))
			}
		}
		if len(ack.Errors) == 0 {
			return trouble("errors without any")
		}
	case "update", "push":
		if problems := checkView(ack.View, "modal"); len(problems) > 0 {
			return trouble(strings.Join(problems, " "))
		}
		v.Source, v.Hash = ack.View, sandbox.NewID("", 16)
	default:
		return trouble(fmt.Sprintf("response_action %q", ack.Action))
	}
	return nil
}

// inputsOf are the input blocks of a form by their block_id.
func inputsOf(v *view) map[string]kitObject {
	var source kitObject
	_ = json.Unmarshal(v.Source, &source)
	out := map[string]kitObject{}
	for i, b := range source.objects("blocks") {
		if b.text("type") == "input" {
			out[blockID(b, i)] = b
		}
	}
	return out
}

// unsendable says why Slack would not let a person send what is filled in, "" when it would.
func unsendable(v *view, q submission) string {
	if q.Close {
		return ""
	}
	fields := inputsOf(v)
	for id, values := range q.Values {
		if _, ok := fields[id]; !ok {
			return fmt.Sprintf("it has no field %q", id)
		}
		for action := range values {
			if e, _ := fields[id].object("element"); e.text("action_id") != action {
				return fmt.Sprintf("field %q has no element %q", id, action)
			}
		}
	}
	for id, b := range fields {
		e, _ := b.object("element")
		given := q.Values[id][e.text("action_id")]
		if problem := misfilled(e, given, b["optional"] == true); problem != "" {
			return fmt.Sprintf("field %q %s", id, problem)
		}
	}
	return ""
}

// misfilled says what is wrong with one field's value.
func misfilled(e kitObject, given map[string]any, optional bool) string {
	value, _ := given["value"].(string)
	day, _ := given["selected_date"].(string)
	one, _ := given["selected_option"].(map[string]any)
	many, _ := given["selected_options"].([]any)
	if value == "" && day == "" && one == nil && len(many) == 0 {
		if optional {
			return ""
		}
		return "is empty"
	}
	if most := whole(e, "max_length", maxInput); length(value) > most {
		return fmt.Sprintf("has %d characters, and takes %d", length(value), most)
	}
	if least := whole(e, "min_length", 0); length(value) < least {
		return fmt.Sprintf("has %d characters, and wants %d", length(value), least)
	}
	return ""
}
