package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf16"
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
	c.atMost(at, b, "block_id", 255)
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
			if at := fmt.Sprintf("%s/elements/%d", at, i); e.text("type") == "image" {
				c.image(at, e)
			} else {
				c.textObject(at, e, 3000)
			}
		}
	case "image":
		c.image(at, b)
	case "input":
		c.input(at, b)
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
		c.element(at+"/accessory", e, false)
	}
}

// image is a block or an element.
func (c *kitCheck) image(at string, b kitObject) {
	if b.text("alt_text") == "" || b.text("image_url") == "" && b["slack_file"] == nil {
		c.fail(at, "image needs image_url and alt_text")
	}
	c.atMost(at, b, "alt_text", 2000)
	c.atMost(at, b, "image_url", 3000)
}

func (c *kitCheck) input(at string, b kitObject) {
	c.composition(at+"/label", b, "label", 2000, "plain_text")
	if b["hint"] != nil {
		c.composition(at+"/hint", b, "hint", 2000, "plain_text")
	}
	if e, ok := b.object("element"); ok {
		c.element(at+"/element", e, true)
	} else {
		c.fail(at+"/element", "missing required field: element")
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
	if n := length(t.text("text")); n < 1 || n > most {
		c.fail(at+"/text", "must have 1 to %d characters", most)
	}
	if _, given := t["emoji"]; given && t.text("type") == "mrkdwn" {
		c.fail(at+"/emoji", "additional property: emoji")
	}
}

// atMost checks the length of a field that may be absent.
func (c *kitCheck) atMost(at string, o kitObject, name string, most int) {
	if length(o.text(name)) > most {
		c.fail(at+"/"+name, "must be less than %d characters", most+1)
	}
}

// length counts as Slack does, in UTF-16 units: an emoji is two.
func length(s string) int { return len(utf16.Encode([]rune(s))) }
