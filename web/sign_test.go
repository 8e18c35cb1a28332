package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web"
)

// signer makes addresses to sign at, or says why not.
type signer struct {
	asked []string
	err   error
}

func (s *signer) SigningURL(_ context.Context, envelope, back, language string) (string, error) {
	s.asked = append(s.asked, envelope+" "+back+" "+language)
	return "https://sign.example/once", s.err
}

// An agreement is signed from its page: the press leads to the vendor's, whose word on the way back proves nothing.
func TestAnAgreementIsSignedFromItsPage(t *testing.T) {
	t.Parallel()
	s := &signer{}
	h := open(t, func(d *web.Deps) { d.Signing = s })
	link := h.task(partnership.TaskSign, "sign")
	if page := h.get(link).body; strings.Contains(page, "Read and sign") {
		t.Error("nothing was sent yet, and it can be signed")
	}
	want(t, "nothing to sign", h.post(link+"/sign", url.Values{}).StatusCode, http.StatusConflict)
	must(t, h.store.SaveContract(t.Context(), partnership.Contract{PartnershipID: h.partnership, Version: 1, EnvelopeID: "e1", Status: partnership.EnvelopeSent, PDF: []byte("%PDF")}))

	page := h.get(link)
	wantIn(t, page.body, "Read and sign", `action="`+strings.TrimPrefix(link, h.URL)+`/sign"`, "sign from the mail of")
	wantIn(t, page.Header.Get("Content-Security-Policy"), "form-action 'self' https:")
	want(t, "looking asks for an address", len(s.asked), 0)
	led := h.post(link+"/sign", url.Values{})
	want(t, "status", led.StatusCode, http.StatusSeeOther)
	want(t, "leads to", led.Header.Get("Location"), "https://sign.example/once")
	if len(s.asked) != 1 || !strings.HasPrefix(s.asked[0], "e1 http") || !strings.HasSuffix(s.asked[0], link+" en") {
		t.Errorf("asked %q", s.asked)
	}

	back := h.get(link + "?event=signing_complete")
	wantIn(t, back.body, "is telling us that you have signed", "Read and sign")
	want(t, "looks again", back.Header.Get("Refresh"), "5")
	wantIn(t, h.get(link+"?event=ttl_expired").body, "It is not signed yet")
	wantIn(t, h.get(link+"?event=decline").body, "You have declined to sign")

	s.err = partnership.Errorf(partnership.Conflict, "by mail alone")
	older := h.post(link+"/sign", url.Values{})
	want(t, "an older envelope", older.StatusCode, http.StatusConflict)
	wantIn(t, older.body, "signed from the mail of", "Look for the mail from")
	s.err = errors.New("away")
	want(t, "the vendor is away", h.post(link+"/sign", url.Values{}).StatusCode, http.StatusServiceUnavailable)
}
