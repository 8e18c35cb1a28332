package sendgrid

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// htmlText takes the readable text out of HTML, without scripts and styles, for mails that have no text part: whole, or without
// what it quotes. A picture is named, and a link's address stands behind its words.
func htmlText(s string, whole bool) string {
	s, _ = prefix(s, 8*maxText)
	if !strings.Contains(strings.ToLower(s), "</title") { // an open title would swallow the mail
		s = openTitle.ReplaceAllString(s, "")
	}
	t := htmlReader{whole: whole}
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return t.text()
		case html.TextToken:
			if t.skip == 0 {
				t.write(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t.open(z.Token())
		case html.EndTagToken:
			t.close(z.Token().Data)
		}
	}
}

var openTitle = regexp.MustCompile(`(?i)<title[^>]*>[^<]*`)

// blocks begin and end a line.
var blocks = []string{"p", "div", "tr", "li", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "section", "article", "dd", "dt", "body"}

type htmlReader struct {
	whole bool
	skip  int
	out   strings.Builder
	words bool   // something stands in this line
	space bool   // before the next word
	link  string // of the words that are being read
	at    int    // where they began
}

// write adds a text as a browser shows it: what stands between words is one space.
func (t *htmlReader) write(s string) {
	for _, r := range s {
		switch r {
		case ' ', '\t', '\n', '\r', '\f':
			t.space = t.words
		default:
			if t.space {
				t.out.WriteByte(' ')
			}
			t.out.WriteRune(r)
			t.words, t.space = true, false
		}
	}
}

// line ends a line in which something stands, or any line.
func (t *htmlReader) line(any bool) {
	if any || t.words {
		t.out.WriteByte('\n')
	}
	t.words, t.space = false, false
}

func (t *htmlReader) text() string {
	lines := strings.Split(strings.ReplaceAll(t.out.String(), "\u00a0", " "), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), " \n")
}

func (t *htmlReader) hides(tag string) bool {
	switch tag {
	case "script", "style", "head", "title":
		return true
	case "blockquote":
		return !t.whole
	}
	return false
}

func (t *htmlReader) open(tag html.Token) {
	switch {
	case tag.Data == "body": // a head that nobody closed ends here
		t.skip = 0
	case t.hides(tag.Data) && tag.Type == html.StartTagToken:
		t.skip++
	case t.skip > 0:
	case tag.Data == "img":
		if alt := strings.TrimSpace(attribute(tag, "alt")); alt != "" { // one without a name is mostly a counter of opens
			t.write("[picture: " + alt + "]")
		}
	case tag.Data == "br":
		t.line(true)
	case tag.Data == "td" || tag.Data == "th":
		t.space = t.words
	case tag.Data == "a":
		t.link, t.at = strings.TrimSpace(attribute(tag, "href")), t.out.Len()
	case slices.Contains(blocks, tag.Data):
		t.line(false)
	}
}

func (t *htmlReader) close(tag string) {
	switch {
	case t.hides(tag):
		t.skip = max(t.skip-1, 0)
	case t.skip > 0:
	case tag == "a":
		t.leave()
	case slices.Contains(blocks, tag):
		t.line(false)
	}
}

// leave names where a link leads when its words do not.
func (t *htmlReader) leave() {
	said := t.out.String()[min(t.at, t.out.Len()):]
	if (strings.HasPrefix(t.link, "https://") || strings.HasPrefix(t.link, "http://")) && !strings.Contains(said, strings.TrimSuffix(t.link, "/")) {
		t.write(" <" + t.link + ">")
	}
	t.link = ""
}

func attribute(tag html.Token, name string) string {
	for _, a := range tag.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
