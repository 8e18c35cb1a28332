package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The endpoints of simulated people: what stands in their mailboxes and channels, and what they do about it. Lists take
// after=SEQ, and wait=SECONDS to hold the answer until there is something new.

// peopleError is a refusal with its HTTP status.
type peopleError struct {
	status  int
	message string
}

func (e *peopleError) Error() string { return e.message }

func invalid(format string, args ...any) error {
	return &peopleError{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func notFound(what string) error {
	return &peopleError{http.StatusNotFound, "there is no such " + what}
}

func refusePeople(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if pe, ok := errors.AsType[*peopleError](err); ok {
		status = pe.status
	}
	writeJSON(w, status, map[string]string{"error": err.Error()})
}

// act makes an endpoint of something that a person does: strict JSON in, JSON out.
func act[In any](do func(r *http.Request, in In) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&in); err != nil {
			refusePeople(w, invalid("want JSON: %v", err))
			return
		}
		out, err := do(r, in)
		if err != nil {
			refusePeople(w, err)
			return
		}
		if out == nil {
			out = map[string]bool{"ok": true}
		}
		writeJSON(w, http.StatusOK, out)
	}
}

func (s *Server) peopleRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /truth", s.getTruth)
	mux.HandleFunc("GET /faults", s.listFaults)
	mux.HandleFunc("POST /faults", s.setFaults)
	mux.HandleFunc("DELETE /faults", s.clearFaults)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })

	mux.HandleFunc("GET /sandbox/mails", feed(s, "mails", s.mailsFor))
	mux.HandleFunc("POST /sandbox/mails/reply", act(func(_ *http.Request, q mailReply) (any, error) { return nil, s.replyToMail(q) }))
	mux.HandleFunc("POST /sandbox/mails/event", act(func(_ *http.Request, q mailEventRequest) (any, error) { return nil, s.reportMailEvent(q) }))

	mux.HandleFunc("GET /sandbox/slack/messages", feed(s, "messages", s.messagesFor))
	mux.HandleFunc("GET /sandbox/slack/responses", feed(s, "responses", s.responsesFor))
	mux.HandleFunc("GET /sandbox/slack/views", feed(s, "views", s.viewsFor))
	mux.HandleFunc("POST /sandbox/slack/click", act(func(r *http.Request, q click) (any, error) { return s.pressButton(r.Context(), q) }))
	mux.HandleFunc("POST /sandbox/slack/submit", act(func(r *http.Request, q submission) (any, error) { return s.submitView(r.Context(), q) }))
	mux.HandleFunc("POST /sandbox/slack/command", act(func(r *http.Request, q command) (any, error) { return s.slashCommand(r.Context(), q) }))
	mux.HandleFunc("POST /sandbox/slack/home", act(func(_ *http.Request, q struct {
		User string `json:"user"`
	},
	) (any, error) {
		return nil, s.openHome(q.User)
	}))

	mux.HandleFunc("GET /sandbox/parcels", feed(s, "parcels", s.parcelsFor))
	mux.HandleFunc("POST /sandbox/parcels/{code}", act(func(r *http.Request, q parcelChange) (any, error) { return s.changeParcel(r.PathValue("code"), q) }))
	mux.HandleFunc("POST /sandbox/shop/checkout", act(func(_ *http.Request, q checkout) (any, error) { return s.placeOrder(q) }))
	mux.HandleFunc("POST /sandbox/shop/refund", act(func(_ *http.Request, q refund) (any, error) { return s.refundOrder(q) }))

	mux.HandleFunc("GET /sandbox/accounts", feed(s, "accounts", s.accountsFor))
	mux.HandleFunc("POST /sandbox/stripe/balance", act(func(_ *http.Request, q balanceChange) (any, error) { return nil, s.changeBalance(q) }))
	mux.HandleFunc("POST /sandbox/stripe/reverse", act(func(_ *http.Request, q reversalRequest) (any, error) { return nil, s.reverseTransfer(q) }))
	mux.HandleFunc("POST /sandbox/stripe/keys/expire", act(func(_ *http.Request, q struct {
		Key string `json:"key"` // "" is all
	},
	) (any, error) {
		return map[string]int{"expired": s.forgetKeys(q.Key)}, nil
	}))
	mux.HandleFunc("GET /sandbox/webhooks", s.getWebhooks)
}

// feed serves a list that grows.
func feed[T any](s *Server, name string, rows func(r *http.Request, after int64) []T) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		after, err1 := strconv.ParseInt(or0(r.FormValue("after")), 10, 64)
		wait, err2 := strconv.ParseFloat(or0(r.FormValue("wait")), 64)
		if err1 != nil || err2 != nil {
			refusePeople(w, invalid("after and wait must be numbers"))
			return
		}
		give := time.After(time.Duration(min(max(wait, 0), 30) * float64(time.Second)))
		for {
			s.mu.Lock()
			out, changed := rows(r, after), s.changed
			s.mu.Unlock()
			if len(out) > 0 || wait <= 0 {
				writeJSON(w, http.StatusOK, map[string]any{name: list(out)})
				return
			}
			select {
			case <-changed:
			case <-give:
				wait = 0
			case <-r.Context().Done():
				return
			}
		}
	}
}

