package partnership

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Marks stand in a message's small print and facts for what a chat shows in a way of its own: a person, an instant in the reader's zone, and
// words that lead somewhere.
// They are made of characters that no words of people keep (see Unmarked).
const (
	markOpen  = "\x0e"
	markClose = "\x0f"
)

// PersonMark stands for somebody, as the audit knows them: slack:U1, cli:ana.
func PersonMark(who string) string { return markOpen + "p" + who + markClose }

// TimeMark stands for an instant.
func TimeMark(t time.Time) string {
	return markOpen + "t" + strconv.FormatInt(t.Unix(), 10) + markClose
}

// LinkMark stands for words that lead to an address.
func LinkMark(url, words string) string {
	if url == "" {
		return Unmarked(words)
	}
	return markOpen + "l" + url + " " + Unmarked(words) + markClose
}

// HasMarks says whether there is anything to put in the place of.
func HasMarks(s string) bool { return strings.Contains(s, markOpen) }

// Unmarked takes away what could pass for a mark.
func Unmarked(s string) string { return strings.NewReplacer(markOpen, "", markClose, "").Replace(s) }

var marks = regexp.MustCompile(markOpen + "([ptl])([^" + markClose + "]*)" + markClose)

// FillMarks puts words in the place of marks, and hands all that stands between them to rest.
func FillMarks(s string, rest func(string) string, person func(who string) string, at func(time.Time) string, link func(url, words string) string) string {
	var out strings.Builder
	end := 0
	for _, m := range marks.FindAllStringSubmatchIndex(s, -1) {
		out.WriteString(rest(s[end:m[0]]))
		kind, of := s[m[2]:m[3]], s[m[4]:m[5]]
		if seconds, err := strconv.ParseInt(of, 10, 64); kind == "t" && err == nil {
			out.WriteString(at(time.Unix(seconds, 0)))
		} else if kind == "p" {
			out.WriteString(person(of))
		} else if url, words, ok := strings.Cut(of, " "); kind == "l" && ok {
			out.WriteString(link(url, words))
		}
		end = m[1]
	}
	out.WriteString(rest(s[end:]))
	return out.String()
}
