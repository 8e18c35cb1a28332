package slack

import (
	"fmt"
	"slices"
)

// What a rich_text block is made of: parts that stand below one another, and in each what stands in a row.
var (
	richParts = []string{"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}
	richBits  = []string{"text", "link", "emoji", "user", "channel", "usergroup", "team", "broadcast", "date", "color"}
)

func (c *kitCheck) richText(at string, b kitObject) {
	parts := b.objects("elements")
	if len(parts) == 0 {
		c.fail(at+"/elements", "must have at least 1 item")
	}
	for i, p := range parts {
		at, kind := fmt.Sprintf("%s/elements/%d", at, i), p.text("type")
		if !slices.Contains(richParts, kind) {
			c.fail(at, "unsupported type: %s", kind)
			continue
		}
		if kind != "rich_text_list" {
			c.richBits(at, p)
			continue
		}
		if style := p.text("style"); style != "bullet" && style != "ordered" {
			c.fail(at+"/style", "value must be one of bullet, ordered")
		}
		for j, line := range p.objects("elements") {
			at := fmt.Sprintf("%s/elements/%d", at, j)
			if line.text("type") != "rich_text_section" {
				c.fail(at, "unsupported type: %s", line.text("type"))
			}
			c.richBits(at, line)
		}
	}
}

// needed is the field that a bit of rich text cannot be without.
var needed = map[string]string{"text": "text", "link": "url", "emoji": "name", "user": "user_id", "channel": "channel_id", "usergroup": "usergroup_id", "broadcast": "range", "color": "value"}

func (c *kitCheck) richBits(at string, p kitObject) {
	for i, e := range p.objects("elements") {
		at, kind := fmt.Sprintf("%s/elements/%d", at, i), e.text("type")
		switch {
		case !slices.Contains(richBits, kind):
			c.fail(at, "unsupported type: %s", kind)
		case needed[kind] != "" && e.text(needed[kind]) == "":
			c.fail(at, "missing required field: %s", needed[kind])
		case kind == "date" && (e["timestamp"] == nil || e.text("format") == ""):
			c.fail(at, "missing required field: timestamp or format")
		}
	}
}
