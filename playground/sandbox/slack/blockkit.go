package slack

import (
	"encoding/json"
	"fmt"
	"slices"
)

// kitObject is any object of Block Kit.
type kitObject map[string]any

func (o kitObject) text(name string) string { s, _ := o[name].(string); return s }

func (o kitObject) object(name string) (kitObject, bool) {
	m, ok := o[name].(map[string]any)
	return m, ok
}

func (o kitObject) objects(name string) []kitObject {
	var out []kitObject
	l, _ := o[name].([]any)
	for _, v := range l {
		m, _ := v.(map[string]any)
		out = append(out, m)
	}
	return out
}

// kitCheck collects the mistakes that Slack answers with invalid_blocks, in its wording.
type kitCheck struct {
	problems []string
	actions  map[string]bool
	blocks   map[string]bool
	view     bool
}

func (c *kitCheck) fail(at, format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf("[ERROR] %s [json-pointer:%s]", fmt.Sprintf(format, args...), at))
}

// checkBlocks lists what is wrong with a message's or a view's blocks, nil when nothing is.
func checkBlocks(raw json.RawMessage, inView bool) []string {
	if raw == nil {
		return nil
	}
	c := &kitCheck{actions: map[string]bool{}, blocks: map[string]bool{}, view: inView}
	var blocks []kitObject
	if err := json.Unmarshal(raw, &blocks); err != nil {
		return []string{"[ERROR] blocks must be an array of objects [json-pointer:/blocks]"}
	}
	limit := 50
	if inView {
		limit = 100
	}
	if len(blocks) > limit {
		c.fail("/blocks", "no more than %d items allowed", limit)
	}
	for i, b := range blocks {
		c.block(fmt.Sprintf("/blocks/%d", i), b)
	}
	return c.problems
}

func (c *kitCheck) block(at string, b kitObject) {
	c.actions = map[string]bool{} // action_ids are unique within their block
	id := b.text("block_id")
	if len(id) > 255 {
		c.fail(at+"/block_id", "must be less than 256 characters")
	}
	if id != "" && c.blocks[id] {
		c.fail(at+"/block_id", "block_id %q already exists", id)
	}
	c.blocks[id] = true
	switch b.text("type") {
	case "section":
		c.section(at, b)
	case "header":
		c.composition(at+"/text", b, "text", 150, "plain_text")
	case "actions":
		c.elements(at, b, 25)
	case "context":
		if n := len(b.objects("elements")); n < 1 || n > 10 {
			c.fail(at+"/elements", "must have 1 to 10 items")
		}
		for i, e := range b.objects("elements") {
			if e.text("type") != "image" {
				c.textObject(fmt.Sprintf("%s/elements/%d", at, i), e, 3000)
			}
		}
	case "image":
		if b.text("alt_text") == "" || b.text("image_url") == "" && b["slack_file"] == nil {
			c.fail(at, "image needs image_url and alt_text")
		}
	case "input":
		c.composition(at+"/label", b, "label", 2000, "plain_text")
		if e, ok := b.object("element"); ok {
			c.element(at+"/element", e)
		} else {
			c.fail(at+"/element", "missing required field: element")
		}
	case "divider", "rich_text", "video", "file", "markdown", "table":
	default:
		c.fail(at, "unsupported type: %s", b.text("type"))
	}
}

func (c *kitCheck) section(at string, b kitObject) {
	fields := b.objects("fields")
	if b["text"] == nil && len(fields) == 0 {
		c.fail(at, "missing required field: text or fields")
	}
	if b["text"] != nil {
		c.composition(at+"/text", b, "text", 3000)
	}
	if len(fields) > 10 {
		c.fail(at+"/fields", "no more than 10 items allowed")
	}
	for i, f := range fields {
		c.textObject(fmt.Sprintf("%s/fields/%d", at, i), f, 2000)
	}
	if e, ok := b.object("accessory"); ok {
		c.element(at+"/accessory", e)
	}
}

func (c *kitCheck) elements(at string, b kitObject, most int) {
	es := b.objects("elements")
	if len(es) < 1 || len(es) > most {
		c.fail(at+"/elements", "must have 1 to %d items", most)
	}
	for i, e := range es {
		c.element(fmt.Sprintf("%s/elements/%d", at, i), e)
	}
}

var kitElements = []string{
	"button", "static_select", "multi_static_select", "external_select", "users_select", "multi_users_select", "conversations_select", "channels_select",
	"overflow", "datepicker", "datetimepicker", "timepicker", "checkboxes", "radio_buttons", "plain_text_input", "number_input", "email_text_input",
	"url_text_input", "file_input", "rich_text_input", "image", "workflow_button",
}

