package people

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// page is what a person sees of an HTML document: its text, its links, its forms.
type page struct {
	url   *url.URL
	text  string
	codes []string // what stands in <code>: a link, a discount code
	links []string
	forms []form
}

// form is one HTML form, with the values that it would send untouched.
type form struct {
	action *url.URL
	method string
	files  bool // it sends its fields as parts, of which some are files
	fields []field
}

// field is one control of a form.
type field struct {
	name     string
	kind     string // text, hidden, checkbox, radio, select, textarea, submit, ...
	value    string
	checked  bool // of checkbox and radio
	options  []string
	required bool
}

// parsePage reads a document that was loaded from base.
func parsePage(body io.Reader, base *url.URL) (page, error) {
	root, err := html.Parse(body)
	if err != nil {
		return page{}, fmt.Errorf("parse page: %w", err)
	}
	p := page{url: base}
	nodes := map[*html.Node]int{} // form element -> index in p.forms
	byID := map[string]int{}
	var text strings.Builder
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode && visible(n):
			text.WriteString(n.Data)
			text.WriteByte(' ')
		case n.Type != html.ElementNode:
		case n.DataAtom == atom.Form:
			f := form{action: resolve(base, attr(n, "action")), method: strings.ToUpper(or(attr(n, "method"), "GET")), files: attr(n, "enctype") == "multipart/form-data"}
			nodes[n], byID[attr(n, "id")] = len(p.forms), len(p.forms)
			p.forms = append(p.forms, f)
		case n.DataAtom == atom.Code:
			p.codes = append(p.codes, strings.TrimSpace(content(n)))
		case n.DataAtom == atom.A && attr(n, "href") != "":
			p.links = append(p.links, resolve(base, attr(n, "href")).String())
		}
	}
	// Controls come second: a control may name, by its form attribute, a form that stands below it.
	for n := range root.Descendants() {
		if f, ok := control(n); ok {
			if at, found := owner(n, nodes, byID); found {
				p.forms[at].fields = append(p.forms[at].fields, f)
			}
		}
	}
	p.text = strings.Join(strings.Fields(text.String()), " ")
	return p, nil
}

// control reads one element as a field; disabled and nameless ones send nothing.
func control(n *html.Node) (field, bool) {
	if n.Type != html.ElementNode || attr(n, "name") == "" || has(n, "disabled") {
		return field{}, false
	}
	f := field{name: attr(n, "name"), value: attr(n, "value"), required: has(n, "required")}
	switch n.DataAtom {
	case atom.Input:
		f.kind = strings.ToLower(or(attr(n, "type"), "text"))
		f.checked = has(n, "checked")
		if (f.kind == "checkbox" || f.kind == "radio") && f.value == "" {
			f.value = "on"
		}
	case atom.Button:
		f.kind = strings.ToLower(or(attr(n, "type"), "submit"))
	case atom.Textarea:
		f.kind, f.value = "textarea", strings.TrimPrefix(content(n), "\n")
	case atom.Select:
		f.kind = "select"
		for o := range n.Descendants() {
			if o.Type != html.ElementNode || o.DataAtom != atom.Option {
				continue
			}
			value := attr(o, "value")
			if !has(o, "value") {
				value = strings.TrimSpace(content(o))
			}
			if len(f.options) == 0 || has(o, "selected") {
				f.value = value
			}
			f.options = append(f.options, value)
		}
	default:
		return field{}, false
	}
	return f, true
}

// offers reports whether the form can send name with this value: by a button, a choice, or as a fixed value.
func (f form) offers(name, value string) bool {
	return slices.ContainsFunc(f.fields, func(c field) bool {
		return c.name == name && (c.value == value || slices.Contains(c.options, value))
	})
}

// has reports whether the form has a control of that name.
func (f form) has(name string) bool {
	return slices.ContainsFunc(f.fields, func(c field) bool { return c.name == name })
}

// fixed reports whether the form sends name whatever button is pressed.
func (f form) fixed(name string) bool {
	return slices.ContainsFunc(f.fields, func(c field) bool { return c.name == name && c.kind == "hidden" })
}

// tick as a value ticks a box, whatever the box sends.
const tick = "\u2713"

// fill returns what the form sends when a person enters the values and presses the button. It fails where a person would be
// stuck: a field that is not there, a choice that is not offered, a required field left empty.
func (f form) fill(values map[string]string, button string) (url.Values, error) {
	sent := url.Values{}
	used := map[string]bool{}
	pressed := button == ""
	for _, c := range f.fields {
		value, given := values[c.name]
		used[c.name] = used[c.name] || given
		switch c.kind {
		case "submit", "image", "button", "reset":
			if c.kind == "submit" && button != "" && c.value == button && !pressed {
				sent.Set(c.name, c.value)
				pressed = true
			}
		case "checkbox", "radio":
			if given && (c.value == value || value == tick) || !given && c.checked {
				sent.Add(c.name, c.value)
			}
		case "select":
			if given && !slices.Contains(c.options, value) {
				return nil, fmt.Errorf("the field %s does not offer the choice", c.name)
			}
			sent.Set(c.name, pick(given, value, c.value))
		case "hidden":
			sent.Add(c.name, c.value)
		default:
			sent.Set(c.name, pick(given, value, c.value))
		}
	}
	if !pressed {
		return nil, fmt.Errorf("the form has no button %q", button)
	}
	for name := range values {
		if !used[name] {
			return nil, fmt.Errorf("the form has no field %q", name)
		}
	}
	for _, c := range f.fields {
		if c.required && sent.Get(c.name) == "" {
			return nil, fmt.Errorf("the required field %q would stay empty", c.name)
		}
	}
	return sent, nil
}

// find returns the first form that can send that action.
func (p page) find(action string) (form, bool) {
	at := slices.IndexFunc(p.forms, func(f form) bool { return f.offers("action", action) })
	if at < 0 {
		return form{}, false
	}
	return p.forms[at], true
}

func owner(n *html.Node, nodes map[*html.Node]int, byID map[string]int) (int, bool) {
	if id := attr(n, "form"); id != "" {
		at, ok := byID[id]
		return at, ok
	}
	for up := n.Parent; up != nil; up = up.Parent {
		if at, ok := nodes[up]; ok {
			return at, true
		}
	}
	return 0, false
}

func visible(n *html.Node) bool {
	return n.Parent == nil || n.Parent.DataAtom != atom.Script && n.Parent.DataAtom != atom.Style && n.Parent.DataAtom != atom.Title
}

func content(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// resolve makes a reference absolute; one that cannot be read stays where the page is, as in a browser.
func resolve(base *url.URL, ref string) *url.URL {
	u, err := base.Parse(ref)
	if err != nil {
		return base
	}
	return u
}

func or(value, fallback string) string { return pick(value != "", value, fallback) }

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}
