package api

import (
	"context"
	"net/http"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// What creators owe and is to be forgiven, by two people.

func (a *API) writeOffs(r *http.Request, _ access.Caller) (int, any, error) {
	open, err := a.Store.WriteOffsToApprove(r.Context())
	if err != nil {
		return 0, nil, err
	}
	page, next, err := pageIn(r, open, func(w partnership.WriteOff) string { return w.ID })
	return http.StatusOK, document{"write_offs": page}.next("next", next), err
}

func (a *API) askWriteOff(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Program     string `json:"program"`
		Creator     string `json:"creator"`
		AmountMinor int64  `json:"amount_minor"`
		Reason      string `json:"reason"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	creator, err := a.Store.FindCreator(r.Context(), in.Creator)
	if err != nil {
		return 0, nil, err
	}
	ask := partnership.WriteOff{Program: in.Program, CreatorID: creator.ID, AmountMinor: in.AmountMinor, Reason: in.Reason}
	asked, err := deeds.AskWriteOff(r.Context(), a.Store, asker(r, c), ask)
	return http.StatusCreated, asked, err
}

// names are all that somebody is known by.
func (a *API) names(ctx context.Context, who string) ([]string, error) {
	_, names, err := a.Directory.Of(ctx, who)
	return names, err
}

// approveWriteOff approves under all names of whoever asks: nobody forgives what they have asked for themselves.
func (a *API) approveWriteOff(r *http.Request, c access.Caller) (int, any, error) {
	by := asker(r, c)
	names, err := a.names(r.Context(), by.Who)
	if err != nil {
		return 0, nil, err
	}
	done, err := deeds.ApproveWriteOff(r.Context(), a.Store, by, r.PathValue("id"), names)
	return http.StatusOK, done, err
}

func (a *API) withdrawWriteOff(r *http.Request, c access.Caller) (int, any, error) {
	done, err := deeds.WithdrawWriteOff(r.Context(), a.Store, asker(r, c), r.PathValue("id"))
	return http.StatusOK, done, err
}
