package docusign

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// token is the JWT grant.
func (s *service) token(w http.ResponseWriter, r *http.Request) {
	refuse := func(code, description string) {
		sandbox.WriteJSON(w, http.StatusBadRequest, map[string]string{"error": code, "error_description": description})
	}
	if err := r.ParseForm(); err != nil || r.PostForm.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		refuse("unsupported_grant_type", "unsupported_grant_type")
		return
	}
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(r.PostForm.Get("assertion"), claims, func(*jwt.Token) (any, error) { return s.publicKey, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(5*time.Second))
	if s.publicKey == nil || err != nil {
		refuse("invalid_grant", "no_valid_keys_or_signatures")
		return
	}
	text := func(name string) string { v, _ := claims[name].(string); return v }
	scopes := strings.Fields(text("scope"))
	exp, _ := claims.GetExpirationTime()
	switch {
	case text("iss") != s.keys["docusign_integration_key"]:
		refuse("invalid_grant", "issuer_not_found")
	case text("sub") != s.keys["docusign_user_id"]:
		refuse("invalid_grant", "user_not_found")
	case !s.audience(text("aud"), r.Host):
		refuse("invalid_grant", "invalid_audience")
	case !slices.Contains(scopes, "signature") || !slices.Contains(scopes, "impersonation"):
		refuse("consent_required", "consent_required")
	case exp.After(s.Now().Add(time.Hour + time.Minute)):
		refuse("invalid_grant", "expiration_too_far")
	default:
		t := sandbox.NewID("eyJ0eXAiOiJNVCJ9.", 40)
		s.st.Tokens[t] = s.Now().Add(time.Hour)
		sandbox.WriteJSON(w, http.StatusOK, map[string]any{"access_token": t, "token_type": "Bearer", "expires_in": 3600})
	}
}

// audience accepts DocuSign's own auth hosts and the sandbox's: a bare host, never a URL.
func (s *service) audience(aud, host string) bool {
	own, _ := url.Parse(s.URL())
	hostname, _, _ := strings.Cut(host, ":")
	return slices.Contains([]string{"account-d.docusign.com", "account.docusign.com", host, hostname, own.Host, own.Hostname()}, aud) && aud != ""
}

func (s *service) userInfo(w http.ResponseWriter, _ *http.Request) {
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{
		"sub": s.keys["docusign_user_id"], "name": "Rapport", "accounts": []map[string]any{{
			"account_id": s.keys["docusign_account_id"], "is_default": true, "account_name": "Sandbox", "base_uri": s.URL() + "/docusign",
		}},
	})
}

func (s *service) admit(w http.ResponseWriter, r *http.Request) bool {
	if strings.HasSuffix(r.URL.Path, "/oauth/token") {
		return true
	}
	t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.Lock()
	ends := s.st.Tokens[t]
	s.Unlock()
	if ok && s.Now().Before(ends) {
		return true
	}
	refuse(w, http.StatusUnauthorized, "AUTHORIZATION_INVALID_TOKEN", "The access token provided is expired, revoked or malformed. Authentication for System Application failed.")
	return false
}
