package api

import (
	"net/http"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

func (a *API) tokens(r *http.Request, _ access.Caller) (int, any, error) {
	p, err := pageOf(r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	tokens, next, err := a.Store.Tokens(r.Context(), p)
	return http.StatusOK, document{"tokens": tokens}.next("next", next), err
}

// newToken is a token as it is shown once.
type newToken struct {
	partnership.Token
	Secret string `json:"token,omitempty"`
}

func (t newToken) again() any { return newToken{Token: t.Token} }

func (a *API) createToken(r *http.Request, c access.Caller) (int, any, error) {
	var in deeds.NewToken
	if err := read(r, &in); err != nil {
		return 0, nil, err
	}
	made, secret, err := deeds.CreateToken(r.Context(), a.Store, asker(r, c), in, a.Directory.Tokens.Has)
	return http.StatusCreated, newToken{made, secret}, err
}

func (a *API) revokeToken(r *http.Request, c access.Caller) (int, any, error) {
	return http.StatusOK, map[string]string{"done": "revoke"}, deeds.RevokeToken(r.Context(), a.Store, asker(r, c), r.PathValue("name"))
}
