package identity

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Typed is whom or what somebody names at a door, without what their phone, their clipboard and the chat made of it: quotation marks around
// it, entities, links around a handle, spaces and marks that cannot be seen. The same name in any of these spellings is one text, but for its case.
func Typed(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Zs, r):
			return ' '
		case Invisible(r):
			return -1
		}
		return r
	}, norm.NFKC.String(text))
	text = entities.Replace(token.ReplaceAllStringFunc(text, untoken))
	text = strings.Join(strings.Fields(quotes.Replace(text)), " ")
	if len(text) > 1 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0] {
		text = strings.TrimSpace(text[1 : len(text)-1])
	}
	return text
}

var (
	entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	quotes   = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‘", "'", "’", "'", "‚", "'", "`", "'")
	// token is Slack's way to write a person, a channel or a link: <@U1|name>, <#C1|name>, <https://…|label>, <mailto:…|label>.
	token = regexp.MustCompile(`<([@#]|https?://|mailto:)([^<>|]*)(?:\|([^<>]*))?>`)
)

// untoken is what somebody wrote of which Slack made a token. It makes links of handles with a dot in them, too.
func untoken(t string) string {
	parts := token.FindStringSubmatch(t)
	kind, what, label := parts[1], parts[2], parts[3]
	switch {
	case kind == "mailto:":
		return what
	case kind == "@" || kind == "#":
		if label == "" {
			return t
		}
		return kind + strings.TrimPrefix(label, kind)
	case label != "" && strings.TrimSuffix(what, "/") == strings.TrimSuffix(label, "/"):
		return label
	}
	return kind + what
}

// Words are a name as names are compared: its letters and digits in their order, without case, accents and punctuation. "" for a name without any.
func Words(name string) string { return strings.Join(words(name), " ") }
