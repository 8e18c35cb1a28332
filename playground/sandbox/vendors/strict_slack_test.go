package vendors_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// As strict as Slack: what its documentation refuses is refused here, with its codes.

func chars(n int) string { return strings.Repeat("x", n) }

func plainText(s string) string { return `{"type":"plain_text","text":` + quoted(s) + `}` }

func quoted(s string) string {
	raw, _ := json.Marshal(s)
	return string(raw)
}

func modal(blocks string) string {
	return `{"type":"modal","title":` + plainText("Title") + `,"submit":` + plainText("Send") + `,"blocks":[` + blocks + `]}`
}

func field(id, element string) string {
	return `{"type":"input","block_id":"` + id + `","label":` + plainText("Why?") + `,"element":` + element + `}`
}

const textInput = `{"type":"plain_text_input","action_id":"text"}`

// trigger is a fresh one, as a slash command carries it.
func (b *box) trigger() string {
	b.t.Helper()
	b.post("/sandbox/slack/command", map[string]any{"user": "U_MANAGER", "text": "form"})
	hooks := b.door.wait(b.t, "/slack/commands", 1)
	return hooks[len(hooks)-1].form.Get("trigger_id")
}

func (b *box) openForm(view string) map[string]any {
	b.t.Helper()
	return b.slackCall("views.open", url.Values{"trigger_id": {b.trigger()}, "view": {view}})
}

func button(rest string) string {
	return `{"type":"actions","elements":[{"type":"button"` + rest + `}]}`
}

func options(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf(`{"text":%s,"value":"v%d"}`, plainText("o"), i)
	}
	return strings.Join(all, ",")
}

func TestSlackLimitsOfMessages(t *testing.T) {
	t.Parallel()
	b := start(t)
	post := func(block string) map[string]any {
		return b.slackCall("chat.postMessage", url.Values{"channel": {b.keys["slack_channel"]}, "blocks": {"[" + block + "]"}})
	}
	x := `,"text":` + plainText("x")
	for name, c := range map[string]struct{ fits, breaks string }{
		"section":        {`{"type":"section"` + `,"text":` + plainText(chars(3000)) + `}`, `{"type":"section","text":` + plainText(chars(3001)) + `}`},
		"emoji count 2":  {`{"type":"header","text":` + plainText(strings.Repeat("😀", 75)) + `}`, `{"type":"header","text":` + plainText(strings.Repeat("😀", 76)) + `}`},
		"header":         {`{"type":"header","text":` + plainText(chars(150)) + `}`, `{"type":"header","text":` + plainText(chars(151)) + `}`},
		"field":          {`{"type":"section","fields":[` + plainText(chars(2000)) + `]}`, `{"type":"section","fields":[` + plainText(chars(2001)) + `]}`},
		"block_id":       {`{"type":"divider","block_id":"` + chars(255) + `"}`, `{"type":"divider","block_id":"` + chars(256) + `"}`},
		"action_id":      {button(x + `,"action_id":"` + chars(255) + `"`), button(x + `,"action_id":"` + chars(256) + `"`)},
		"button's text":  {button(`,"text":` + plainText(chars(75))), button(`,"text":` + plainText(chars(76)))},
		"button's value": {button(x + `,"value":"` + chars(2000) + `"`), button(x + `,"value":"` + chars(2001) + `"`)},
		"button's url":   {button(x + `,"url":"https://` + chars(2992) + `"`), button(x + `,"url":"https://` + chars(2993) + `"`)},
		"select": {
			`{"type":"actions","elements":[{"type":"static_select","options":[` + options(100) + `]}]}`,
			`{"type":"actions","elements":[{"type":"static_select","options":[` + options(101) + `]}]}`,
		},
		"overflow": {
			`{"type":"section","text":` + plainText("x") + `,"accessory":{"type":"overflow","options":[` + options(5) + `]}}`,
			`{"type":"section","text":` + plainText("x") + `,"accessory":{"type":"overflow","options":[` + options(6) + `]}}`,
		},
		"radio buttons": {
			`{"type":"actions","elements":[{"type":"radio_buttons","options":[` + options(10) + `]}]}`,
			`{"type":"actions","elements":[{"type":"radio_buttons","options":[` + options(11) + `]}]}`,
		},
		"option's text": {
			`{"type":"actions","elements":[{"type":"static_select","options":[{"text":` + plainText(chars(75)) + `,"value":"v"}]}]}`,
			`{"type":"actions","elements":[{"type":"static_select","options":[{"text":` + plainText(chars(76)) + `,"value":"v"}]}]}`,
		},
		"placeholder": {
			`{"type":"actions","elements":[{"type":"users_select","placeholder":` + plainText(chars(150)) + `}]}`,
			`{"type":"actions","elements":[{"type":"users_select","placeholder":` + plainText(chars(151)) + `}]}`,
		},
		"a chosen option": {
			`{"type":"actions","elements":[{"type":"static_select","initial_option":{"text":` + plainText("o") + `,"value":"v0"},"options":[` + options(1) + `]}]}`,
			`{"type":"actions","elements":[{"type":"static_select","initial_option":{"text":` + plainText("o") + `,"value":"v9"},"options":[` + options(1) + `]}]}`,
		},
		"a date":              {`{"type":"actions","elements":[{"type":"datepicker","initial_date":"2026-12-01"}]}`, `{"type":"actions","elements":[{"type":"datepicker","initial_date":"1.12.2026"}]}`},
		"a text field's home": {field("a", textInput), `{"type":"actions","elements":[` + textInput + `]}`},
	} {
		if out := post(c.fits); out["ok"] != true {
			t.Errorf("%s: refused at the limit: %v", name, out)
		}
		if out := post(c.breaks); out["error"] != "invalid_blocks" {
			t.Errorf("%s: taken beyond the limit: %v", name, out)
		}
	}
	divider := func(n int) string { return strings.TrimSuffix(strings.Repeat(`{"type":"divider"},`, n), ",") }
	if out := post(divider(50)); out["ok"] != true {
		t.Errorf("50 blocks: %v", out)
	}
	if out := post(divider(51)); out["error"] != "invalid_blocks" {
		t.Errorf("51 blocks: %v", out)
	}
	if out := b.slackCall("chat.postMessage", url.Values{"channel": {b.keys["slack_channel"]}, "text": {chars(40_001)}}); out["error"] != "msg_too_long" {
		t.Errorf("%v", out["error"])
	}
}

