package vendors_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// said posts a message and gives its ts.
func (b *box) said(form url.Values) string {
	b.t.Helper()
	if form.Get("channel") == "" {
		form.Set("channel", b.keys["slack_channel"])
	}
	out := b.slackCall("chat.postMessage", form)
	if out["ok"] != true {
		b.t.Fatal(out)
	}
	return out["ts"].(string)
}

// TestSlackRefusesInItsOwnWords goes through what an app can do wrong, and what Slack calls it.
func TestSlackRefusesInItsOwnWords(t *testing.T) {
	t.Parallel()
	b := start(t)
	here := b.keys["slack_channel"]
	card := b.said(url.Values{"text": {"card"}})
	b.post("/sandbox/slack/write", map[string]any{"user": "U_MANAGER", "channel": here, "text": "Mine <3"})
	var all struct{ Messages []struct{ TS, Text string } }
	b.get("/sandbox/slack/messages", &all)
	theirs := all.Messages[len(all.Messages)-1]
	if theirs.Text != "Mine &lt;3" {
		t.Errorf("what people type is kept as Slack writes it, not as %q", theirs.Text)
	}
	b.post("/sandbox/slack/person", map[string]any{"user": "U_PREPARER", "deleted": true})
	whisper := b.slackCall("chat.postEphemeral", url.Values{"channel": {here}, "user": {"U_MANAGER"}, "text": {"psst"}})["message_ts"].(string)
	if out := b.slackCall("pins.add", url.Values{"channel": {here}, "timestamp": {card}}); out["ok"] != true {
		t.Fatal(out)
	}
	for _, c := range []struct {
		method string
		form   url.Values
		want   string
	}{
		{"chat.postMessage", url.Values{"text": {"x"}, "thread_ts": {"1.000000"}}, "thread_not_found"},
		{"chat.postMessage", url.Values{"text": {"x"}, "thread_ts": {whisper}}, "thread_not_found"},
		{"chat.postMessage", url.Values{"text": {"x"}, "metadata": {`"words"`}}, "invalid_metadata_format"},
		{"chat.postMessage", url.Values{"text": {"x"}, "metadata": {`{"event_type":"a"}`}}, "invalid_metadata_schema"},
		{"chat.postMessage", url.Values{"text": {"x"}, "channel": {"G0PRIVATE"}}, "channel_not_found"},
		{"chat.postMessage", url.Values{"text": {"x"}, "channel": {"DU_PREPARER"}}, "channel_not_found"},
		{"chat.postEphemeral", url.Values{"text": {"x"}, "user": {"U_NOBODY"}}, "user_not_in_channel"},
		{"chat.postEphemeral", url.Values{"text": {"x"}, "user": {"U_PREPARER"}}, "user_not_in_channel"},
		{"chat.postEphemeral", url.Values{"text": {"x"}, "user": {"U_GUEST"}, "channel": {"C0FINANCE"}}, "user_not_in_channel"},
		{"chat.update", url.Values{"text": {"x"}, "ts": {"1.000000"}}, "message_not_found"},
		{"chat.update", url.Values{"text": {"x"}, "ts": {whisper}}, "message_not_found"},
		{"chat.update", url.Values{"text": {"x"}, "ts": {theirs.TS}}, "cant_update_message"},
		{"chat.update", url.Values{"text": {chars(4001)}, "ts": {card}}, "msg_too_long"},
		{"chat.update", url.Values{"text": {"x"}, "ts": {card}, "channel": {"C0ARCHIVED"}}, "is_inactive"},
		{"chat.delete", url.Values{"ts": {theirs.TS}}, "cant_delete_message"},
		{"chat.delete", url.Values{"ts": {"1.000000"}}, "message_not_found"},
		{"conversations.replies", url.Values{"ts": {"1.000000"}}, "thread_not_found"},
		{"conversations.history", url.Values{"limit": {"1000"}}, "invalid_limit"},
		{"conversations.history", url.Values{"cursor": {"x"}}, "invalid_cursor"},
		{"conversations.info", url.Values{"channel": {"G0PRIVATE"}}, "channel_not_found"},
		{"conversations.join", url.Values{"channel": {"C0ARCHIVED"}}, "is_archived"},
		{"conversations.join", url.Values{"channel": {"G0PRIVATE"}}, "channel_not_found"},
		{"conversations.join", url.Values{"channel": {"DU_MANAGER"}}, "method_not_supported_for_channel_type"},
		{"conversations.open", url.Values{}, "users_list_not_supplied"},
		{"conversations.open", url.Values{"users": {"U_NOBODY"}}, "user_not_found"},
		{"conversations.open", url.Values{"users": {"U_PREPARER"}}, "user_disabled"},
		{"pins.add", url.Values{}, "no_item_specified"},
		{"pins.add", url.Values{"timestamp": {card}}, "already_pinned"},
		{"pins.add", url.Values{"timestamp": {whisper}}, "message_not_found"},
		{"pins.remove", url.Values{"timestamp": {theirs.TS}}, "no_pin"},
		{"users.info", url.Values{"user": {"U_NOBODY"}}, "user_not_found"},
		{"users.lookupByEmail", url.Values{"email": {"preparer@acme.example"}}, "users_not_found"},
		{"files.info", url.Values{"file": {"F0"}}, "file_not_found"},
		{"views.publish", url.Values{"user_id": {"U_PREPARER"}, "view": {`{"type":"home","blocks":[]}`}}, "user_not_found"},
		{"views.push", url.Values{"trigger_id": {"1.2.3"}, "view": {modal("")}}, "invalid_trigger_id"},
		{"views.update", url.Values{"view_id": {"V0"}, "view": {modal("")}}, "not_found"},
	} {
		if c.form.Get("channel") == "" && c.method != "conversations.open" {
			c.form.Set("channel", here)
		}
		if out := b.slackCall(c.method, c.form); out["error"] != c.want {
			t.Errorf("%s %v: %v, want %s", c.method, c.form, out, c.want)
		}
	}
}

