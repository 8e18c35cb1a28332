package mcp

import (
	"regexp"
	"slices"
)

// What is no id, number, date or address is text, and text is somebody's words: a creator's, a brand's, a vendor's. A model must not take any of it
// for an instruction, so it stands in a field of its own, whatever document it came in.

var plainText = regexp.MustCompile(`^[A-Za-z0-9._:@/+%#=&?,~|-]{0,120}$`)

// theirs are fields that creators fill, however plain they look.
var theirs = []string{"words", "url", "caption", "note", "notes", "subject_line", "text", "reason", "detail", "name", "body", "value"}

// quoted is a document with all words of people marked.
func quoted(doc any) any { return quotedAs("", doc) }

func quotedAs(field string, doc any) any {
	switch v := doc.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[key] = quotedAs(key, value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = quotedAs(field, v[i])
		}
		return out
	case string:
		if v != "" && (!plainText.MatchString(v) || slices.Contains(theirs, field)) {
			return map[string]any{"quoted": v}
		}
	}
	return doc
}
