package slack

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// messageView is a Slack message as people see it; Seq moves on each change.
type messageView struct {
	Seq     int64           `json:"seq"`
	Channel string          `json:"channel"`
	TS      string          `json:"ts"`
	Thread  string          `json:"thread_ts,omitempty"`
	Text    string          `json:"text"`
	Kind    string          `json:"kind"`
	Key     string          `json:"key"`
	Blocks  json.RawMessage `json:"blocks"`
	Buttons []button        `json:"buttons"`
	Edited  bool            `json:"edited"`
	Only    string          `json:"ephemeral,omitempty"` // the one who sees it
	Pinned  bool            `json:"pinned,omitempty"`
	At      time.Time       `json:"at"`
}

func (s *service) messagesFor(_ *http.Request, after int64) []messageView {
	var out []messageView
	for _, m := range s.st.Messages {
		if m.Seq > after && !m.Deleted {
			key, kind := m.payload()
			out = append(out, messageView{m.Seq, m.Channel, m.TS, m.ThreadTS, m.Text, kind, key, m.Blocks, buttonsOf(m.Blocks), m.Edited, m.Ephemeral, s.pinned(m.Channel, m.TS), m.At})
		}
	}
	slices.SortFunc(out, func(a, b messageView) int { return int(a.Seq - b.Seq) })
	return out
}

func (s *service) responsesFor(_ *http.Request, after int64) []chatResponse {
	var out []chatResponse
	for _, c := range s.st.Responses {
		if c.Seq > after {
			out = append(out, *c)
		}
	}
	return out
}

func (s *service) viewsFor(*http.Request, int64) []map[string]any {
	var out []map[string]any
	for _, v := range s.st.Views {
		if v.Open {
			out = append(out, map[string]any{"view_id": v.ID, "user": v.User, "home": v.Home, "covered": s.covered(v), "errors": v.Errors, "view": v.json()})
		}
	}
	return out
}

// button is what somebody can press: a button, or an element of which something can be chosen.
type button struct {
	ActionID string `json:"action_id"`
	Value    string `json:"value"`
	Text     string `json:"text"`
	Style    string `json:"style,omitempty"`
	URL      string `json:"url,omitempty"`
	BlockID  string `json:"block_id"`
	Kind     string `json:"type"` // button, overflow, static_select, ...

	element kitObject
}

// pressable lists what can be pressed or chosen in blocks. Blocks and elements without an id get one, as Slack does.
func pressable(raw json.RawMessage) []button {
	out := []button{}
	var blocks []kitObject
	_ = json.Unmarshal(raw, &blocks)
	for i, b := range blocks {
		elements := b.objects("elements")
		for _, name := range []string{"accessory", "element"} {
			if e, ok := b.object(name); ok && (name == "accessory" || b["dispatch_action"] == true) {
				elements = append(elements, e)
			}
		}
		for j, e := range elements {
			kind := e.text("type")
			if kind != "button" && kind != "overflow" && holds[kind] == "" {
				continue
			}
			label, _ := e.object("text")
			out = append(out, button{actionID(e, j), e.text("value"), label.text("text"), e.text("style"), e.text("url"), blockID(b, i), kind, e})
		}
	}
	return out
}

// buttonsOf lists the buttons alone.
func buttonsOf(raw json.RawMessage) []button {
	return slices.DeleteFunc(pressable(raw), func(b button) bool { return b.Kind != "button" })
}