func TestSlackLimitsOfForms(t *testing.T) {
	t.Parallel()
	b := start(t)
	for name, c := range map[string]struct{ fits, breaks string }{
		"title":            {`{"type":"modal","title":` + plainText(chars(24)) + `,"blocks":[]}`, `{"type":"modal","title":` + plainText(chars(25)) + `,"blocks":[]}`},
		"private_metadata": {strings.Replace(modal(""), `"blocks"`, `"private_metadata":"`+chars(3000)+`","blocks"`, 1), strings.Replace(modal(""), `"blocks"`, `"private_metadata":"`+chars(3001)+`","blocks"`, 1)},
		"max_length":       {modal(field("a", `{"type":"plain_text_input","action_id":"text","max_length":3000}`)), modal(field("a", `{"type":"plain_text_input","action_id":"text","max_length":3001}`))},
		"initial value": {
			modal(field("a", `{"type":"plain_text_input","action_id":"text","max_length":5,"initial_value":"12345"}`)),
			modal(field("a", `{"type":"plain_text_input","action_id":"text","max_length":5,"initial_value":"123456"}`)),
		},
		"placeholder": {
			modal(field("a", `{"type":"plain_text_input","action_id":"text","placeholder":`+plainText(chars(150))+`}`)),
			modal(field("a", `{"type":"plain_text_input","action_id":"text","placeholder":`+plainText(chars(151))+`}`)),
		},
		"100 blocks":        {modal(strings.TrimSuffix(strings.Repeat(`{"type":"divider"},`, 100), ",")), modal(strings.TrimSuffix(strings.Repeat(`{"type":"divider"},`, 101), ","))},
		"a button is asked": {modal(field("a", textInput)), modal(field("a", `{"type":"button","action_id":"b","text":`+plainText("x")+`}`))},
	} {
		if out := b.openForm(c.fits); out["ok"] != true {
			t.Errorf("%s: refused at the limit: %v", name, out)
		}
		if out := b.openForm(c.breaks); out["error"] != "invalid_arguments" {
			t.Errorf("%s: taken beyond the limit: %v", name, out)
		}
	}
	heavy := strings.Repeat(`{"type":"section","text":`+plainText(chars(3000))+`},`, 90)
	if out := b.openForm(modal(strings.TrimSuffix(heavy, ","))); out["error"] != "view_too_large" {
		t.Errorf("%v", out["error"])
	}
}

