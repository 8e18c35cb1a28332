package sendgrid

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-message"
)

// Inbound is a mail that came to the inbound domain. From, Subject, Text and HTML are personal data and unproven:
// anyone can write any From. Route by To, which only holders of the address know.
type Inbound struct {
	ID          string   // digest of the mail: the same for every delivery of it
	MessageID   string   // as its program named it, without the brackets
	References  []string // the ids of the mails before it in its thread, oldest first; the last is the one that it answers
	To          []string // the envelope's recipients, lower case; those of the header where there is no envelope
	From        string   // the envelope's sender, lower case; "" for bounces
	HeaderFrom  string   // as written in the mail
	Subject     string
	Text        string // all plain texts; taken from the HTML part where there is none
	Reply       string // Text without what it quotes
	HTML        string
	SPF         string // SendGrid's verdict: pass, softfail, ...
	DKIM        string // SendGrid's verdict: {@domain : pass}
	AutoReply   bool   // an out-of-office, a delivery report or another machine's mail: nobody has read ours
	Attachments int
	Files       []File
	Doubts      []string // what could not be read of it, in words; the raw mail has it
}

// The reasons why a delivery cannot be routed. Its bytes are kept all the same.
var (
	ErrNotMultipart = errors.New("sendgrid inbound: the body is not multipart/form-data")
	ErrNoEnvelope   = errors.New("sendgrid inbound: the delivery names no recipient, so it cannot be routed")
)

// ParseInbound reads a delivery of Inbound Parse, in its default form or with "send raw" (the whole mail in one field). Damage
// costs what is damaged and nothing else: Doubts says what. It never panics on what strangers write; sendgrid-go's parser does
// (unnamed files, raw mails with CRLF).
func ParseInbound(delivery []byte, contentType string) (Inbound, error) {
	media, of := params(contentType)
	if media != "multipart/form-data" || of["boundary"] == "" {
		return Inbound{}, ErrNotMultipart
	}
	var b body
	fields := b.formFields(delivery, of["boundary"])
	in := Inbound{SPF: fields["SPF"], DKIM: fields["dkim"]}

	charset := charsets(fields["charsets"])
	get := func(name string) string { return clean(decode(fields[name], charset[name])) }
	h := headerOf(fields["headers"])
	if raw, ok := fields["email"]; ok {
		mail := readEntity([]byte(raw))
		h = mail.header
		in.HeaderFrom, in.Subject = mail.text("From"), mail.text("Subject")
		b.walk(mail, 0, false)
	} else {
		in.HeaderFrom, in.Subject = get("from"), get("subject")
		b.texts, b.html = []string{get("text")}, get("html")
	}
	enveloped := in.readEnvelope(fields["envelope"])
	if !enveloped && !in.readRecipients(h, fields) {
		return Inbound{}, ErrNoEnvelope
	}
	in.fill(&b)
	var sender *string
	if enveloped {
		sender = &in.From
	}
	in.AutoReply = machine(h, sender, in.HeaderFrom, in.Subject)
	in.ID = in.digest(clean(h.Get("Message-Id")), clean(h.Get("Date")))
	in.thread(h)
	return in, nil
}

// fill takes the words, within the bounds of what is kept apart from the raw mail.
func (in *Inbound) fill(b *body) {
	text := strings.Join(slices.DeleteFunc(b.texts, func(s string) bool { return strings.TrimSpace(s) == "" }), "\n\n")
	reply := text
	if page := htmlText(b.html, false); standsIn(text, page) {
		text, reply = strings.TrimSpace(text+"\n\n"+htmlText(b.html, true)), page
	}
	if around := strings.Join(b.beside, "\n\n"); around != "" {
		if text == "" {
			reply = around
		}
		text = strings.TrimSpace(text + "\n\n" + around)
	}
	whole := len(text)
	var all bool
	if in.Text, all = prefix(text, maxText); !all {
		b.doubt(fmt.Sprintf("of its %d bytes of text the first %d are shown", whole, len(in.Text)))
	}
	in.HTML, _ = prefix(b.html, maxText)
	in.Reply = CutQuoted(reply)
	in.Files, in.Attachments, in.Doubts = b.files, len(b.files), b.doubts
}

