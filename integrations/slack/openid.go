package slack

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/rapport-dev/rapport/partnership"
)

// issuer is Slack's own.
const issuer = "https://slack.com"

// openID is Sign in with Slack: OpenID Connect with state, nonce and PKCE.
type openID struct {
	issuer, id, secret string
	http               *http.Client

	mu    sync.Mutex
	found *oidc.Provider // looked up at the first sign-in
}

// CanSignIn says whether people sign in by it.
func (c *Client) CanSignIn() bool { return c.openID != nil }

// SignInURL is where somebody signs in who comes back to redirect.
func (c *Client) SignInURL(ctx context.Context, redirect, state, nonce, verifier string) (string, error) {
	flow, _, err := c.openID.flow(ctx, redirect)
	if err != nil {
		return "", err
	}
	return flow.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

// SignedIn is who came back with a code. *partnership.Error Forbidden for whoever is not of this workspace, or whom Slack does not vouch for.
func (c *Client) SignedIn(ctx context.Context, redirect, code, nonce, verifier string) (user, mail string, err error) {
	const op = "openid.connect.token"
	flow, provider, err := c.openID.flow(ctx, redirect)
	if err != nil {
		return "", "", err
	}
	ctx = oidc.ClientContext(ctx, c.openID.http)
	token, err := flow.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil { // a code that is over or was used, or a wrong secret: the answer may quote either
		return "", "", partnership.Errorf(partnership.Forbidden, "Slack did not take the way back: sign in again")
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: c.openID.id}).Verify(ctx, raw)
	if err != nil || nonce == "" || id.Nonce != nonce {
		return "", "", partnership.Errorf(partnership.Forbidden, "what Slack sent back is not of this sign-in: sign in again")
	}
	var claims struct {
		User     string `json:"https://slack.com/user_id"`
		Team     string `json:"https://slack.com/team_id"`
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
	}
	if err := id.Claims(&claims); err != nil {
		return "", "", partnership.Errorf(partnership.Forbidden, "what Slack sent back cannot be read")
	}
	us, err := c.api.AuthTestContext(ctx)
	if err != nil {
		return "", "", vendorError(op, err, true)
	}
	if claims.User == "" || claims.Team != us.TeamID {
		return "", "", partnership.Errorf(partnership.Forbidden, "you are signed in to another workspace than Rapport is in: choose that one at Slack")
	}
	if claims.Verified {
		mail = claims.Email
	}
	return claims.User, mail, nil
}

func (o *openID) flow(ctx context.Context, redirect string) (*oauth2.Config, *oidc.Provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.found == nil {
		// The provider keeps its context for as long as it lives, for its keys.
		provider, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), o.http), strings.TrimRight(o.issuer, "/"))
		if err != nil {
			return nil, nil, vendorError("openid-configuration", err, true)
		}
		o.found = provider
	}
	return &oauth2.Config{ClientID: o.id, ClientSecret: o.secret, Endpoint: o.found.Endpoint(), RedirectURL: redirect, Scopes: []string{oidc.ScopeOpenID, "profile", "email"}}, o.found, nil
}
