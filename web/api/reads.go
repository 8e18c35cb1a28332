package api

import (
	"net/http"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

// Lists stand in an object under their name, so that a document can grow.

func (a *API) campaigns(r *http.Request, _ access.Caller) (int, any, error) {
	all, err := a.Store.Campaigns(r.Context())
	return http.StatusOK, map[string]any{"campaigns": all}, err
}

func (a *API) campaign(r *http.Request, _ access.Caller) (int, any, error) {
	doc, err := a.Store.CampaignDocument(r.Context(), partnership.CampaignID(r.PathValue("id")))
	return http.StatusOK, doc, err
}

func (a *API) calendar(r *http.Request, _ access.Caller) (int, any, error) {
	doc, err := a.Store.CampaignCalendar(r.Context(), partnership.CampaignID(r.PathValue("id")))
	return http.StatusOK, doc, err
}

func (a *API) report(r *http.Request, _ access.Caller) (int, any, error) {
	doc, err := a.Store.CampaignReport(r.Context(), partnership.CampaignID(r.PathValue("id")))
	return http.StatusOK, doc, err
}

func (a *API) partnership(r *http.Request, _ access.Caller) (int, any, error) {
	doc, err := a.Store.PartnershipDocument(r.Context(), partnership.PartnershipID(r.PathValue("id")))
	return http.StatusOK, doc, err
}

func (a *API) timeline(r *http.Request, _ access.Caller) (int, any, error) {
	doc, err := a.Store.PartnershipDocument(r.Context(), partnership.PartnershipID(r.PathValue("id")))
	return http.StatusOK, map[string]any{"timeline": doc.Timeline}, err
}

func (a *API) ledger(r *http.Request, _ access.Caller) (int, any, error) {
	q := r.URL.Query()
	doc, err := a.Store.LedgerDocument(r.Context(), store.LedgerFilter{Handle: q.Get("creator"), CampaignID: partnership.CampaignID(q.Get("campaign"))})
	return http.StatusOK, doc, err
}

func (a *API) payouts(r *http.Request, _ access.Caller) (int, any, error) {
	q := r.URL.Query()
	payouts, err := a.Store.PayoutDocuments(r.Context(), store.PayoutFilter{Program: q.Get("program"), Period: q.Get("period"), Handle: q.Get("creator")})
	if err != nil {
		return 0, nil, err
	}
	runs, err := a.Store.PayoutRuns(r.Context(), q.Get("program"), q.Get("period"))
	if runs == nil {
		runs = []partnership.PayoutRun{}
	}
	return http.StatusOK, map[string]any{"payouts": payouts, "runs": runs}, err
}

func (a *API) pending(r *http.Request, _ access.Caller) (int, any, error) {
	list, err := a.Store.PendingDecisions(r.Context())
	return http.StatusOK, map[string]any{"pending": list}, err
}
