package slack

import (
	"fmt"
	"maps"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// A field is an element that holds a value, in an input block or in another one.
type field struct {
	Block, Action, Label, Hint string
	Element                    kitObject
	Input                      bool // of an input block: sending the form asks for it
	Optional, Dispatch         bool
}

// holds is under which name each kind of element keeps its value. What it begins with has that name with initial_ in front, of a choice
// without selected_.
var holds = map[string]string{
	"plain_text_input": "value", "number_input": "value", "email_text_input": "value", "url_text_input": "value", "rich_text_input": "rich_text_value",
	"static_select": "selected_option", "external_select": "selected_option", "radio_buttons": "selected_option",
	"multi_static_select": "selected_options", "multi_external_select": "selected_options", "checkboxes": "selected_options",
	"users_select": "selected_user", "conversations_select": "selected_conversation", "channels_select": "selected_channel",
	"multi_users_select": "selected_users", "multi_conversations_select": "selected_conversations", "multi_channels_select": "selected_channels",
	"datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time", "file_input": "files",
}

// fieldsOf are the fields of blocks, in their order.
func fieldsOf(blocks []kitObject) []field {
	var out []field
	for i, b := range blocks {
		elements := b.objects("elements")
		for _, name := range []string{"accessory", "element"} {
			if e, ok := b.object(name); ok {
				elements = append(elements, e)
			}
		}
		for j, e := range elements {
			if holds[e.text("type")] == "" {
				continue
			}
			label, _ := b.object("label")
			hint, _ := b.object("hint")
			out = append(out, field{
				Block: blockID(b, i), Action: actionID(e, j), Element: e, Label: label.text("text"), Hint: hint.text("text"),
				Input: b.text("type") == "input", Optional: b["optional"] == true, Dispatch: b["dispatch_action"] == true,
			})
		}
	}
	return out
}

func (v *view) fields() []field { return fieldsOf(v.source().objects("blocks")) }

// of keeps the values of these fields, and forgets others.
func (all values) of(fields []field) values {
	out := values{}
	for _, f := range fields {
		if given := all[f.Block][f.Action]; given != nil && given["type"] == f.Element.text("type") {
			out.set(f, given)
		}
	}
	return out
}

func (all values) set(f field, given map[string]any) {
	if all[f.Block] == nil {
		all[f.Block] = map[string]map[string]any{}
	}
	all[f.Block][f.Action] = given
}

// state is what stands in a view's fields: what was typed, else what they began with.
func (v *view) state() values {
	out := values{}
	for _, f := range v.fields() {
		given := v.Values[f.Block][f.Action]
		if given == nil {
			given = f.initial()
		}
		out.set(f, given)
	}
	return out
}

// initial is what a field begins with.
func (f field) initial() map[string]any {
	kind := f.Element.text("type")
	name := holds[kind]
	first := f.Element["initial_"+strings.TrimPrefix(name, "selected_")]
	if first == nil && strings.HasSuffix(name, "s") {
		first = []any{}
	}
	return map[string]any{"type": kind, name: first}
}

// fill completes what a person gave: a choice with its words, a file with what Slack knows of it. It says why Slack would not take it.
func (s *service) fill(v *view, given values) (values, string) {
	out, fields := v.state(), v.fields()
	for block, actions := range given {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.Block == block }) {
			return nil, fmt.Sprintf("it has no field %q", block)
		}
		for action := range actions {
			if out[block][action] == nil {
				return nil, fmt.Sprintf("field %q has no element %q", block, action)
			}
		}
	}
	for _, f := range fields {
		g := maps.Clone(given[f.Block][f.Action])
		if g == nil {
			continue
		}
		g["type"] = f.Element.text("type")
		if problem := s.complete(f, g); problem != "" {
			return nil, fmt.Sprintf("field %q %s", f.Block, problem)
		}
		out.set(f, g)
	}
	return out, ""
}

