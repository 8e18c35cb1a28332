package sendgrid

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

type address struct {
	Email string `json:"email"`
	Name  string `json:"name"`
}

// request is POST /v3/mail/send. The fields that are not read are named so that a misspelt one is noticed.
type request struct {
	Personalizations []personalization `json:"personalizations"`
	From             *address          `json:"from"`
	ReplyTo          *address          `json:"reply_to"`
	ReplyToList      []address         `json:"reply_to_list"`
	Subject          string            `json:"subject"`
	Content          []content         `json:"content"`
	Attachments      []json.RawMessage `json:"attachments"`
	TemplateID       string            `json:"template_id"`
	Headers          map[string]string `json:"headers"`
	Categories       []string          `json:"categories"`
	CustomArgs       map[string]string `json:"custom_args"`
	SendAt           int64             `json:"send_at"`
	BatchID          string            `json:"batch_id"`
	ASM              json.RawMessage   `json:"asm"`
	IPPoolName       string            `json:"ip_pool_name"`
	MailSettings     struct {
		SandboxMode struct {
			Enable bool `json:"enable"`
		} `json:"sandbox_mode"`
		BypassList        json.RawMessage `json:"bypass_list_management"`
		BypassSpam        json.RawMessage `json:"bypass_spam_management"`
		BypassBounce      json.RawMessage `json:"bypass_bounce_management"`
		BypassUnsubscribe json.RawMessage `json:"bypass_unsubscribe_management"`
		Footer            json.RawMessage `json:"footer"`
	} `json:"mail_settings"`
	TrackingSettings json.RawMessage `json:"tracking_settings"`
}

type personalization struct {
	From         *address          `json:"from"`
	To           []address         `json:"to"`
	CC           []address         `json:"cc"`
	BCC          []address         `json:"bcc"`
	Subject      string            `json:"subject"`
	Headers      map[string]string `json:"headers"`
	Substitution map[string]string `json:"substitutions"`
	TemplateData json.RawMessage   `json:"dynamic_template_data"`
	CustomArgs   map[string]string `json:"custom_args"`
	SendAt       int64             `json:"send_at"`
}

type content struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// problem is SendGrid's error shape.
type problem struct {
	Message string  `json:"message"`
	Field   *string `json:"field"`
	Help    *string `json:"help"`
}

func refuse(w http.ResponseWriter, status int, field, message string) {
	e := problem{Message: message}
	if field != "" {
		e.Field = &field
	}
	sandbox.WriteJSON(w, status, map[string]any{"errors": []problem{e}})
}

// sendMail accepts a mail once for every request: there is no idempotency here, as at SendGrid.
func (s *service) sendMail(w http.ResponseWriter, r *http.Request) {
	if ct, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); ct != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "", "Content-Type should be application/json.")
		return
	}
	var m request
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		field := ""
		if te, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			field = te.Field
		}
		refuse(w, http.StatusBadRequest, field, "Bad Request: "+err.Error())
		return
	}
	if field, message := m.fault(); message != "" {
		refuse(w, http.StatusBadRequest, field, message)
		return
	}
	if m.MailSettings.SandboxMode.Enable { // validates only
		w.WriteHeader(http.StatusOK)
		return
	}
	id := sandbox.NewID("", 22)
	for _, p := range m.Personalizations {
		for _, to := range slices.Concat(p.To, p.CC, p.BCC) {
			s.accept(id, &m, &p, to)
		}
	}
	w.Header().Set("X-Message-Id", id)
	w.WriteHeader(http.StatusAccepted)
}

// fault finds what SendGrid would refuse, "" when nothing.
func (m *request) fault() (field, message string) {
	if len(m.Personalizations) == 0 || len(m.Personalizations) > 1000 {
		return "personalizations", "The personalizations field is required and must have at least one personalization."
	}
	for i, p := range m.Personalizations {
		at := "personalizations." + strconv.Itoa(i)
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
		if m.Subject == "" && p.Subject == "" && m.TemplateID == "" {
			return "subject", "The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined."
		}
	}
	if m.From == nil || !sandbox.ValidAddress(m.From.Email) {
		return "from.email", "The from object must be provided for every email send. It is an object that requires the email parameter, but may also contain a name parameter."
	}
	if m.ReplyTo != nil && !sandbox.ValidAddress(m.ReplyTo.Email) {
		return "reply_to.email", "The reply_to email is not a valid address."
	}
	if m.ReplyTo != nil && len(m.ReplyToList) > 0 {
		return "reply_to", "Either reply_to or reply_to_list can be used, not both."
	}
	if len(m.Content) == 0 && m.TemplateID == "" {
		return "content", "Unless a valid template_id is provided, the content parameter is required. There must be at least one defined content block."
	}
	return m.contentFault()
}

// reservedHeaders may not be set by a sender.
var reservedHeaders = []string{"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc"}

func (m *request) contentFault() (field, message string) {
	for i, c := range m.Content {
		at := "content." + strconv.Itoa(i)
		if c.Type == "" || c.Value == "" {
			return at + ".value", "The content value must be a string at least one character in length."
		}
		if c.Type == "text/plain" && i > 0 {
			return "content", "If present, text/plain and text/html may only be provided once, text/plain first."
		}
	}
	for name := range m.Headers {
		if slices.Contains(reservedHeaders, strings.ToLower(name)) {
			return "headers", fmt.Sprintf("The header %s is reserved and can not be set.", name)
		}
	}
	if len(m.Categories) > 10 {
		return "categories", "You cannot have more than 10 categories per request."
	}
	size := 0
	for k, v := range m.CustomArgs {
		size += len(k) + len(v)
	}
	if size >= 10_000 {
		return "custom_args", "The custom_args are too long: they must not exceed 10000 bytes."
	}
	if time.Until(time.Unix(m.SendAt, 0)) > 72*time.Hour {
		return "send_at", "Scheduling more than 72 hours in advance is forbidden."
	}
	return "", ""
}

// accept puts one copy into a mailbox and says so in events. The lock is held.
func (s *service) accept(id string, m *request, p *personalization, to address) {
	l := &sandbox.Letter{
		Seq: s.Next(), Via: name, MessageID: id, Args: map[string]string{}, Category: m.Categories,
		From: m.From.Email, FromName: m.From.Name, To: to.Email, Subject: m.Subject, Headers: map[string]string{}, At: s.Now(),
	}
	for _, args := range []map[string]string{m.CustomArgs, p.CustomArgs} {
		for k, v := range args {
			l.Args[k] = v
		}
	}
	for _, hs := range []map[string]string{m.Headers, p.Headers} {
		for k, v := range hs {
			l.Headers[k] = v
		}
	}
	if p.Subject != "" {
		l.Subject = p.Subject
	}
	if m.ReplyTo != nil {
		l.ReplyTo = m.ReplyTo.Email
	}
	var text, page string
	for _, c := range m.Content {
		switch c.Type {
		case "text/plain":
			text = c.Value
		case "text/html":
			page = c.Value
		}
	}
	if s.Strikes(name, "POST /sendgrid/v3/mail/send", "mail.send", overQuota) {
		s.mailEvent(l, "dropped", map[string]any{"reason": "Recipient List over Package Quota"})
		return
	}
	s.Deliver(l, text, page)
	s.mailEvent(l, "processed", nil)
	if strings.HasPrefix(to.Email, "bounce") { // an address for tests: nobody lives there
		l.Bounced = true
		s.mailEvent(l, "bounce", map[string]any{"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 mailbox does not exist"})
		return
	}
	s.mailEvent(l, "delivered", map[string]any{"response": "250 OK"})
}