func TestSlackTriggersAndHashes(t *testing.T) {
	t.Parallel()
	b := start(t)
	trigger := b.trigger()
	open := func() map[string]any {
		return b.slackCall("views.open", url.Values{"trigger_id": {trigger}, "view": {modal(field("a", textInput))}})
	}
	first := open()
	if first["ok"] != true {
		t.Fatalf("%v", first)
	}
	if out := open(); out["error"] != "exchanged_trigger_id" {
		t.Errorf("a trigger used twice: %v", out)
	}
	view := first["view"].(map[string]any)
	update := func(hash any) map[string]any {
		return b.slackCall("views.update", url.Values{"view_id": {view["id"].(string)}, "hash": {hash.(string)}, "view": {modal(field("a", textInput))}})
	}
	second := update(view["hash"])
	if second["ok"] != true {
		t.Errorf("%v", second)
	}
	if out := update(view["hash"]); out["error"] != "hash_conflict" {
		t.Errorf("an old hash: %v", out)
	}
	home := func(hash string) map[string]any {
		return b.slackCall("views.publish", url.Values{"user_id": {"U_MANAGER"}, "hash": {hash}, "view": {`{"type":"home","blocks":[]}`}})
	}
	if out := home(""); out["ok"] != true {
		t.Errorf("%v", out)
	}
	if out := home("old"); out["error"] != "hash_conflict" {
		t.Errorf("an old home tab: %v", out)
	}
}

func TestSlackFormsAreFilledAsTheySay(t *testing.T) {
	t.Parallel()
	b := start(t)
	answer := ""
	b.door.answer = func(h hook, _ int) (int, string) {
		if h.path == "/slack/interactions" {
			return http.StatusOK, answer
		}
		return http.StatusOK, ""
	}
	opened := b.openForm(modal(field("why", `{"type":"plain_text_input","action_id":"text","max_length":5,"min_length":2}`)))
	id := opened["view"].(map[string]any)["id"].(string)
	submit := func(block, words string) (int, string) {
		status, body := b.call(http.MethodPost, "/sandbox/slack/submit", map[string]any{
			"view_id": id, "user": "U_MANAGER", "values": map[string]any{block: map[string]any{"text": map[string]any{"type": "plain_text_input", "value": words}}},
		})
		return status, string(body)
	}
	for _, c := range []struct{ block, words, want string }{
		{"why", "123456", "has 6 characters, and takes 5"},
		{"why", "1", "wants 2"},
		{"why", "", "is empty"},
		{"other", "1234", `no field \"other\"`},
	} {
		if status, body := submit(c.block, c.words); status != http.StatusBadRequest || !strings.Contains(body, c.want) {
			t.Errorf("%s %q: %d %s", c.block, c.words, status, body)
		}
	}
	for _, c := range []string{`{"response_action":"errors","errors":{"nowhere":"wrong"}}`, `{"response_action":"update","view":{}}`, `{"response_action":"dance"}`, `oops`} {
		answer = c
		if status, body := submit("why", "1234"); status != http.StatusBadGateway || !strings.Contains(body, "trouble") {
			t.Errorf("an answer that Slack cannot show, %s: %d %s", c, status, body)
		}
	}
	answer = `{"response_action":"errors","errors":{"why":"Not that."}}`
	if status, body := submit("why", "1234"); status != http.StatusOK || !strings.Contains(body, "Not that.") {
		t.Errorf("%d %s", status, body)
	}
	answer = ""
	if status, _ := submit("why", "1234"); status != http.StatusOK {
		t.Errorf("the form is closed: %d", status)
	}
	if status, _ := submit("why", "1234"); status != http.StatusNotFound {
		t.Errorf("a form that is closed already: %d", status)
	}
}

func TestSlackChannels(t *testing.T) {
	t.Parallel()
	b := start(t)
	for channel, want := range map[string]string{"C0ARCHIVED": "is_archived", "C0ELSEWHERE": "not_in_channel", "#board": "not_in_channel", "C0NOWHERE": "channel_not_found", "": "channel_not_found"} {
		if out := b.slackCall("chat.postMessage", url.Values{"channel": {channel}, "text": {"x"}}); out["error"] != want {
			t.Errorf("posting to %q: %v", channel, out["error"])
		}
	}
	if out := b.slackCall("conversations.history", url.Values{"channel": {"C0ARCHIVED"}}); out["ok"] != true {
		t.Errorf("an archive can be read: %v", out)
	}
	if out := b.slackCall("conversations.history", url.Values{"channel": {"C0ELSEWHERE"}}); out["error"] != "not_in_channel" {
		t.Errorf("%v", out)
	}
	info := b.slackCall("conversations.info", url.Values{"channel": {"C0ARCHIVED"}})
	if c, _ := info["channel"].(map[string]any); c["is_archived"] != true || c["is_member"] != true {
		t.Errorf("%v", info)
	}
}