// TestSlackScopes: what the app was not installed for is refused with what is needed and what there is.
func TestSlackScopes(t *testing.T) {
	t.Parallel()
	b := start(t)
	here := b.keys["slack_channel"]
	b.post("/sandbox/slack/install", map[string]any{"scopes": []string{"chat:write", "channels:history"}})
	for method, needed := range map[string]string{
		"conversations.join": "channels:join", "conversations.open": "im:write", "pins.add": "pins:write", "users.info": "users:read",
		"users.lookupByEmail": "users:read.email", "files.info": "files:read",
	} {
		if out := b.slackCall(method, url.Values{"channel": {here}}); out["error"] != "missing_scope" || out["needed"] != needed || out["provided"] != "chat:write,channels:history" {
			t.Errorf("%s: %v", method, out)
		}
	}
	if out := b.slackCall("conversations.history", url.Values{"channel": {here}}); out["ok"] != true {
		t.Error(out)
	}
	if out := b.slackCall("conversations.history", url.Values{"channel": {"DU_MANAGER"}}); out["error"] != "missing_scope" || out["needed"] != "im:history" {
		t.Errorf("each kind of channel has its own scope: %v", out)
	}
	if out := b.openForm(modal(field("f", `{"type":"file_input","action_id":"file"}`))); out["error"] != "invalid_arguments" || !strings.Contains(fmt.Sprint(out), "files:read") {
		t.Errorf("a field for files needs its scope: %v", out)
	}
	if status, body := b.call(http.MethodPost, "/sandbox/slack/install", map[string]any{"scopes": []string{"chat:dance"}}); status != http.StatusBadRequest || !strings.Contains(string(body), "channels:join") {
		t.Errorf("%d %s", status, body)
	}
}

