package slack

import (
	"encoding/json"
	"fmt"
	"slices"
)

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
	case "alert":
		c.composition(at+"/text", b, "text", 3000)
		if level, given := b["level"]; given && !slices.Contains([]any{"default", "info", "warning", "error", "success"}, level) {
			c.fail(at+"/level", "value must be one of default, info, warning, error, success")
		}
	case "rich_text":
		c.richText(at, b)
	case "markdown":
		if n := length(b.text("text")); n < 1 || n > 12_000 {
			c.fail(at+"/text", "must have 1 to 12000 characters")
		}
	case "divider", "video", "file", "table":
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
