package slack

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What the page shows of Block Kit: each block reduced to what a person reads, presses and fills in.

// drawn is a block.
type drawn struct {
	Kind      string // section, header, context, divider, image, actions, input, alert, rich_text, ...
	Text      template.HTML
	Level     string
	Fields    []template.HTML
	Elements  []control
	Accessory *control
	Input     *control
}

// control is something that can be pressed or filled in. Its name carries all three ids that Slack needs.
type control struct {
	Kind, Name, Label, Hint, Text, Style, Value, URL, Alt string
	ID                                                    string // in the page
	Placeholder, Problem                                  string
	Multiline, Optional, Dispatch, Many, Press            bool
	Least                                                 int // characters before the app is asked for suggestions
	Options                                               []choice
	Confirm                                               *question
	Files                                                 []*upload
	Accept                                                string
	Most                                                  int
}

type choice struct {
	Text, Value, Description string
	Chosen                   bool
}

// question is asked before a press counts.
type question struct{ Title, Text, Confirm, Deny string }

// inputSep joins block_id, action_id and a third part into a form field's name.
const inputSep = "\u241f"

// dateTime is how a browser writes a day with its time.
const dateTime = "2006-01-02T15:04"

// sheet draws the blocks of a message or view. Each has its own, as ids are its own.
type sheet struct {
	reader
	s      *service
	prefix string // of ids in the page
	state  values
	errors map[string]string
	n      int
}

func (d *sheet) blocks(raw json.RawMessage) []drawn {
	var blocks []kitObject
	_ = json.Unmarshal(raw, &blocks)
	var out []drawn
	for i, b := range blocks {
		out = append(out, d.block(b, blockID(b, i)))
	}
	return out
}

func (d *sheet) block(b kitObject, id string) drawn {
	p := drawn{Kind: b.text("type"), Level: cmp.Or(b.text("level"), "default")}
	if t, ok := b.object("text"); ok {
		p.Text = d.text(t)
	}
	for _, f := range b.objects("fields") {
		p.Fields = append(p.Fields, d.text(f))
	}
	switch p.Kind {
	case "context":
		for _, e := range b.objects("elements") {
			if e.text("type") == "image" {
				p.Fields = append(p.Fields, picture(e))
			} else {
				p.Fields = append(p.Fields, d.text(e))
			}
		}
	case "image":
		p.Text = picture(b)
	case "rich_text":
		p.Text = d.rich(b)
	case "markdown":
		p.Text = safe("<pre>" + html.EscapeString(b.text("text")) + "</pre>")
	case "actions":
		for j, e := range b.objects("elements") {
			p.Elements = append(p.Elements, d.control(b, id, e, j, true))
		}
	case "input":
		if e, ok := b.object("element"); ok {
			c := d.control(b, id, e, 0, b["dispatch_action"] == true)
			p.Input = &c
		}
	}
	if e, ok := b.object("accessory"); ok {
		c := d.control(b, id, e, 0, true)
		p.Accessory = &c
	}
	return p
}

// picture stands for an image: the page loads nothing from elsewhere.
func picture(e kitObject) template.HTML {
	return safe(`<span class="picture">` + link(e.text("image_url"), "["+html.EscapeString(e.text("alt_text"))+"]") + "</span>")
}

func (d *sheet) control(b kitObject, block string, e kitObject, at int, press bool) control {
	kind, action := e.text("type"), actionID(e, at)
	d.n++
	c := control{
		Kind: kind, Name: strings.Join([]string{block, action, kind}, inputSep), ID: d.prefix + strconv.Itoa(d.n), Style: e.text("style"), URL: e.text("url"),
		Value: e.text("value"), Press: press, Multiline: e["multiline"] == true, Optional: b["optional"] == true, Dispatch: b["dispatch_action"] == true,
		Alt: cmp.Or(e.text("accessibility_label"), e.text("alt_text")), Least: whole(e, "min_query_length", 3), Many: strings.HasPrefix(kind, "multi_"),
	}
	if t, ok := e.object("text"); ok {
		c.Text = emojis(t.text("text"))
	}
	for name, to := range map[string]*string{"label": &c.Label, "hint": &c.Hint} {
		t, _ := b.object(name)
		*to = emojis(t.text("text"))
	}
	t, _ := e.object("placeholder")
	c.Placeholder = t.text("text")
	if b.text("type") == "input" {
		c.Problem = d.errors[block]
	}
	if q, ok := e.object("confirm"); ok {
		word := func(name string) string { t, _ := q.object(name); return t.text("text") }
		c.Confirm = &question{word("title"), word("text"), word("confirm"), word("deny")}
	}
	d.filled(&c, e, d.state[block][action])
	return c
}

// filled puts in what stands there and what can be chosen.
func (d *sheet) filled(c *control, e kitObject, given map[string]any) {
	if given == nil {
		given = field{Element: e}.initial()
	}
	chosen := chosenIn(given[holds[c.Kind]])
	switch c.Kind {
	case "users_select", "multi_users_select":
		for _, u := range members {
			if !d.s.deleted(u.ID) {
				c.Options = append(c.Options, choice{u.RealName, u.ID, "", slices.Contains(chosen, u.ID)})
			}
		}
	case "channels_select", "conversations_select", "multi_channels_select", "multi_conversations_select":
		for _, r := range d.s.allRooms() {
			c.Options = append(c.Options, choice{"#" + r.name, r.id, "", slices.Contains(chosen, r.id)})
		}
	case "file_input":
		for _, id := range chosen {
			if f := d.s.fileByID(id); f != nil {
				c.Files = append(c.Files, f)
			}
		}
		kinds, _ := e["filetypes"].([]any)
		for i, kind := range kinds {
			c.Accept += strings.Repeat(",", min(i, 1)) + fmt.Sprintf(".%v", kind)
		}
		c.Most = whole(e, "max_files", 10)
	case "external_select", "multi_external_select":
		o, _ := given["selected_option"].(map[string]any)
		t, _ := kitObject(o).object("text")
		c.Text, c.Value = t.text("text"), kitObject(o).text("value")
	default:
		c.Options = optionsOf(e, chosen)
		if len(chosen) == 1 && len(c.Options) == 0 {
			c.Value = chosen[0]
		}
		if at, err := strconv.ParseInt(c.Value, 10, 64); err == nil && c.Kind == "datetimepicker" {
			c.Value = time.Unix(at, 0).In(d.zone).Format(dateTime)
		}
	}
}

// chosenIn lists what a value holds, whatever its kind.
func chosenIn(v any) (out []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case float64:
		return []string{strconv.FormatInt(int64(v), 10)}
	case map[string]any:
		return []string{cmp.Or(kitObject(v).text("value"), kitObject(v).text("id"))}
	case []any:
		for _, one := range v {
			out = append(out, chosenIn(one)...)
		}
	}
	return out
}

func optionsOf(e kitObject, chosen []string) (out []choice) {
	all := e.objects("options")
	for _, g := range e.objects("option_groups") {
		all = append(all, g.objects("options")...)
	}
	for _, o := range all {
		t, _ := o.object("text")
		more, _ := o.object("description")
		out = append(out, choice{emojis(plainOf(t)), o.text("value"), emojis(plainOf(more)), slices.Contains(chosen, o.text("value"))})
	}
	return out
}

// plainOf is a text without its markup, where only words can stand.
func plainOf(t kitObject) string {
	if t.text("type") != "mrkdwn" {
		return t.text("text")
	}
	return strings.NewReplacer("*", "", "`", "", "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(t.text("text"))
}