// formFields collects the value fields (the last of a name wins) and notes the files.
func (b *body) formFields(delivery []byte, boundary string) map[string]string {
	fields := map[string]string{}
	parts, _, whole := split(delivery, boundary)
	if !whole {
		b.doubt("the delivery breaks off before its end")
	}
	for i, part := range parts {
		if i == maxParts {
			b.doubt("it has more parts than are looked at")
			break
		}
		e := readEntity(part)
		_, of := params(e.header.Get("Content-Disposition"))
		if name, file := of["filename"]; file {
			media, _ := params(e.header.Get("Content-Type"))
			b.files = append(b.files, fileOf(name, media, e.body))
		} else if of["name"] != "" {
			fields[of["name"]] = string(e.body)
		}
	}
	return fields
}

func (in *Inbound) readEnvelope(s string) bool {
	var env struct {
		To   []string `json:"to"`
		From string   `json:"from"`
	}
	if json.Unmarshal([]byte(s), &env) != nil || len(env.To) == 0 {
		return false
	}
	for _, to := range env.To {
		in.To = append(in.To, address(to))
	}
	in.From = address(env.From)
	return true
}

// standsIn says whether a plain text only stands in for the page beside it: it is empty, or lacks most of the page's words. One word or
// two make no difference: pages have their own.
func standsIn(text, page string) bool {
	if strings.TrimSpace(text) == "" {
		return true // all of the page may be a quote, and is kept all the same
	}
	words := strings.Fields(page)
	has := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		has[w] = true
	}
	missing := 0
	for _, w := range words {
		if !has[w] {
			missing++
		}
	}
	return missing >= 4 && missing*2 > len(words)
}

// maxThread is how many ids of earlier mails are taken along.
const maxThread = 50

var messageIDs = regexp.MustCompile(`<([!-;=?-~]{1,250})>`)

// thread reads where the mail stands in the creator's mail program.
func (in *Inbound) thread(h message.Header) {
	if ids := messageIDs.FindStringSubmatch(clean(h.Get("Message-Id"))); ids != nil {
		in.MessageID = ids[1]
	}
	for _, field := range []string{h.Get("References"), h.Get("In-Reply-To")} {
		for _, id := range messageIDs.FindAllStringSubmatch(clean(field), -1) {
			if !slices.Contains(in.References, id[1]) {
				in.References = append(in.References, id[1])
			}
		}
	}
	in.References = in.References[max(0, len(in.References)-maxThread):]
}

var addresses = regexp.MustCompile(`[^\s<>,;:"()]+@[^\s<>,;:"()]+`)

// readRecipients goes by the header where the envelope is missing or damaged: the address in it is as secret there.
func (in *Inbound) readRecipients(h message.Header, fields map[string]string) bool {
	for _, list := range []string{fields["to"], fields["cc"], h.Get("To"), h.Get("Cc"), h.Get("Delivered-To"), h.Get("X-Original-To")} {
		for _, to := range addresses.FindAllString(list, maxParts) {
			in.To = append(in.To, address(to))
		}
	}
	return len(in.To) > 0
}

func address(s string) string { return clean(strings.ToLower(strings.TrimSpace(s))) }

// digest is stable over redeliveries: their multipart boundary may differ, the mail does not. Without an id of its own a mail is
// known by all that it holds, and by when it was written: "Yes" is said more than once.
func (in *Inbound) digest(messageID, written string) string {
	parts := append([]string{in.From, messageID, in.Subject, in.Text}, in.To...)
	if messageID == "" {
		parts = append(parts, in.HeaderFrom, in.HTML, written)
		for _, f := range in.Files {
			parts = append(parts, f.Name, f.digest)
		}
	}
	h := sha256.New()
	for _, s := range parts {
		_, _ = io.WriteString(h, s)
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))
}

func charsets(s string) map[string]string {
	var m map[string]string
	_ = json.Unmarshal([]byte(s), &m) // absent or malformed: everything is read as UTF-8
	return m
}
