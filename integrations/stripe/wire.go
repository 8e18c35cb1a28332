package stripe

import (
	"context"
	"net/http"
)

// wire does two things that stripe-go cannot: it puts a path prefix before each request (stripe-go refuses every answer
// when its base URL has one) and notes status and header, which stripe-go drops when an answer is not JSON.
type wire struct {
	prefix string
	base   http.RoundTripper
}

// exchange is the last answer within one call of ours.
type exchange struct {
	status int
	header http.Header
}

type exchangeKey struct{}

func watch(ctx context.Context) (context.Context, *exchange) {
	e := &exchange{}
	return context.WithValue(ctx, exchangeKey{}, e), e
}

func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	if w.prefix != "" {
		req = req.Clone(req.Context())
		req.URL.Path = w.prefix + req.URL.Path
		if req.URL.RawPath != "" {
			req.URL.RawPath = w.prefix + req.URL.RawPath
		}
	}
	e, _ := req.Context().Value(exchangeKey{}).(*exchange)
	if e != nil {
		*e = exchange{}
	}
	res, err := w.base.RoundTrip(req)
	if err == nil && e != nil {
		e.status, e.header = res.StatusCode, res.Header
	}
	return res, err
}
