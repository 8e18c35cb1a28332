package slack

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"
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

// rich draws a rich_text block, in which nothing that people wrote is markup.
func (d reader) rich(b kitObject) template.HTML {
	var out strings.Builder
	for _, p := range b.objects("elements") {
		bits := d.bits(p)
		switch p.text("type") {
		case "rich_text_quote":
			bits = "<blockquote>" + bits + "</blockquote>"
		case "rich_text_preformatted":
			bits = "<pre>" + bits + "</pre>"
		case "rich_text_list":
			tag, indent := "ul", ""
			if p.text("style") == "ordered" {
				tag = "ol"
			}
			if n := whole(p, "indent", 0); n > 0 {
				indent = fmt.Sprintf(` class="in%d"`, min(n, 4))
			}
			bits = "<" + tag + indent + ">"
			for _, line := range p.objects("elements") {
				bits += "<li>" + d.bits(line) + "</li>"
			}
			bits += "</" + tag + ">"
		default:
			bits = "<div>" + bits + "</div>"
		}
		out.WriteString(bits)
	}
	return safe(out.String())
}

func (d reader) bits(p kitObject) string {
	var out strings.Builder
	for _, e := range p.objects("elements") {
		drawn := d.richBit(e)
		style, _ := e.object("style")
		for _, s := range []struct{ name, tag string }{{"code", "code"}, {"bold", "strong"}, {"italic", "em"}, {"strike", "s"}} {
			if style[s.name] == true {
				drawn = "<" + s.tag + ">" + drawn + "</" + s.tag + ">"
			}
		}
		out.WriteString(drawn)
	}
	return out.String()
}

func (d reader) richBit(e kitObject) string {
	switch e.text("type") {
	case "text":
		return strings.ReplaceAll(html.EscapeString(e.text("text")), "\n", "<br>")
	case "link":
		return link(e.text("url"), html.EscapeString(cmp.Or(e.text("text"), e.text("url"))))
	case "emoji":
		return cmp.Or(emoji[e.text("name")], html.EscapeString(":"+e.text("name")+":"))
	case "user":
		return d.mention(e.text("user_id"))
	case "channel":
		return d.channel(e.text("channel_id"), e.text("channel_id"))
	case "broadcast":
		return `<span class="mention">@` + html.EscapeString(e.text("range")) + "</span>"
	case "date":
		return d.date(int64(whole(e, "timestamp", 0)), e.text("format"), e.text("fallback"))
	case "color":
		return html.EscapeString(e.text("value"))
	}
	return ""
}