func TestSlackThreadsPinsAndMetadata(t *testing.T) {
	t.Parallel()
	b := start(t)
	here := b.keys["slack_channel"]
	meta := `{"event_type":"rapport_board","event_payload":{"key":"campaign/1/board"}}`
	head := b.said(url.Values{"text": {"head"}, "metadata": {meta}})
	first := b.said(url.Values{"text": {"first"}, "thread_ts": {head}, "metadata": {meta}})
	b.said(url.Values{"text": {"second"}, "thread_ts": {first}, "reply_broadcast": {"true"}})
	texts := func(out map[string]any) (got []string) {
		for _, m := range out["messages"].([]any) {
			got = append(got, m.(map[string]any)["text"].(string))
		}
		return got
	}
	thread := b.slackCall("conversations.replies", url.Values{"channel": {here}, "ts": {head}, "include_all_metadata": {"true"}})
	if got := strings.Join(texts(thread), " "); got != "head first second" {
		t.Errorf("a thread reads as it was written, not %s", got)
	}
	if m := thread["messages"].([]any)[1].(map[string]any); m["metadata"] == nil || m["thread_ts"] != head {
		t.Errorf("%v", m)
	}
	plain := b.slackCall("conversations.replies", url.Values{"channel": {here}, "ts": {head}, "limit": {"2"}})
	next := plain["response_metadata"].(map[string]any)["next_cursor"].(string)
	rest := b.slackCall("conversations.replies", url.Values{"channel": {here}, "ts": {head}, "cursor": {next}})
	if m := plain["messages"].([]any)[0].(map[string]any); m["metadata"] != nil || m["reply_count"] != 2.0 || plain["has_more"] != true || strings.Join(texts(rest), " ") != "second" {
		t.Errorf("%v then %v", plain, rest)
	}
	if out := b.slackCall("pins.add", url.Values{"channel": {here}, "timestamp": {head}}); out["ok"] != true {
		t.Error(out)
	}
	history := b.slackCall("conversations.history", url.Values{"channel": {here}})
	if got := strings.Join(texts(history), "|"); got != "pinned a message to this channel.|second|head" {
		t.Errorf("the channel reads %s", got)
	}
	if pins := b.slackCall("pins.list", url.Values{"channel": {here}})["items"].([]any); len(pins) != 1 {
		t.Errorf("%v", pins)
	}
	if n := len(b.truth("messages")); n != 3 {
		t.Errorf("%d acts of the app, Slack's own line is none", n)
	}
	b.slackCall("chat.update", url.Values{"channel": {here}, "ts": {head}, "text": {"head, again"}})
	b.slackCall("chat.update", url.Values{"channel": {here}, "ts": {first}, "text": {"first, again"}, "metadata": {"{}"}})
	thread = b.slackCall("conversations.replies", url.Values{"channel": {here}, "ts": {first}, "include_all_metadata": {"true"}})
	kept, gone := thread["messages"].([]any)[0].(map[string]any), thread["messages"].([]any)[1].(map[string]any)
	if kept["metadata"] == nil || kept["edited"] == nil || gone["metadata"] != nil || gone["text"] != "first, again" {
		t.Errorf("an edit keeps the metadata that it does not name: %v, %v", kept, gone)
	}
	b.slackCall("chat.delete", url.Values{"channel": {here}, "ts": {head}})
	if pins := b.slackCall("pins.list", url.Values{"channel": {here}})["items"].([]any); len(pins) != 0 {
		t.Errorf("a message that is gone is pinned: %v", pins)
	}
}

