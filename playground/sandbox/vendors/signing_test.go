package vendors_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
)

// A signer signs from our page: the address that is asked for them works once, leads back with what became of it, and is made for nobody else.
func TestDocuSignOnOurPage(t *testing.T) {
	t.Parallel()
	b := start(t)
	c := b.signer()
	e, err := c.CreateEnvelope(ctx, b.envelope(1))
	if err != nil {
		t.Fatal(err)
	}
	b.signingLink() // they are written to as well
	const back = "https://rapport.example/t/x"
	address, err := c.SigningURL(ctx, e.ID, back, "")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(address, "/docusign/")
	path := "/docusign/" + rest
	leads := func(method string, form any) string {
		t.Helper()
		var body string
		if values, is := form.(url.Values); is {
			body = values.Encode()
		}
		r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.Header.Get("Location")
	}
	if status, _ := b.call(http.MethodPost, path, url.Values{"action": {"sign"}}); status != http.StatusNotFound {
		t.Errorf("signed where nobody has looked: %d", status)
	}
	if status, page := b.call(http.MethodGet, path, nil); status != http.StatusOK || !strings.Contains(string(page), "Sign as Ana") {
		t.Fatalf("%d %s", status, page)
	}
	if to := leads(http.MethodGet, nil); to != back+"?event=ttl_expired" {
		t.Errorf("opened twice it leads to %q", to)
	}
	if to := leads(http.MethodPost, url.Values{"action": {"sign"}, "consent": {"1"}}); to != back+"?event=signing_complete" {
		t.Errorf("signed it leads to %q", to)
	}
	if got, err := c.Envelope(ctx, e.ID); err != nil || got.Status != partnership.EnvelopeCompleted {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := c.SigningURL(ctx, e.ID, back, ""); err == nil {
		t.Error("what is signed can be signed again")
	}
	token := b.dsToken()
	wrong := map[string]any{"returnUrl": back, "authenticationMethod": "Email", "userName": "Bo", "email": "ana@creators.example", "clientUserId": string(pid)}
	status, body := b.call(http.MethodPost, "/docusign/restapi/v2.1/accounts/"+b.keys["docusign_account_id"]+"/envelopes/"+e.ID+"/views/recipient", wrong, "Authorization", token)
	if status != http.StatusBadRequest || !strings.Contains(string(body), "UNKNOWN_ENVELOPE_RECIPIENT") {
		t.Errorf("another's name: %d %s", status, body)
	}
}
