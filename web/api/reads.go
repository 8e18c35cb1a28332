package api

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/rapport-dev/rapport/app/payouts"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

// Lists stand in an object under their name, so that a document can grow. One that grows with the creators is read in pages.

// mostListed is how many lines of a list an answer has, unless fewer are asked for.
const mostListed = 1000

// pageOf is the page of a list that is asked for.
func pageOf(q url.Values) (store.Page, error) {
	p := store.Page{After: q.Get("after"), Most: mostListed}
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostListed {
			return p, partnership.FieldErrorf("limit", "%q is no number from 1 to %d", text, mostListed)
		}
		p.Most = n
	}
	return p, nil
}

// document is an answer of lists; a list that goes on says after what.
type document map[string]any

func (d document) next(name, after string) document {
	if after != "" {
		d[name] = after
	}
	return d
}

func (a *API) campaigns(r *http.Request, _ access.Caller) (int, any, error) {
	p, err := pageOf(r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	campaigns, next, err := a.Store.CampaignPage(r.Context(), p)
	return http.StatusOK, document{"campaigns": campaigns}.next("next", next), err
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
	f := store.LedgerFilter{Handle: q.Get("creator"), CampaignID: partnership.CampaignID(q.Get("campaign"))}
	p, err := pageOf(q)
	if err != nil {
		return 0, nil, err
	}
	rows, next, err := a.Store.LedgerRows(r.Context(), f, p)
	if err != nil {
		return 0, nil, err
	}
	p.After = q.Get("balances_after")
	balances, nextBalances, err := a.Store.Balances(r.Context(), f, p)
	return http.StatusOK, document{"rows": rows, "balances": balances}.next("next", next).next("next_balances", nextBalances), err
}

func (a *API) payouts(r *http.Request, _ access.Caller) (int, any, error) {
	q := r.URL.Query()
	f := store.PayoutFilter{Program: q.Get("program"), Period: q.Get("period"), Handle: q.Get("creator")}
	p, err := pageOf(q)
	if err != nil {
		return 0, nil, err
	}
	made, next, err := a.Store.Payouts(r.Context(), f, p)
	if err != nil {
		return 0, nil, err
	}
	p.After = q.Get("runs_after")
	runs, nextRuns, err := a.Store.Runs(r.Context(), f.Program, f.Period, p)
	return http.StatusOK, document{"payouts": made, "runs": runs}.next("next", next).next("next_runs", nextRuns), err
}

func (a *API) counterfactual(r *http.Request, _ access.Caller) (int, any, error) {
	q := r.URL.Query()
	doc, err := payouts.Counterfactual(r.Context(), a.Store, payouts.WhatIf{
		Month: payouts.Month{Program: q.Get("program"), Period: q.Get("period")}, Rate: q.Get("rate"), HoldDays: q.Get("hold_days"), WindowDays: q.Get("window_days"),
		Attribution: q.Get("attribution"),
	})
	return http.StatusOK, doc, err
}

// pending is the list of what people have to do: its first lines are those to begin with.
func (a *API) pending(r *http.Request, _ access.Caller) (int, any, error) {
	p, err := pageOf(r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	list, err := a.Store.PendingDecisions(r.Context(), p.Most)
	return http.StatusOK, map[string]any{"pending": list}, err
}
