package docusign

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

func sentEnvelope() map[string][]reply {
	return map[string][]reply{"GET /envelopes/e1": {{200, nil, Envelope{EnvelopeID: "e1", Status: "sent"}}}}
}

func TestOneTokenForManyCalls(t *testing.T) {
	t.Parallel()
	f := newFake(t, sentEnvelope())
	c := f.client()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := c.Envelope(t.Context(), "e1"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if f.grants != 1 {
		t.Fatalf("%d grants, want 1", f.grants)
	}
}

func TestTokenIsRenewedTenMinutesEarly(t *testing.T) {
	t.Parallel()
	f := newFake(t, sentEnvelope())
	clock := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	f.now = func() time.Time { return clock }
	c := f.client()
	for _, step := range []struct {
		after  time.Duration
		grants int
	}{{0, 1}, {49 * time.Minute, 1}, {51 * time.Minute, 2}} {
		clock = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC).Add(step.after)
		if _, err := c.Envelope(t.Context(), "e1"); err != nil {
			t.Fatal(err)
		}
		if f.grants != step.grants {
			t.Fatalf("after %v: %d grants, want %d", step.after, f.grants, step.grants)
		}
	}
}

// No two machines have the same time: a worker whose clock is a minute off signs on.
func TestAClockThatIsOffSignsInAllTheSame(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{-4 * time.Minute, -61 * time.Second, 2 * time.Second, 61 * time.Second, 4 * time.Minute} {
		f := newFake(t, sentEnvelope())
		c := f.client()
		c.envelopes.auth.now = func() time.Time { return f.now().Add(off) }
		if _, err := c.Envelope(t.Context(), "e1"); err != nil {
			t.Errorf("with a clock that is %s ahead: %v", off, err)
		}
	}
}

func TestRefusedTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	f := newFake(t, sentEnvelope())
	c := f.client()
	if err := c.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	delete(f.tokens, "token-1") // revoked at DocuSign
	if _, err := c.Envelope(t.Context(), "e1"); err != nil || f.grants != 2 {
		t.Fatalf("err %v, %d grants", err, f.grants)
	}

	f.token = func(int) reply { return reply{200, nil, TokenResponse{AccessToken: "never-taken", ExpiresIn: 3600}} }
	delete(f.tokens, "token-2")
	_, err := c.Envelope(t.Context(), "e1")
	v, ok := errors.AsType[*partnership.VendorError](err)
	if !ok || v.Class != partnership.Barred || v.Status != http.StatusUnauthorized || f.grants != 3 {
		t.Fatalf("%v after %d grants", err, f.grants)
	}
}

func TestGrantRefusalsNameTheFix(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		answer reply
		class  partnership.Class
		code   string
		want   string
	}{
		{
			"consent",
			reply{400, nil, OAuthError{Error: "consent_required"}},
			partnership.Barred, "consent_required",
			"/oauth/auth?response_type=code&scope=signature%20impersonation&client_id=ik-1&redirect_uri=",
		},
		{"issuer", reply{400, nil, OAuthError{"invalid_grant", "issuer_not_found"}}, partnership.Barred, "issuer_not_found", "DOCUSIGN_INTEGRATION_KEY"},
		{"keys", reply{400, nil, OAuthError{"invalid_grant", "no_valid_keys_or_signatures"}}, partnership.Barred, "no_valid_keys_or_signatures", "DOCUSIGN_PRIVATE_KEY"},
		{"user", reply{400, nil, OAuthError{"invalid_grant", "user_not_found"}}, partnership.Barred, "user_not_found", "DOCUSIGN_USER_ID"},
		{"unknown", reply{400, nil, OAuthError{"invalid_request", "secret words"}}, partnership.Barred, "invalid_request", "clock"},
		{"no server", reply{404, nil, "<html>"}, partnership.Barred, "", "DOCUSIGN_AUTH_URL"},
		{"not JSON", reply{200, nil, "<html>"}, partnership.Barred, "", "DOCUSIGN_AUTH_URL"},
		{"limit", reply{429, map[string]string{"Retry-After": "7"}, "{}"}, partnership.Retry, "", "not available"},
		{"down", reply{500, nil, ""}, partnership.Retry, "", "not available"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFake(t, nil)
			f.token = func(int) reply { return tc.answer }
			v, ok := errors.AsType[*partnership.VendorError](f.client().Check(t.Context()))
			switch {
			case !ok:
				t.Fatal("no VendorError")
			case v.Class != tc.class || v.VendorCode != tc.code:
				t.Fatalf("%s %q, want %s %q", v.Class, v.VendorCode, tc.class, tc.code)
			case !strings.Contains(v.Message, tc.want):
				t.Fatalf("%q does not tell %q", v.Message, tc.want)
			case strings.Contains(v.Error(), "secret words"):
				t.Fatal("the vendor's words leaked")
			case tc.name == "limit" && v.RetryAfter != 7*time.Second:
				t.Fatalf("RetryAfter %v", v.RetryAfter)
			}
		})
	}
}

func TestWaitingForATokenCanBeGivenUp(t *testing.T) {
	t.Parallel()
	f := newFake(t, nil)
	c := f.client()
	c.envelopes.auth.lock <- struct{}{} // somebody is fetching
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Envelope(ctx, "e1"); partnership.ClassOf(err) != partnership.Retry || !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
}

func TestWrongConfiguration(t *testing.T) {
	t.Parallel()
	whole := newFake(t, nil).config()
	for setting, broken := range map[string]func(*Config){
		"DOCUSIGN_ACCOUNT_ID":      func(c *Config) { c.AccountID = "" },
		"DOCUSIGN_INTEGRATION_KEY": func(c *Config) { c.IntegrationKey = "" },
		"DOCUSIGN_USER_ID":         func(c *Config) { c.UserID = "" },
		"DOCUSIGN_PRIVATE_KEY":     func(c *Config) { c.PrivateKeyPEM = "-----BEGIN nothing" },
	} {
		cfg := whole
		broken(&cfg)
		_, err := New(cfg).CreateEnvelope(t.Context(), request())
		if partnership.ClassOf(err) != partnership.Barred || !strings.Contains(err.Error(), setting) {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

func TestAuthServerFollowsTheEnvironment(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"":                                   DefaultAuthURL,
		"https://eu.docusign.net/restapi":    DefaultAuthURL,
		"https://demo.docusign.net/restapi/": DemoAuthURL,
	} {
		if got := New(Config{BaseURL: base}).envelopes.auth.url; got != want {
			t.Errorf("%q: %s, want %s", base, got, want)
		}
	}
	for _, base := range []string{"http://x/docusign", "http://x/docusign/restapi", "http://x/docusign/restapi/"} {
		if got := New(Config{BaseURL: base, AccountID: "a"}).envelopes.base; got != "http://x/docusign/restapi/v2.1/accounts/a" {
			t.Errorf("%s: %s", base, got)
		}
	}
	if got := hostOf(DemoAuthURL); got != "account-d.docusign.com" {
		t.Errorf("audience %q", got)
	}
}
