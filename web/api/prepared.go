package api

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"sync"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// What agents have prepared, and the way in for what was confirmed of it.

type confirmedKey struct{}

func confirmedBy(ctx context.Context) (access.Caller, bool) {
	c, ok := ctx.Value(confirmedKey{}).(access.Caller)
	return c, ok
}

// Description is openapi.json.
func Description() []byte { return openAPI }

// Ways are all routes, such as "POST /campaigns/{id}/pause".
func (a *API) Ways() (ways []string) {
	for _, r := range a.routes() {
		ways = append(ways, r.method+" "+r.path)
	}
	return ways
}

// Request is one of a caller whom another door let in.
type Request struct {
	Method, Path string // as sent, after /api/v1
	Query        url.Values
	Body         []byte
	Kind         string // of the body
	Key          string // its Idempotency-Key, "" none
}

// Do answers a caller whom another door let in, as this door would: an agent's acts come here once they are confirmed.
func (a *API) Do(ctx context.Context, c access.Caller, in Request) (status int, doc []byte) {
	r, err := http.NewRequestWithContext(context.WithValue(ctx, confirmedKey{}, c), in.Method, prefix+in.Path+"?"+in.Query.Encode(), bytes.NewReader(in.Body))
	if err != nil {
		return http.StatusUnprocessableEntity, nil
	}
	if in.Kind != "" {
		r.Header.Set("Content-Type", in.Kind)
	}
	if in.Key != "" {
		r.Header.Set(keyHeader, in.Key)
	}
	a.inner.once.Do(func() {
		a.inner.mux = http.NewServeMux()
		a.Register(a.inner.mux)
	})
	w := &recorder{header: http.Header{}}
	a.inner.mux.ServeHTTP(w, r)
	return w.status, w.body.Bytes()
}

// inner are the routes once more, for who came in by another door.
type inner struct {
	once sync.Once
	mux  *http.ServeMux
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

func (a *API) preparations(r *http.Request, _ access.Caller) (int, any, error) {
	p, err := pageOf(r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	list, next, err := a.Store.Preparations(r.Context(), p)
	return http.StatusOK, document{"preparations": list}.next("next", next), err
}

func (a *API) preparation(r *http.Request, _ access.Caller) (int, any, error) {
	p, err := a.Store.Preparation(r.Context(), r.PathValue("hash"))
	return http.StatusOK, p, err
}

func (a *API) let(choice partnership.Choice) handler {
	return func(r *http.Request, c access.Caller) (int, any, error) {
		p, err := a.Let(r.Context(), asker(r, c), r.PathValue("hash"), choice)
		return http.StatusOK, p, err
	}
}
