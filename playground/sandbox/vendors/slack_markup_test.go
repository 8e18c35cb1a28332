package vendors_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// drawnIn is what the page shows of a message to somebody.
func (b *box) drawnIn(user string, message url.Values) string {
	b.t.Helper()
	ts := b.said(message)
	_, body := b.call(http.MethodGet, "/slack?user="+user, nil)
	_, after, found := strings.Cut(string(body), `id="m`+strings.ReplaceAll(ts, ".", "-")+`"`)
	if !found {
		b.t.Fatalf("the page has no message %s", ts)
	}
	drawn, _, _ := strings.Cut(after, "</article>")
	return drawn
}

// TestSlackDrawsItsMarkup goes through mrkdwn: what is markup there, what is not, and that nothing else ever is.
func TestSlackDrawsItsMarkup(t *testing.T) {
	t.Parallel()
	b := start(t)
	for text, want := range map[string]string{
		"a *bold* word":                        "a <strong>bold</strong> word",
		"_very_ ~old~":                         "<em>very</em> <s>old</s>",
		"*both _at once_*":                     "<strong>both <em>at once</em></strong>",
		"2*3*4 snake_case_name":                "2*3*4 snake_case_name",
		"* not bold * nor*":                    "* not bold * nor*",
		"`*code* &lt;b&gt;`":                   "<code>*code* &lt;b&gt;</code>",
		"```a\n*b*```":                         "<pre>a\n*b*</pre>",
		"&gt; said\n&gt; twice\nover":          "<blockquote>said<br>twice</blockquote>over",
		"<https://a.example/x?y=1&amp;z=2|go>": `<a href="https://a.example/x?y=1&amp;z=2" target="_blank" rel="noopener">go</a>`,
		"see https://a.example/x.":             `see <a href="https://a.example/x" target="_blank" rel="noopener">https://a.example/x</a>.`,
		"<mailto:a@b.example|a@b.example>":     `<a href="mailto:a@b.example" target="_blank" rel="noopener">a@b.example</a>`,
		"<javascript:alert(1)|press>":          `>press<`,
		"<@U_FINANCE> and <#C0FINANCE>":        `<span class="mention">@Frankie Finance</span> and <span class="mention">#finance</span>`,
		"<!here>":                              `<span class="mention">@here</span>`,
		":tada: :not_one: 10:30":               "🎉 :not_one: 10:30",
		"&lt;script&gt; &amp;amp;":             "&lt;script&gt; &amp;amp;",
		`<script>"x"`:                          `script&#34;`,
	} {
		drawn := b.drawnIn("U_MANAGER", url.Values{"text": {text}})
		if text == `<script>"x"` {
			if strings.Contains(drawn, "<script") {
				t.Errorf("%s becomes a script: %s", text, drawn)
			}
			continue
		}
		if !strings.Contains(drawn, want) {
			t.Errorf("%q is drawn as %s\nand not as %s", text, drawn, want)
		}
	}
}

// A date token is read in the zone of whoever reads it.
func TestSlackDatesAreTheReadersOwn(t *testing.T) {
	t.Parallel()
	b := start(t)
	at := time.Date(2027, 1, 11, 23, 30, 0, 0, time.UTC)
	token := url.Values{"text": {fmt.Sprintf("<!date^%d^{date_short} {time}|Mon 23:30 UTC>", at.Unix())}}
	for user, want := range map[string]string{"U_MANAGER": "Jan 11, 2027 6:30 PM", "U_FINANCE2": "Jan 12, 2027 12:30 AM"} {
		if drawn := b.drawnIn(user, token); !strings.Contains(drawn, `title="Mon 23:30 UTC">`+want+"</time>") {
			t.Errorf("%s reads %s", user, drawn)
		}
	}
	soon := time.Now().Add(time.Minute)
	if drawn := b.drawnIn("U_MANAGER", url.Values{"text": {fmt.Sprintf("<!date^%d^{date_short_pretty}|soon>", soon.Unix())}}); !strings.Contains(drawn, ">today<") && !strings.Contains(drawn, ">tomorrow<") {
		t.Errorf("%s", drawn)
	}
}

func TestSlackDrawsRichText(t *testing.T) {
	t.Parallel()
	b := start(t)
	blocks := `[{"type":"rich_text","elements":[
		{"type":"rich_text_section","elements":[{"type":"text","text":"*plain* <b>","style":{"bold":true}},{"type":"link","url":"https://a.example","text":"there"},{"type":"emoji","name":"wave"},{"type":"user","user_id":"U_FINANCE"},
			{"type":"date","timestamp":1799710200,"format":"{date_num}","fallback":"then"}]},
		{"type":"rich_text_quote","elements":[{"type":"text","text":"her words\nin two lines"}]},
		{"type":"rich_text_list","style":"ordered","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]}]},
		{"type":"rich_text_preformatted","elements":[{"type":"text","text":"code"}]}]}]`
	drawn := b.drawnIn("U_MANAGER", url.Values{"text": {"x"}, "blocks": {blocks}})
	for _, want := range []string{
		"<strong>*plain* &lt;b&gt;</strong>", ">there</a>", "👋", "@Frankie Finance", ">2027-01-11<", "<blockquote>her words<br>in two lines</blockquote>", "<ol><li>one</li></ol>", "<pre>code</pre>",
	} {
		if !strings.Contains(drawn, want) {
			t.Errorf("without %s: %s", want, drawn)
		}
	}
	for name, bad := range map[string]string{
		"an unknown part": `{"type":"rich_text_table","elements":[]}`, "a list of nothing known": `{"type":"rich_text_list","style":"stars","elements":[]}`,
		"a link to nowhere": `{"type":"rich_text_section","elements":[{"type":"link"}]}`, "words without words": `{"type":"rich_text_section","elements":[{"type":"text"}]}`,
		"a date without a form": `{"type":"rich_text_section","elements":[{"type":"date","timestamp":1}]}`,
	} {
		out := b.slackCall("chat.postMessage", url.Values{"channel": {b.keys["slack_channel"]}, "text": {"x"}, "blocks": {`[{"type":"rich_text","elements":[` + bad + `]}]`}})
		if out["error"] != "invalid_blocks" {
			t.Errorf("%s: %v", name, out)
		}
	}
}

