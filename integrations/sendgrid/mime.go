package sendgrid

import (
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"regexp"
	"strings"

	"github.com/emersion/go-message/charset"
)

// File is a file that came with a mail.
type File struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"` // bytes, decoded

	Content []byte `json:"-"`
	digest  string // of its bytes: two mails without words differ by their files
}

// The bounds of what is taken apart. What lies beyond them is said and stays in the raw mail.
const (
	maxParts = 200
	maxDepth = 8 // real mails nest three or four deep
	maxText  = 1 << 20
)

// body collects what a mail says: all its plain texts, in order, and the first HTML.
type body struct {
	texts  []string
	beside []string // words around the parts, such as a list's footer: kept, and no answer of anybody
	html   string
	files  []File
	doubts []string // what could not be read, in words
	parts  int
}

func (b *body) doubt(words string) {
	for _, d := range b.doubts {
		if d == words {
			return
		}
	}
	b.doubts = append(b.doubts, words)
}

// walk goes through a part and what it holds. alternative says that this is one of several forms of the same words.
func (b *body) walk(e entity, depth int, alternative bool) {
	if b.parts++; b.parts > maxParts {
		b.doubt("it has more parts than are looked at")
		return
	}
	media, of := params(e.header.Get("Content-Type"))
	if media == "" {
		media = "text/plain" // RFC 2045 5.2
	}
	if strings.HasPrefix(media, "multipart/") {
		if b.walkParts(e, of["boundary"], depth, media == "multipart/alternative") {
			return
		}
		media = "text/plain" // no part can be told from another: all of it is kept as words
	}
	content, whole := e.content()
	if !whole {
		b.doubt("some of it is damaged")
	}
	disposition, named := params(e.header.Get("Content-Disposition"))
	name := named["filename"]
	if name == "" {
		name = of["name"]
	}
	words := media == "text/plain" || media == "text/html"
	switch {
	case !words || disposition == "attachment" || name != "" && disposition != "" && disposition != "inline":
		b.files = append(b.files, fileOf(name, media, content))
	case media == "text/html" && b.html == "":
		b.html = clean(decodeHTML(content, of["charset"]))
	case media == "text/html": // a second HTML part, as Apple Mail writes around pictures
		b.html += "\n" + clean(decodeHTML(content, of["charset"]))
	case alternative && len(b.texts) > 0:
		b.files = append(b.files, fileOf(name, media, content)) // a second form of the same words
	default:
		b.texts = append(b.texts, strings.TrimRight(clean(decode(string(content), of["charset"])), "\r\n"))
	}
}

// preambles are what programs write before the first part, for readers of before 1992.
var preambles = regexp.MustCompile(`(?i)multi-?part message in mime format|signed message in mime format|mime-encapsulated message|your mail reader does not support mime`)

// walkParts goes through the parts of a body; false when it has none that can be told apart.
func (b *body) walkParts(e entity, boundary string, depth int, alternative bool) bool {
	if boundary == "" || depth >= maxDepth {
		b.doubt("its parts cannot be told apart")
		return false
	}
	parts, around, whole := split(e.body, boundary)
	if len(parts) == 0 {
		b.doubt("its parts cannot be told apart")
		return false
	}
	if !whole {
		b.doubt("it breaks off before its end")
	}
	for _, part := range parts {
		b.walk(readEntity(part), depth+1, alternative)
	}
	if said := strings.TrimSpace(clean(decode(string(around), ""))); said != "" && !preambles.MatchString(said) {
		b.beside = append(b.beside, said)
	}
	return true
}

var words = mime.WordDecoder{CharsetReader: charset.Reader}

func fileOf(name, media string, content []byte) File {
	sum := sha256.Sum256(content)
	if whole, err := words.DecodeHeader(name); err == nil { // not allowed there, and what many programs write
		name = whole
	}
	name, _ = prefix(clean(decode(name, "")), 200)
	media, _ = prefix(clean(media), 100)
	return File{Name: name, Type: media, Size: len(content), Content: content, digest: hex.EncodeToString(sum[:])}
}
