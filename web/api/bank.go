package api

import (
	"net/http"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// What a person says of a bank that is paid by files. The files themselves are no document of the API: they hold creators' bank details.

func (a *API) bank(r *http.Request, _ access.Caller) (int, any, error) {
	waits, err := a.Store.BankWaits(r.Context())
	return http.StatusOK, map[string]any{"bank": append([]partnership.BankWait{}, waits...)}, err
}

func (a *API) tellBank(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		As        partnership.BankAnswer `json:"as"`
		Reference string                 `json:"reference"`
		On        string                 `json:"on"`
		Reason    string                 `json:"reason"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	by := asker(r, c)
	names, err := a.Directory.Names(r.Context(), by.Who)
	if err != nil {
		return 0, nil, err
	}
	n, err := deeds.TellBank(r.Context(), a.Store, a.Workflows, by, r.PathValue("of"), partnership.BankWord{Answer: in.As, Reference: in.Reference, On: in.On}, names, in.Reason)
	return http.StatusOK, map[string]int{"payments": n}, err
}

func (a *API) voidBankFile(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Reason string `json:"reason"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	by := asker(r, c)
	names, err := a.Directory.Names(r.Context(), by.Who)
	if err != nil {
		return 0, nil, err
	}
	n, err := deeds.VoidBankFile(r.Context(), a.Store, a.Workflows, by, r.PathValue("of"), names, in.Reason)
	return http.StatusOK, map[string]int{"payments": n}, err
}
