package api

import (
	"net/http"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// What a person of the money decides beside the runs: transfers that the books do not explain, and what creators object to.

func (a *API) differences(r *http.Request, _ access.Caller) (int, any, error) {
	open, err := a.Store.OpenDifferences(r.Context(), r.URL.Query().Get("rail"))
	if err != nil {
		return 0, nil, err
	}
	page, next, err := pageIn(r, open, func(d partnership.Difference) string { return d.Provider + "/" + d.ID })
	return http.StatusOK, document{"differences": page}.next("next", next), err
}

func (a *API) settleDifference(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		As      partnership.Settlement `json:"as"`
		Rail    string                 `json:"rail"`
		Program string                 `json:"program"`
		Creator string                 `json:"creator"`
		Reason  string                 `json:"reason"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	word := partnership.DifferenceWord{Rail: in.Rail, Transfer: r.PathValue("transfer"), As: in.As, Program: in.Program}
	if in.Creator != "" {
		creator, err := a.Store.FindCreator(r.Context(), in.Creator)
		if err != nil {
			return 0, nil, err
		}
		word.Creator = creator.ID
	}
	err := deeds.SettleDifference(r.Context(), a.Store, asker(r, c), word, in.Reason)
	return http.StatusOK, map[string]string{"done": string(in.As)}, err
}

func (a *API) objections(r *http.Request, _ access.Caller) (int, any, error) {
	p, err := pageOf(r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	list, next, err := a.Store.ObjectionPage(r.Context(), r.URL.Query().Get("all") != "true", p)
	return http.StatusOK, document{"objections": list}.next("next", next), err
}

func (a *API) decideObjection(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Decision partnership.Choice `json:"decision"`
		Words    string             `json:"words"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	o, err := deeds.DecideObjection(r.Context(), a.Store, asker(r, c), r.PathValue("id"), in.Decision, in.Words)
	o.Creator, o.Words, o.Answer = "", "", "" // answers are kept, under keys and of agents' acts, and whoever is erased is erased there too
	return http.StatusOK, o, err
}
