package slack

import (
	"encoding/json"
	"fmt"
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
	made, ok := s.st.Triggers[trigger]
	delete(s.st.Triggers, trigger)
	if !ok {
		return nil, fail("invalid_trigger_id")
	}
	if time.Since(time.UnixMilli(made)) > triggerLife {
		return nil, fail("expired_trigger_id")
	}
	source := args.document("view")
	if problems := checkView(source, "modal"); len(problems) > 0 {
		return nil, fail("invalid_arguments", problems...)
	}
	v := &view{ID: sandbox.NewID("V", 10), User: strings.Split(trigger, ".")[1], Open: true, Hash: sandbox.NewID("", 16), Source: source, At: s.Now()}
	s.st.Views = append(s.st.Views, v)
	return map[string]any{"view": v.json()}, nil
}

func (s *service) updateView(args arguments) (map[string]any, *apiError) {
	v := sandbox.Find(s.st.Views, func(v *view) bool { return v.ID == args.text("view_id") && !v.Home })
	source := args.document("view")
	switch {
	case v == nil || !v.Open:
		return nil, fail("not_found")
	case args.text("hash") != "" && args.text("hash") != v.Hash:
		return nil, fail("hash_conflict")
	}
	if problems := checkView(source, "modal"); len(problems) > 0 {
		return nil, fail("invalid_arguments", problems...)
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
	source := args.document("view")
	if problems := checkView(source, "home"); len(problems) > 0 {
		return nil, fail("invalid_arguments", problems...)
	}
	v := sandbox.Find(s.st.Views, func(v *view) bool { return v.Home && v.User == user })
	if v == nil {
		v = &view{ID: sandbox.NewID("V", 10), User: user, Home: true, Open: true}
		s.st.Views = append(s.st.Views, v)
	}
	v.Source, v.Hash, v.At = source, sandbox.NewID("", 16), s.Now()
	return map[string]any{"view": v.json()}, nil
}

// newTrigger makes a trigger_id for a person. The lock is held.
func (s *service) newTrigger(user string) string {
	now := s.Now().UnixMilli()
	for t, made := range s.st.Triggers {
		if now-made > 10*triggerLife.Milliseconds() {
			delete(s.st.Triggers, t)
		}
	}
	t := fmt.Sprintf("%d.%s.%s", now, user, sandbox.Token(16))
	s.st.Triggers[t] = now
	return t
}
