package sandbox

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Mailboxes are the town's, not one vendor's: several vendors write to people.

// A Letter is what stands in somebody's mailbox, whoever brought it.
type Letter struct {
	Seq       int64             `json:"seq"`
	Via       string            `json:"via"`        // the vendor that brought it
	MessageID string            `json:"message_id"` // the bringer's own
	Args      map[string]string `json:"args"`       // custom_args: they come back in every event
	Category  []string          `json:"category"`
	From      string            `json:"from"`
	FromName  string            `json:"from_name"`
	To        string            `json:"to"`
	ReplyTo   string            `json:"reply_to"`
	Subject   string            `json:"subject"`
	Headers   map[string]string `json:"headers"`
	Text      string            `json:"text"` // blob
	HTML      string            `json:"html"` // blob
	Links     []string          `json:"links"`
	Bounced   bool              `json:"bounced"`
	At        time.Time         `json:"at"`
}

// Letters are all letters, oldest first. The lock is held.
func (s *Server) Letters() []*Letter { return s.st.Mails }

// Deliver puts a letter into its reader's mailbox. The lock is held.
func (s *Server) Deliver(l *Letter, text, page string) {
	l.Text, l.HTML = s.PutBlob([]byte(text)), s.PutBlob([]byte(page))
	l.Links = linksOf(text, page)
	s.st.Mails = append(s.st.Mails, l)
}

var (
	hrefs = regexp.MustCompile(`(?i)href\s*=\s*["'](https?://[^"']+)["']`)
	urls  = regexp.MustCompile(`https?://[^\s<>"')\]]+`)
)

// linksOf lists a mail's links, those of its page first, each once.
func linksOf(text, page string) []string {
	var links []string
	add := func(u string) {
		if !slices.Contains(links, u) {
			links = append(links, u)
		}
	}
	for _, m := range hrefs.FindAllStringSubmatch(page, -1) {
		add(html.UnescapeString(m[1]))
	}
	for _, u := range urls.FindAllString(text, -1) {
		add(strings.TrimRight(u, ".,;:!?"))
	}
	return links
}

// Letter finds the last letter by number, by key or by mailbox, nil when there is none. The lock is held.
func (s *Server) Letter(seq int64, key, to string) *Letter {
	for i := len(s.st.Mails) - 1; i >= 0; i-- {
		l := s.st.Mails[i]
		if seq != 0 && l.Seq == seq || seq == 0 && key != "" && l.Args["msg_key"] == key || seq == 0 && key == "" && to != "" && strings.EqualFold(l.To, to) {
			return l
		}
	}
	return nil
}

// MailView is a mail as its reader sees it.
type MailView struct {
	Seq           int64     `json:"seq"`
	Key           string    `json:"key"`
	Kind          string    `json:"kind"`
	Task          string    `json:"task"`
	Step          string    `json:"step"`
	PartnershipID string    `json:"partnership_id"`
	From          string    `json:"from"`
	To            string    `json:"to"`
	ReplyTo       string    `json:"reply_to"`
	Subject       string    `json:"subject"`
	Text          string    `json:"text"`
	HTML          string    `json:"html"`
	Links         []string  `json:"links"`
	Unsubscribe   string    `json:"list_unsubscribe"`
	At            time.Time `json:"at"`
}

// MailView shows a letter.
func (s *Server) MailView(l *Letter) MailView {
	return MailView{
		l.Seq, l.Args["msg_key"], l.Args["kind"], l.Args["task"], l.Args["step"], l.Args["partnership_id"], l.From, l.To, l.ReplyTo, l.Subject,
		string(s.blobs.get(l.Text)), string(s.blobs.get(l.HTML)), List(l.Links), l.Headers["List-Unsubscribe"], l.At,
	}
}

func (s *Server) mailsFor(r *http.Request, after int64) []MailView {
	var out []MailView
	for _, l := range s.st.Mails {
		if to := r.FormValue("to"); l.Seq > after && !l.Bounced && (to == "" || strings.EqualFold(to, l.To)) {
			out = append(out, s.MailView(l))
		}
	}
	return out
}