func or0(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// mailView is a mail as its reader sees it.
type mailView struct {
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

func (s *Server) mailView(l *letter) mailView {
	return mailView{
		l.Seq, l.Args["msg_key"], l.Args["kind"], l.Args["task"], l.Args["step"], l.Args["partnership_id"], l.From, l.To, l.ReplyTo, l.Subject,
		string(s.blobs.get(l.Text)), string(s.blobs.get(l.HTML)), list(l.Links), l.Headers["List-Unsubscribe"], l.At,
	}
}

func (s *Server) mailsFor(r *http.Request, after int64) []mailView {
	var out []mailView
	for _, l := range s.st.Mails {
		if to := r.FormValue("to"); l.Seq > after && !l.Bounced && (to == "" || strings.EqualFold(to, l.To)) {
			out = append(out, s.mailView(l))
		}
	}
	return out
}

// messageView is a Slack message as people see it; Seq moves on each change.
type messageView struct {
	Seq     int64           `json:"seq"`
	Channel string          `json:"channel"`
	TS      string          `json:"ts"`
	Thread  string          `json:"thread_ts,omitempty"`
	Text    string          `json:"text"`
	Kind    string          `json:"kind"`
	Key     string          `json:"key"`
	Blocks  json.RawMessage `json:"blocks"`
	Buttons []button        `json:"buttons"`
	Edited  bool            `json:"edited"`
	At      time.Time       `json:"at"`
}

func (s *Server) messagesFor(_ *http.Request, after int64) []messageView {
	var out []messageView
	for _, m := range s.st.Messages {
		if m.Seq > after && !m.Deleted {
			key, kind := m.payload()
			out = append(out, messageView{m.Seq, m.Channel, m.TS, m.ThreadTS, m.Text, kind, key, m.Blocks, buttonsOf(m.Blocks), m.Edited, m.At})
		}
	}
	slices.SortFunc(out, func(a, b messageView) int { return int(a.Seq - b.Seq) })
	return out
}

func (s *Server) responsesFor(_ *http.Request, after int64) []chatResponse {
	var out []chatResponse
	for _, c := range s.st.Responses {
		if c.Seq > after {
			out = append(out, *c)
		}
	}
	return out
}

func (s *Server) viewsFor(*http.Request, int64) []map[string]any {
	var out []map[string]any
	for _, v := range s.st.Views {
		if v.Open {
			out = append(out, map[string]any{"view_id": v.ID, "user": v.User, "home": v.Home, "view": v.json()})
		}
	}
	return out
}

func (s *Server) parcelsFor(*http.Request, int64) []map[string]any {
	var out []map[string]any
	for _, sh := range s.st.Shipments {
		if sh.Parcel != nil {
			row := sh.Parcel.json(sh)
			row["reference"], row["partnership_id"], row["refunded"] = sh.Reference, partnershipOf(sh.Reference), !sh.RefundedAt.IsZero()
			out = append(out, row)
		}
	}
	return out
}

// accountView tells a creator where to finish their payout account.
type accountView struct {
	ID         string            `json:"id"`
	Email      string            `json:"email"`
	Metadata   map[string]string `json:"metadata"`
	Ready      bool              `json:"ready"`
	Onboarding string            `json:"onboarding_url"`
}

func (s *Server) accountsFor(r *http.Request, _ int64) []accountView {
	var out []accountView
	for _, a := range s.st.Accounts {
		if e := r.FormValue("email"); e == "" || strings.EqualFold(e, a.Email) {
			out = append(out, accountView{a.ID, a.Email, a.Metadata, a.Active, s.cfg.PublicURL + "/stripe/onboarding/" + a.ID})
		}
	}
	return out
}

// balanceChange sets what the platform can send.
type balanceChange struct {
	Currency    string `json:"currency"`
	AmountMinor int64  `json:"amount_minor"`
}

func (s *Server) changeBalance(q balanceChange) error {
	if len(q.Currency) != 3 || q.AmountMinor < 0 {
		return invalid("currency is an ISO code and amount_minor is not negative")
	}
	s.setFunds(q.Currency, q.AmountMinor)
	return nil
}

// reversalRequest lets a transfer come back after it was paid.
type reversalRequest struct {
	TransferID  string `json:"transfer_id"`
	AmountMinor int64  `json:"amount_minor"` // 0 is all that is left
}

func (s *Server) reverseTransfer(q reversalRequest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.transferOf(q.TransferID)
	if t == nil {
		return notFound("transfer")
	}
	if q.AmountMinor == 0 {
		q.AmountMinor = t.AmountMinor - t.reversed()
	}
	if _, serr := s.reverse(t, q.AmountMinor, ""); serr != nil {
		return invalid("%s", serr.message)
	}
	s.touch()
	return nil
}

// getWebhooks says how each queue stands.
func (s *Server) getWebhooks(w http.ResponseWriter, _ *http.Request) {
	type row struct {
		Pending int  `json:"pending"`
		Held    bool `json:"held"`
		queueStats
	}
	out := map[string]row{}
	s.mu.Lock()
	for _, q := range queues {
		out[q] = row{len(s.st.Queues[q]), s.st.Held[q] != nil, *s.stats(q)}
	}
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, out)
}
