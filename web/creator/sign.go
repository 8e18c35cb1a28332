package creator

import (
	"context"
	"net/http"
	"net/url"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/page"
)

// Signing leads a creator to where they sign.
type Signing interface {
	// SigningURL is the address at which an envelope's signer signs, once and within minutes, and which then leads back. *partnership.Error
	// Conflict for an envelope that is signed by mail alone.
	SigningURL(ctx context.Context, envelope, returnURL, language string) (string, error)
}

// signable says whether the agreement can be signed from this page.
func (s *Pages) signable(sh sheet) bool {
	c := sh.View.Contract
	return s.Signing != nil && sh.Task.Kind == partnership.TaskSign && c != nil && c.EnvelopeID != "" && (c.Status == partnership.EnvelopeSent || c.Status == partnership.EnvelopeDelivered)
}

// sign leads to the signing vendor's own page. Its address is made at the press, and kept and mailed by nobody: who has it signs.
func (s *Pages) sign(w http.ResponseWriter, r *http.Request) {
	if !s.read(w, r) {
		return
	}
	sh, ok := s.load(w, r)
	switch {
	case !ok:
		return
	case sh.over() || !s.signable(sh):
		page.Show(w, r, http.StatusConflict, closedPage(sh))
		return
	}
	link, err := s.Signing.SigningURL(r.Context(), sh.View.Contract.EnvelopeID, s.PublicURL+"/t/"+url.PathEscape(sh.Token), sh.Name())
	switch {
	case err == nil:
		http.Redirect(w, r, link, http.StatusSeeOther)
	case partnership.CodeOf(err) == partnership.Conflict:
		sh.SignHere = false
		s.refuse(w, r, sh, http.StatusConflict, nil, sh.T("This agreement is signed from the mail of %s alone.", sh.Signer))
	default:
		s.Log.WarnContext(r.Context(), "signing page", "partnership", sh.Task.PartnershipID, "error", err)
		s.unavailable(w, r, sh)
	}
}

// cameBack says what the vendor's page led back with. It proves nothing: that it is signed the vendor tells us by itself, within a minute.
func cameBack(w http.ResponseWriter, sh sheet, event string) string {
	switch {
	case event == "" || sh.signed():
		return ""
	case event == "signing_complete":
		w.Header().Set("Refresh", "5")
		return sh.T("Thank you! %s is telling us that you have signed; this page shows it in a moment.", sh.Signer)
	case event == "decline":
		return sh.T("You have declined to sign. If that was a mistake, write to us below.")
	}
	return sh.T("It is not signed yet. Press the button whenever you are ready.")
}
