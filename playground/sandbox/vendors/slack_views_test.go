package vendors_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// payloads are the interactions that the front door was told, of one type.
func (b *box) payloads(kind string, n int) []interactionPayload {
	b.t.Helper()
	var got []interactionPayload
	for _, h := range b.door.wait(b.t, "/slack/interactions", n) {
		var p interactionPayload
		if err := json.Unmarshal([]byte(h.form.Get("payload")), &p); err != nil {
			b.t.Fatal(err)
		}
		if p.Type == kind {
			got = append(got, p)
		}
	}
	return got
}

type interactionPayload struct {
	Type      string
	TriggerID string `json:"trigger_id"`
	Cleared   bool   `json:"is_cleared"`
	Value     string
	ActionID  string `json:"action_id"`
	View      openViewBody
	Actions   []map[string]any
}

type openViewBody struct {
	ID       string
	Callback string `json:"callback_id"`
	State    struct {
		Values map[string]map[string]map[string]any
	}
}

// answering makes the front door answer interactions with what say gives.
func (b *box) answering(say func(payload string) string) {
	b.door.mu.Lock()
	defer b.door.mu.Unlock()
	b.door.answer = func(h hook, _ int) (int, string) {
		if h.path == "/slack/interactions" {
			return http.StatusOK, say(h.form.Get("payload"))
		}
		return http.StatusOK, ""
	}
}

func TestSlackViewsLieOnOneAnother(t *testing.T) {
	t.Parallel()
	b := start(t)
	var answer atomic.Value
	answer.Store("")
	b.answering(func(string) string { return answer.Load().(string) })
	named := func(callback, rest string) string {
		return strings.Replace(modal(field("why", textInput)), `"title"`, `"callback_id":"`+callback+`",`+rest+`"title"`, 1)
	}
	first := b.openForm(named("one", `"notify_on_close":true,`))["view"].(map[string]any)["id"].(string)
	submit := func(id, words string) (int, string) {
		status, body := b.call(http.MethodPost, "/sandbox/slack/submit", map[string]any{
			"view_id": id, "user": "U_MANAGER", "values": map[string]any{"why": map[string]any{"text": map[string]any{"value": words}}},
		})
		return status, string(body)
	}
	push := func(view string) { answer.Store(`{"response_action":"push","view":` + view + `}`) }
	push(named("two", ""))
	submit(first, "one's words")
	push(named("three", `"notify_on_close":true,`))
	submit(b.openViews()[1].ViewID, "two's words")
	open := b.openViews()
	if len(open) != 3 || open[2].View.Previous != open[1].ViewID || open[2].View.Root != first || !open[0].Covered || open[2].Covered {
		t.Fatalf("%+v", open)
	}
	if status, body := submit(open[2].ViewID, "three's words"); status != http.StatusBadGateway || !strings.Contains(body, "three views") {
		t.Errorf("a fourth: %d %s", status, body)
	}
	told := b.payloads("view_submission", 3)
	over := b.slackCall("views.push", url.Values{"trigger_id": {told[2].TriggerID}, "view": {named("four", "")}})
	if over["error"] != "push_limit_reached" {
		t.Errorf("%v", over)
	}
	// Closing the top one shows the one below, as it was; the app is told when it asked.
	b.post("/sandbox/slack/submit", map[string]any{"view_id": open[2].ViewID, "user": "U_MANAGER", "close": true})
	if closed := b.payloads("view_closed", 4); len(closed) != 1 || closed[0].View.Callback != "three" || closed[0].Cleared {
		t.Errorf("%+v", closed)
	}
	b.post("/sandbox/slack/submit", map[string]any{"view_id": open[1].ViewID, "user": "U_MANAGER", "close": true})
	if closed := b.payloads("view_closed", 4); len(closed) != 1 {
		t.Errorf("nobody asked to be told: %+v", closed)
	}
	if open = b.openViews(); len(open) != 1 || open[0].View.State.Values["why"]["text"]["value"] != "one's words" {
		t.Errorf("%+v", open)
	}
	push(named("two", ""))
	submit(first, "again")
	answer.Store(`{"response_action":"clear"}`)
	submit(b.openViews()[1].ViewID, "done")
	if open = b.openViews(); len(open) != 0 {
		t.Errorf("clear leaves %+v", open)
	}
}

func TestSlackFormsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.answering(func(string) string { return `{"response_action":"errors","errors":{"why":"Say more."}}` })
	source := `{"type":"input","dispatch_action":true,"block_id":"source","label":` + plainText("Begin with") + `,"element":{"type":"radio_buttons","action_id":"pick","options":[` + options(3) + `]}}`
	opened := b.openForm(modal(source + "," + field("why", textInput) + "," + field("more", textInput)))["view"].(map[string]any)
	id := opened["id"].(string)
	typed := map[string]any{"why": map[string]any{"text": map[string]any{"value": "short"}}, "more": map[string]any{"text": map[string]any{"value": "kept"}}}
	b.post("/sandbox/slack/click", map[string]any{"view_id": id, "user": "U_MANAGER", "action_id": "pick", "value": "v1", "values": typed})
	pressed := b.payloads("block_actions", 1)[0]
	if option, _ := pressed.Actions[0]["selected_option"].(map[string]any); option["value"] != "v1" || pressed.View.State.Values["why"]["text"]["value"] != "short" {
		t.Errorf("%+v", pressed)
	}
	if chosen, _ := pressed.View.State.Values["source"]["pick"]["selected_option"].(map[string]any); chosen["value"] != "v1" {
		t.Errorf("what was chosen stands in the form: %+v", pressed.View.State)
	}
	typed["source"] = map[string]any{"pick": map[string]any{"selected_option": map[string]any{"value": "v2"}}}
	b.post("/sandbox/slack/submit", map[string]any{"view_id": id, "user": "U_MANAGER", "values": typed})
	v := b.openViews()[0]
	if v.Errors["why"] != "Say more." || v.View.State.Values["more"]["text"]["value"] != "kept" {
		t.Errorf("%+v", v)
	}
	if out := b.slackCall("views.update", url.Values{"view_id": {id}, "hash": {"1.0"}, "view": {modal("")}}); out["error"] != "hash_conflict" {
		t.Error(out)
	}
	b.slackCall("views.update", url.Values{"view_id": {id}, "view": {modal(field("more", textInput) + "," + field("new", strings.Replace(textInput, `"text"`, `"text","initial_value":"begins"`, 1)))}})
	state := b.openViews()[0].View.State.Values
	if state["more"]["text"]["value"] != "kept" || state["new"]["text"]["value"] != "begins" || state["why"] != nil {
		t.Errorf("a field of the same ids keeps its words: %v", state)
	}
	if status, _ := b.call(http.MethodPost, "/sandbox/slack/submit", map[string]any{"view_id": id, "user": "U_FINANCE", "values": map[string]any{}}); status != http.StatusNotFound {
		t.Errorf("somebody else's form: %d", status)
	}
}

func TestSlackFieldsAreCheckedAsTheySay(t *testing.T) {
	t.Parallel()
	b := start(t)
	number := `{"type":"number_input","action_id":"x","is_decimal_allowed":false,"min_value":"1","max_value":"200"}`
	for _, c := range []struct{ element, kind, given, want string }{
		{number, "value", `"30"`, ""},
		{number, "value", `"3.5"`, "takes whole numbers"},
		{number, "value", `"0"`, "wants 1 at least"},
		{number, "value", `"201"`, "takes 200 at most"},
		{number, "value", `"many"`, "is no number"},
		{`{"type":"email_text_input","action_id":"x"}`, "value", `"ana"`, "no e-mail address"},
		{`{"type":"url_text_input","action_id":"x"}`, "value", `"x y"`, "no address of a page"},
		{`{"type":"datepicker","action_id":"x"}`, "selected_date", `"1.12.2026"`, "no date"},
		{`{"type":"users_select","action_id":"x"}`, "selected_user", `"U_NOBODY"`, "nobody here"},
		{`{"type":"users_select","action_id":"x"}`, "selected_user", `"U_FINANCE"`, ""},
		{`{"type":"static_select","action_id":"x","options":[` + options(2) + `]}`, "selected_option", `{"value":"v7"}`, `offers no \"v7\"`},
		{`{"type":"checkboxes","action_id":"x","options":[` + options(2) + `]}`, "selected_options", `[]`, "is empty"},
		{`{"type":"plain_text_input","action_id":"x","max_length":3}`, "value", `"four"`, "takes 3"},
	} {
		id := b.openForm(modal(field("f", c.element)))["view"].(map[string]any)["id"].(string)
		body := `{"view_id":"` + id + `","user":"U_MANAGER","values":{"f":{"x":{"` + c.kind + `":` + c.given + `}}}}`
		status, answer := b.call(http.MethodPost, "/sandbox/slack/submit", body)
		if c.want == "" && status != http.StatusOK || c.want != "" && (status != http.StatusBadRequest || !strings.Contains(string(answer), c.want)) {
			t.Errorf("%s %s: %d %s, want %q", c.element, c.given, status, answer, c.want)
		}
	}
}

