package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/rapport-dev/rapport/app/orders"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// rereadFor is how long a caller waits for what a look at the shop finds; it goes on all the same.
const rereadFor = 20 * time.Second

func (a *API) rereadOrders(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Since time.Time `json:"since"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), rereadFor)
	defer cancel()
	found, err := orders.Reread(ctx, a.Store, a.Shop, asker(r, c), in.Since, a.Now())
	if _, goesOn := errors.AsType[*partnership.Taken](err); goesOn {
		return http.StatusAccepted, map[string]string{"state": "taken", "detail": "the shop is being asked; what that books is told in the chat and stands in the ledger"}, nil
	}
	return http.StatusOK, found, err
}

// importOrders books an orders.csv, or says what it would do.
func (a *API) importOrders(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Orders  string `json:"orders"`
		Shop    string `json:"shop"`
		Confirm bool   `json:"confirm"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	batch, err := orders.Read("orders.csv", in.Shop, a.OwnShop, []byte(in.Orders), a.Now())
	if err != nil {
		return 0, nil, err
	}
	if !in.Confirm {
		look, err := orders.See(r.Context(), a.Store, batch)
		return http.StatusOK, look, err
	}
	done, err := orders.Import(r.Context(), a.Store, asker(r, c), batch)
	return http.StatusOK, done, err
}
