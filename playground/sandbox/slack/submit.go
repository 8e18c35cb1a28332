package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// submission is a modal that somebody sends or closes.
type submission struct {
	ViewID string `json:"view_id"`
	User   string `json:"user"`
	Close  bool   `json:"close"`
	Values values `json:"values"` // {"type":"plain_text_input","value":"x"}; what is left out stays as it stands
}

// submitView sends a view_submission; an answer without response_action closes the modal.
func (s *service) submitView(ctx context.Context, q submission) (frontAnswer, error) {
	payload, v, err := s.submitted(q)
	if err != nil || payload == nil {
		return frontAnswer{Status: http.StatusOK}, err
	}
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

// submitted is what the app is told of a form that was sent or closed; nil: nothing.
func (s *service) submitted(q submission) (map[string]any, *view, error) {
	s.Lock()
	defer s.Unlock()
	defer s.Touch()
	v := s.openModal(q.ViewID)
	user, ok := userByID(q.User)
	if v == nil || !ok || v.User != q.User {
		return nil, nil, sandbox.NotFound("open view or user")
	}
	if q.Close {
		return s.closed(v, user), v, nil
	}
	filled, problem := s.fill(v, q.Values)
	if problem != "" {
		return nil, nil, sandbox.Invalid("Slack does not send this form: %s", problem)
	}
	v.Values, v.Errors = filled, s.unsendable(v, filled)
	for _, f := range v.fields() {
		if problem := v.Errors[f.Block]; problem != "" {
			return nil, nil, sandbox.Invalid("Slack does not send this form: field %q %s", f.Block, problem)
		}
	}
	return map[string]any{"type": "view_submission", "user": user.short(), "view": v.json(), "trigger_id": s.newTrigger(q.User, v.ID), "response_urls": []any{}}, v, nil
}

// closed puts a modal away, and with clear_on_close all that lie below it. The app is told when it asked for that.
func (s *service) closed(v *view, user member) map[string]any {
	shown, source := v.json(), v.source()
	clear := source["clear_on_close"] == true
	if clear {
		s.clear(v)
	}
	s.drop(v)
	if source["notify_on_close"] != true {
		return nil
	}
	return map[string]any{"type": "view_closed", "user": user.short(), "view": shown, "is_cleared": clear}
}

// drop closes a modal, and what lies on it.
func (s *service) drop(v *view) {
	v.Open = false
	for _, o := range s.st.Views {
		if o.Open && o.Previous == v.ID {
			s.drop(o)
		}
	}
}

// clear closes all modals of a stack.
func (s *service) clear(v *view) {
	for _, o := range s.st.Views {
		if o.Root == v.Root && !o.Home {
			o.Open = false
		}
	}
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
		s.drop(v)
	case "clear":
		s.clear(v)
	case "errors":
		if len(ack.Errors) == 0 {
			return trouble("errors without any")
		}
		for id, words := range ack.Errors {
			if !slices.ContainsFunc(v.fields(), func(f field) bool { return f.Block == id && f.Input }) || words == "" {
				return trouble(fmt.Sprintf("an error for %q, which is no field of the form, or without words", id))
			}
		}
		v.Errors = ack.Errors
	case "update", "push":
		if problems := s.viewProblems(ack.View, "modal"); len(problems) > 0 {
			return trouble(strings.Join(problems, " "))
		}
		if ack.Action == "update" {
			v.replace(ack.View)
			return nil
		}
		if s.depth(v) >= maxStack {
			return trouble("three views lie on one another already")
		}
		s.lay(v.User, ack.View, v)
	default:
		return trouble(fmt.Sprintf("response_action %q", ack.Action))
	}
	return nil
}
