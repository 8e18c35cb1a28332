package docusign

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/rapport-dev/rapport/integrations/httpx"
	"github.com/rapport-dev/rapport/partnership"
)

const (
	opToken     = "oauth.token"
	grantType   = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	grantScope  = "signature impersonation"
	assertionOK = time.Hour        // the longest life that DocuSign grants to an assertion and its token
	refreshLead = 10 * time.Minute // a token is renewed this long before its end
	clockOff    = 5 * time.Minute  // how far ahead of DocuSign's our clock may be: an assertion from the future is refused
)

// auth keeps one access token, got by DocuSign's JWT grant. lock is held while one is fetched, so that any number of
// callers cause one request; being a channel, it can be given up on.
type auth struct {
	integrationKey string
	userID         string
	url            string // base of the auth server, no trailing slash
	key            *rsa.PrivateKey
	http           *http.Client
	now            func() time.Time

	lock      chan struct{}
	access    string
	refreshAt time.Time
}

// token returns a valid access token, fetching one when there is none or it ends soon.
func (a *auth) token(ctx context.Context) (string, error) {
	select {
	case a.lock <- struct{}{}:
		defer func() { <-a.lock }()
	case <-ctx.Done():
		return "", &partnership.VendorError{
			Vendor: vendor, Op: opToken, Class: partnership.Retry, Message: "no token in time, so nothing was sent", Err: ctx.Err(),
		}
	}
	if a.access != "" && a.now().Before(a.refreshAt) {
		return a.access, nil
	}
	return a.grant(ctx)
}

// forget drops a token that DocuSign refused, unless another caller has already replaced it.
func (a *auth) forget(token string) {
	a.lock <- struct{}{}
	if a.access == token {
		a.access = ""
	}
	<-a.lock
}

func (a *auth) grant(ctx context.Context) (string, error) {
	assertion, err := a.assertion()
	if err != nil {
		return "", refusal(opToken, "the assertion could not be signed: check DOCUSIGN_PRIVATE_KEY").ForAll()
	}
	form := url.Values{"grant_type": {grantType}, "assertion": {assertion}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url+"/oauth/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", refusal(opToken, "the auth URL is not a URL: check DOCUSIGN_AUTH_URL").ForAll()
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")

	status, header, body, err := httpx.Do(a.http, req, maxAnswer)
	if err != nil {
		return "", httpx.Classify(vendor, opToken, err, true) // a second token harms nobody
	}
	if status != http.StatusOK {
		return "", a.grantError(status, header, body)
	}
	var t TokenResponse
	if err := json.Unmarshal(body, &t); err != nil || t.AccessToken == "" {
		return "", refusal(opToken, "the answer holds no access token: check DOCUSIGN_AUTH_URL").ForAll()
	}
	life := time.Duration(t.ExpiresIn) * time.Second
	a.access = t.AccessToken
	a.refreshAt = a.now().Add(max(life-refreshLead, life/2))
	return a.access, nil
}

// assertion signs who we are and for whom we act. The audience is the auth server's bare host, without a scheme.
func (a *auth) assertion() (string, error) {
	from := a.now().Add(-clockOff)
	return jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss":   a.integrationKey,
		"sub":   a.userID,
		"aud":   hostOf(a.url),
		"iat":   from.Unix(),
		"exp":   from.Add(assertionOK).Unix(),
		"scope": grantScope,
	}).SignedString(a.key)
}

// grantError names the exact fix of each refusal: all of them need a person once.
func (a *auth) grantError(status int, header http.Header, body []byte) *partnership.VendorError {
	var o OAuthError
	_ = json.Unmarshal(body, &o)
	v := &partnership.VendorError{
		Vendor: vendor, Op: opToken, Status: status, VendorCode: httpx.Code(o.Error),
		Class: httpx.StatusClass(status, true), RetryAfter: httpx.RetryAfter(header, a.now()),
	}
	if v.Class == partnership.Retry {
		v.Message = "the auth server is not available"
		return v
	}
	v.Class = partnership.Barred // without a token nobody's contract leaves
	detail := o.Error + " " + o.ErrorDescription
	switch {
	case strings.Contains(detail, "consent_required"):
		v.VendorCode = "consent_required"
		v.Message = "the user has not consented to both scopes: sign in as that user and open " + a.consentURL()
	case strings.Contains(detail, "issuer_not_found"):
		v.VendorCode = "issuer_not_found"
		v.Message = "DOCUSIGN_INTEGRATION_KEY is not known here: check it, and that DOCUSIGN_AUTH_URL is of the same environment (demo or production)"
	case strings.Contains(detail, "no_valid_keys_or_signatures"):
		v.VendorCode = "no_valid_keys_or_signatures"
		v.Message = "DOCUSIGN_PRIVATE_KEY does not belong to the integration key: generate an RSA key pair at the app's settings and set its private half"
	case strings.Contains(detail, "user_not_found"):
		v.VendorCode = "user_not_found"
		v.Message = "DOCUSIGN_USER_ID is not a user here: set the API user's GUID, and check that DOCUSIGN_AUTH_URL is of the same environment"
	case status == http.StatusNotFound:
		v.Message = "no auth server here: check DOCUSIGN_AUTH_URL"
	default:
		v.Message = "the grant was refused: check DOCUSIGN_INTEGRATION_KEY, DOCUSIGN_USER_ID, DOCUSIGN_PRIVATE_KEY and this machine's clock"
	}
	return v
}

// consentURL is the page where the impersonated user agrees, once. Spaces must be %20: DocuSign does not read "+".
func (a *auth) consentURL() string {
	return a.url + "/oauth/auth?response_type=code&scope=signature%20impersonation&client_id=" +
		url.QueryEscape(a.integrationKey) + "&redirect_uri=<a redirect URI of the app>"
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return base
	}
	return u.Host
}
