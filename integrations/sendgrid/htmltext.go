package sendgrid

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// htmlText takes the readable text out of HTML, without scripts and styles, for mails that have no text part: whole, or without
// what it quotes. A picture is named.
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
			return strings.TrimSpace(t.out.String())
		case html.TextToken:
			if t.skip == 0 {
				t.out.WriteString(strings.Join(strings.Fields(string(z.Text())), " ") + " ")
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t.open(z.Token())
		case html.EndTagToken:
			name, _ := z.TagName()
			if t.hides(string(name)) {
				t.skip = max(t.skip-1, 0)
			}
		}
	}
}

var openTitle = regexp.MustCompile(`(?i)<title[^>]*>[^<]*`)

type htmlReader struct {
	whole bool
	skip  int
	out   strings.Builder
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
		t.out.WriteString(picture(tag) + " ")
	case tag.Data == "p" || tag.Data == "div" || tag.Data == "br" || tag.Data == "tr" || tag.Data == "li":
		t.out.WriteString("\n")
	}
}

// picture stands for an image; one without a name is mostly a counter of opens.
func picture(tag html.Token) string {
	for _, a := range tag.Attr {
		if a.Key == "alt" && strings.TrimSpace(a.Val) != "" {
			return "[picture: " + strings.TrimSpace(a.Val) + "]"
		}
	}
	return ""
}
