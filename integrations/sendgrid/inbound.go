package sendgrid

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/rapport-dev/rapport/integrations/httpx"
)

// Inbound is a mail that came to the inbound domain. From, Subject, Text and HTML are personal data and unproven:
// anyone can write any From. Route by To, which only holders of the address know.
type Inbound struct {
	ID          string   // digest of the mail: the same for every delivery of it
	To          []string // the envelope's recipients, lower case
	From        string   // the envelope's sender, lower case; "" for bounces
	HeaderFrom  string   // as written in the mail
	Subject     string
	Text        string // the whole text; taken from the HTML part where there is no other
	Reply       string // Text without what it quotes
	HTML        string
	SPF         string // SendGrid's verdict: pass, softfail, ...
	DKIM        string // SendGrid's verdict: {@domain : pass}
	AutoReply   bool   // an out-of-office or a machine's mail: nobody has read ours
	Attachments int
}

// The bounds of one delivery. SendGrid accepts mails up to 30 MB; attachments are counted and not kept.
const (
	maxParts = 200
	maxField = 1 << 20
)

// The reasons why a delivery cannot be read.
var (
	ErrNotMultipart = errors.New("sendgrid inbound: the body is not multipart/form-data")
	ErrMalformed    = errors.New("sendgrid inbound: the body is malformed or larger than allowed")
	ErrNoEnvelope   = errors.New("sendgrid inbound: the delivery has no envelope, so it cannot be routed")
)

// ParseInbound reads a delivery of Inbound Parse, in its default form or with "send raw" (the whole mail in one field).
// It never panics on what strangers write; sendgrid-go's parser does (unnamed files, raw mails with CRLF).
func ParseInbound(body []byte, contentType string) (Inbound, error) {
	fields, files, err := formFields(body, contentType)
	if err != nil {
		return Inbound{}, err
	}
	in := Inbound{SPF: fields["SPF"], DKIM: fields["dkim"], Attachments: files}
	if err := in.readEnvelope(fields["envelope"]); err != nil {
		return Inbound{}, err
	}
	messageID := ""
	if raw, ok := fields["email"]; ok {
		m, err := parseMIME([]byte(raw))
		if err != nil {
			return Inbound{}, err
		}
		in.HeaderFrom, in.Subject, in.Text, in.HTML = m.from, m.subject, m.text, m.html
		in.AutoReply, messageID = m.auto, m.id
		in.Attachments += m.attachments
	} else {
		charset := charsets(fields["charsets"])
		get := func(name string) string { return decode(fields[name], charset[name]) }
		in.HeaderFrom, in.Subject, in.Text, in.HTML = get("from"), get("subject"), get("text"), get("html")
		if m, err := netmail.ReadMessage(strings.NewReader(strings.TrimRight(get("headers"), "\r\n") + "\r\n\r\n")); err == nil {
			in.AutoReply, messageID = autoReply(m.Header), m.Header.Get("Message-Id")
		}
	}
	if strings.TrimSpace(in.Text) == "" {
		in.Text = htmlText(in.HTML)
	}
	in.Reply = CutQuoted(in.Text)
	in.ID = in.digest(messageID)
	return in, nil
}

// formFields collects the value fields (the last of a name wins) and counts the files.
func formFields(body []byte, contentType string) (fields map[string]string, files int, err error) {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != "multipart/form-data" || params["boundary"] == "" {
		return nil, 0, ErrNotMultipart
	}
	fields = map[string]string{}
	r := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for range maxParts {
		part, err := r.NextRawPart()
		if err == io.EOF { //nolint:errorlint // io.EOF itself is the end; a body that was cut short wraps it
			return fields, files, nil
		}
		if err != nil {
			return nil, 0, ErrMalformed
		}
		if part.FileName() != "" {
			files++
			continue // NextRawPart skips what is unread
		}
		limit := int64(maxField)
		if part.FormName() == "email" {
			limit = int64(len(body)) // the whole mail, attachments included; the caller bounds the body
		}
		value, err := httpx.ReadAll(part, limit)
		if err != nil {
			return nil, 0, ErrMalformed
		}
		if name := part.FormName(); name != "" {
			fields[name] = string(value)
		}
	}
	return nil, 0, ErrMalformed
}

func (in *Inbound) readEnvelope(s string) error {
	var env struct {
		To   []string `json:"to"`
		From string   `json:"from"`
	}
	if json.Unmarshal([]byte(s), &env) != nil || len(env.To) == 0 {
		return ErrNoEnvelope
	}
	for _, to := range env.To {
		in.To = append(in.To, strings.ToLower(strings.TrimSpace(to)))
	}
	in.From = strings.ToLower(strings.TrimSpace(env.From))
	return nil
}

// digest is stable over redeliveries: their multipart boundary may differ, the mail does not.
func (in *Inbound) digest(messageID string) string {
	h := sha256.New()
	for _, s := range append([]string{in.From, messageID, in.Subject, in.Text}, in.To...) {
		_, _ = io.WriteString(h, s)
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// autoReply follows RFC 3834 and the older headers that mail systems still use.
func autoReply(h netmail.Header) bool {
	if a := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted"))); a != "" && a != "no" {
		return true
	}
	switch strings.ToLower(strings.TrimSpace(h.Get("Precedence"))) {
	case "auto_reply", "bulk", "junk", "list":
		return true
	}
	return h.Get("X-Autoreply") != "" || h.Get("X-Autorespond") != "" || h.Get("X-Auto-Response-Suppress") != ""
}

func charsets(s string) map[string]string {
	var m map[string]string
	_ = json.Unmarshal([]byte(s), &m) // absent or malformed: everything is read as UTF-8
	return m
}

// decode turns bytes of a named charset into UTF-8; an unknown name keeps what is valid UTF-8 already.
func decode(s, charset string) string {
	if charset != "" && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "us-ascii") {
		if enc, err := htmlindex.Get(charset); err == nil {
			if out, err := enc.NewDecoder().String(s); err == nil {
				return out
			}
		}
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
