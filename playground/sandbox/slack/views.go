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

const (
	// maxView is the most that a view may weigh, in bytes.
	maxView = 250_000
	// maxStack is how many modals may lie on one another.
	maxStack = 3
)

// json is a view as Slack sends it: the app's fields and Slack's.
func (v *view) json() map[string]any {
	out := map[string]any(v.source())
	out["id"], out["hash"], out["team_id"], out["app_id"], out["bot_id"] = v.ID, v.Hash, teamID, appID, "B0RAPPORT"
	out["root_view_id"], out["previous_view_id"], out["app_installed_team_id"] = v.Root, sandbox.Nullable(v.Previous), teamID
	out["state"] = map[string]any{"values": v.state()}
	for _, name := range []string{"private_metadata", "callback_id", "external_id"} {
		if out[name] == nil {
			out[name] = ""
		}
	}
	return out
}

// A trigger lets the app open one view, soon after a person did something.
type trigger struct {
	User string    `json:"user"`
	View string    `json:"view"` // the modal in which the person did it
	Used bool      `json:"used"`
	At   time.Time `json:"at"`
}

// triggerLife is how long a trigger_id works, once.
const triggerLife = 3 * time.Second

// newTrigger makes a trigger_id for a person, and forgets those of an hour ago. The lock is held.
func (s *service) newTrigger(user, in string) string {
	now := s.Now()
	for id, t := range s.st.Triggers {
		if now.Sub(t.At) > time.Hour {
			delete(s.st.Triggers, id)
		}
	}
	id := fmt.Sprintf("%d.%d.%s", now.UnixMilli(), now.UnixNano()%1e9, sandbox.Token(16))
	s.st.Triggers[id] = &trigger{User: user, View: in, At: now}
	return id
}

// pull finds a trigger that still works.
func (s *service) pull(args arguments) (*trigger, *apiError) {
	t := s.st.Triggers[args.text("trigger_id")]
	switch {
	case t == nil:
		return nil, fail("invalid_trigger_id")
	case t.Used:
		return nil, fail("exchanged_trigger_id")
	case s.Now().Sub(t.At) > triggerLife:
		return nil, fail("expired_trigger_id")
	}
	return t, nil
}

// openView opens a modal for whoever holds the trigger; from within a modal it lies on it, as if it were pushed.
func (s *service) openView(args arguments) (map[string]any, *apiError) {
	t, serr := s.pull(args)
	if serr != nil {
		return nil, serr
	}
	return s.show(args, t, s.openModal(t.View))
}

// pushView lays a modal on the one in which the person did something.
func (s *service) pushView(args arguments) (map[string]any, *apiError) {
	t, serr := s.pull(args)
	if serr != nil {
		return nil, serr
	}
	below := s.openModal(t.View)
	if below == nil {
		return nil, fail("not_found")
	}
	return s.show(args, t, below)
}

func (s *service) show(args arguments, t *trigger, below *view) (map[string]any, *apiError) {
	source, serr := s.readView(args, "modal", nil)
	if serr != nil {
		return nil, serr
	}
	if below != nil && s.depth(below) >= maxStack {
		return nil, fail("push_limit_reached")
	}
	t.Used = true
	return map[string]any{"view": s.lay(t.User, source, below).json()}, nil
}

// lay opens a modal on another one, or on none.
func (s *service) lay(user string, source json.RawMessage, below *view) *view {
	id := strings.ToUpper(sandbox.NewID("V", 10))
	v := &view{ID: id, Root: id, User: user, Open: true, Hash: newHash(), Source: source, At: s.Now()}
	if below != nil {
		v.Root, v.Previous = below.Root, below.ID
	}
	s.st.Views = append(s.st.Views, v)
	return v
}

func newHash() string { return strconv.FormatInt(time.Now().Unix(), 10) + "." + sandbox.Token(4) }

// openModal is a modal that is open, nil when it is not.
func (s *service) openModal(id string) *view {
	return sandbox.Find(s.st.Views, func(v *view) bool { return v.ID == id && v.Open && !v.Home })
}

// depth is how many modals lie down to v.
func (s *service) depth(v *view) int {
	n := 0
	for ; v != nil; v = s.openModal(v.Previous) {
		n++
	}
	return n
}

// covered says whether another modal lies on v.
func (s *service) covered(v *view) bool {
	return sandbox.Find(s.st.Views, func(o *view) bool { return o.Open && o.Previous == v.ID }) != nil
}

// readView reads a call's view and checks it; old is the one that it replaces.
func (s *service) readView(args arguments, kind string, old *view) (json.RawMessage, *apiError) {
	source := args.document("view")
	if len(source) > maxView {
		return nil, fail("view_too_large")
	}
	if problems := s.viewProblems(source, kind); len(problems) > 0 {
		return nil, fail("invalid_arguments", problems...)
	}
	var named struct {
		ExternalID string `json:"external_id"`
	}
	_ = json.Unmarshal(source, &named)
	if other := s.viewNamed(named.ExternalID); other != nil && other != old {
		return nil, fail("duplicate_external_id")
	}
	return source, nil
}

// viewProblems adds to what Block Kit forbids what this app was not installed for.
func (s *service) viewProblems(source json.RawMessage, kind string) []string {
	problems := checkView(source, kind)
	if strings.Contains(string(source), `"file_input"`) && !s.has("files:read") {
		problems = append(problems, "[ERROR] file_input needs the scope files:read [json-pointer:/view/blocks]")
	}
	return problems
}

func (s *service) viewNamed(externalID string) *view {
	if externalID == "" {
		return nil
	}
	return sandbox.Find(s.st.Views, func(v *view) bool { return v.Open && v.source().text("external_id") == externalID })
}

func (s *service) updateView(args arguments) (map[string]any, *apiError) {
	v := s.viewNamed(args.text("external_id"))
	if id := args.text("view_id"); id != "" {
		v = s.openModal(id)
	}
	switch {
	case v == nil:
		return nil, fail("not_found")
	case args.text("hash") != "" && args.text("hash") != v.Hash:
		return nil, fail("hash_conflict")
	}
	source, serr := s.readView(args, "modal", v)
	if serr != nil {
		return nil, serr
	}
	v.replace(source)
	return map[string]any{"view": v.json()}, nil
}

// replace shows another source in a view. What stands in a field stays there when its block_id and action_id do.
func (v *view) replace(source json.RawMessage) {
	v.Source, v.Hash, v.Errors = source, newHash(), nil
	v.Values = v.Values.of(v.fields())
}

// publishView sets a person's home tab.
func (s *service) publishView(args arguments) (map[string]any, *apiError) {
	user := args.text("user_id")
	if _, ok := userByID(user); !ok || s.deleted(user) {
		return nil, fail("user_not_found")
	}
	v := sandbox.Find(s.st.Views, func(v *view) bool { return v.Home && v.User == user })
	source, serr := s.readView(args, "home", v)
	if serr != nil {
		return nil, serr
	}
	if v != nil && args.text("hash") != "" && args.text("hash") != v.Hash {
		return nil, fail("hash_conflict")
	}
	if v == nil {
		id := strings.ToUpper(sandbox.NewID("V", 10))
		v = &view{ID: id, Root: id, User: user, Home: true, Open: true}
		s.st.Views = append(s.st.Views, v)
	}
	v.replace(source)
	v.At = s.Now()
	return map[string]any{"view": v.json()}, nil
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
