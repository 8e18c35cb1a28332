package api

import (
	"cmp"
	"net/http"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
)

// Invoices that the brand writes in its creators' names.

func (a *API) invoices(r *http.Request, _ access.Caller) (int, any, error) {
	q := r.URL.Query()
	f := store.InvoiceFilter{Program: q.Get("program"), Period: q.Get("period")}
	if handle := q.Get("creator"); handle != "" {
		creator, err := a.Store.FindCreator(r.Context(), handle)
		if err != nil {
			return 0, nil, err
		}
		f.Creator = creator.ID
	}
	states, err := a.Store.InvoiceStates(r.Context(), f)
	if err != nil {
		return 0, nil, err
	}
	page, next, err := pageIn(r, states, func(s partnership.InvoiceState) string { return cmp.Or(s.Number, string(s.PayoutID)) })
	return http.StatusOK, document{"invoices": page}.next("next", next), err
}

func (a *API) openInvoice(r *http.Request, c access.Caller) (int, any, error) {
	pdf, err := deeds.TakeInvoice(r.Context(), a.Store, asker(r, c), r.PathValue("number"))
	return http.StatusOK, map[string]any{"number": r.PathValue("number"), "file_type": "application/pdf", "file": pdf}, err
}

func (a *API) creditInvoice(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	note, err := deeds.CreditInvoice(r.Context(), a.Store, asker(r, c), r.PathValue("number"), in.Reason, a.Fonts)
	return http.StatusOK, map[string]string{"credit_note": note}, err
}

func (a *API) setTreatment(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Creator string              `json:"creator"`
		As      partnership.TaxKind `json:"as"`
		Rate    string              `json:"rate"` // in per cent
		Note    string              `json:"note"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	creator, err := a.Store.FindCreator(r.Context(), in.Creator)
	if err != nil {
		return 0, nil, err
	}
	t := partnership.TaxTreatment{Kind: in.As, Note: in.Note}
	if in.Rate != "" {
		if t.RateBPS, err = money.ParsePercentBPS(in.Rate); err != nil {
			return 0, nil, partnership.FieldErrorf("rate", "%q is no rate: %v", in.Rate, err)
		}
	}
	return http.StatusOK, map[string]string{"done": "set"}, deeds.SetTaxTreatment(r.Context(), a.Store, asker(r, c), creator.ID, t)
}