func TestSlackAsksForSuggestions(t *testing.T) {
	t.Parallel()
	b := start(t)
	var answer atomic.Value
	answer.Store(`{"options":[` + options(2) + `]}`)
	b.answering(func(string) string { return answer.Load().(string) })
	ts := b.said(url.Values{"text": {"x"}, "blocks": {`[{"type":"actions","block_id":"find","elements":[{"type":"external_select","action_id":"who","min_query_length":2},{"type":"overflow","action_id":"menu","options":[` + options(2) + `]}]}]`}})
	ask := func(typed string) (int, string) {
		status, body := b.call(http.MethodPost, "/sandbox/slack/suggest", map[string]any{"channel": b.keys["slack_channel"], "ts": ts, "action_id": "who", "value": typed, "user": "U_MANAGER"})
		return status, string(body)
	}
	if status, body := ask("a"); status != http.StatusOK || strings.Contains(body, "v1") {
		t.Errorf("too little was typed: %d %s", status, body)
	}
	if status, body := ask("an"); status != http.StatusOK || !strings.Contains(body, "v1") {
		t.Errorf("%d %s", status, body)
	}
	if asked := b.payloads("block_suggestion", 1); len(asked) != 1 || asked[0].Value != "an" || asked[0].ActionID != "who" {
		t.Errorf("%+v", asked)
	}
	for _, bad := range []string{`{"options":[` + options(101) + `]}`, `{}`, `no`} {
		answer.Store(bad)
		if status, _ := ask("ana"); status != http.StatusBadGateway {
			t.Errorf("%.40s: %d", bad, status)
		}
	}
	answer.Store("")
	b.post("/sandbox/slack/click", map[string]any{"channel": b.keys["slack_channel"], "ts": ts, "action_id": "menu", "value": "v1", "user": "U_MANAGER"})
	if option, _ := b.payloads("block_actions", 1)[0].Actions[0]["selected_option"].(map[string]any); option["value"] != "v1" {
		t.Errorf("%v", option)
	}
	if status, _ := b.call(http.MethodPost, "/sandbox/slack/click", map[string]any{"channel": b.keys["slack_channel"], "ts": ts, "action_id": "menu", "value": "v9", "user": "U_MANAGER"}); status != http.StatusBadRequest {
		t.Errorf("an entry that the menu has not: %d", status)
	}
}

// A trigger dies after three seconds. It is not used up by a view that Slack refuses, so it can be asked until it is dead.
func TestSlackTriggersDie(t *testing.T) {
	t.Parallel()
	b := start(t)
	trigger := b.trigger()
	begun, again := time.Now(), time.NewTicker(100*time.Millisecond)
	defer again.Stop()
	for range again.C {
		out := b.slackCall("views.open", url.Values{"trigger_id": {trigger}, "view": {`{"type":"modal"}`}})
		if out["error"] == "expired_trigger_id" {
			if took := time.Since(begun); took < 2*time.Second {
				t.Errorf("dead after %s", took)
			}
			return
		}
		if out["error"] != "invalid_arguments" || time.Since(begun) > time.Minute {
			t.Fatalf("%v", out)
		}
	}
}

func TestSlackHomeIsToldWithWhatStandsThere(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.slackCall("views.publish", url.Values{"user_id": {"U_MANAGER"}, "view": {`{"type":"home","callback_id":"home","blocks":[` + button(`,"action_id":"a","text":`+plainText("x")) + `]}`}})
	b.post("/sandbox/slack/home", map[string]any{"user": "U_MANAGER"})
	if h := b.door.wait(t, "/slack/events", 1)[0]; !strings.Contains(string(h.body), `"callback_id":"home"`) {
		t.Errorf("%s", h.body)
	}
	var all struct{ Views []openView }
	b.get("/sandbox/slack/views", &all)
	b.post("/sandbox/slack/click", map[string]any{"view_id": all.Views[0].ViewID, "user": "U_MANAGER", "action_id": "a"})
	if p := b.payloads("block_actions", 1)[0]; p.View.Callback != "home" || p.TriggerID == "" {
		t.Errorf("%+v", p)
	}
}
