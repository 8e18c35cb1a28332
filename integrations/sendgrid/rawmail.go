package sendgrid

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"strings"

	"github.com/rapport-dev/rapport/integrations/httpx"
)

// rawMail is what is read from a whole MIME message.
type rawMail struct {
	id, from, subject, text, html string
	auto                          bool
	attachments                   int
	parts                         int
}

// maxDepth is how deep multipart may nest: real mails need three or four.
const maxDepth = 8

func parseMIME(raw []byte) (*rawMail, error) {
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, ErrMalformed
	}
	words := mime.WordDecoder{CharsetReader: func(charset string, r io.Reader) (io.Reader, error) {
		b, err := io.ReadAll(r)
		return strings.NewReader(decode(string(b), charset)), err
	}}
	header := func(name string) string {
		v := msg.Header.Get(name)
		if out, err := words.DecodeHeader(v); err == nil {
			v = out
		}
		return strings.ToValidUTF8(v, "\uFFFD")
	}
	m := &rawMail{
		id: msg.Header.Get("Message-Id"), from: header("From"), subject: header("Subject"), auto: autoReply(msg.Header),
	}
	if err := m.walk(textproto.MIMEHeader(msg.Header), msg.Body, 0); err != nil {
		return nil, err
	}
	return m, nil
}

// walk takes the first plain and the first HTML text and counts everything else.
func (m *rawMail) walk(h textproto.MIMEHeader, body io.Reader, depth int) error {
	if m.parts++; m.parts > maxParts || depth > maxDepth {
		return ErrMalformed
	}
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		media, params = "text/plain", nil // RFC 2045 5.2
	}
	if strings.HasPrefix(media, "multipart/") && params["boundary"] != "" {
		return m.walkParts(multipart.NewReader(body, params["boundary"]), depth)
	}
	disposition, _, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	target := &m.text
	if media == "text/html" {
		target = &m.html
	}
	if disposition == "attachment" || (media != "text/plain" && media != "text/html") || *target != "" {
		m.attachments++
		return nil
	}
	text, err := httpx.ReadAll(transferDecoder(h.Get("Content-Transfer-Encoding"), body), maxField)
	if err != nil {
		return ErrMalformed
	}
	*target = decode(string(text), params["charset"])
	return nil
}

func (m *rawMail) walkParts(r *multipart.Reader, depth int) error {
	for {
		part, err := r.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return ErrMalformed
		}
		if err := m.walk(part.Header, part, depth+1); err != nil {
			return err
		}
	}
}

func transferDecoder(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	default:
		return r
	}
}