func TestSlackChannelsAndPeopleChange(t *testing.T) {
	t.Parallel()
	b := start(t)
	if out := b.slackCall("chat.postMessage", url.Values{"channel": {"C0ELSEWHERE"}, "text": {"x"}}); out["error"] != "not_in_channel" {
		t.Error(out)
	}
	if out := b.slackCall("conversations.join", url.Values{"channel": {"C0ELSEWHERE"}}); out["ok"] != true {
		t.Error(out)
	}
	if out := b.slackCall("conversations.join", url.Values{"channel": {"C0ELSEWHERE"}}); out["warning"] != "already_in_channel" {
		t.Error(out)
	}
	b.said(url.Values{"channel": {"C0ELSEWHERE"}, "text": {"now"}})
	b.post("/sandbox/slack/channel", map[string]any{"user": "U_MANAGER", "channel": "G0PRIVATE", "do": "invite"})
	joined := b.door.wait(t, "/slack/events", 2)
	if last := string(joined[1].body); !strings.Contains(last, "member_joined_channel") || !strings.Contains(last, "G0PRIVATE") || !strings.Contains(last, "U_MANAGER") {
		t.Errorf("%s", last)
	}
	b.said(url.Values{"channel": {"G0PRIVATE"}, "text": {"thank you"}})
	b.post("/sandbox/slack/channel", map[string]any{"user": "U_MANAGER", "channel": "G0PRIVATE", "do": "archive"})
	if out := b.slackCall("chat.postMessage", url.Values{"channel": {"G0PRIVATE"}, "text": {"x"}}); out["error"] != "is_archived" {
		t.Error(out)
	}
	b.post("/sandbox/slack/person", map[string]any{"user": "U_FINANCE2", "tz": "Asia/Tokyo", "status_text": "Vacation", "status_emoji": ":palm_tree:"})
	user := b.slackCall("users.info", url.Values{"user": {"U_FINANCE2"}})["user"].(map[string]any)
	profile := user["profile"].(map[string]any)
	if user["tz"] != "Asia/Tokyo" || user["tz_offset"] != 32400.0 || profile["status_text"] != "Vacation" || profile["status_emoji"] != ":palm_tree:" {
		t.Errorf("%v", user)
	}
	b.post("/sandbox/slack/person", map[string]any{"user": "U_FINANCE2", "status_text": "Lunch", "expires": time.Now().Add(-time.Minute)})
	user = b.slackCall("users.info", url.Values{"user": {"U_FINANCE2"}})["user"].(map[string]any)
	if user["profile"].(map[string]any)["status_text"] != "" {
		t.Errorf("a status that is over: %v", user)
	}
	if guest := b.slackCall("users.info", url.Values{"user": {"U_GUEST"}})["user"].(map[string]any); guest["is_restricted"] != true {
		t.Errorf("%v", guest)
	}
	for path, in := range map[string]any{
		"/sandbox/slack/person":  map[string]any{"user": "U_MANAGER", "tz": "Mars/Base"},
		"/sandbox/slack/channel": map[string]any{"user": "U_MANAGER", "channel": "C0FINANCE", "do": "dance"},
		"/sandbox/slack/write":   map[string]any{"user": "U_GUEST", "channel": "C0FINANCE", "text": "x"},
		"/sandbox/slack/command": map[string]any{"user": "U_MANAGER", "channel": "C0ARCHIVED", "text": "x"},
	} {
		if status, body := b.call(http.MethodPost, path, in); status < 400 || status > 499 {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

// TestSlackAnswersByResponseURL: five, in any channel, to one or to all; only a press has an original.
func TestSlackAnswersByResponseURL(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.post("/sandbox/slack/command", map[string]any{"user": "U_MANAGER", "channel": "C0ELSEWHERE", "text": "note @ana A&B <now>"})
	form := b.door.wait(t, "/slack/commands", 1)[0].form
	if form.Get("text") != "note @ana A&amp;B &lt;now&gt;" || form.Get("channel_name") != "board" {
		t.Errorf("%v", form)
	}
	say := func(address string, body any) (int, string) {
		status, answer := b.call(http.MethodPost, strings.TrimPrefix(address, b.url), body)
		return status, string(answer)
	}
	seen := func() (out []string) {
		var all struct {
			Messages []struct{ Text, Channel, Ephemeral string }
		}
		b.get("/sandbox/slack/messages", &all)
		for _, m := range all.Messages {
			out = append(out, m.Channel+" "+m.Ephemeral+" "+m.Text)
		}
		return out
	}
	answer := form.Get("response_url")
	if _, body := say(answer, map[string]any{"text": "x", "response_type": "loud"}); !strings.Contains(body, "invalid_response_type") {
		t.Error(body)
	}
	for _, in := range []map[string]any{{"text": "One moment"}, {"text": "Done", "replace_original": true}, {"text": "All", "response_type": "in_channel"}, {"text": "4"}, {"text": "5"}} {
		if status, body := say(answer, in); status != http.StatusOK {
			t.Errorf("%v: %d %s", in, status, body)
		}
	}
	if status, body := say(answer, map[string]any{"text": "6"}); status != http.StatusNotFound || !strings.Contains(body, "used_url") {
		t.Errorf("a sixth answer: %d %s", status, body)
	}
	want := "C0ELSEWHERE U_MANAGER One moment|C0ELSEWHERE U_MANAGER Done|C0ELSEWHERE  All|C0ELSEWHERE U_MANAGER 4|C0ELSEWHERE U_MANAGER 5"
	if got := strings.Join(seen(), "|"); got != want {
		t.Errorf("%s", got)
	}
	press := button(`,"action_id":"a","text":` + plainText("x"))
	whisper := b.slackCall("chat.postEphemeral", url.Values{"channel": {b.keys["slack_channel"]}, "user": {"U_FINANCE"}, "blocks": {"[" + press + "]"}, "text": {"?"}})["message_ts"]
	if status, _ := b.call(http.MethodPost, "/sandbox/slack/click", map[string]any{"user": "U_MANAGER", "channel": b.keys["slack_channel"], "ts": whisper, "action_id": "a"}); status != http.StatusNotFound {
		t.Errorf("somebody else presses what they cannot see: %d", status)
	}
	b.post("/sandbox/slack/click", map[string]any{"user": "U_FINANCE", "channel": b.keys["slack_channel"], "ts": whisper, "action_id": "a"})
	var pressed struct {
		ResponseURL string `json:"response_url"`
	}
	if err := json.Unmarshal([]byte(b.door.wait(t, "/slack/interactions", 1)[0].form.Get("payload")), &pressed); err != nil {
		t.Fatal(err)
	}
	say(pressed.ResponseURL, map[string]any{"text": "Taken", "replace_original": true})
	if got := seen(); got[len(got)-1] != b.keys["slack_channel"]+" U_FINANCE Taken" || len(got) != 6 {
		t.Errorf("what one person sees is replaced by a press's response_url: %v", got)
	}
	say(pressed.ResponseURL, map[string]any{"delete_original": true})
	if got := seen(); len(got) != 5 {
		t.Errorf("%v", got)
	}
}

// attach uploads a file for a person and gives its id.
func (b *box) attach(user, name, text string) (string, int) {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("user", user)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	fmt.Fprint(part, text)
	form.Close()
	status, answer := b.call(http.MethodPost, "/sandbox/slack/upload", body.String(), "Content-Type", form.FormDataContentType())
	var f struct{ ID string }
	_ = json.Unmarshal(answer, &f)
	return f.ID, status
}

func TestSlackFilesInForms(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.openForm(modal(field("files", `{"type":"file_input","action_id":"file","filetypes":["csv"],"max_files":1}`)))
	view := b.openViews()[0]
	csv, _ := b.attach("U_MANAGER", "creators.csv", "handle\n@ana\n")
	pdf, _ := b.attach("U_MANAGER", "brief.pdf", "%PDF")
	if _, status := b.attach("U_MANAGER", "big.csv", strings.Repeat("x", 10<<20+1)); status != http.StatusBadRequest {
		t.Errorf("more than 10 MB: %d", status)
	}
	send := func(ids ...string) (int, string) {
		var files []any
		for _, id := range ids {
			files = append(files, map[string]any{"id": id})
		}
		status, body := b.call(http.MethodPost, "/sandbox/slack/submit", map[string]any{
			"view_id": view.ViewID, "user": "U_MANAGER", "values": map[string]any{"files": map[string]any{"file": map[string]any{"type": "file_input", "files": files}}},
		})
		return status, string(body)
	}
	for want, ids := range map[string][]string{"is empty": nil, `ends in \"pdf\"`: {pdf}, "takes 1": {csv, csv}, "was not uploaded": {"F0"}} {
		if status, body := send(ids...); status != http.StatusBadRequest || !strings.Contains(body, want) {
			t.Errorf("%v: %d %s, want %s", ids, status, body, want)
		}
	}
	if status, body := send(csv); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	var sent struct {
		View struct {
			State struct {
				Values map[string]map[string]struct {
					Files []struct {
						ID, Name, URL string
						Private       string `json:"url_private"`
						Size          int
					}
				}
			}
		}
	}
	hooks := b.door.wait(t, "/slack/interactions", 1)
	if err := json.Unmarshal([]byte(hooks[len(hooks)-1].form.Get("payload")), &sent); err != nil {
		t.Fatal(err)
	}
	f := sent.View.State.Values["files"]["file"].Files[0]
	if f.ID != csv || f.Name != "creators.csv" || f.Size != 12 {
		t.Errorf("%+v", f)
	}
	info := b.slackCall("files.info", url.Values{"file": {csv}})["file"].(map[string]any)
	if info["url_private"] != f.Private || info["filetype"] != "csv" {
		t.Errorf("%v", info)
	}
	for _, address := range []string{f.Private, info["url_private_download"].(string)} {
		path := strings.TrimPrefix(address, b.url)
		if status, body := b.call(http.MethodGet, path, nil, "Authorization", "Bearer "+b.keys["slack_bot_token"]); status != http.StatusOK || string(body) != "handle\n@ana\n" {
			t.Errorf("%s: %d %s", path, status, body)
		}
		if _, body := b.call(http.MethodGet, path, nil); !strings.Contains(string(body), "Sign in") {
			t.Errorf("without the token: %s", body)
		}
	}
}

// openViews are the modals that are open.
func (b *box) openViews() (open []openView) {
	b.t.Helper()
	var all struct{ Views []openView }
	b.get("/sandbox/slack/views", &all)
	for _, v := range all.Views {
		if !v.Home {
			open = append(open, v)
		}
	}
	return open
}

type openView struct {
	ViewID  string `json:"view_id"`
	Home    bool
	Covered bool
	Errors  map[string]string
	View    struct {
		Root     string `json:"root_view_id"`
		Previous string `json:"previous_view_id"`
		Callback string `json:"callback_id"`
		State    struct {
			Values map[string]map[string]map[string]any
		}
	}
}
