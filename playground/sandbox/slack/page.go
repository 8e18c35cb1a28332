package slack

import (
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// messagesShown bounds the list on the page.
const messagesShown = 200

// chatPage is what the tab shows, newest first.
type chatPage struct {
	Users    []member
	User     string
	Messages []chatCard
	Views    []modalView
	Replies  []chatResponse
}

func (s *service) tab() *sandbox.Tab {
	return &sandbox.Tab{
		Name: "slack", Title: "Slack", Pages: pages, Count: func() int { return len(s.st.Messages) }, Show: s.chatPage,
		Keep: map[string]string{"user": "user"},
		Forms: map[string]sandbox.Form{
			"click": func(r *http.Request) (string, error) {
				a, err := s.pressButton(r.Context(), click{
					Channel: r.FormValue("channel"), TS: r.FormValue("ts"), ViewID: r.FormValue("view_id"), ActionID: r.FormValue("action_id"), Value: r.FormValue("value"), User: r.FormValue("user"),
				})
				return answered(a), err
			},
			"submit": func(r *http.Request) (string, error) {
				a, err := s.submitView(r.Context(), submission{ViewID: r.FormValue("view_id"), User: r.FormValue("user"), Close: r.FormValue("close") != "", Values: modalValues(r.PostForm)})
				return answered(a), err
			},
			"command": func(r *http.Request) (string, error) {
				a, err := s.slashCommand(r.Context(), command{User: r.FormValue("user"), Text: r.FormValue("text")})
				return answered(a), err
			},
			"home": func(r *http.Request) (string, error) { return "The app was told.", s.openHome(r.FormValue("user")) },
		},
	}
}

// answered words the front door's answer to an interaction.
func answered(a frontAnswer) string {
	body := strings.TrimSpace(a.Body)
	if r := []rune(body); len(r) > 160 {
		body = string(r[:160]) + "…"
	}
	if body == "" {
		return fmt.Sprintf("Answered with %d.", a.Status)
	}
	return fmt.Sprintf("Answered with %d: %s", a.Status, body)
}

func (s *service) chatPage(r *http.Request) any {
	d := chatPage{Users: members, User: r.FormValue("user")}
	if d.User == "" {
		d.User = members[0].ID
	}
	for _, m := range slices.Backward(s.st.Messages) {
		if m.Deleted || len(d.Messages) >= messagesShown {
			continue
		}
		key, kind := m.payload()
		d.Messages = append(d.Messages, chatCard{
			Channel: m.Channel, TS: m.TS, Text: m.Text, Kind: kind, Key: key, Thread: m.ThreadTS != "", Aside: m.Aside, Edited: m.Edited, Only: m.Ephemeral, At: m.At, Parts: partsOf(m.Blocks),
		})
	}
	for _, c := range slices.Backward(s.st.Responses) {
		d.Replies = append(d.Replies, *c)
		if len(d.Replies) == 5 {
			break
		}
	}
	for _, v := range slices.Backward(s.st.Views) {
		if v.Open && v.User == d.User {
			d.Views = append(d.Views, modalOf(v))
		}
	}
	return d
}

// chatCard is a Slack message on the page.
type chatCard struct {
	Channel, TS, Text, Kind, Key string
	Thread, Aside, Edited        bool
	Only                         string // ephemeral: who sees it
	At                           time.Time
	Parts                        []chatPart
}

// chatPart is one block, reduced to what a person reads and presses.
type chatPart struct {
	Type    string
	Text    template.HTML
	Fields  []template.HTML
	Buttons []button
}

// modalView is an open modal as a form.
type modalView struct {
	ID, User, Title, Submit string
	Home                    bool
	Parts                   []chatPart
	Inputs                  []modalInput
}

// inputSep joins block_id, action_id and type into a form field's name.
const inputSep = "\u241f"

// modalInput is one field; Name is block_id, action_id and type.
type modalInput struct {
	Name, Label, Hint, Kind, Value string
	Multiline, Optional            bool
	Options                        []modalOption
}

type modalOption struct {
	Text, Value string
	Chosen      bool
}

func partsOf(raw json.RawMessage) []chatPart {
	var blocks []kitObject
	_ = json.Unmarshal(raw, &blocks)
	var out []chatPart
	for i, b := range blocks {
		p := chatPart{Type: b.text("type")}
		if t, ok := b.object("text"); ok {
			p.Text = mrkdwn(t)
		}
		for _, f := range b.objects("fields") {
			p.Fields = append(p.Fields, mrkdwn(f))
		}
		if p.Type == "context" {
			for _, e := range b.objects("elements") {
				p.Fields = append(p.Fields, mrkdwn(e))
			}
		}
		p.Buttons = buttonsOf(sandbox.Must(json.Marshal(blocks[i : i+1])))
		out = append(out, p)
	}
	return out
}

var (
	chatLink = regexp.MustCompile(`&lt;(https?://[^|&]+(?:&amp;[^|&]+)*)(?:\|([^&]*))?&gt;`)
	chatDate = regexp.MustCompile(`&lt;!date\^(\d+)\^[^|&]*\|([^&]*)&gt;`)
	chatWho  = regexp.MustCompile(`&lt;@([A-Z0-9_]+)(?:\|[^&]*)?&gt;`)
	chatBold = regexp.MustCompile(`(^|[\s(])\*([^*\n]+)\*`)
	chatItal = regexp.MustCompile(`(^|[\s(])_([^_\n]+)_`)
	chatCode = regexp.MustCompile("`([^`\n]+)`")
)

// mrkdwn turns a text object into safe HTML. Slack's own escapes (&lt; &gt; &amp;) are text, bare < > are markup.
func mrkdwn(t kitObject) template.HTML {
	s := t.text("text")
	if t.text("type") == "plain_text" {
		return template.HTML(strings.ReplaceAll(html.EscapeString(s), "\n", "<br>")) //nolint:gosec // escaped
	}
	const lt, gt = "\x01", "\x02" // literal signs, kept apart from markup while links are found
	s = strings.NewReplacer("&lt;", lt, "&gt;", gt, "&amp;", "&").Replace(s)
	s = html.EscapeString(s)
	s = chatLink.ReplaceAllStringFunc(s, func(m string) string {
		p := chatLink.FindStringSubmatch(m)
		label := p[2]
		if label == "" {
			label = p[1]
		}
		return `<a href="` + p[1] + `" target="_blank" rel="noopener">` + label + `</a>`
	})
	s = chatDate.ReplaceAllString(s, `<time title="$2">$2</time>`)
	s = chatWho.ReplaceAllStringFunc(s, func(m string) string {
		id := chatWho.FindStringSubmatch(m)[1]
		if who, known := userByID(id); known {
			id = who.Name
		}
		return "<b>@" + html.EscapeString(id) + "</b>"
	})
	s = chatBold.ReplaceAllString(s, "$1<b>$2</b>")
	s = chatItal.ReplaceAllString(s, "$1<i>$2</i>")
	s = chatCode.ReplaceAllString(s, "<code>$1</code>")
	s = strings.NewReplacer(lt, "&lt;", gt, "&gt;", "\n", "<br>").Replace(s)
	return template.HTML(s) //nolint:gosec // escaped above; only the markup found there is added
}

func modalOf(v *view) modalView {
	var source kitObject
	_ = json.Unmarshal(v.Source, &source)
	title, _ := source.object("title")
	submit, _ := source.object("submit")
	out := modalView{ID: v.ID, User: v.User, Home: v.Home, Title: title.text("text"), Submit: submit.text("text")}
	if v.Home {
		out.Title = "Home tab"
	}
	raw, _ := json.Marshal(source["blocks"])
	for _, p := range partsOf(raw) {
		if p.Type != "input" {
			out.Parts = append(out.Parts, p)
		}
	}
	for i, b := range source.objects("blocks") {
		if b.text("type") == "input" {
			out.Inputs = append(out.Inputs, inputOf(b, i))
		}
	}
	return out
}

func inputOf(b kitObject, i int) modalInput {
	e, _ := b.object("element")
	label, _ := b.object("label")
	hint, _ := b.object("hint")
	in := modalInput{
		Name: blockID(b, i) + inputSep + e.text("action_id") + inputSep + e.text("type"), Label: label.text("text"), Hint: hint.text("text"), Kind: e.text("type"),
		Value: e.text("initial_value") + e.text("initial_date"), Multiline: e["multiline"] == true, Optional: b["optional"] == true,
	}
	first, _ := e.object("initial_option")
	for _, o := range e.objects("options") {
		t, _ := o.object("text")
		in.Options = append(in.Options, modalOption{t.text("text"), o.text("value"), o.text("value") == first.text("value")})
	}
	return in
}

// modalValues turns the page's form back into Slack's state.values.
func modalValues(form map[string][]string) map[string]map[string]map[string]any {
	out := map[string]map[string]map[string]any{}
	for name, given := range form {
		parts := strings.Split(name, inputSep)
		if len(parts) != 3 {
			continue
		}
		v := map[string]any{"type": parts[2]}
		switch parts[2] {
		case "static_select", "radio_buttons":
			v["selected_option"] = option(given[0])
		case "multi_static_select", "checkboxes":
			var chosen []any
			for _, g := range given {
				chosen = append(chosen, option(g))
			}
			v["selected_options"] = chosen
		case "datepicker":
			v["selected_date"] = sandbox.Nullable(given[0])
		default:
			v["value"] = sandbox.Nullable(given[0])
		}
		if out[parts[0]] == nil {
			out[parts[0]] = map[string]map[string]any{}
		}
		out[parts[0]][parts[1]] = v
	}
	return out
}

func option(value string) any {
	if value == "" {
		return nil
	}
	return map[string]any{"value": value, "text": map[string]any{"type": "plain_text", "text": value}}
}
