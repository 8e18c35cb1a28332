package api

import (
	"net/http"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// Whom a running campaign invites, by a person's word.

func (a *API) standingBy(r *http.Request, _ access.Caller) (int, any, error) {
	id := partnership.CampaignID(r.PathValue("id"))
	if _, err := a.Store.CampaignDocument(r.Context(), id); err != nil { // nobody stands by for what is not
		return 0, nil, err
	}
	list, err := a.Store.StandingBy(r.Context(), id)
	return http.StatusOK, document{"standing_by": list}, err
}

// lookAtInvite shows what an invitation out of turn would do.
func (a *API) lookAtInvite(r *http.Request, _ access.Caller) (int, any, error) {
	look, err := a.Picks.Invite(r.Context(), partnership.CampaignID(r.PathValue("id")), r.URL.Query().Get("creator"))
	return http.StatusOK, look, err
}

func (a *API) invite(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Creator string `json:"creator"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	id := partnership.CampaignID(r.PathValue("id"))
	creator, err := a.creatorNamed(r, in.Creator)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{"done": partnership.DeedInvite}, deeds.Invite(id, creator).Decide(r.Context(), a.Workflows, asker(r, c), nil)
}

func (a *API) veto(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Creator string `json:"creator"`
		Back    bool   `json:"back"`
		Reason  string `json:"reason"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	creator, err := a.creatorNamed(r, in.Creator)
	if err != nil {
		return 0, nil, err
	}
	deed := deeds.Veto(partnership.CampaignID(r.PathValue("id")), creator, in.Back, in.Reason)
	return http.StatusOK, map[string]string{"done": partnership.DeedVeto}, deed.Decide(r.Context(), a.Workflows, asker(r, c), nil)
}

func (a *API) creatorNamed(r *http.Request, typed string) (partnership.CreatorID, error) {
	if typed == "" {
		return "", partnership.FieldErrorf("creator", "say whom: @handle, a profile link, a mail address or a name")
	}
	creator, err := a.Store.FindCreator(r.Context(), typed)
	return creator.ID, err
}
