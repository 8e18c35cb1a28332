package docusign

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/rapport-dev/rapport/integrations/httpx/httpxtest"
)

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func testPEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(testKey())}))
}

// reply is one answer of the fake, a string body or anything for JSON.
type reply struct {
	status int
	header map[string]string
	body   any
}

// fake is an auth server that checks assertions and a REST server that answers by method and path.
type fake struct {
	t       *testing.T
	srv     *httptest.Server
	mu      sync.Mutex
	grants  int
	seen    []string           // "GET /envelopes/e1"
	bodies  map[string][]byte  // the last body by method and path
	queries map[string]string  // the last query likewise
	tokens  map[string]bool    // tokens that the REST server takes
	replies map[string][]reply // answers in turn; the last one stays
	token   func(n int) reply  // nil grants tokens "token-1", "token-2", ...
	now     func() time.Time
}

func newFake(t *testing.T, replies map[string][]reply) *fake {
	t.Helper()
	f := &fake{
		t: t, replies: replies, bodies: map[string][]byte{}, queries: map[string]string{}, tokens: map[string]bool{}, now: time.Now,
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", f.serveToken)
	mux.Handle("/restapi/", http.HandlerFunc(f.serveREST))
	f.srv = httptest.NewServer(mux)
	t.Cleanup(f.srv.Close)
	return f
}

// spec is DocuSign's specification, read by the first test that needs it (half a second).
var (
	spec    *httpxtest.Spec
	reading sync.Mutex // of spec
)

// guarded checks every REST request against DocuSign's own specification.
func (f *fake) guarded() *fake {
	reading.Lock()
	defer reading.Unlock() // also where the test is skipped, because the specification is not here
	if spec == nil {
		spec = httpxtest.LoadSpec(f.t, "docusign/esignature-v2.1.patched.json", "/restapi")
	}
	next := f.srv.Config.Handler
	f.srv.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/restapi/") {
			spec.Guard(f.t, next).ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
	return f
}

func (f *fake) config() Config {
	return Config{
		AccountID: "acc-1", IntegrationKey: "ik-1", UserID: "user-1", PrivateKeyPEM: testPEM(),
		BaseURL: f.srv.URL + "/restapi/", AuthURL: f.srv.URL + "/",
	}
}

func (f *fake) client() *Client {
	c := New(f.config())
	c.envelopes.now, c.envelopes.auth.now = f.now, f.now
	return c
}

func (f *fake) serveToken(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.grants++
	if f.token != nil {
		f.write(w, f.token(f.grants))
		return
	}
	if got := r.FormValue("grant_type"); got != grantType {
		f.t.Errorf("grant_type %q", got)
	}
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(r.FormValue("assertion"), claims,
		func(*jwt.Token) (any, error) { return &testKey().PublicKey, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer("ik-1"), jwt.WithSubject("user-1"),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithTimeFunc(f.now))
	if err != nil {
		f.t.Errorf("assertion: %v", err)
	}
	if host, ok := claims["aud"].(string); !ok || host != strings.TrimPrefix(f.srv.URL, "http://") {
		f.t.Errorf("aud %v is not the bare host", claims["aud"])
	}
	if claims["scope"] != "signature impersonation" {
		f.t.Errorf("scope %v", claims["scope"])
	}
	iat, _ := claims["iat"].(float64)
	exp, _ := claims["exp"].(float64)
	if exp-iat > 3600 {
		f.t.Errorf("the assertion lives %v s", exp-iat)
	}
	token := "token-" + string(rune('0'+f.grants))
	f.tokens[token] = true
	f.write(w, reply{200, nil, TokenResponse{AccessToken: token, TokenType: "Bearer", ExpiresIn: 3600}})
}

func (f *fake) serveREST(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	path, ok := strings.CutPrefix(r.URL.Path, "/restapi/v2.1/accounts/acc-1")
	if !ok {
		f.t.Errorf("path %s", r.URL.Path)
	}
	name := r.Method + " " + path
	body, _ := io.ReadAll(r.Body)
	f.seen, f.bodies[name], f.queries[name] = append(f.seen, name), body, r.URL.RawQuery
	if !f.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")] {
		f.write(w, reply{401, nil, ErrorDetails{"AUTHORIZATION_INVALID_TOKEN", "..."}})
		return
	}
	answers := f.replies[name]
	if len(answers) == 0 {
		f.t.Errorf("unexpected call %s", name)
		http.NotFound(w, r)
		return
	}
	if len(answers) > 1 {
		f.replies[name] = answers[1:]
	}
	f.write(w, answers[0])
}

func (f *fake) write(w http.ResponseWriter, a reply) {
	for k, v := range a.header {
		w.Header().Set(k, v)
	}
	w.WriteHeader(a.status)
	if s, ok := a.body.(string); ok {
		_, _ = io.WriteString(w, s)
		return
	}
	_ = json.NewEncoder(w).Encode(a.body)
}
