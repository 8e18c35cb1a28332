package vendors_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/browsertest"
)

// asks is a field of the form that app opens.
func asks(id, label, more, element string) string {
	return `{"type":"input",` + more + `"block_id":"` + id + `","label":` + plainText(label) + `,"element":` + element + `}`
}

// app is a front door that behaves as an app does: it answers a command at once to who typed it, or with a form, takes the form when enough
// is said, and posts with an answer in the thread.
func (b *box) app() {
	const words = `"type":"plain_text_input","action_id":"text"`
	begin := `{"type":"radio_buttons","action_id":"pick","options":[{"text":` + plainText("A template") + `,"value":"v0"},{"text":` + plainText("My own file") + `,"value":"v1"}]}`
	form := func(more string) string {
		return `{"type":"modal","title":` + plainText("Launch a campaign") + `,"submit":` + plainText("Rehearse it") + `,"close":` + plainText("Not now") + `,"blocks":[` + strings.Join([]string{
			asks("source", "Begin with", `"dispatch_action":true,`, begin), asks("name", "Name", "", `{`+words+`,"max_length":80}`),
			asks("why", "Goal, in your words", `"hint":`+plainText("A goal, not a script.")+`,`, `{`+words+`,"multiline":true}`),
			asks("file", "Creators", "", `{"type":"file_input","action_id":"file","max_files":1,"filetypes":["csv"]}`),
		}, ",") + more + `]}`
	}
	appeared := "," + asks("more", "First live day", "", `{`+words+`,"initial_value":"2027-01-11"}`)
	b.door.answer = func(h hook, _ int) (int, string) {
		payload := h.form.Get("payload")
		switch {
		case h.path == "/slack/commands" && h.form.Get("text") == "launch":
			b.slackCall("views.open", url.Values{"trigger_id": {h.form.Get("trigger_id")}, "view": {form("")}})
			return http.StatusOK, ""
		case h.path == "/slack/commands":
			return http.StatusOK, `{"response_type":"ephemeral","text":"*All is well* until <!date^1796223600^{date_num} {time}|Wed>, <@U_FINANCE> :heavy_check_mark:"}`
		case strings.Contains(payload, `"block_actions"`) && strings.Contains(payload, `"pick"`):
			id := b.openViews()[0].ViewID
			b.slackCall("views.update", url.Values{"view_id": {id}, "view": {form(appeared)}})
			return http.StatusOK, ""
		case strings.Contains(payload, `"view_submission"`) && !strings.Contains(payload, "slow mornings"):
			return http.StatusOK, `{"response_action":"errors","errors":{"why":"Say what for."}}`
		case strings.Contains(payload, `"view_submission"`):
			ts := b.said(url.Values{"text": {"launched"}, "blocks": {`[{"type":"section","text":{"type":"mrkdwn","text":"*Spring Thaw* is launched by <@U_MANAGER>. First live day: <!date^1799676000^{date_short}|11 Jan>."},"accessory":{"type":"overflow","action_id":"menu","options":[` + options(2) + `]}}]`}})
			b.said(url.Values{"text": {"30 invitations left, 8 standbys wait."}, "thread_ts": {ts}})
		}
		return http.StatusOK, ""
	}
}

