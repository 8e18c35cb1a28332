package sendgrid

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"mime"
	"mime/quotedprintable"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/charset"
	htmlcharset "golang.org/x/net/html/charset"
)

// A creator's mail is never lost because it is damaged: what can be read is read, and what could not is said. The standard readers
// stop at the first fault and take what came before it along.

// entity is one part of a multipart body, or a whole mail: its header and the bytes below it.
type entity struct {
	header message.Header
	body   []byte
}

var emptyLine = regexp.MustCompile(`(?m)^\r?$`)

// readEntity splits header and body. A line that is no header field is passed over, or begins the body where no empty line does.
func readEntity(raw []byte) entity {
	var fields [][]byte
	ends := emptyLine.Match(raw)
	below := raw
	for len(below) > 0 {
		line, rest, _ := bytes.Cut(below, []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 {
			below = rest
			break
		}
		switch {
		case (line[0] == ' ' || line[0] == '\t') && len(fields) > 0: // folded: it goes on
			fields[len(fields)-1] = append(append(fields[len(fields)-1], ' '), bytes.TrimSpace(line)...)
		case fieldName(line):
			fields = append(fields, bytes.Clone(line))
		case !ends:
			return entity{fieldsOf(fields), below}
		}
		below = rest
	}
	if len(fields) == 0 && !bytes.HasPrefix(raw, []byte("\n")) && !bytes.HasPrefix(raw, []byte("\r\n")) {
		below = raw
	}
	return entity{fieldsOf(fields), below}
}

func fieldsOf(lines [][]byte) message.Header {
	var h message.Header
	for i := len(lines) - 1; i >= 0; i-- { // Add puts a field before those that are there
		name, value, _ := bytes.Cut(lines[i], []byte(":"))
		h.Add(string(name), strings.TrimSpace(string(value)))
	}
	return h
}

func fieldName(line []byte) bool {
	name, _, found := bytes.Cut(line, []byte(":"))
	return found && len(name) > 0 && bytes.IndexFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// headerOf reads a block of header fields alone.
func headerOf(fields string) message.Header { return readEntity([]byte(fields)).header }

// text is a field with its encoded words read, in UTF-8 without what a database can't hold.
func (e entity) text(name string) string {
	s, err := e.header.Text(name)
	if err != nil {
		s = e.header.Get(name)
	}
	return clean(decode(s, ""))
}

var looseParam = regexp.MustCompile(`(?i)\b(boundary|name|filename|charset)\s*=\s*(?:"([^"]*)"|([^\s;]+))`)

// params reads a field such as Content-Type. One that is malformed gives what its parameters still say.
func params(field string) (media string, of map[string]string) {
	media, of, err := mime.ParseMediaType(field)
	if err == nil {
		return media, of
	}
	of = map[string]string{}
	for _, m := range looseParam.FindAllStringSubmatch(field, -1) {
		of[strings.ToLower(m[1])] = m[2] + m[3]
	}
	media, _, _ = strings.Cut(field, ";")
	return strings.ToLower(strings.TrimSpace(media)), of
}

// split cuts a multipart body into its parts, at most one more than are looked at: a mail of millions of them is small. around is what stands
// before the first and after the last. whole is false when it breaks off before its end.
func split(body []byte, boundary string) (parts [][]byte, around []byte, whole bool) {
	delimiter := []byte("--" + boundary)
	start := -1
	for at := 0; at <= len(body); {
		i := bytes.Index(body[at:], delimiter)
		if i < 0 {
			break
		}
		i += at
		after := body[i+len(delimiter):]
		line, _, ended := bytes.Cut(after, []byte("\n"))
		mark := bytes.TrimRight(line, " \t\r")
		closing := bytes.Equal(mark, []byte("--"))
		if i > 0 && body[i-1] != '\n' || len(mark) > 0 && !closing { // these bytes stand inside a part
			at = i + len(delimiter)
			continue
		}
		if start >= 0 {
			if parts = append(parts, trimEnd(body[start:i])); len(parts) > maxParts {
				return parts, around, true
			}
		} else {
			around = bytes.Clone(body[:i])
		}
		if closing {
			return parts, append(around, after[len(line):]...), true
		}
		start = i + len(delimiter) + len(line)
		if ended {
			start++
		}
		at = start
	}
	if start >= 0 && start <= len(body) {
		parts = append(parts, body[start:])
	}
	return parts, around, false
}

// trimEnd takes the line end off that belongs to the boundary.
func trimEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

// content undoes the transfer encoding. whole is false when some of it was damaged.
func (e entity) content() (b []byte, whole bool) {
	switch strings.ToLower(strings.TrimSpace(e.header.Get("Content-Transfer-Encoding"))) {
	case "base64":
		return looseBase64(e.body)
	case "quoted-printable":
		if b, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(e.body))); err == nil {
			return b, true
		}
		return looseQuotedPrintable(e.body), false
	default:
		return e.body, true
	}
}

