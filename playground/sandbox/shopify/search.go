package shopify

import (
	"slices"
	"strings"
	"time"
)

// term is one condition of a search query: tag:'x', updated_at:>='2026-01-02T00:00:00Z', -tag:y.
type term struct {
	field, op, value string
	not              bool
}

// parseSearch reads Shopify's search syntax, as far as conditions joined by AND.
func parseSearch(query string) ([]term, *gqlError) {
	var terms []term
	for rest := strings.TrimSpace(query); rest != ""; rest = strings.TrimSpace(rest) {
		if after, ok := strings.CutPrefix(rest, "AND "); ok {
			rest = after
			continue
		}
		t := term{op: "="}
		rest, t.not = strings.CutPrefix(rest, "-")
		field, value, ok := strings.Cut(rest, ":")
		if !ok || strings.ContainsAny(field, " \"'()") {
			return nil, gqlErr("BAD_REQUEST", "the sandbox reads only field:value terms joined by AND, not %q", query)
		}
		t.field = field
		for _, op := range []string{">=", "<=", ">", "<"} {
			if after, ok := strings.CutPrefix(value, op); ok {
				t.op, value = op, after
				break
			}
		}
		if value != "" && (value[0] == '\'' || value[0] == '"') {
			t.value, rest, ok = strings.Cut(value[1:], value[:1])
			if !ok {
				return nil, gqlErr("BAD_REQUEST", "unbalanced quote in %q", query)
			}
		} else {
			t.value, rest, _ = strings.Cut(value, " ")
		}
		terms = append(terms, t)
	}
	return terms, nil
}

// matches evaluates a term: values are what a record has under the field's name, nil when the field is unknown.
func (t term) matches(values []string, at time.Time) bool {
	hit := false
	if at.IsZero() {
		hit = slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, t.value) })
	} else if want, err := time.Parse(time.RFC3339, t.value); err == nil {
		c := at.Truncate(time.Second).Compare(want.Truncate(time.Second)) // the search knows whole seconds
		hit = c == 0 && t.op != "<" && t.op != ">" || c > 0 && t.op[0] == '>' || c < 0 && t.op[0] == '<'
	}
	return hit != t.not
}
