package creator

import (
	"net/http"

	"github.com/rapport-dev/rapport/app/answers"
	"github.com/rapport-dev/rapport/web/page"
)

// showOptOut asks; scanners that follow the link opt nobody out.
func (s *Pages) showOptOut(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	if _, err := s.Store.OptOutCreator(r.Context(), token); err != nil {
		s.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, optOutPage(s.spoken(r), token, false))
}

// optOut takes effect at once: the address is suppressed before anything else happens. A mail program's one-click POST
// (RFC 8058) lands here too, from another origin and with a body that says nothing we need.
func (s *Pages) optOut(w http.ResponseWriter, r *http.Request) {
	unheard, err := answers.OptOut(r.Context(), s.Store, s.Workflows, r.PathValue("token"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if unheard != nil {
		s.Log.WarnContext(r.Context(), "opt-out signal", "error", unheard)
	}
	page.Show(w, r, http.StatusOK, optOutPage(s.spoken(r), "", true))
}
