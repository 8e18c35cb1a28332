package sandbox

import (
	"bytes"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// maxRequest is more than any vendor here takes.
const maxRequest = 32 << 20

// API is one vendor's wire: its routes, its way to say no, and the names of its operations in fault plans.
type API struct {
	OpOf     func(r *http.Request, body []byte) string                    // names the operation where the route does not tell
	Admit    func(w http.ResponseWriter, r *http.Request) bool            // checks the credentials; has answered when false
	TooMany  func(w http.ResponseWriter, r *http.Request, retryAfter int) // seconds
	Broken   func(w http.ResponseWriter)
	NotFound func(w http.ResponseWriter)
	Refusals map[string]func(w http.ResponseWriter, r *http.Request) // how the vendor's own kinds of faults refuse a request
	KeyIn    string                                                  // the header with the credentials, where it is not Authorization
	AnyVerb  bool                                                    // a GET may change things too

	s      *Server
	name   string
	prefix string
	mux    *http.ServeMux
	ops    map[string]string // route -> operation
	open   map[string]bool   // operations for people, without credentials or faults
}

// NewAPI makes a vendor's wire, which serves all paths that begin with prefix.
func (s *Server) NewAPI(name, prefix string) *API {
	return &API{s: s, name: name, prefix: prefix, mux: http.NewServeMux(), ops: map[string]string{}, open: map[string]bool{}}
}

// Handle adds an operation. Its handler runs under the lock.
func (a *API) Handle(route, op string, h http.HandlerFunc) {
	a.ops[route] = op
	a.mux.HandleFunc(route, h)
}

// Page adds a route for people (a signing page): no credentials, and no faults.
func (a *API) Page(route, op string, h http.HandlerFunc) {
	a.Handle(route, op, h)
	a.open[op] = true
}

// ServeHTTP executes one request under the lock and answers it, unless a fault plan wants otherwise.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		http.Error(w, "request too large or broken off", http.StatusRequestEntityTooLarge)
		return
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	rec := NewAnswer()
	_, route := a.mux.Handler(r)
	if route == "" {
		a.NotFound(rec)
		rec.Send(w)
		return
	}
	op := a.ops[route]
	if a.OpOf != nil {
		op = a.OpOf(r, body)
	}
	if a.open[op] {
		a.execute(rec, r)
		rec.Send(w)
		return
	}
	if a.s.strike(a.name, r, op, faultWrongKey).Kind != "" {
		r = a.stranger(r)
	}
	if !a.Admit(rec, r) {
		rec.Send(w)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body)) // admit may have read it (a token may stand in a form)
	a.answer(w, r, rec, op)
}

// stranger is the request without its credentials, wherever the vendor looks for them.
func (a *API) stranger(r *http.Request) *http.Request {
	r = r.Clone(r.Context())
	r.Header.Del("Authorization")
	r.Header.Del(a.KeyIn)
	r.Body = http.NoBody
	return r
}

func (a *API) answer(w http.ResponseWriter, r *http.Request, rec *Answer, op string) {
	kinds := slices.AppendSeq([]string{fault429, fault500, faultSlow, faultResetBefore, faultHTML}, maps.Keys(a.Refusals))
	fault := a.s.strike(a.name, r, op, kinds...)
	if refuse := a.Refusals[fault.Kind]; refuse != nil {
		refuse(rec, r)
		rec.Send(w)
		return
	}
	switch fault.Kind {
	case fault429:
		a.TooMany(rec, r, max(fault.RetryAfter, 1))
	case fault500:
		a.Broken(rec)
	case faultHTML:
		rec.Header().Set("Content-Type", "text/html")
		rec.WriteString("<html><body><h1>We'll be right back</h1></body></html>")
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
	rec.Send(w)
}

// execute runs the vendor's handler. All handlers run under the lock, so none of them takes it.
func (a *API) execute(rec *Answer, r *http.Request) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	a.mux.ServeHTTP(rec, r)
	if r.Method != http.MethodGet || a.AnyVerb {
		a.s.Touch()
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

// Answer is a response that is complete before its first byte leaves.
type Answer struct {
	Status int
	bytes.Buffer
	header http.Header
}

// NewAnswer is an empty answer of 200.
func NewAnswer() *Answer { return &Answer{header: http.Header{}, Status: http.StatusOK} }

// Header is the answer's own.
func (a *Answer) Header() http.Header { return a.header }

// WriteHeader keeps the status.
func (a *Answer) WriteHeader(status int) { a.Status = status }

// Send gives the answer to w.
func (a *Answer) Send(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.Status)
	w.Write(a.Bytes())
}

// truncate promises the whole body and breaks off in its middle.
func (a *Answer) truncate(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Length", strconv.Itoa(a.Len()+1))
	w.WriteHeader(a.Status)
	w.Write(a.Bytes()[:a.Len()/2])
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}
