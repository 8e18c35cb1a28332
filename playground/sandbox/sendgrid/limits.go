package sendgrid

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// SendGrid's limits on one request.
const (
	maxMail       = 30 << 20 // bytes, attachments included
	maxEnvelopes  = 1000     // personalizations
	maxRecipients = 1000     // in all of them together
	maxCategories = 10
	maxCategory   = 255    // characters
	maxArgs       = 10_000 // bytes, of one personalization's with those of all
	farthest      = 72 * time.Hour
)

// fault finds what SendGrid would refuse, "" when nothing.
func (m *request) fault() (field, message string) {
	for _, check := range []func() (string, string){m.recipientFault, m.senderFault, m.contentFault, m.headerFault, m.extrasFault} {
		if field, message = check(); message != "" {
			return field, message
		}
	}
	return "", ""
}

func (m *request) recipientFault() (field, message string) {
	switch n := len(m.Personalizations); {
	case n == 0:
		return "personalizations", "The personalizations field is required and must have at least one personalization."
	case n > maxEnvelopes:
		return "personalizations", "The personalizations array must not contain more than 1000 objects."
	}
	all := 0
	for i := range m.Personalizations {
		p, at := &m.Personalizations[i], "personalizations."+strconv.Itoa(i)
		if field, message := p.fault(at); message != "" {
			return field, message
		}
		if m.Subject == "" && p.Subject == "" && m.TemplateID == "" {
			return "subject", "The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined."
		}
		all += len(p.To) + len(p.CC) + len(p.BCC)
	}
	if all > maxRecipients {
		return "personalizations", "The total number of recipients must be no more than 1000. This includes all recipients defined within the to, cc, and bcc parameters."
	}
	return "", ""
}

func (p *personalization) fault(at string) (field, message string) {
	if len(p.To) == 0 {
		return at + ".to", "The to array is required for all personalization objects, and must have at least one email object with a valid email address."
	}
	seen := map[string]bool{}
	for _, a := range slices.Concat(p.To, p.CC, p.BCC) {
		if !sandbox.ValidAddress(a.Email) {
			return at + ".to", "Does not contain a valid address."
		}
		if seen[strings.ToLower(a.Email)] {
			return at, "Each email address in the personalization block should be unique between to, cc, and bcc."
		}
		seen[strings.ToLower(a.Email)] = true
	}
	if p.From != nil && !sandbox.ValidAddress(p.From.Email) {
		return at + ".from.email", "Does not contain a valid address."
	}
	return "", ""
}

func (m *request) senderFault() (field, message string) {
	if m.From == nil || !sandbox.ValidAddress(m.From.Email) {
		return "from.email", "The from object must be provided for every email send. It is an object that requires the email parameter, but may also contain a name parameter."
	}
	if m.ReplyTo != nil && !sandbox.ValidAddress(m.ReplyTo.Email) {
		return "reply_to.email", "The reply_to email is not a valid address."
	}
	if m.ReplyTo != nil && len(m.ReplyToList) > 0 {
		return "reply_to", "Either reply_to or reply_to_list can be used, not both."
	}
	seen := map[string]bool{}
	for i, a := range m.ReplyToList {
		if low := strings.ToLower(a.Email); !sandbox.ValidAddress(a.Email) || seen[low] {
			return "reply_to_list." + strconv.Itoa(i), "Each email address in the reply_to_list should be valid and unique."
		}
		seen[strings.ToLower(a.Email)] = true
	}
	return "", ""
}

// stranger is the field whose sender nobody has verified, "" when the one who was sends it all.
func (m *request) stranger(verified string) (field string) {
	if verified == "" { // the check is off
		return ""
	}
	if a, err := mail.ParseAddress(verified); err == nil { // as Rapport has it, perhaps with a name
		verified = a.Address
	}
	if !strings.EqualFold(m.From.Email, verified) {
		return "from"
	}
	for i, p := range m.Personalizations {
		if p.From != nil && !strings.EqualFold(p.From.Email, verified) {
			return "personalizations." + strconv.Itoa(i) + ".from"
		}
	}
	return ""
}

// rank is where a form of a mail must stand: plain text first, then the page, each once, then all others.
func rank(contentType string) int {
	switch contentType {
	case "text/plain":
		return 0
	case "text/html":
		return 1
	}
	return 2
}

func (m *request) contentFault() (field, message string) {
	if len(m.Content) == 0 && m.TemplateID == "" {
		return "content", "Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block."
	}
	for i, c := range m.Content {
		at := "content." + strconv.Itoa(i)
		if c.Type == "" || c.Value == "" {
			return at + ".value", "The content value must be a string at least one character in length."
		}
		if !strings.Contains(c.Type, "/") || strings.ContainsAny(c.Type, ";\r\n") {
			return at + ".type", "The content type must be a valid MIME type."
		}
		if r := rank(c.Type); i > 0 && (r < rank(m.Content[i-1].Type) || r < 2 && r == rank(m.Content[i-1].Type)) {
			return "content", "If present, text/plain and text/html may only be provided once, text/plain first."
		}
	}
	return "", ""
}

// reservedHeaders may not be set by a sender.
var reservedHeaders = []string{"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc"}

// headerName is what a header may be called: printable ASCII without a colon.
var headerName = regexp.MustCompile(`^[!-9;-~]+$`)

func (m *request) headerFault() (field, message string) {
	all := []map[string]string{m.Headers}
	for _, p := range m.Personalizations {
		all = append(all, p.Headers)
	}
	for _, headers := range all {
		for name, value := range headers {
			switch {
			case slices.Contains(reservedHeaders, strings.ToLower(name)):
				return "headers", fmt.Sprintf("The header %s is reserved and can not be set.", name)
			case !headerName.MatchString(name) || strings.ContainsAny(value, "\r\n"):
				return "headers", "Headers must be given as a name of ASCII characters and a value of one line."
			}
		}
	}
	return "", ""
}

func (m *request) extrasFault() (field, message string) {
	if len(m.Categories) > maxCategories {
		return "categories", "You cannot have more than 10 categories per request."
	}
	for i, c := range m.Categories {
		if n := utf8.RuneCountInString(c); n == 0 || n > maxCategory || slices.Contains(m.Categories[:i], c) {
			return "categories", "Each category must be unique and no longer than 255 characters."
		}
	}
	for i, p := range m.Personalizations {
		if argsSize(m.CustomArgs)+argsSize(p.CustomArgs) >= maxArgs {
			return "custom_args", "The custom_args are too long: they must not exceed 10000 bytes."
		}
		if at := cmp.Or(p.SendAt, m.SendAt); time.Until(time.Unix(at, 0)) > farthest {
			return "personalizations." + strconv.Itoa(i) + ".send_at", "Scheduling more than 72 hours in advance is forbidden."
		}
	}
	for i, a := range m.Attachments {
		if _, err := base64.StdEncoding.DecodeString(a.Content); err != nil || a.Content == "" || a.Filename == "" {
			return "attachments." + strconv.Itoa(i) + ".content", "The attachment content must be base64 encoded, and its filename is required."
		}
	}
	return "", ""
}

func argsSize(args map[string]string) (n int) {
	for k, v := range args {
		n += len(k) + len(v)
	}
	return n
}
