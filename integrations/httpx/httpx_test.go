package httpx_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
	"github.com/rapport-dev/rapport/partnership"
)

func post(t *testing.T, url string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func wantClass(t *testing.T, err error, idempotent bool, want partnership.Class) *partnership.VendorError {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	v := httpx.Classify("vendor", "op", err, idempotent)
	if v.Class != want {
		t.Fatalf("idempotent=%v: class %q, want %q (%v)", idempotent, v.Class, want, err)
	}
	return v
}

func TestRefusedConnectionIsRetry(t *testing.T) {
	t.Parallel()
	url := httpxtest.DeadURL(t) + "/secret-path?token=abc"
	_, _, _, err := httpx.Do(httpx.Client(nil), post(t, url), 1<<10)
	v := wantClass(t, err, false, partnership.Retry)
	if s := v.Error() + v.Err.Error(); strings.Contains(s, "secret-path") || strings.Contains(s, "abc") {
		t.Errorf("the error shows the address: %s", s)
	}
	_, _, _, err = httpx.Do(&http.Client{}, post(t, url), 1<<10) // a plain client gets the same treatment
	wantClass(t, err, false, partnership.Retry)
}

func TestCutAfterWriteIsAmbiguous(t *testing.T) {
	t.Parallel()
	srv, calls := httpxtest.CutServer(t)
	_, _, _, err := httpx.Do(httpx.Client(nil), post(t, srv.URL), 1<<10)
	wantClass(t, err, false, partnership.Ambiguous)
	wantClass(t, err, true, partnership.Retry)
	if calls() != 1 {
		t.Errorf("%d calls reached the server, want 1", calls())
	}
}

func TestTimeoutAfterWriteIsAmbiguous(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(srv.Close)
	t.Cleanup(func() { close(release) })
	_, _, _, err := httpx.Do(httpx.Client(&http.Client{Timeout: time.Second}), post(t, srv.URL), 1<<10)
	if v := wantClass(t, err, false, partnership.Ambiguous); v.Message != "no answer came in time" {
		t.Errorf("message %q", v.Message)
	}
}

// A limit that strikes while the connection is still being made proves that nothing was sent.
func TestTimeoutWhileConnectingIsRetry(t *testing.T) {
	t.Parallel()
	slow := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	t.Cleanup(slow.CloseIdleConnections)
	c := httpx.Client(&http.Client{Timeout: 20 * time.Millisecond, Transport: slow})
	_, _, _, err := httpx.Do(c, post(t, "http://vendor.invalid"), 1<<10)
	wantClass(t, err, false, partnership.Retry)
}

func TestTimeoutWhileReadingIsAmbiguous(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("begin"))
		w.(http.Flusher).Flush()
		<-release
	}))
	t.Cleanup(srv.Close)
	t.Cleanup(func() { close(release) })
	_, _, _, err := httpx.Do(httpx.Client(&http.Client{Timeout: time.Second}), post(t, srv.URL), 1<<10)
	if v := wantClass(t, err, false, partnership.Ambiguous); v.Message != "no answer came in time" {
		t.Errorf("message %q", v.Message)
	}
}

func TestCancelledBeforeSendingIsRetry(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the request was sent") }))
	t.Cleanup(srv.Close)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, _, err := httpx.Do(httpx.Client(nil), post(t, srv.URL).WithContext(ctx), 1<<10)
	v := wantClass(t, err, false, partnership.Retry)
	if !errors.Is(v, context.Canceled) {
		t.Error("the cause is lost")
	}
}

func TestBrokenBody(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("short"))
	}))
	t.Cleanup(srv.Close)
	status, _, _, err := httpx.Do(httpx.Client(nil), post(t, srv.URL), 1<<10)
	wantClass(t, err, false, partnership.Ambiguous)
	if status != 200 {
		t.Errorf("status %d, want the 200 that came", status)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, 101))
	}))
	t.Cleanup(srv.Close)
	_, _, _, err := httpx.Do(httpx.Client(nil), post(t, srv.URL), 100)
	wantClass(t, err, false, partnership.Ambiguous)
	wantClass(t, err, true, partnership.Permanent)
	if _, _, body, err := httpx.Do(httpx.Client(nil), post(t, srv.URL), 101); err != nil || len(body) != 101 {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed") }))
	t.Cleanup(other.Close)
	srv := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	t.Cleanup(srv.Close)
	if status, _, _, err := httpx.Do(httpx.Client(nil), post(t, srv.URL), 1<<10); err != nil || status != 307 {
		t.Errorf("status %d, %v", status, err)
	}
}

func TestClientLeavesTheCallersAlone(t *testing.T) {
	t.Parallel()
	mine := &http.Client{}
	c := httpx.Client(mine)
	if mine.Timeout != 0 || mine.Transport != nil || c == mine {
		t.Error("the caller's client was changed")
	}
	if again := httpx.Client(c); again.Transport != c.Transport {
		t.Error("wrapped twice")
	}
}

func TestClassifyWithoutOurTransport(t *testing.T) {
	t.Parallel()
	wantClass(t, &net.OpError{Op: "dial", Err: errors.New("refused")}, false, partnership.Retry)
	wantClass(t, &net.OpError{Op: "read", Err: errors.New("reset")}, false, partnership.Ambiguous)
	wantClass(t, errors.New("anything"), false, partnership.Ambiguous)
}

func TestStatusClass(t *testing.T) {
	t.Parallel()
	for status, want := range map[int][2]partnership.Class{ // not idempotent, idempotent
		301: {partnership.Permanent, partnership.Permanent},
		400: {partnership.Permanent, partnership.Permanent},
		408: {partnership.Retry, partnership.Retry},
		409: {partnership.Permanent, partnership.Permanent},
		429: {partnership.Retry, partnership.Retry},
		500: {partnership.Ambiguous, partnership.Retry},
		502: {partnership.Ambiguous, partnership.Retry},
		503: {partnership.Retry, partnership.Retry},
		504: {partnership.Ambiguous, partnership.Retry},
	} {
		if got := httpx.StatusClass(status, false); got != want[0] {
			t.Errorf("%d: %q, want %q", status, got, want[0])
		}
		if got := httpx.StatusClass(status, true); got != want[1] {
			t.Errorf("%d idempotent: %q, want %q", status, got, want[1])
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for in, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, " 7 ": 7 * time.Second, "0.5": 500 * time.Millisecond, "-3": 0, "soon": 0, "NaN": 0,
		"99999999999999999999":          24 * time.Hour,
		"Sun, 01 Nov 2026 12:00:30 GMT": 30 * time.Second,
		"Sun, 01 Nov 2026 11:00:00 GMT": 0,
	} {
		if got := httpx.RetryAfter(http.Header{"Retry-After": {in}}, now); got != want {
			t.Errorf("%q: %v, want %v", in, got, want)
		}
	}
}

func TestRedactAndCode(t *testing.T) {
	t.Parallel()
	in := "mail to ada@example.com failed, key sk_test_4eC39HqLyjWDarjtT1 phone +1 (415) 555-0100\r\nnext"
	out := httpx.Redact(in)
	for _, bad := range []string{"ada", "example.com", "sk_test", "555", "\n"} {
		if strings.Contains(out, bad) {
			t.Errorf("%q is still in %q", bad, out)
		}
	}
	if long := httpx.Redact(strings.Repeat("é", 500)); len(long) > 210 {
		t.Errorf("%d bytes", len(long))
	}
	if got := httpx.Code("bad_code <script>\n" + strings.Repeat("x", 100)); len(got) != 64 || strings.ContainsAny(got, "<>\n ") {
		t.Errorf("code %q", got)
	}
}
