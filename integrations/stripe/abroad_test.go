package stripe

import (
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

func TestAgreementAcrossABorder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ platform, creator, want string }{
		{"US", "US", ""},
		{"US", "us", ""},
		{"US", "", ""},
		{"US", "MX", "recipient"},
		{"US", "GB", "recipient"},
		{"DE", "FR", ""},
		{"GB", "DE", ""},
		{"DE", "US", "recipient"},
		{"DE", "JP", "recipient"},
	} {
		asked := 0
		var sent url.Values
		c := answering(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/stripe/v1/account" {
				asked++
				_, _ = io.WriteString(w, `{"id":"acct_platform","object":"account","country":"`+tc.platform+`"}`)
				return
			}
			sent = form(t, r)
			_, _ = io.WriteString(w, `{"id":"acct_9","object":"account"}`)
		})
		for range 2 {
			if _, err := c.OpenAccount(t.Context(), partnership.AccountRequest{Key: "account/cr1", CreatorID: "cr1", Country: tc.creator}); err != nil {
				t.Fatal(err)
			}
		}
		if got := sent.Get("tos_acceptance[service_agreement]"); got != tc.want || asked > 1 {
			t.Errorf("from %s to %q: agreement %q, want %q; asked %d times", tc.platform, tc.creator, got, tc.want, asked)
		}
	}
	c := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	if _, err := c.OpenAccount(t.Context(), partnership.AccountRequest{Key: "account/cr1", CreatorID: "cr1", Country: "MX"}); partnership.ClassOf(err) != partnership.Retry {
		t.Errorf("a platform that cannot be asked: %v", err)
	}
}
