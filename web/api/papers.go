package api

import (
	"net/http"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/web/access"
)

// Tax papers, and what was paid in a year.

func (a *API) papers(r *http.Request, _ access.Caller) (int, any, error) {
	var of partnership.CreatorID
	if handle := r.URL.Query().Get("creator"); handle != "" {
		creator, err := a.Store.FindCreator(r.Context(), handle)
		if err != nil {
			return 0, nil, err
		}
		of = creator.ID
	}
	list, err := a.Store.TaxPapers(r.Context(), of)
	if err != nil {
		return 0, nil, err
	}
	page, next, err := pageIn(r, list, func(p partnership.PaperOnFile) string { return p.ID })
	return http.StatusOK, document{"papers": page}.next("next", next), err
}

func (a *API) recordPaper(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Creator   string                `json:"creator"`
		Form      partnership.PaperKind `json:"form"`
		Country   string                `json:"country"`
		Last4     string                `json:"last4"`
		Reference string                `json:"reference"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	creator, err := a.Store.FindCreator(r.Context(), in.Creator)
	if err != nil {
		return 0, nil, err
	}
	p := partnership.TaxPaper{CreatorID: creator.ID, Kind: in.Form, Country: in.Country, Number: in.Last4, Reference: in.Reference}
	return http.StatusOK, map[string]string{"done": "recorded"}, deeds.RecordTaxPaper(r.Context(), a.Store, asker(r, c), p)
}

// openedPaper is a paper whole. Personal data.
type openedPaper struct {
	Form     partnership.PaperKind `json:"form"`
	Name     string                `json:"name"`
	Country  string                `json:"country"`
	Number   string                `json:"number"`
	Address  string                `json:"address,omitempty"`
	FileType string                `json:"file_type,omitempty"`
	File     []byte                `json:"file,omitempty"` // base64
}

func (a *API) openPaper(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	p, err := deeds.OpenTaxPaper(r.Context(), a.Store, asker(r, c), r.PathValue("id"), in.Reason)
	return http.StatusOK, openedPaper{p.Kind, p.Name, p.Country, p.Number, p.Address, p.FileType, p.File}, err
}

func (a *API) rejectPaper(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{"done": "rejected"}, deeds.RejectTaxPaper(r.Context(), a.Store, asker(r, c), r.PathValue("id"), in.Reason)
}

func (a *API) report1099(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Year int `json:"year"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	_, known, err := ledger.NECThreshold(in.Year)
	if err != nil {
		return 0, nil, err
	}
	lines, err := deeds.Report1099(r.Context(), a.Store, asker(r, c), in.Year, a.Networks)
	return http.StatusOK, map[string]any{"year": in.Year, "threshold_known": known, "lines": append([]board.TaxLine{}, lines...)}, err
}
