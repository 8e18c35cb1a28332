package vendors_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	kit "github.com/slack-go/slack"

	"github.com/rapport-dev/rapport/integrations/slack"
	"github.com/rapport-dev/rapport/web/slackapp"
)

// slackCall calls a method as a form, as slack-go does.
func (b *box) slackCall(method string, form url.Values) map[string]any {
	b.t.Helper()
	form.Set("token", b.keys["slack_bot_token"])
	status, body := b.call(http.MethodPost, "/slack/api/"+method, form)
	var out map[string]any
	if err := json.Unmarshal(body, &out); err != nil || status != http.StatusOK {
		b.t.Fatalf("%s: %d %s", method, status, body)
	}
	return out
}

// TestClick walks a whole decision: card, click, modal, submission, answer by response_url.
func TestClick(t *testing.T) {
	t.Parallel()
	b := start(t)
	ref, err := b.chat().PostMessage(ctx, card())
	if err != nil {
		t.Fatal(err)
	}
	var answers []string
	b.door.answer = func(h hook, _ int) (int, string) {
		if err := slack.Verify([]string{b.keys["slack_signing_secret"]}, h.header, h.body, time.Now()); err != nil {
			t.Error(err)
		}
		in, err := slackapp.ParseInteraction(h.body)
		if err != nil {
			t.Error(err)
			return http.StatusBadRequest, ""
		}
		if in.Type == kit.InteractionTypeViewSubmission {
			answers = append(answers, in.View.State.Values["why"]["text"].Value)
			return http.StatusOK, ""
		}
		if in.ActionCallback.BlockActions[0].Value != "0198-aaaa" || in.Message.Timestamp != ref.TS || in.User.ID != "U_MANAGER" {
			t.Errorf("%+v", in)
		}
		view := kit.ModalViewRequest{
			Type: kit.VTModal, Title: kit.NewTextBlockObject("plain_text", "Changes", false, false), Submit: kit.NewTextBlockObject("plain_text", "Send", false, false),
			Blocks: kit.Blocks{BlockSet: []kit.Block{kit.NewInputBlock("why", kit.NewTextBlockObject("plain_text", "Why?", false, false), nil,
				kit.NewPlainTextInputBlockElement(nil, "text"))}},
		}
		if err := b.chat().OpenView(ctx, in.TriggerID, view); err != nil {
			t.Error(err)
		}
		if err := b.chat().OpenView(ctx, in.TriggerID, view); err == nil {
			t.Error("a trigger works once")
		}
		status, body := b.call(http.MethodPost, strings.TrimPrefix(in.ResponseURL, b.url), map[string]any{"text": "Noted", "replace_original": true})
		if status != http.StatusOK {
			t.Errorf("response_url: %d %s", status, body)
		}
		return http.StatusOK, ""
	}
	out := b.post("/sandbox/slack/click", map[string]any{"channel": ref.Channel, "ts": ref.TS, "action_id": "review:change", "value": "0198-aaaa", "user": "U_MANAGER"})
	if out["status"] != 200.0 {
		t.Fatalf("%v", out)
	}
	var views struct {
		Views []struct {
			ID string `json:"view_id"`
		}
	}
	b.get("/sandbox/slack/views", &views)
	if len(views.Views) != 1 {
		t.Fatalf("%d open views", len(views.Views))
	}
	b.post("/sandbox/slack/submit", map[string]any{
		"view_id": views.Views[0].ID, "user": "U_MANAGER", "values": map[string]any{"why": map[string]any{"text": map[string]any{"type": "plain_text_input", "value": "Too dark"}}},
	})
	b.get("/sandbox/slack/views", &views)
	if len(answers) != 1 || answers[0] != "Too dark" || len(views.Views) != 0 {
		t.Errorf("answers %v, %d views still open", answers, len(views.Views))
	}
	var messages struct {
		Messages []struct {
			Text    string
			Key     string
			Buttons []any
		}
	}
	b.get("/sandbox/slack/messages", &messages)
	if len(messages.Messages) != 1 || messages.Messages[0].Text != "Noted" || messages.Messages[0].Key != string(card().Key) || len(messages.Messages[0].Buttons) != 0 {
		t.Errorf("%+v", messages)
	}
}

