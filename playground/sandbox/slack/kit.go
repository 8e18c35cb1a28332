package slack

import (
	"cmp"
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

// image is a block or an element.
func (c *kitCheck) image(at string, b kitObject) {
	if b.text("alt_text") == "" || b.text("image_url") == "" && b["slack_file"] == nil {
		c.fail(at, "image needs image_url and alt_text")
	}
	c.atMost(at, b, "alt_text", 2000)
	c.atMost(at, b, "image_url", 3000)
}

// blockID is a block's id, or the one that Slack gives it.
func blockID(b kitObject, i int) string { return cmp.Or(b.text("block_id"), fmt.Sprintf("b%d", i)) }

// actionID is an element's id, or the one that Slack gives it.
func actionID(e kitObject, i int) string { return cmp.Or(e.text("action_id"), fmt.Sprintf("a%d", i)) }
