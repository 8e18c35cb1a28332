package api

import (
	"context"
	"net/http"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// The sanctions lists, and whose name is like one of theirs.

func (a *API) hits(r *http.Request, c access.Caller) (int, any, error) {
	list, err := a.Store.NameHits(r.Context(), r.URL.Query().Get("all") == "true")
	named := c.By().Has(deeds.Finance) == nil && !c.Agent // the names are for the people who have to compare them
	return a.hitsAnswer(r, named, list, err)
}

func (a *API) hitsAnswer(r *http.Request, named bool, list []partnership.NameHit, err error) (int, any, error) {
	if err != nil {
		return 0, nil, err
	}
	if !named {
		for i := range list {
			list[i].Name = ""
		}
	}
	lists, err := a.Store.SanctionLists(r.Context())
	return http.StatusOK, map[string]any{"lists": append([]partnership.SanctionList{}, lists...), "hits": append([]partnership.NameHit{}, list...)}, err
}

// importSanctions takes a list as its publisher's files.
func (a *API) importSanctions(r *http.Request, c access.Caller) (int, any, error) {
	if err := r.ParseMultipartForm(maxBody); err != nil { //nolint:gosec // G120: API.serve bounds the body of every request
		return 0, nil, partnership.Errorf(partnership.Invalid, "send a form with source, published and the files sdn and alt; see %s/openapi.json", prefix)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	sdn, err := formFile(r, "sdn")
	if err != nil {
		return 0, nil, err
	}
	alt, err := formFile(r, "alt")
	if err != nil {
		return 0, nil, err
	}
	hits, err := deeds.ImportSanctions(r.Context(), a.Store, asker(r, c), r.FormValue("source"), r.FormValue("published"), sdn, alt)
	return a.hitsAnswer(r, false, hits, err) // answers to keys are kept: the list has the names
}

// decideHit is a route on which a person says whether a name is a creator's.
func (a *API) decideHit(done string, do func(ctx context.Context, kept deeds.Sanctions, by deeds.By, id, reason string) error) handler {
	return func(r *http.Request, c access.Caller) (int, any, error) {
		var in struct {
			Reason string `json:"reason"`
		}
		if err := read(r, &in); err != nil {
			return 0, nil, err
		}
		return http.StatusOK, map[string]string{"done": done}, do(r.Context(), a.Store, asker(r, c), r.PathValue("id"), in.Reason)
	}
}
