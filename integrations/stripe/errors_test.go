package stripe

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
	"github.com/rapport-dev/rapport/partnership"
)

func TestErrorClasses(t *testing.T) {
	t.Parallel()
	retry, permanent, ambiguous := partnership.Retry, partnership.Permanent, partnership.Ambiguous
	body := func(kind, code string) string {
		return fmt.Sprintf(`{"error":{"type":%q,"code":%q,"message":"about mira@creator.example and 42.13"}}`, kind, code)
	}
	for _, tc := range []struct {
		status   int
		header   map[string]string
		body     string
		transfer partnership.Class
		read     partnership.Class
		code     string
		after    time.Duration
	}{
		{400, nil, body("invalid_request_error", "balance_insufficient"), partnership.Short, partnership.Short, "balance_insufficient", 0},
		{400, map[string]string{"Idempotent-Replayed": "true"}, body("invalid_request_error", "balance_insufficient"), partnership.Short, partnership.Short, "balance_insufficient", 0},
		{400, nil, body("idempotency_error", ""), permanent, permanent, "idempotency_error", 0},
		{400, nil, body("invalid_request_error", "account_invalid"), permanent, permanent, "account_invalid", 0},
		{400, nil, body("invalid_request_error", "insufficient_capabilities_for_transfer"), permanent, permanent, "insufficient_capabilities_for_transfer", 0},
		{400, nil, body("invalid_request_error", "parameter_missing"), permanent, permanent, "parameter_missing", 0},
		{400, map[string]string{"Stripe-Should-Retry": "true"}, body("invalid_request_error", ""), retry, retry, "invalid_request_error", 0},
		{401, nil, body("invalid_request_error", ""), partnership.Barred, partnership.Barred, "invalid_request_error", 0},
		{403, nil, body("invalid_request_error", ""), partnership.Barred, partnership.Barred, "invalid_request_error", 0},
		{404, nil, body("invalid_request_error", "resource_missing"), permanent, permanent, "resource_missing", 0},
		{409, nil, body("invalid_request_error", "lock_timeout"), retry, retry, "lock_timeout", 0},
		{409, nil, body("idempotency_error", "idempotency_key_in_use"), retry, retry, "idempotency_key_in_use", 0},
		{409, nil, body("api_error", ""), retry, retry, "api_error", 0},
		{409, map[string]string{"Stripe-Should-Retry": "false"}, body("api_error", ""), permanent, permanent, "api_error", 0},
		{429, map[string]string{"Retry-After": "3"}, body("invalid_request_error", "rate_limit"), retry, retry, "rate_limit", 3 * time.Second},
		{429, nil, body("invalid_request_error", "lock_timeout"), retry, retry, "lock_timeout", 0},
		{500, nil, body("api_error", ""), ambiguous, retry, "api_error", 0},
		{500, map[string]string{"Stripe-Should-Retry": "true"}, body("api_error", ""), ambiguous, retry, "api_error", 0},
		{503, map[string]string{"Retry-After": "3"}, body("api_error", ""), ambiguous, retry, "api_error", 3 * time.Second},
		{502, nil, `<html>bad gateway</html>`, ambiguous, retry, "", 0},
		{503, nil, `<html>`, ambiguous, retry, "", 0},
		{429, map[string]string{"Retry-After": "9"}, `slow down`, retry, retry, "", 9 * time.Second},
		{404, nil, `<html>`, permanent, permanent, "", 0},
		{302, map[string]string{"Location": "/elsewhere"}, `<html>`, permanent, permanent, "", 0},
		{200, nil, `<html>a proxy's page</html>`, ambiguous, retry, "", 0},
		{200, nil, `{}`, ambiguous, retry, "", 0},
	} {
		c := answering(t, func(w http.ResponseWriter, _ *http.Request) {
			for k, v := range tc.header {
				w.Header().Set(k, v)
			}
			w.WriteHeader(tc.status)
			_, _ = io.WriteString(w, tc.body)
		})
		_, err := c.Transfer(t.Context(), payout())
		v, ok := err.(*partnership.VendorError)
		if !ok || v.Class != tc.transfer || v.VendorCode != tc.code || v.RetryAfter != tc.after || v.Status != tc.status {
			t.Errorf("transfer %d %v %s: %#v", tc.status, tc.header, tc.body, err)
			continue
		}
		if v.Replayed != (tc.header["Idempotent-Replayed"] == "true") {
			t.Errorf("transfer %d %v: replayed %t", tc.status, tc.header, v.Replayed)
		}
		if strings.Contains(v.Error(), "creator.example") || strings.Contains(v.Error(), "42.13") || v.Err != nil {
			t.Errorf("%d: the error shows Stripe's words: %v", tc.status, v)
		}
		_, err = c.Account(t.Context(), "acct_1")
		if partnership.ClassOf(err) != tc.read {
			t.Errorf("account %d %s: %v is %q, want %q", tc.status, tc.body, err, partnership.ClassOf(err), tc.read)
		}
	}
}

func TestTransportErrors(t *testing.T) {
	t.Parallel()
	cut, calls := httpxtest.CutServer(t)
	// Once as a one-shot connection: with an idempotency key Go itself may repeat a request on a stale one, which is safe.
	c := New(Config{APIKey: "k", BaseURL: cut.URL, HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}})
	if _, err := c.Transfer(t.Context(), payout()); partnership.ClassOf(err) != partnership.Ambiguous || calls() != 1 {
		t.Errorf("cut after write: %v after %d calls", err, calls())
	}
	if _, err := c.Account(t.Context(), "acct_1"); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("cut read: %v", err)
	}
	if _, err := c.OpenAccount(t.Context(), partnership.AccountRequest{Key: "k"}); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("cut account: %v", err)
	}
	if _, err := c.TransfersOf(t.Context(), "po1", ""); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("cut list: %v", err)
	}
	c = New(Config{APIKey: "k", BaseURL: httpxtest.DeadURL(t)})
	if _, err := c.Transfer(t.Context(), payout()); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("refused connection: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Transfer(ctx, payout()); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("cancelled before: %v", err)
	}
}

func TestTimeoutIsAmbiguous(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(srv.Close)
	t.Cleanup(func() { close(release) })
	c := New(Config{APIKey: "k", BaseURL: srv.URL, HTTPClient: &http.Client{Timeout: time.Second}})
	if _, err := c.Transfer(t.Context(), payout()); partnership.ClassOf(err) != partnership.Ambiguous {
		t.Errorf("%v", err)
	}
}

// classOfSetting is Barred for what a setting of ours spoils, for everybody.
func classOfSetting(want string) partnership.Class {
	if strings.HasPrefix(want, "STRIPE_") {
		return partnership.Barred
	}
	return partnership.Permanent
}