var (
	softBreak = regexp.MustCompile(`=[ \t]*\r*\n`)
	encoded   = regexp.MustCompile(`=[0-9A-Fa-f]{2}`)
)

// looseQuotedPrintable reads what is well written and leaves the rest as it stands.
func looseQuotedPrintable(raw []byte) []byte {
	return encoded.ReplaceAllFunc(softBreak.ReplaceAll(raw, nil), func(code []byte) []byte {
		b, _ := hex.DecodeString(string(code[1:]))
		return b
	})
}

// innerSpace is what no line of base64 has, and most lines of words do.
var innerSpace = regexp.MustCompile(`(?m)[^\s][ \t]+[^\s]`)

// looseBase64 reads line by line, so that a bad line costs itself and not the mail. Lines that are words are taken as they are.
func looseBase64(raw []byte) (out []byte, whole bool) {
	joined := bytes.Map(func(r rune) rune {
		if r == '\r' || r == '\n' || r == ' ' || r == '\t' {
			return -1
		}
		return r
	}, raw)
	if out, err := base64.StdEncoding.DecodeString(string(joined)); err == nil && !innerSpace.Match(raw) {
		return out, true
	}
	for line := range bytes.Lines(raw) {
		if innerSpace.Match(line) {
			out = append(out, line...)
			continue
		}
		line = bytes.TrimRight(bytes.TrimSpace(line), "=")
		got, err := base64.RawStdEncoding.DecodeString(string(line))
		out = append(out, got...) // as far as it could be read
		if err != nil {
			out = append(out, "\uFFFD"...)
		}
	}
	return out, false
}

// decode turns bytes of a named charset into UTF-8. Many programs name one and write another: bytes that are no UTF-8 are read as
// Windows wrote them, as every mail program does.
func decode(s, name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if name != "" && name != "utf-8" && name != "us-ascii" {
		if r, err := charset.Reader(name, strings.NewReader(s)); err == nil {
			if out, err := io.ReadAll(r); err == nil {
				return strings.ToValidUTF8(string(out), "\uFFFD")
			}
		}
	}
	if utf8.ValidString(s) {
		return s
	}
	if mostlyUTF8(s) {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	if r, err := charset.Reader("windows-1252", strings.NewReader(s)); err == nil {
		if out, err := io.ReadAll(r); err == nil {
			return string(out)
		}
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// mostlyUTF8 is a text in which a byte or two are damaged, and not one of another charset.
func mostlyUTF8(s string) bool {
	good, bad := 0, 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	return good > bad
}

// decodeHTML is decode for a page, which may say its charset itself.
func decodeHTML(content []byte, name string) string {
	if name == "" && !utf8.Valid(content) && !mostlyUTF8(string(content)) {
		enc, _, _ := htmlcharset.DetermineEncoding(content, "")
		if out, err := enc.NewDecoder().Bytes(content); err == nil {
			return string(out)
		}
	}
	return decode(string(content), name)
}

// clean takes out what no database keeps in a text: a NUL, and bytes that are no UTF-8. The raw mail keeps them.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// prefix is at most limit bytes of s, not in the middle of a letter.
func prefix(s string, limit int) (cut string, whole bool) {
	if len(s) <= limit {
		return s, true
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit], false
}
