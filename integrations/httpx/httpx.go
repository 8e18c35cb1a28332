// Package httpx is the little HTTP that all vendors' clients share: one request with a bounded answer, and what a
// broken transport means for the next attempt. It knows no vendor.
package httpx

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultTimeout bounds a whole exchange where the caller's client sets no bound of its own.
const DefaultTimeout = 10 * time.Second

// maxAnswer bounds what SDKs that read the body themselves may be made to hold: a signed contract stays well below it.
const maxAnswer = 32 << 20

// ErrTooLarge says that an answer was longer than the caller allows.
var ErrTooLarge = errors.New("the answer is larger than allowed")

// TransportError is an exchange that broke before the whole answer was read. Sent says whether the request may have
// reached the vendor: it is false only when no connection was ever handed to it, so false is a proof and true a doubt.
type TransportError struct {
	Sent bool
	Err  error
}

func (e *TransportError) Error() string { return e.Err.Error() }
func (e *TransportError) Unwrap() error { return e.Err }

// Client returns a copy of c, which may be nil, that reports transport failures as *TransportError, never follows a
// redirect (an API that redirects is a wrong base URL, and following would hand our key to another host) and always
// has a time limit: c.Timeout, or DefaultTimeout where that is 0.
func Client(c *http.Client) *http.Client {
	var out http.Client
	if c != nil {
		out = *c
	}
	if _, ok := out.Transport.(*transport); ok {
		return &out
	}
	// The limit moves into our transport: http.Client replaces the error by a text when its own limit strikes, and
	// with it the note whether anything was sent.
	limit := out.Timeout
	if limit == 0 {
		limit = DefaultTimeout
	}
	out.Timeout = 0
	if out.CheckRedirect == nil {
		out.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	base := out.Transport
	if base == nil {
		base = pool()
	}
	out.Transport = &transport{base: base, limit: limit}
	return &out
}

// Do sends req once and reads at most maxBytes of the answer. Any HTTP status is an answer, not an error. An error is
// a *TransportError (in the chain) and may come with a status when the answer broke off after its header.
func Do(c *http.Client, req *http.Request, maxBytes int64) (status int, header http.Header, body []byte, err error) {
	if c == nil {
		c = Client(nil)
	} else if _, ok := c.Transport.(*transport); !ok {
		c = Client(c)
	}
	res, err := c.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer res.Body.Close()
	body, err = ReadAll(res.Body, maxBytes)
	return res.StatusCode, res.Header, body, err
}

// ReadAll reads all of r, or fails with ErrTooLarge beyond maxBytes.
func ReadAll(r io.Reader, maxBytes int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, sent(err)
	}
	if int64(len(body)) > maxBytes {
		return nil, sent(ErrTooLarge)
	}
	return body, nil
}

func sent(err error) error {
	if _, ok := errors.AsType[*TransportError](err); ok {
		return err
	}
	return &TransportError{Sent: true, Err: err}
}

// pool is the standard library's transport with connections of its own: http.DefaultTransport may be changed by any
// package in the process.
var pool = sync.OnceValue(func() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = 16
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	return t
})

// transport notes whether a request ever got a connection. The note is taken at GotConn and not at WroteRequest,
// because writing happens in another goroutine: a cancelled call may return before bytes leave that still will.
type transport struct {
	base  http.RoundTripper
	limit time.Duration // of a whole exchange, the body's reading included
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	var got atomic.Bool
	ctx, cancel := context.WithTimeout(req.Context(), t.limit)
	traced := req.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	}))
	res, err := t.base.RoundTrip(traced)
	if err != nil {
		cancel()
		return nil, &TransportError{Sent: got.Load(), Err: err}
	}
	res.Body = &answer{ReadCloser: res.Body, left: maxAnswer, done: cancel}
	return res, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the pool.
func (t *transport) CloseIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// answer bounds the body and marks read errors, so that SDKs which read it themselves report them like ours.
type answer struct {
	io.ReadCloser
	left int64
	done context.CancelFunc
}

func (a *answer) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	if a.left -= int64(n); a.left < 0 {
		return 0, sent(ErrTooLarge)
	}
	if err != nil && err != io.EOF { //nolint:errorlint // a Reader ends with io.EOF itself; what only wraps it broke off
		err = sent(fmt.Errorf("reading the answer: %w", err))
	}
	return n, err
}

func (a *answer) Close() error {
	defer a.done()
	return a.ReadCloser.Close()
}
