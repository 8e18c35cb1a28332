package api

import (
	"context"
	"net/http"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/web/access"
)

// decideRow is a route on which a person decides about one earning.
func (a *API) decideRow(done string, do func(ctx context.Context, kept deeds.Rows, by deeds.By, row, reason string) error) handler {
	return func(r *http.Request, c access.Caller) (int, any, error) {
		var in struct {
			Reason string `json:"reason"`
		}
		if err := read(r, &in); err != nil {
			return 0, nil, err
		}
		return http.StatusOK, map[string]string{"done": done}, do(r.Context(), a.Store, asker(r, c), r.PathValue("row"), in.Reason)
	}
}
