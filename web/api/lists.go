package api

import (
	"net/http"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

// pageIn is a page of a list that is short enough to be read whole.
func pageIn[T any](r *http.Request, all []T, key func(T) string) (page []T, next string, err error) {
	p, err := pageOf(r.URL.Query())
	if err != nil {
		return nil, "", err
	}
	if p.After != "" {
		at := slices.IndexFunc(all, func(one T) bool { return key(one) == p.After })
		if at < 0 {
			return nil, "", partnership.FieldErrorf("after", "%q is not in the list any more; begin at its start", p.After)
		}
		all = all[at+1:]
	}
	if len(all) > p.Most {
		return all[:p.Most], key(all[p.Most-1]), nil
	}
	return append([]T{}, all...), "", nil
}

func (a *API) creators(r *http.Request, _ access.Caller) (int, any, error) {
	p, err := pageOf(r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	people, next, err := a.Store.CreatorPage(r.Context(), p)
	return http.StatusOK, document{"creators": people}.next("next", next), err
}

func (a *API) creator(r *http.Request, _ access.Caller) (int, any, error) {
	doc, err := a.Store.PersonDocument(r.Context(), r.PathValue("handle"))
	return http.StatusOK, doc, err
}

func (a *API) partnerships(r *http.Request, _ access.Caller) (int, any, error) {
	q := r.URL.Query()
	p, err := pageOf(q)
	if err != nil {
		return 0, nil, err
	}
	lines, next, err := a.Store.PartnershipPage(r.Context(), store.PartnershipFilter{Campaign: partnership.CampaignID(q.Get("campaign")), Stage: partnership.Stage(q.Get("stage"))}, p)
	return http.StatusOK, document{"partnerships": lines}.next("next", next), err
}

func (a *API) orders(r *http.Request, _ access.Caller) (int, any, error) {
	q := r.URL.Query()
	p, err := pageOf(q)
	if err != nil {
		return 0, nil, err
	}
	orders, next, err := a.Store.OrderPage(r.Context(), q.Get("program"), p)
	return http.StatusOK, document{"orders": orders}.next("next", next), err
}