func TestCommandAndHome(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.door.answer = func(h hook, _ int) (int, string) {
		if h.path == "/slack/events" {
			return http.StatusOK, ""
		}
		cmd, err := slackapp.ParseCommand(h.body)
		if err != nil || cmd.Text != "status" {
			t.Errorf("%+v %v", cmd, err)
		}
		return http.StatusOK, `{"response_type":"ephemeral","text":"All is well"}`
	}
	b.post("/sandbox/slack/command", map[string]any{"user": "U_FINANCE", "text": "status"})
	var said struct{ Responses []struct{ Text, User string } }
	b.get("/sandbox/slack/responses", &said)
	if len(said.Responses) != 1 || said.Responses[0].Text != "All is well" || said.Responses[0].User != "U_FINANCE" {
		t.Errorf("%+v", said)
	}
	b.post("/sandbox/slack/home", map[string]any{"user": "U_MANAGER"})
	h := b.door.wait(t, "/slack/events", 1)[0]
	if err := slack.Verify([]string{b.keys["slack_signing_secret"]}, h.header, h.body, time.Now()); err != nil || !strings.Contains(string(h.body), "app_home_opened") {
		t.Errorf("%s %v", h.body, err)
	}
}

func TestBlockKitMistakes(t *testing.T) {
	t.Parallel()
	b := start(t)
	post := func(blocks string) map[string]any {
		return b.slackCall("chat.postMessage", url.Values{"channel": {b.keys["slack_channel"]}, "blocks": {blocks}})
	}
	long := strings.Repeat("x", 3001)
	for name, blocks := range map[string]string{
		"no text":          `[{"type":"section"}]`,
		"long text":        `[{"type":"section","text":{"type":"mrkdwn","text":"` + long + `"}}]`,
		"mrkdwn header":    `[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`,
		"unknown block":    `[{"type":"selection"}]`,
		"bad style":        `[{"type":"actions","elements":[{"type":"button","style":"green","text":{"type":"plain_text","text":"x"}}]}]`,
		"twin actions":     `[{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"x"}},{"type":"button","action_id":"a","text":{"type":"plain_text","text":"y"}}]}]`,
		"empty actions":    `[{"type":"actions","elements":[]}]`,
		"half a question":  `[{"type":"actions","elements":[{"type":"button","confirm":{"title":{"type":"plain_text","text":"x"}},"text":{"type":"plain_text","text":"x"}}]}]`,
		"not a list":       `{"type":"section"}`,
		"twin block ids":   `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`,
		"empty plain text": `[{"type":"header","text":{"type":"plain_text","text":""}}]`,
	} {
		if out := post(blocks); out["ok"] != false || out["error"] != "invalid_blocks" {
			t.Errorf("%s: %v", name, out)
		}
	}
	if out := post(`[{"type":"section","text":{"type":"mrkdwn","text":"*fine*"}}]`); out["ok"] != true {
		t.Errorf("%v", out)
	}
	if out := b.slackCall("chat.postMessage", url.Values{"channel": {b.keys["slack_channel"]}}); out["error"] != "no_text" {
		t.Errorf("%v", out)
	}
	if out := b.slackCall("chat.dance", url.Values{}); out["error"] != "unknown_method" {
		t.Errorf("%v", out)
	}
	if out := b.slackCall("views.open", url.Values{"trigger_id": {"1.2.3"}, "view": {"{}"}}); out["error"] != "invalid_trigger_id" {
		t.Errorf("%v", out)
	}
	if out := b.slackCall("users.lookupByEmail", url.Values{"email": {"finance@acme.example"}}); out["ok"] != true {
		t.Errorf("%v", out)
	}
}

func TestHistoryPages(t *testing.T) {
	t.Parallel()
	b := start(t)
	for _, text := range []string{"one", "two", "three"} {
		if out := b.slackCall("chat.postMessage", url.Values{"channel": {b.keys["slack_channel"]}, "text": {text}}); out["ok"] != true {
			t.Fatal(out)
		}
	}
	var got []string
	for cursor := "first"; cursor != ""; {
		form := url.Values{"channel": {b.keys["slack_channel"]}, "limit": {"2"}}
		if cursor != "first" {
			form.Set("cursor", cursor)
		}
		out := b.slackCall("conversations.history", form)
		for _, m := range out["messages"].([]any) {
			got = append(got, m.(map[string]any)["text"].(string))
		}
		cursor = out["response_metadata"].(map[string]any)["next_cursor"].(string)
	}
	if strings.Join(got, " ") != "three two one" {
		t.Errorf("%v", got)
	}
}
