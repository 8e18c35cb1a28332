// Package sendgrid imitates SendGrid: it takes mails, reports what became of them in signed batches of events, and hands
// answers to Inbound Parse. The mailboxes themselves are the core's.
package sendgrid

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

const name = "sendgrid"

// The two queues: each is signed with a key of its own.
const (
	events  = "sendgrid"
	inbound = "sendgrid-inbound"
)

// overQuota is a fault of SendGrid's alone: it takes the mail and drops it, because the plan is used up.
const overQuota = "over-quota"

// Vendor offers SendGrid to a sandbox.
var Vendor = sandbox.Vendor{Name: name, Paths: map[string]string{"SENDGRID_BASE_URL": "/sendgrid"}, Keys: keys, Open: open}

//go:embed templates
var templateFiles embed.FS

var pages = sandbox.ParsePages(templateFiles)

// service is SendGrid in a running sandbox.
type service struct {
	*sandbox.Server
	keys sandbox.Keys
	st   *state
}

type state struct {
	MailFeed []json.RawMessage `json:"mail_feed"` // events that wait for their batch
	FlushAt  time.Time         `json:"flush_at"`
}

func open(core *sandbox.Server, keys sandbox.Keys) (*sandbox.Service, error) {
	event, err := parseECDSA(keys["sendgrid_event_private_key"])
	if err != nil {
		return nil, fmt.Errorf("sendgrid_event_private_key: %w", err)
	}
	parse, err := parseECDSA(keys["sendgrid_inbound_private_key"])
	if err != nil {
		return nil, fmt.Errorf("sendgrid_inbound_private_key: %w", err)
	}
	s := &service{Server: core, keys: keys, st: &state{}}
	return &sandbox.Service{
		State: s.st, API: s.api(), Truth: s.truth, Due: s.flushEvents, Tab: s.tab(), Faults: []string{overQuota},
		Queues: []sandbox.Queue{{Name: events, Sign: sign(event)}, {Name: inbound, Sign: sign(parse)}},
		People: func(mux *http.ServeMux) {
			mux.HandleFunc("POST /sandbox/mails/reply", sandbox.Act(func(_ *http.Request, q mailReply) (any, error) { return nil, s.replyToMail(q) }))
			mux.HandleFunc("POST /sandbox/mails/event", sandbox.Act(func(_ *http.Request, q mailEventRequest) (any, error) { return nil, s.reportMailEvent(q) }))
		},
	}, nil
}

func (s *service) api() *sandbox.API {
	a := s.NewAPI(name, "/sendgrid/")
	a.Admit = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") == "Bearer "+s.keys["sendgrid_api_key"] {
			return true
		}
		refuse(w, http.StatusUnauthorized, "", "The provided authorization grant is invalid, expired, or revoked")
		return false
	}
	a.TooMany = func(w http.ResponseWriter, _ *http.Request, after int) { // SendGrid documents X-RateLimit-Reset and no Retry-After
		w.Header().Set("X-RateLimit-Limit", "600")
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(time.Now().Unix()+int64(after), 10))
		refuse(w, http.StatusTooManyRequests, "", "too many requests")
	}
	a.Broken = func(w http.ResponseWriter) {
		refuse(w, http.StatusInternalServerError, "", "internal server error")
	}
	a.NotFound = func(w http.ResponseWriter) { refuse(w, http.StatusNotFound, "", "not found") }
	a.Handle("POST /sendgrid/v3/mail/send", "mail.send", s.sendMail)
	a.Handle("GET /sendgrid/v3/scopes", "scopes", func(w http.ResponseWriter, _ *http.Request) {
		sandbox.WriteJSON(w, http.StatusOK, map[string][]string{"scopes": {"mail.send", "user.webhooks.event.settings.read"}})
	})
	return a
}

// truth lists what was sent through SendGrid, not what else stands in the mailboxes.
func (s *service) truth() map[string]any {
	type row struct {
		Key           string          `json:"key"`
		To            string          `json:"to"`
		Kind          string          `json:"kind"`
		Task          string          `json:"task"`
		Step          string          `json:"step"`
		PartnershipID string          `json:"partnership_id"`
		At            sandbox.Instant `json:"at"`
	}
	rows := []row{}
	for _, l := range s.Letters() {
		if l.Via == name {
			rows = append(rows, row{l.Args["msg_key"], l.To, l.Args["kind"], l.Args["task"], l.Args["step"], l.Args["partnership_id"], sandbox.Instant(l.At)})
		}
	}
	return map[string]any{"mails": rows}
}
