package api

import (
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/app/decisions"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

// decisions is what waits for a person of the brand, or with all what was decided about partnerships too.
func (a *API) decisions(r *http.Request, _ access.Caller) (int, any, error) {
	q := r.URL.Query()
	p, err := pageOf(q)
	if err != nil {
		return 0, nil, err
	}
	list, err := a.Store.Decisions(r.Context(), store.DecisionFilter{CampaignID: partnership.CampaignID(q.Get("campaign")), All: q.Get("all") == "true", Most: p.Most})
	return http.StatusOK, map[string]any{"decisions": list}, err
}

func (a *API) decision(r *http.Request, _ access.Caller) (int, any, error) {
	d, err := a.Store.Decision(r.Context(), r.PathValue("id"))
	return http.StatusOK, d, err
}

// decide answers one. What came of it is the workflow's word: it stands in the decision as soon as it has said it.
func (a *API) decide(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Choice partnership.Choice `json:"choice"`
		Words  string             `json:"words"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	d := decisions.Decisions{Kept: a.Store, Workflows: func() (deeds.Decider, error) { return a.Workflows, nil }, Names: a.Directory.Names, Now: time.Now}
	now, err := d.Give(r.Context(), asker(r, c), r.PathValue("id"), in.Choice, in.Words)
	return http.StatusOK, now, err
}