func (c *kitCheck) element(at string, e kitObject) {
	kind := e.text("type")
	if !slices.Contains(kitElements, kind) {
		c.fail(at, "unsupported type: %s", kind)
		return
	}
	if id := e.text("action_id"); id != "" {
		if len(id) > 255 {
			c.fail(at+"/action_id", "must be less than 256 characters")
		}
		if c.actions[id] {
			c.fail(at+"/action_id", "action_id %q already exists", id)
		}
		c.actions[id] = true
	}
	switch kind {
	case "button":
		c.button(at, e)
	case "static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow":
		n := len(e.objects("options"))
		if n < 1 && len(e.objects("option_groups")) == 0 || n > 100 {
			c.fail(at+"/options", "must have 1 to 100 items")
		}
		for i, o := range e.objects("options") {
			c.composition(fmt.Sprintf("%s/options/%d/text", at, i), o, "text", 75)
			if v := o.text("value"); v == "" || len(v) > 150 {
				c.fail(fmt.Sprintf("%s/options/%d/value", at, i), "must have 1 to 150 characters")
			}
		}
	case "number_input":
		if _, ok := e["is_decimal_allowed"].(bool); !ok {
			c.fail(at, "missing required field: is_decimal_allowed")
		}
	}
}

func (c *kitCheck) button(at string, e kitObject) {
	c.composition(at+"/text", e, "text", 75, "plain_text")
	if len(e.text("value")) > 2000 {
		c.fail(at+"/value", "must be less than 2001 characters")
	}
	if len(e.text("url")) > 3000 {
		c.fail(at+"/url", "must be less than 3001 characters")
	}
	if style, given := e["style"]; given && style != "primary" && style != "danger" {
		c.fail(at+"/style", "value must be one of primary, danger")
	}
	if confirm, ok := e.object("confirm"); ok {
		c.composition(at+"/confirm/title", confirm, "title", 100, "plain_text")
		c.composition(at+"/confirm/text", confirm, "text", 300)
		c.composition(at+"/confirm/confirm", confirm, "confirm", 30, "plain_text")
		c.composition(at+"/confirm/deny", confirm, "deny", 30, "plain_text")
	}
}

// composition checks a text object that must be there; kinds limits its type.
func (c *kitCheck) composition(at string, o kitObject, name string, most int, kinds ...string) {
	t, ok := o.object(name)
	if !ok {
		c.fail(at, "missing required field: %s", name)
		return
	}
	if len(kinds) > 0 && !slices.Contains(kinds, t.text("type")) {
		c.fail(at+"/type", "must be a %s object", kinds[0])
		return
	}
	c.textObject(at, t, most)
}

func (c *kitCheck) textObject(at string, t kitObject, most int) {
	if kind := t.text("type"); kind != "plain_text" && kind != "mrkdwn" {
		c.fail(at, "unsupported type: %s", kind)
	}
	if n := len([]rune(t.text("text"))); n < 1 || n > most {
		c.fail(at+"/text", "must have 1 to %d characters", most)
	}
	if _, given := t["emoji"]; given && t.text("type") == "mrkdwn" {
		c.fail(at+"/emoji", "additional property: emoji")
	}
}

// checkView lists what is wrong with a modal or a home tab.
func checkView(raw json.RawMessage, kind string) []string {
	var v kitObject
	if err := json.Unmarshal(raw, &v); err != nil || v == nil {
		return []string{"[ERROR] missing required field: view"}
	}
	c := &kitCheck{}
	if v.text("type") != kind {
		c.fail("/view/type", "must be %s", kind)
	}
	if len(v.text("private_metadata")) > 3000 {
		c.fail("/view/private_metadata", "must be less than 3001 characters")
	}
	if len(v.text("callback_id")) > 255 {
		c.fail("/view/callback_id", "must be less than 256 characters")
	}
	blocks := v.objects("blocks")
	if v["blocks"] == nil {
		c.fail("/view/blocks", "missing required field: blocks")
	}
	if kind == "modal" {
		c.composition("/view/title", v, "title", 24, "plain_text")
		for _, button := range []string{"submit", "close"} {
			if v[button] != nil {
				c.composition("/view/"+button, v, button, 24, "plain_text")
			}
		}
		if v["submit"] == nil && slices.ContainsFunc(blocks, func(b kitObject) bool { return b.text("type") == "input" }) {
			c.fail("/view/submit", "missing required field: submit (the view has input blocks)")
		}
	}
	raw, _ = json.Marshal(v["blocks"])
	return append(c.problems, checkBlocks(raw, true)...)
}
