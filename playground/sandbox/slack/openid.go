package slack

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// Sign in with Slack: OpenID Connect as Slack offers it. A code is used once, within ten minutes, by who has the app's secret and the
// verifier, and leads back to where it was asked for.

const (
	openIDPath = "/slack/openid"
	keyID      = "sandbox"
	codeLife   = 10 * time.Minute
	tokenLife  = 5 * time.Minute
)

// granted is a code that waits to be exchanged.
type granted struct {
	user                       member
	redirect, nonce, challenge string
	at                         time.Time
}

// openID is its own state: nobody who signed in is remembered over a restart.
type openID struct {
	*service
	key   func() *rsa.PrivateKey
	codes map[string]granted
}

func (s *service) openID(mux *http.ServeMux) {
	o := &openID{service: s, codes: map[string]granted{}, key: sync.OnceValue(func() *rsa.PrivateKey {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err) // crypto/rand never fails
		}
		return key
	})}
	mux.HandleFunc("GET "+openIDPath+"/.well-known/openid-configuration", o.configuration)
	mux.HandleFunc("GET "+openIDPath+"/keys", o.keySet)
	mux.HandleFunc("GET "+openIDPath+"/authorize", o.authorize)
	mux.HandleFunc("POST "+openIDPath+"/token", o.token)
}

func (o *openID) issuer() string { return o.URL() + openIDPath }

func (o *openID) configuration(w http.ResponseWriter, _ *http.Request) {
	base := o.issuer()
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{
		"issuer": base, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token", "jwks_uri": base + "/keys",
		"scopes_supported": []string{"openid", "profile", "email"}, "response_types_supported": []string{"code"}, "response_modes_supported": []string{"form_post"},
		"grant_types_supported": []string{"authorization_code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"RS256"},
		"claims_supported": []string{"sub", "auth_time", "iss"}, "token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic"},
		"code_challenge_methods_supported": []string{"S256"},
	})
}

func (o *openID) keySet(w http.ResponseWriter, _ *http.Request) {
	public := o.key().PublicKey
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{"keys": []any{map[string]string{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID,
		"n": base64.RawURLEncoding.EncodeToString(public.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
	}}})
}

// authorize shows who there is to sign in as, and leads whoever was chosen back.
func (o *openID) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	wrong := ""
	switch back, err := url.Parse(q.Get("redirect_uri")); {
	case q.Get("client_id") == "" || q.Get("client_id") != o.keys["slack_client_id"]:
		wrong = "invalid_client_id"
	case err != nil || o.FrontDoor() == "" || !strings.HasPrefix(back.String(), o.FrontDoor()+"/"):
		wrong = "bad_redirect_uri"
	case q.Get("response_type") != "code":
		wrong = "invalid_response_type"
	case !strings.Contains(" "+q.Get("scope")+" ", " openid "):
		wrong = "invalid_scope"
	case q.Get("state") == "" || q.Get("nonce") == "":
		wrong = "missing_state"
	case q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256":
		wrong = "invalid_code_challenge"
	}
	if wrong != "" {
		http.Error(w, "Something went wrong when authorizing this app: "+wrong, http.StatusBadRequest)
		return
	}
	user, known := userByID(q.Get("user"))
	if !known {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := pages.ExecuteTemplate(w, "signin.html", map[string]any{"Members": members, "Link": "?" + q.Encode()}); err != nil {
			panic(err)
		}
		return
	}
	code := sandbox.Token(24)
	o.Lock()
	o.codes[code] = granted{user, q.Get("redirect_uri"), q.Get("nonce"), q.Get("code_challenge"), o.Now()}
	o.Unlock()
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound) //nolint:gosec // G710: it was held against the front door's address
}

// token exchanges a code once.
func (o *openID) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		refuse(w, fail("invalid_form_data"))
		return
	}
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	o.Lock()
	defer o.Unlock()
	given, known := o.codes[r.PostForm.Get("code")]
	challenge := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	switch {
	case id != o.keys["slack_client_id"]:
		refuse(w, fail("invalid_client_id"))
		return
	case subtle.ConstantTimeCompare([]byte(secret), []byte(o.keys["slack_client_secret"])) != 1:
		refuse(w, fail("bad_client_secret"))
		return
	case r.PostForm.Get("grant_type") != "authorization_code":
		refuse(w, fail("invalid_grant_type"))
		return
	case !known:
		refuse(w, fail("invalid_code"))
		return
	}
	delete(o.codes, r.PostForm.Get("code"))
	switch {
	case o.Now().Sub(given.at) > codeLife:
		refuse(w, fail("code_expired"))
		return
	case given.redirect != r.PostForm.Get("redirect_uri"):
		refuse(w, fail("bad_redirect_uri"))
		return
	case given.challenge != base64.RawURLEncoding.EncodeToString(challenge[:]):
		refuse(w, fail("invalid_code_verifier"))
		return
	}
	now := time.Now() // who reads it goes by the machine's clock
	claims := jwt.MapClaims{
		"iss": o.issuer(), "aud": id, "sub": given.user.ID, "iat": now.Unix(), "exp": now.Add(tokenLife).Unix(), "auth_time": now.Unix(), "nonce": given.nonce,
		"https://slack.com/user_id": given.user.ID, "https://slack.com/team_id": teamID, "email": given.user.Email, "email_verified": true, "name": given.user.RealName, "locale": "en-US",
	}
	signing := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	signing.Header["kid"] = keyID
	signed, err := signing.SignedString(o.key())
	if err != nil {
		panic(err)
	}
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{"ok": true, "access_token": "xoxp-" + sandbox.Token(24), "token_type": "Bearer", "id_token": signed})
}
