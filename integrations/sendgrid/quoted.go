package sendgrid

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// maxReply bounds what is looked at: a reply that a person wrote is far shorter.
const maxReply = 64 << 10

// The lines with which mail programs introduce what they quote, in the languages creators write most.
var quoteStart = []*regexp.Regexp{
	regexp.MustCompile(`^\s*-{2,}\s*(Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine|Mensaje original)\s*-{2,}\s*$`),
	regexp.MustCompile(`^\s*_{20,}\s*$`), // Outlook's rule
	regexp.MustCompile(`^\s*>*\s*On\b.{0,300}\bwrote:\s*$`),
	regexp.MustCompile(`^\s*>*\s*Am\b.{0,300}\bschrieb\b.{0,200}:\s*$`),
	regexp.MustCompile(`^\s*>*\s*Le\b.{0,300}\ba écrit\s?:\s*$`),
	regexp.MustCompile(`^\s*>*\s*El\b.{0,300}\bescribió:\s*$`),
	regexp.MustCompile(`^\s*>*\s*Il\b.{0,300}\bha scritto:\s*$`),
	regexp.MustCompile(`^\s*>*\s*Em\b.{0,300}\bescreveu:\s*$`),
}

// outlookHeader is the block with which Outlook quotes: From, then Sent or Date within the next lines.
var (
	outlookFrom = regexp.MustCompile(`^\s*\*?(From|Von|De):\*?\s`)
	outlookSent = regexp.MustCompile(`^\s*\*?(Sent|Date|Gesendet|Datum|Envoyé|Enviado|Fecha):\*?\s`)
)

// CutQuoted returns what the sender wrote: everything above the quoted mail and the signature. Where nothing is left,
// because the answer stands below or between the quote, it returns all lines that are not quoted.
func CutQuoted(text string) string {
	if len(text) > maxReply {
		text = strings.ToValidUTF8(text[:maxReply], "")
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	end := len(lines)
	for i := range lines {
		if startsQuote(lines, i) || lines[i] == "-- " || lines[i] == "--" {
			end = i
			break
		}
	}
	if reply := unquoted(lines[:end]); reply != "" {
		return reply
	}
	return unquoted(lines)
}

// startsQuote looks at a line and, because programs wrap their introduction, at up to two that follow it.
func startsQuote(lines []string, i int) bool {
	joined := lines[i]
	if strings.TrimSpace(joined) == "" {
		return false
	}
	for j := 0; ; j++ {
		for _, re := range quoteStart {
			if re.MatchString(joined) {
				return true
			}
		}
		if j == 2 || i+j+1 >= len(lines) || strings.TrimSpace(lines[i+j+1]) == "" {
			break
		}
		joined += " " + strings.TrimSpace(lines[i+j+1])
	}
	if !outlookFrom.MatchString(lines[i]) {
		return false
	}
	for _, l := range lines[i+1 : min(i+4, len(lines))] {
		if outlookSent.MatchString(l) {
			return true
		}
	}
	return false
}

func unquoted(lines []string) string {
	var out []string
	for i, l := range lines {
		if !strings.HasPrefix(strings.TrimSpace(l), ">") && !startsQuote(lines, i) {
			out = append(out, strings.TrimRight(l, " \t"))
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

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
