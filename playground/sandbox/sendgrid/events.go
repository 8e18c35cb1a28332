package sendgrid

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// batchEvery is how long SendGrid's events wait for company (30 s there).
const batchEvery = 200 * time.Millisecond

// mailEvent puts an event about a letter into the next batch. The lock is held.
func (s *service) mailEvent(l *sandbox.Letter, event string, extra map[string]any) {
	e := map[string]any{}
	for k, v := range l.Args {
		e[k] = v
	}
	for k, v := range extra {
		e[k] = v
	}
	e["email"], e["event"], e["timestamp"] = l.To, event, s.Now().Unix()
	e["sg_event_id"] = sandbox.NewID("", 22)
	e["sg_message_id"] = fmt.Sprintf("%s.recvd-%d-1", l.MessageID, l.Seq)
	e["smtp-id"] = "<" + l.MessageID + "@sendgrid.example>"
	if len(l.Category) > 0 {
		e["category"] = l.Category
	}
	if len(s.st.MailFeed) == 0 {
		s.st.FlushAt = s.Now().Add(batchEvery)
	}
	s.st.MailFeed = append(s.st.MailFeed, sandbox.Must(json.Marshal(e)))
	s.Touch()
}

// flushEvents sends the batch that is due. The lock is held.
func (s *service) flushEvents(now time.Time) (next time.Time) {
	if len(s.st.MailFeed) == 0 {
		return time.Time{}
	}
	if now.Before(s.st.FlushAt) {
		return s.st.FlushAt
	}
	names := []string{"events"}
	for _, raw := range s.st.MailFeed {
		var e struct{ Event string }
		if json.Unmarshal(raw, &e) == nil {
			names = append(names, e.Event)
		}
	}
	body := append(sandbox.Must(json.Marshal(s.st.MailFeed)), "\r\n"...) // SendGrid's bodies end so, and the bytes are signed
	s.st.MailFeed = nil
	s.Post(&sandbox.Delivery{Queue: events, Path: "/webhooks/sendgrid/events", ContentType: "application/json", Body: body, Events: names})
	return time.Time{}
}

// mailEventRequest is what a simulated person or a provider does with a mail.
type mailEventRequest struct {
	Key   string `json:"key"`      // the last mail with this key
	Seq   int64  `json:"mail_seq"` // or this one
	Event string `json:"event"`    // open, click, bounce, dropped, spamreport, unsubscribe, ...
	URL   string `json:"url"`      // click: the link; default the mail's first
}

var mailEventNames = []string{"processed", "deferred", "delivered", "bounce", "dropped", "open", "click", "spamreport", "unsubscribe", "group_unsubscribe", "group_resubscribe"}

func (s *service) reportMailEvent(q mailEventRequest) error {
	s.Lock()
	defer s.Unlock()
	l := s.Letter(q.Seq, q.Key, "")
	if l == nil || l.Via != name {
		return sandbox.NotFound("mail")
	}
	extra := map[string]any{"useragent": "Mozilla/5.0", "ip": "192.0.2.10"}
	switch q.Event {
	case "click":
		if q.URL == "" && len(l.Links) > 0 {
			q.URL = l.Links[0]
		}
		extra["url"] = q.URL
	case "bounce":
		l.Bounced = true
		extra["type"], extra["status"], extra["reason"] = "bounce", "5.0.0", "550 mailbox unavailable"
	case "dropped":
		extra["reason"] = "Bounced Address"
	}
	if !slices.Contains(mailEventNames, q.Event) {
		return sandbox.Invalid("event %q is not one of %s", q.Event, strings.Join(mailEventNames, ", "))
	}
	s.mailEvent(l, q.Event, extra)
	return nil
}

// mailReply is an answer that a person writes to a mail, or a mail out of the blue.
type mailReply struct {
	Seq     int64  `json:"mail_seq"` // the mail that is answered; or
	To      string `json:"to"`       // an address of the inbound domain
	From    string `json:"from"`     // default: whom the mail went to
	Subject string `json:"subject"`  // default: Re: and the mail's
	Text    string `json:"text"`
}

// replyToMail hands a mail to Inbound Parse, which posts it to the front door.
func (s *service) replyToMail(q mailReply) error {
	s.Lock()
	defer s.Unlock()
	id, inReplyTo := sandbox.NewID("", 20), ""
	if l := s.Letter(q.Seq, "", ""); q.Seq != 0 {
		if l == nil {
			return sandbox.NotFound("mail")
		}
		inReplyTo = "<" + l.MessageID + "@sendgrid.example>"
		q.To, q.From = cmp.Or(q.To, l.ReplyTo, l.From), cmp.Or(q.From, l.To)
		q.Subject = cmp.Or(q.Subject, "Re: "+strings.TrimPrefix(l.Subject, "Re: "))
	}
	if !sandbox.ValidAddress(q.To) || !sandbox.ValidAddress(q.From) {
		return sandbox.Invalid("to and from must be mail addresses")
	}
	contentType, body := inboundForm(q, id, inReplyTo, s.Now())
	s.Post(&sandbox.Delivery{Queue: inbound, Path: "/webhooks/sendgrid/inbound", ContentType: contentType, Body: body, Events: []string{"inbound"}})
	return nil
}

// inboundForm is the multipart body of Inbound Parse.
func inboundForm(q mailReply, id, inReplyTo string, now time.Time) (contentType string, body []byte) {
	var b bytes.Buffer
	mw := multipart.NewWriter(&b)
	headers := fmt.Sprintf("Received: by mx.sendgrid.example with SMTP\nDate: %s\nMessage-ID: <%s@mail.example>\nFrom: %s\nTo: %s\nSubject: %s\n",
		now.Format(time.RFC1123Z), id, q.From, q.To, q.Subject)
	if inReplyTo != "" {
		headers += "In-Reply-To: " + inReplyTo + "\nReferences: " + inReplyTo + "\n"
	}
	domain := q.From[strings.LastIndex(q.From, "@")+1:]
	for _, f := range [][2]string{
		{"headers", headers},
		{"dkim", "{@" + domain + " : pass}"},
		{"to", q.To},
		{"from", q.From},
		{"subject", q.Subject},
		{"text", q.Text},
		{"sender_ip", "192.0.2.10"},
		{"spam_report", ""},
		{"spam_score", "0.1"},
		{"SPF", "pass"},
		{"attachments", "0"},
		{"envelope", string(sandbox.Must(json.Marshal(map[string]any{"to": []string{q.To}, "from": q.From})))},
		{"charsets", `{"to":"UTF-8","from":"UTF-8","subject":"UTF-8","text":"utf-8"}`},
	} {
		part := sandbox.Must(mw.CreatePart(textproto.MIMEHeader{"Content-Disposition": {"form-data; name=" + strconv.Quote(f[0])}}))
		sandbox.Must(part.Write([]byte(f[1])))
	}
	mw.Close()
	return mw.FormDataContentType(), b.Bytes()
}
