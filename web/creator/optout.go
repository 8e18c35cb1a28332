package creator

import (
	"net/http"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/page"
	"github.com/rapport-dev/rapport/workflows"
)

// showOptOut asks; scanners that follow the link opt nobody out.
func (s *Pages) showOptOut(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	if _, err := s.Store.OptOutCreator(r.Context(), token); err != nil {
		s.fail(w, r, err)
		return
	}
	page.Show(w, r, http.StatusOK, optOutPage(token, false))
}

// optOut takes effect at once: the address is suppressed before anything else happens. A mail program's one-click POST
// (RFC 8058) lands here too, from another origin and with a body that says nothing we need.
func (s *Pages) optOut(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	open, err := s.Store.OptOut(ctx, r.PathValue("token"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, partnership := range open {
		err := s.Workflows.Signal(ctx, workflows.PartnershipWorkflowID(partnership), workflows.SignalOptedOut, workflows.OptedOut{EventID: "optout/" + string(partnership)})
		// The suppression already holds, and every send checks it: a workflow that hears it late sends nothing.
		if err != nil && p.CodeOf(err) != p.NotFound {
			s.Log.WarnContext(ctx, "opt-out signal", "partnership", partnership, "error", err)
		}
	}
	page.Show(w, r, http.StatusOK, optOutPage("", true))
}