// complete puts in what only Slack knows of a value.
func (s *service) complete(f field, given map[string]any) string {
	known := func(one any) (any, string) {
		o, _ := one.(map[string]any)
		option, ok := optionOf(f.Element, kitObject(o).text("value"))
		switch {
		case o == nil:
			return nil, ""
		case ok:
			return map[string]any(option), ""
		case strings.Contains(f.Element.text("type"), "external"):
			return o, "" // its options are the app's, and only it knows them
		}
		return nil, fmt.Sprintf("offers no %q", kitObject(o).text("value"))
	}
	problem := ""
	switch name := holds[f.Element.text("type")]; name {
	case "selected_option":
		given[name], problem = known(given[name])
	case "selected_options":
		many, _ := given[name].([]any)
		for i := range many {
			if many[i], problem = known(many[i]); problem != "" {
				break
			}
		}
	case "files":
		files, _ := given[name].([]any)
		for i, one := range files {
			o, _ := one.(map[string]any)
			f := s.fileByID(kitObject(o).text("id"))
			if f == nil {
				return "names a file that was not uploaded"
			}
			files[i] = s.fileJSON(f)
		}
	}
	return problem
}

// optionOf finds an option by its value, alone or in its group.
func optionOf(e kitObject, value string) (kitObject, bool) {
	all := e.objects("options")
	for _, g := range e.objects("option_groups") {
		all = append(all, g.objects("options")...)
	}
	i := slices.IndexFunc(all, func(o kitObject) bool { return o.text("value") == value })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

// unsendable says why Slack would not let a person send what stands in a form, by field; empty when it would.
func (s *service) unsendable(v *view, filled values) map[string]string {
	out := map[string]string{}
	for _, f := range v.fields() {
		if !f.Input {
			continue
		}
		if problem := s.misfilled(f, filled[f.Block][f.Action]); problem != "" {
			out[f.Block] = problem
		}
	}
	return out
}

// misfilled says what is wrong with one field's value.
func (s *service) misfilled(f field, given map[string]any) string {
	e := f.Element
	if empty(given[holds[e.text("type")]]) {
		if f.Optional {
			return ""
		}
		return "is empty"
	}
	text, _ := given["value"].(string)
	switch e.text("type") {
	case "plain_text_input":
		return lengthProblem(e, text)
	case "number_input":
		return numberProblem(e, text)
	case "email_text_input":
		if !sandbox.ValidAddress(text) {
			return fmt.Sprintf("has %q, which is no e-mail address", text)
		}
	case "url_text_input":
		if u, err := url.Parse(text); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return fmt.Sprintf("has %q, which is no address of a page", text)
		}
	case "datepicker":
		day, _ := given["selected_date"].(string)
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return fmt.Sprintf("has %q, which is no date such as 2026-12-01", day)
		}
	case "users_select":
		id, _ := given["selected_user"].(string)
		if _, ok := userByID(id); !ok || s.deleted(id) {
			return fmt.Sprintf("has %q, who is nobody here", id)
		}
	case "file_input":
		return fileProblem(e, given)
	}
	return ""
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

func lengthProblem(e kitObject, text string) string {
	if most := whole(e, "max_length", maxInput); length(text) > most {
		return fmt.Sprintf("has %d characters, and takes %d", length(text), most)
	}
	if least := whole(e, "min_length", 0); length(text) < least {
		return fmt.Sprintf("has %d characters, and wants %d", length(text), least)
	}
	return ""
}

func numberProblem(e kitObject, text string) string {
	n, ok := new(big.Rat).SetString(text)
	if !ok || strings.ContainsAny(text, "/eE") {
		return fmt.Sprintf("has %q, which is no number", text)
	}
	if !n.IsInt() && e["is_decimal_allowed"] != true {
		return fmt.Sprintf("has %q, and takes whole numbers", text)
	}
	if least, ok := new(big.Rat).SetString(e.text("min_value")); ok && n.Cmp(least) < 0 {
		return fmt.Sprintf("has %s, and wants %s at least", text, e.text("min_value"))
	}
	if most, ok := new(big.Rat).SetString(e.text("max_value")); ok && n.Cmp(most) > 0 {
		return fmt.Sprintf("has %s, and takes %s at most", text, e.text("max_value"))
	}
	return ""
}

func fileProblem(e kitObject, given map[string]any) string {
	files, _ := given["files"].([]any)
	if most := whole(e, "max_files", 10); len(files) > most {
		return fmt.Sprintf("has %d files, and takes %d", len(files), most)
	}
	kinds, _ := e["filetypes"].([]any)
	for _, one := range files {
		f, _ := one.(map[string]any)
		if kind := kitObject(f).text("filetype"); len(kinds) > 0 && !slices.Contains(kinds, any(kind)) {
			return fmt.Sprintf("takes no file that ends in %q", kind)
		}
	}
	return ""
}
