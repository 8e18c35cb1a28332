package vendors_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/integrations"
	"github.com/rapport-dev/rapport/integrations/slack"
	"github.com/rapport-dev/rapport/partnership"
)

// Whoever signs in at the imitated Slack is who they chose to be there, once, and with the secrets of the sign-in that was begun. What
// Slack refuses is refused.
func TestSigningInAtTheSandboxsSlack(t *testing.T) {
	t.Parallel()
	b := start(t)
	settings := &slack.Settings{
		BotToken: integrations.Secret(b.keys["slack_bot_token"]), APIURL: b.URL() + "/slack/api/", OpenIDURL: b.URL() + "/slack/openid",
		ClientID: b.keys["slack_client_id"], ClientSecret: integrations.Secret(b.keys["slack_client_secret"]),
	}
	client := settings.Open(nil).(*slack.Client)
	back, verifier := b.door.URL+"/signin/back", strings.Repeat("v", 52)
	visit := func(redirect string) (code string, status int) {
		t.Helper()
		to, err := client.SignInURL(t.Context(), redirect, "state", "nonce", verifier)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, to+"&user=U_FINANCE", nil)
		if err != nil {
			t.Fatal(err)
		}
		still := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := still.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		at, err := url.Parse(res.Header.Get("Location"))
		if err != nil || res.StatusCode == http.StatusFound && (at.Query().Get("state") != "state" || !strings.HasPrefix(at.String(), redirect)) {
			t.Fatalf("it leads to %s, %v", at, err)
		}
		return at.Query().Get("code"), res.StatusCode
	}
	if _, status := visit("https://evil.example/signin/back"); status != http.StatusBadRequest {
		t.Errorf("a way back to somebody else is answered %d", status)
	}
	for what, try := range map[string]func(code string) error{
		"another verifier": func(code string) error {
			_, _, err := client.SignedIn(t.Context(), back, code, "nonce", strings.Repeat("w", 52))
			return err
		},
		"another nonce": func(code string) error {
			_, _, err := client.SignedIn(t.Context(), back, code, "other", verifier)
			return err
		},
		"another way back": func(code string) error {
			_, _, err := client.SignedIn(t.Context(), back+"2", code, "nonce", verifier)
			return err
		},
		"a code that nobody gave": func(string) error {
			_, _, err := client.SignedIn(t.Context(), back, "x", "nonce", verifier)
			return err
		},
	} {
		code, _ := visit(back)
		if err := try(code); partnership.CodeOf(err) != partnership.Forbidden {
			t.Errorf("%s: %v", what, err)
		}
	}
	code, _ := visit(back)
	user, mail, err := client.SignedIn(t.Context(), back, code, "nonce", verifier)
	if err != nil || user != "U_FINANCE" || mail != "finance@acme.example" {
		t.Fatalf("%s %s %v", user, mail, err)
	}
	if _, _, err := client.SignedIn(t.Context(), back, code, "nonce", verifier); partnership.CodeOf(err) != partnership.Forbidden {
		t.Errorf("the code once more: %v", err)
	}
	for address, want := range map[string]string{"finance@acme.example": "U_FINANCE", "eve@acme.example": ""} {
		if got, err := client.UserOf(t.Context(), address); err != nil || got != want {
			t.Errorf("%s is %q, %v", address, got, err)
		}
	}
}