// What the page offers without a script: each place has an address, each deed is a form, and a mistake is said.
func TestSlackPageWithoutAScript(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.app()
	do := func(path string, form url.Values) url.Values {
		t.Helper()
		res, err := b.try(http.MethodPost, path, form)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		to, err := url.Parse(res.Header.Get("Location"))
		if err != nil || res.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: %d %v", path, res.StatusCode, err)
		}
		return to.Query()
	}
	me := "U_MANAGER"
	for text, want := range map[string]string{"/dance": "not a valid command", "": "has 1 to 4000 characters"} {
		if to := do("/slack/type", url.Values{"user": {me}, "text": {text}}); !strings.Contains(to.Get("notice"), want) || to.Get("failed") == "" {
			t.Errorf("%q: %v", text, to)
		}
	}
	do("/slack/type", url.Values{"user": {me}, "channel": {"DU_MANAGER"}, "text": {"/rapport launch"}})
	if form := b.door.wait(t, "/slack/commands", 1)[0].form; form.Get("channel_name") != "directmessage" || form.Get("text") != "launch" {
		t.Errorf("%v", form)
	}
	sep := "\u241f"
	id := b.openViews()[0].ViewID
	do("/slack/send", url.Values{
		"user": {me}, "view_id": {id}, "name" + sep + "text" + sep + "plain_text_input": {"Spring"}, "why" + sep + "text" + sep + "plain_text_input": {"candles"},
		"source" + sep + "pick" + sep + "radio_buttons": {"v1"},
	})
	page := func(address string) string {
		t.Helper()
		status, body := b.call(http.MethodGet, address, nil)
		if status != http.StatusOK {
			t.Errorf("%s: %d", address, status)
		}
		return string(body)
	}
	if form := page("/slack?user=" + me); !strings.Contains(form, "is empty") || !strings.Contains(form, `value="Spring"`) || !strings.Contains(form, `value="v1" checked`) {
		t.Errorf("a form without its file says what is missing and keeps the rest: %s", form)
	}
	if other := page("/slack?user=U_FINANCE"); strings.Contains(other, `id="modal"`) {
		t.Error("a form is open for whoever did not open it")
	}
	do("/slack/close", url.Values{"user": {me}, "view_id": {id}})
	if open := b.openViews(); len(open) != 0 {
		t.Errorf("%v", open)
	}
	head := b.said(url.Values{"text": {"head"}})
	if to := do("/slack/type", url.Values{"user": {me}, "channel": {b.keys["slack_channel"]}, "thread": {head}, "text": {"/rapport status"}}); !strings.Contains(to.Get("notice"), "thread") {
		t.Errorf("a command in a thread: %v", to)
	}
	do("/slack/type", url.Values{"user": {me}, "channel": {b.keys["slack_channel"]}, "thread": {head}, "text": {"an answer"}})
	link := b.slackCall("chat.getPermalink", url.Values{"channel": {b.keys["slack_channel"]}, "message_ts": {head}})["permalink"].(string)
	res, err := b.try(http.MethodGet, strings.TrimPrefix(link, b.url), nil)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if to := res.Header.Get("Location"); !strings.Contains(to, "#m"+strings.ReplaceAll(head, ".", "-")) {
		t.Errorf("a permalink leads to %q", to)
	}
	b.slackCall("pins.add", url.Values{"channel": {b.keys["slack_channel"]}, "timestamp": {head}})
	if pins := page("/slack?pins=1&user=" + me); !strings.Contains(pins, "head") || !strings.Contains(pins, "Pinned") {
		t.Error("a pinned message is not among the pins")
	}
	do("/slack/home", url.Values{"user": {me}, "home": {"1"}})
	b.door.wait(t, "/slack/events", 1)
	b.slackCall("views.publish", url.Values{"user_id": {me}, "view": {`{"type":"home","blocks":[{"type":"header","text":` + plainText("My decisions") + `}]}`}})
	if home := page("/slack?home=1&user=" + me); !strings.Contains(home, "My decisions") {
		t.Error("the home tab does not show what the app published")
	}
	for _, address := range []string{"/slack/archives/C0/p1", "/slack/archives/C0RAPPORT/px"} {
		if status, _ := b.call(http.MethodGet, address, nil); status != http.StatusNotFound {
			t.Errorf("%s: %d", address, status)
		}
	}
	if res, err = b.try(http.MethodPost, "/slack/type", url.Values{"text": {"x"}}, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"); err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("another site's form: %d", res.StatusCode)
	}
}
