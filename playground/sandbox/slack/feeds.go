package slack

import (
	"cmp"
	"encoding/json"
	"fmt"
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
	At      time.Time       `json:"at"`
}

func (s *service) messagesFor(_ *http.Request, after int64) []messageView {
	var out []messageView
	for _, m := range s.st.Messages {
		if m.Seq > after && !m.Deleted {
			key, kind := m.payload()
			out = append(out, messageView{m.Seq, m.Channel, m.TS, m.ThreadTS, m.Text, kind, key, m.Blocks, buttonsOf(m.Blocks), m.Edited, m.At})
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
			out = append(out, map[string]any{"view_id": v.ID, "user": v.User, "home": v.Home, "view": v.json()})
		}
	}
	return out
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
			out = append(out, button{e.text("action_id"), e.text("value"), label.text("text"), e.text("style"), e.text("url"), blockID(b, i)})
		}
	}
	return out
}

// blockID is a block's id, or the one that Slack gives it.
func blockID(b kitObject, i int) string {
	return cmp.Or(b.text("block_id"), fmt.Sprintf("b%d", i))
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
