package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// maxRequest is more than any vendor here takes (SendGrid: 30 MB).
const maxRequest = 32 << 20

// api is one vendor: its routes, its way to say no, and the names of its operations in fault plans.
type api struct {
	s        *Server
	name     string
	mux      *http.ServeMux
	ops      map[string]string                                            // route -> operation
	opOf     func(r *http.Request, body []byte) string                    // names the operation where the route does not tell
	admit    func(w http.ResponseWriter, r *http.Request) bool            // checks the credentials; has answered when false
	open     map[string]bool                                              // operations for people, without credentials or faults
	tooMany  func(w http.ResponseWriter, r *http.Request, retryAfter int) // seconds
	broken   func(w http.ResponseWriter)
	notFound func(w http.ResponseWriter)
}

func (s *Server) newAPI(name string) *api {
	return &api{s: s, name: name, mux: http.NewServeMux(), ops: map[string]string{}, open: map[string]bool{}}
}

func (a *api) handle(route, op string, h http.HandlerFunc) {
	a.ops[route] = op
	a.mux.HandleFunc(route, h)
}

// page adds a route for people (a signing page): no credentials, and no faults.
func (a *api) page(route, op string, h http.HandlerFunc) {
	a.handle(route, op, h)
	a.open[op] = true
}

// ServeHTTP executes one request under the lock and answers it, unless a fault plan wants otherwise.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "request too large or broken off", http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	rec := newAnswer()
	_, route := a.mux.Handler(r)
	if route == "" {
		a.notFound(rec)
		rec.send(w)
		return
	}
	op := a.ops[route]
	if a.opOf != nil {
		op = a.opOf(r, body)
	}
	if a.open[op] {
		a.execute(rec, r)
		rec.send(w)
		return
	}
	if a.s.strike(a.name, r, op, faultWrongKey).Kind != "" {
		r = stranger(r)
	}
	if !a.admit(rec, r) {
		rec.send(w)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body)) // admit may have read it (Slack's token stands in the form)
	a.answer(w, r, rec, op)
}

// stranger is the request without its credentials, wherever a vendor looks for them.
func stranger(r *http.Request) *http.Request {
	r = r.Clone(r.Context())
	r.Header.Del("Authorization")
	r.Header.Del("X-Shopify-Access-Token")
	r.Body = http.NoBody
	return r
}

func (a *api) answer(w http.ResponseWriter, r *http.Request, rec *answer, op string) {
	fault := a.s.strike(a.name, r, op, fault429, fault500, faultSticky500, faultSlow, faultResetBefore, faultHTML, faultArchived)
	switch fault.Kind {
	case fault429:
		a.tooMany(rec, r, max(fault.RetryAfter, 1))
	case fault500:
		a.broken(rec)
	case faultSticky500:
		a.broken(rec)
		a.s.stick(r, rec)
	case faultArchived:
		slackRefuse(rec, slackErr("is_archived"))
	case faultHTML:
		rec.Header().Set("Content-Type", "text/html")
		rec.buf.WriteString("<html><body><h1>We'll be right back</h1></body></html>")
	case faultResetBefore:
		reset(w)
		return
	case faultSlow:
		if !pause(r.Context(), time.Duration(fault.MS)*time.Millisecond) {
			return
		}
		a.execute(rec, r)
	default:
		a.execute(rec, r)
		switch a.s.strike(a.name, r, op, faultExecuteThenDrop, faultTruncate).Kind {
		case faultExecuteThenDrop:
			reset(w)
			return
		case faultTruncate:
			rec.truncate(w)
			return
		}
	}
	rec.send(w)
}

// execute runs the vendor's handler. All handlers run under the lock, so none of them takes it.
func (a *api) execute(rec *answer, r *http.Request) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.mux.ServeHTTP(rec, r)
	if r.Method != http.MethodGet || a.name == "slack" { // Slack's methods are any verb
		a.s.touch()
	}
}

// reset ends the connection with RST: the caller cannot know what was done.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // the same for the caller, where the connection cannot be taken over
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}

// answer is a response that is complete before its first byte leaves.
type answer struct {
	header http.Header
	status int
	buf    bytes.Buffer
}

func newAnswer() *answer { return &answer{header: http.Header{}, status: http.StatusOK} }

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.buf.Write(b) }

func (a *answer) send(w http.ResponseWriter) {
	a.copyHeader(w)
	w.WriteHeader(a.status)
	w.Write(a.buf.Bytes())
}

// truncate promises the whole body and breaks off in its middle.
func (a *answer) truncate(w http.ResponseWriter) {
	a.copyHeader(w)
	w.Header().Set("Content-Length", strconv.Itoa(a.buf.Len()+1))
	w.WriteHeader(a.status)
	w.Write(a.buf.Bytes()[:a.buf.Len()/2])
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func (a *answer) copyHeader(w http.ResponseWriter) {
	for k, v := range a.header {
		w.Header()[k] = v
	}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // nobody is left to tell
}