// try does steps in the browser, each of which waits for what it needs, within a minute.
func try(t *testing.T, ctx context.Context, what string, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	limited, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(limited, steps...); err != nil {
		page, unread := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + " " + document.body.innerText`))
		t.Fatalf("%s: %v; the page: %s, %v", what, err, page, unread)
	}
}

func read[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// TestSlackInABrowser plays somebody at a desk, then on a phone: a command, an answer that only they see, a form with its errors and what
// was typed kept, and a thread.
func TestSlackInABrowser(t *testing.T) {
	ctx := browsertest.Phone(t)
	for _, device := range []struct {
		name          string
		width, height int64
	}{{"desk", 1280, 800}, {"phone", 390, 844}} {
		t.Run(device.name, func(t *testing.T) {
			b := start(t)
			b.app()
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(device.width, device.height)); err != nil {
				t.Fatal(err)
			}
			b.plays(t, ctx, device.name)
		})
	}
}

func (b *box) plays(t *testing.T, ctx context.Context, device string) {
	for _, m := range []partnership.Message{
		{
			Key: "partnership/1/content/draft-1/review/1", Kind: "review_draft", Text: "Draft by @stud.and.stone to review", Body: "Raw cut, the sound is not final.",
			Facts:   []partnership.Fact{{Label: "Campaign", Value: "Dreams Sunset"}, {Label: "Guardrail", Value: "A burning candle is never left alone or near a child."}},
			Buttons: []partnership.Button{{ActionID: "review:approve", Label: "Approve", Value: "1", Style: "primary"}, {ActionID: "review:change", Label: "Ask for changes", Value: "1"}},
			Context: "Nobody answers: approved by rule.",
		},
		{
			Key: "partnership/2/content/draft-1/escalate/1", Kind: "went_quiet", Text: "@lowlight.lena has gone quiet", Body: "Rapport waits for the creator's draft and hears nothing.",
			Facts:   []partnership.Fact{{Label: "Campaign", Value: "Dreams Sunset"}},
			Buttons: []partnership.Button{{ActionID: "quiet:more", Label: "Give 3 more days", Value: "2"}, {ActionID: "quiet:replace", Label: "Replace", Value: "2", Style: "danger"}},
		},
	} {
		if _, err := b.chat().PostMessage(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	at := b.url + "/slack?user=U_MANAGER"
	try(t, ctx, "a command", chromedp.Navigate(at), chromedp.SendKeys(`#text`, "/rapport status\r"), chromedp.WaitVisible(`.line.only`))
	said := read[string](t, ctx, `document.querySelector(".line.only").innerText`)
	if !strings.Contains(said, "Only visible to you") || !strings.Contains(said, "2026-12-02 10:00 AM, @Frankie Finance ✔️") {
		t.Errorf("the answer reads %q", said)
	}
	if bold := read[string](t, ctx, `document.querySelector(".line.only strong:not(.who strong)").innerText`); bold != "All is well" {
		t.Errorf("bold is %q", bold)
	}
	if _, page := b.call(http.MethodGet, "/slack?user=U_FINANCE", nil); strings.Contains(string(page), "All is well") {
		t.Error("what only one person sees is shown to another")
	}
	try(t, ctx, "a form", chromedp.SendKeys(`#text`, "/rapport launch\r"), chromedp.WaitVisible(`#modal`))
	const name, why = `#modal input[name^=name]`, `#modal textarea`
	try(t, ctx, "a choice redraws the form", chromedp.SendKeys(name, "Spring Thaw"), chromedp.Click(`#modal .choice:last-child input`), chromedp.WaitVisible(`#modal input[value="2027-01-11"]`))
	if kept := read[string](t, ctx, `document.querySelector('`+name+`').value`); kept != "Spring Thaw" {
		t.Errorf("after a choice the name is %q", kept)
	}
	file := filepath.Join(t.TempDir(), "creators.csv")
	if err := os.WriteFile(file, []byte("handle\n@ana\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	try(t, ctx, "a file, and too few words", chromedp.SetUploadFiles(`#modal input[type=file]`, []string{file}), chromedp.WaitVisible(`#modal .file`),
		chromedp.SendKeys(why, "candles"), chromedp.Click(`#modal .foot .primary`), chromedp.WaitVisible(`#modal .problem`))
	browsertest.Picture(t, ctx, "slack-form-"+device)
	kept := read[string](t, ctx, `[document.querySelector('`+name+`').value, document.querySelector('`+why+`').value, document.querySelector("#modal .problem").innerText, document.querySelector("#modal .file").innerText].join("|")`)
	if !strings.HasPrefix(kept, "Spring Thaw|candles|⚠ Say what for.|creators.csv") {
		t.Errorf("the form says %q", kept)
	}
	try(t, ctx, "mended", chromedp.SendKeys(why, " for slow mornings"), chromedp.Click(`#modal .foot .primary`), chromedp.WaitNotPresent(`#modal`), chromedp.WaitVisible(`a.answers:not(.none)`))
	try(t, ctx, "its thread", chromedp.Click(`a.answers:not(.none)`), chromedp.WaitVisible(`#thread`))
	if thread := read[string](t, ctx, `document.querySelector("#thread").innerText`); !strings.Contains(thread, "30 invitations left") {
		t.Errorf("the thread reads %q", thread)
	}
	b.post("/sandbox/slack/write", map[string]any{"user": "U_FINANCE", "channel": b.keys["slack_channel"], "thread_ts": b.threadHead(), "text": "Seen _this_"})
	try(t, ctx, "what another writes appears by itself", chromedp.WaitVisible(`#thread em`))
	browsertest.Picture(t, ctx, "slack-thread-"+device)
	if wide := read[bool](t, ctx, `document.documentElement.scrollWidth > window.innerWidth`); wide {
		t.Error("the page is wider than the window")
	}
}

// threadHead is the message that the app posted last outside of a thread.
func (b *box) threadHead() string {
	var all struct {
		Messages []struct{ TS, Text string }
	}
	b.get("/sandbox/slack/messages", &all)
	for _, m := range all.Messages {
		if m.Text == "launched" {
			return m.TS
		}
	}
	b.t.Fatal("nothing was launched")
	return ""
}
