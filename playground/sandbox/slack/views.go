package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// A view is a modal that is open, or a person's home tab.
type view struct {
	ID     string          `json:"id"`
	User   string          `json:"user"`
	Home   bool            `json:"home"`
	Open   bool            `json:"open"`
	Hash   string          `json:"hash"`
	Source json.RawMessage `json:"source"` // as the app sent it
	At     time.Time       `json:"at"`
}

// maxView is the most that a view may weigh, in bytes.
const maxView = 250_000

// json is a view as Slack sends it: the app's fields and Slack's.
func (v *view) json() map[string]any {
	out := map[string]any{}
	_ = json.Unmarshal(v.Source, &out)
	out["id"], out["hash"], out["team_id"], out["app_id"], out["bot_id"] = v.ID, v.Hash, teamID, appID, "B0RAPPORT"
	out["root_view_id"], out["previous_view_id"], out["app_installed_team_id"] = v.ID, nil, teamID
	if out["state"] == nil {
		out["state"] = map[string]any{"values": map[string]any{}}
	}
	return out
}

// triggerLife is how long a trigger_id works, once.
const triggerLife = 3 * time.Second

// openView opens a modal for whoever holds the trigger.
func (s *service) openView(args arguments) (map[string]any, *apiError) {
	trigger := args.text("trigger_id")
	made, known := s.st.Triggers[trigger]
	switch {
	case !known:
		return nil, fail("invalid_trigger_id")
	case made == exchanged:
		return nil, fail("exchanged_trigger_id")
	case time.Since(time.UnixMilli(made)) > triggerLife:
		return nil, fail("expired_trigger_id")
	}
	source, serr := readView(args, "modal")
	if serr != nil {
		return nil, serr
	}
	s.st.Triggers[trigger] = exchanged
	v := &view{ID: sandbox.NewID("V", 10), User: strings.Split(trigger, ".")[1], Open: true, Hash: sandbox.NewID("", 16), Source: source, At: s.Now()}
	s.st.Views = append(s.st.Views, v)
	return map[string]any{"view": v.json()}, nil
}

// readView reads a call's view and checks it.
func readView(args arguments, kind string) (json.RawMessage, *apiError) {
	source := args.document("view")
	if len(source) > maxView {
		return nil, fail("view_too_large")
	}
	if problems := checkView(source, kind); len(problems) > 0 {
		return nil, fail("invalid_arguments", problems...)
	}
	return source, nil
}

func (s *service) updateView(args arguments) (map[string]any, *apiError) {
	v := sandbox.Find(s.st.Views, func(v *view) bool { return v.ID == args.text("view_id") && !v.Home })
	switch {
	case v == nil || !v.Open:
		return nil, fail("not_found")
	case args.text("hash") != "" && args.text("hash") != v.Hash:
		return nil, fail("hash_conflict")
	}
	source, serr := readView(args, "modal")
	if serr != nil {
		return nil, serr
	}
	v.Source, v.Hash = source, sandbox.NewID("", 16)
	return map[string]any{"view": v.json()}, nil
}

// publishView sets a person's home tab.
func (s *service) publishView(args arguments) (map[string]any, *apiError) {
	user := args.text("user_id")
	if _, ok := userByID(user); !ok {
		return nil, fail("user_not_found")
	}
	source, serr := readView(args, "home")
	if serr != nil {
		return nil, serr
	}
	v := sandbox.Find(s.st.Views, func(v *view) bool { return v.Home && v.User == user })
	if v != nil && args.text("hash") != "" && args.text("hash") != v.Hash {
		return nil, fail("hash_conflict")
	}
	if v == nil {
		v = &view{ID: sandbox.NewID("V", 10), User: user, Home: true, Open: true}
		s.st.Views = append(s.st.Views, v)
	}
	v.Source, v.Hash, v.At = source, sandbox.NewID("", 16), s.Now()
	return map[string]any{"view": v.json()}, nil
}

// exchanged stands for the time of a trigger that has opened its view.
const exchanged = -1

// newTrigger makes a trigger_id for a person, and forgets those of an hour ago. The lock is held.
func (s *service) newTrigger(user string) string {
	now := s.Now()
	for t := range s.st.Triggers {
		if made, err := strconv.ParseInt(strings.Split(t, ".")[0], 10, 64); err != nil || now.Sub(time.UnixMilli(made)) > time.Hour {
			delete(s.st.Triggers, t)
		}
	}
	t := fmt.Sprintf("%d.%s.%s", now.UnixMilli(), user, sandbox.Token(16))
	s.st.Triggers[t] = now.UnixMilli()
	return t
}

// checkView lists what is wrong with a modal or a home tab.
func checkView(raw json.RawMessage, kind string) []string {
	var v kitObject
	if err := json.Unmarshal(raw, &v); err != nil || v == nil {
		return []string{"[ERROR] missing required field: view"}
	}
	c := &kitCheck{}
	if v.text("type") != kind {
		c.fail("/view/type", "must be %s", kind)
	}
	c.atMost("/view", v, "private_metadata", 3000)
	c.atMost("/view", v, "callback_id", 255)
	c.atMost("/view", v, "external_id", 255)
	blocks := v.objects("blocks")
	if v["blocks"] == nil {
		c.fail("/view/blocks", "missing required field: blocks")
	}
	if kind == "modal" {
		c.composition("/view/title", v, "title", 24, "plain_text")
		for _, button := range []string{"submit", "close"} {
			if v[button] != nil {
				c.composition("/view/"+button, v, button, 24, "plain_text")
			}
		}
		if v["submit"] == nil && slices.ContainsFunc(blocks, func(b kitObject) bool { return b.text("type") == "input" }) {
			c.fail("/view/submit", "missing required field: submit (the view has input blocks)")
		}
	}
	raw, _ = json.Marshal(v["blocks"])
	return append(c.problems, checkBlocks(raw, true)...)
}
