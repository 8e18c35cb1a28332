package sendgrid

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// mailsShown bounds the list on the page.
const mailsShown = 200

// mailPage is what the tab shows, newest first.
type mailPage struct {
	Mails   []sandbox.MailView
	Mail    *sandbox.MailView
	Plain   bool
	Mailbox string
}

func (s *service) tab() *sandbox.Tab {
	seq := func(r *http.Request) int64 {
		n, _ := strconv.ParseInt(r.FormValue("mail_seq"), 10, 64)
		return n
	}
	return &sandbox.Tab{
		Name: "mail", Title: "Mail", Pages: pages, Count: func() int { return len(s.Letters()) }, Show: s.mailPage,
		Keep: map[string]string{"mail_seq": "mail"},
		Forms: map[string]sandbox.Form{
			"reply": func(r *http.Request) (string, error) {
				return "The reply is on its way.", s.replyToMail(mailReply{Seq: seq(r), Text: r.FormValue("text")})
			},
			"event": func(r *http.Request) (string, error) {
				return "The event is on its way.", s.reportMailEvent(mailEventRequest{Seq: seq(r), Event: r.FormValue("event")})
			},
		},
	}
}

func (s *service) mailPage(r *http.Request) any {
	d := mailPage{Mailbox: r.FormValue("to"), Plain: r.FormValue("plain") != ""}
	seq, _ := strconv.ParseInt(r.FormValue("mail"), 10, 64)
	for _, l := range slices.Backward(s.Letters()) {
		if d.Mailbox != "" && !strings.EqualFold(l.To, d.Mailbox) || len(d.Mails) >= mailsShown {
			continue
		}
		v := s.MailView(l)
		if l.Seq == seq || seq == 0 && d.Mail == nil {
			d.Mail = &v
		}
		d.Mails = append(d.Mails, v)
	}
	if d.Mail != nil { // links open beside the page, not inside the frame
		d.Mail.HTML = `<base target="_blank"><style>body{margin:12px;font-family:system-ui,sans-serif}</style>` + d.Mail.HTML
	}
	return d
}
