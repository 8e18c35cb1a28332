package api

import (
	"net/http"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// Who hears of what happens here, and what was sent.

func (a *API) webhooks(r *http.Request, c access.Caller) (int, any, error) {
	p, err := pageOf(r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	list, next, err := a.Store.Endpoints(r.Context(), p)
	if asker(r, c).May(partnership.DeedAddWebhook) != nil {
		for i, e := range list {
			list[i] = e.Veiled()
		}
	}
	return http.StatusOK, document{"webhooks": list}.next("next", next), err
}

// newEndpoint is an endpoint with its secret, which is shown once.
type newEndpoint struct {
	partnership.Endpoint
	Secret string `json:"secret,omitempty"`
}

func (e newEndpoint) again() any { return newEndpoint{Endpoint: e.Endpoint} }

func (a *API) addWebhook(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		URL   string   `json:"url"`
		Types []string `json:"types"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	e, secret, err := deeds.AddWebhook(r.Context(), a.Store, asker(r, c), in.URL, in.Types, a.WebhooksInside)
	return http.StatusCreated, newEndpoint{e, secret}, err
}

func (a *API) removeWebhook(r *http.Request, c access.Caller) (int, any, error) {
	return http.StatusOK, map[string]string{"done": "remove"}, deeds.RemoveWebhook(r.Context(), a.Store, asker(r, c), r.PathValue("id"))
}

// events is the log, the newest first.
func (a *API) events(r *http.Request, _ access.Caller) (int, any, error) {
	q := r.URL.Query()
	p, err := pageOf(q)
	if err != nil {
		return 0, nil, err
	}
	list, next, err := a.Store.Events(r.Context(), q.Get("endpoint"), p)
	return http.StatusOK, document{"events": list}.next("next", next), err
}

func (a *API) resendEvent(r *http.Request, c access.Caller) (int, any, error) {
	var in struct {
		Event string `json:"event"`
	}
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]string{"done": "resend"}, deeds.ResendEvent(r.Context(), a.Store, asker(r, c), in.Event, r.PathValue("id"))
}
