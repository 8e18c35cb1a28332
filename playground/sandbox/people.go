package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// The endpoints of simulated people: what stands in their mailboxes and channels, and what they do about it. Lists take
// after=SEQ, and wait=SECONDS to hold the answer until there is something new.

// Refusal is a refusal with its HTTP status.
type Refusal struct {
	Status  int
	Message string
}

func (e *Refusal) Error() string { return e.Message }

// Invalid refuses what a person asks for in a wrong way.
func Invalid(format string, args ...any) error {
	return &Refusal{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// NotFound refuses what is about something that is not there.
func NotFound(what string) error {
	return &Refusal{http.StatusNotFound, "there is no such " + what}
}

func refusePeople(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if pe, ok := errors.AsType[*Refusal](err); ok {
		status = pe.Status
	}
	WriteJSON(w, status, map[string]string{"error": err.Error()})
}

// Act makes an endpoint of something that a person does: strict JSON in, JSON out.
func Act[In any](do func(r *http.Request, in In) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&in); err != nil {
			refusePeople(w, Invalid("want JSON: %v", err))
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
		WriteJSON(w, http.StatusOK, out)
	}
}

func (s *Server) peopleRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /truth", s.getTruth)
	mux.HandleFunc("GET /faults", s.listFaults)
	mux.HandleFunc("POST /faults", s.setFaults)
	mux.HandleFunc("DELETE /faults", s.clearFaults)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })

	mux.HandleFunc("GET /sandbox/mails", Feed(s, "mails", s.mailsFor))
	mux.HandleFunc("GET /sandbox/webhooks", s.getWebhooks)
}

// Feed serves a list that grows.
func Feed[T any](s *Server, name string, rows func(r *http.Request, after int64) []T) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		after, err1 := strconv.ParseInt(or0(r.FormValue("after")), 10, 64)
		wait, err2 := strconv.ParseFloat(or0(r.FormValue("wait")), 64)
		if err1 != nil || err2 != nil {
			refusePeople(w, Invalid("after and wait must be numbers"))
			return
		}
		give := time.After(time.Duration(min(max(wait, 0), 30) * float64(time.Second)))
		for {
			s.mu.Lock()
			out, changed := rows(r, after), s.changed
			s.mu.Unlock()
			if len(out) > 0 || wait <= 0 {
				WriteJSON(w, http.StatusOK, map[string]any{name: List(out)})
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

// getWebhooks says how each queue stands.
func (s *Server) getWebhooks(w http.ResponseWriter, _ *http.Request) {
	type row struct {
		Pending int  `json:"pending"`
		Held    bool `json:"held"`
		queueStats
	}
	out := map[string]row{}
	s.mu.Lock()
	for _, q := range s.queues {
		out[q.Name] = row{len(s.st.Queues[q.Name]), s.st.Held[q.Name] != nil, *s.stats(q.Name)}
	}
	s.mu.Unlock()
	WriteJSON(w, http.StatusOK, out)
}
