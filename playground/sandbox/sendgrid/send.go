package sendgrid

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

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
	Attachments      []attachment      `json:"attachments"`
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

type attachment struct {
	Content     string `json:"content"` // base64
	Type        string `json:"type"`
	Filename    string `json:"filename"`
	Disposition string `json:"disposition"`
	ContentID   string `json:"content_id"`
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
	if r.ContentLength > maxMail {
		refuse(w, http.StatusRequestEntityTooLarge, "", "The total size of your email, including attachments, must be less than 30MB.")
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
	if field := m.stranger(s.keys["sendgrid_sender"]); field != "" {
		refuse(w, http.StatusForbidden, field, "The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.")
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
