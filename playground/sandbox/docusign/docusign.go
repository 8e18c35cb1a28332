// Package docusign imitates DocuSign eSignature v2.1: the JWT grant, envelopes with one document and one signer, the page
// on which they are signed, and Connect.
package docusign

import (
	"bytes"
	"crypto/rsa"
	"embed"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

const name = "docusign"

// Vendor offers DocuSign to a sandbox.
var Vendor = sandbox.Vendor{
	Name:  name,
	Paths: map[string]string{"DOCUSIGN_BASE_URL": "/docusign/restapi", "DOCUSIGN_AUTH_URL": "/docusign"},
	Keys:  keys,
	Open:  open,
}

//go:embed templates
var templateFiles embed.FS

var pages = sandbox.ParsePages(templateFiles)

// service is DocuSign in a running sandbox.
type service struct {
	*sandbox.Server
	keys      sandbox.Keys
	publicKey *rsa.PublicKey // verifies the JWT assertion
	st        *state
}

type state struct {
	Envelopes []*envelope          `json:"envelopes"`
	Views     []*view              `json:"signing_views,omitempty"`
	Tokens    map[string]time.Time `json:"tokens"` // access tokens and when they end
}

func open(core *sandbox.Server, keys sandbox.Keys) (*sandbox.Service, error) {
	public, err := parsePublic(keys["docusign_public_key"])
	if err != nil {
		return nil, fmt.Errorf("docusign_public_key: %w", err)
	}
	s := &service{Server: core, keys: keys, publicKey: public, st: &state{Tokens: map[string]time.Time{}}}
	return &sandbox.Service{
		State: s.st, API: s.api(), Truth: s.truth,
		Queues: []sandbox.Queue{{Name: name, Sign: sign(keys.First("docusign_hmac_key")), Body: countAttempts, Wait: s.retryDaily}},
		Tab:    &sandbox.Tab{Name: "contracts", Title: "Contracts", Pages: pages, Count: s.openEnvelopes, Show: s.contractsPage},
	}, nil
}

// sign is Connect's, nil without a key.
func sign(key string) sandbox.Sign {
	if key == "" {
		return nil
	}
	return func(h http.Header, body []byte, _ time.Time) {
		h.Set("X-Authorization-Digest", "HMACSHA256")
		h.Set("X-DocuSign-Signature-1", base64.StdEncoding.EncodeToString(sandbox.MAC(key, body)))
	}
}

// countAttempts writes into the body which attempt it is: Connect counts inside what it signs.
func countAttempts(body []byte, attempts int) []byte {
	return bytes.Replace(body, []byte(`"retryCount":0`), fmt.Appendf(nil, `"retryCount":%d`, attempts), 1)
}

// retryDaily is the SIM mode's, which retries once a day; half of one here.
func (s *service) retryDaily(int) time.Duration {
	return min(max(s.Days(0.5), 100*time.Millisecond), 12*time.Hour)
}

func (s *service) api() *sandbox.API {
	a := s.NewAPI(name, "/docusign/")
	a.Admit = s.admit
	a.TooMany = func(w http.ResponseWriter, r *http.Request, after int) { // a limit is HTTP 400 here: clients must look at errorCode
		w.Header().Set("Retry-After", strconv.Itoa(after))
		if strings.HasPrefix(r.URL.Path, "/docusign/oauth/") { // the auth server is another one
			sandbox.WriteJSON(w, http.StatusTooManyRequests, map[string]string{"error": "too_many_requests"})
			return
		}
		w.Header().Set("X-RateLimit-Limit", "3000")
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(time.Now().Unix()+int64(after), 10))
		refuse(w, http.StatusBadRequest, "HOURLY_APIINVOCATION_LIMIT_EXCEEDED", "The maximum number of hourly API invocations has been exceeded.")
	}
	a.Broken = func(w http.ResponseWriter) {
		refuse(w, http.StatusInternalServerError, "UNSPECIFIED_ERROR", "An unexpected error occurred.")
	}
	a.NotFound = func(w http.ResponseWriter) {
		refuse(w, http.StatusNotFound, "RESOURCE_NOT_FOUND", "The URL provided does not resolve to a resource.")
	}
	const account = "/docusign/restapi/v2.1/accounts/{account}"
	a.Handle("POST /docusign/oauth/token", "oauth.token", s.token)
	a.Handle("GET /docusign/oauth/userinfo", "oauth.userinfo", s.userInfo)
	a.Handle("POST "+account+"/envelopes", "envelope.create", s.inAccount(s.createEnvelope))
	a.Handle("GET "+account+"/envelopes", "envelope.list", s.inAccount(s.listEnvelopes))
	a.Handle("GET "+account+"/envelopes/{id}", "envelope.get", s.inAccount(s.getEnvelope))
	a.Handle("PUT "+account+"/envelopes/{id}", "envelope.update", s.inAccount(s.updateEnvelope))
	a.Handle("GET "+account+"/envelopes/{id}/recipients", "envelope.recipients", s.inAccount(s.getRecipients))
	a.Handle("POST "+account+"/envelopes/{id}/views/recipient", "recipient_view.create", s.inAccount(s.createView))
	a.Handle("GET "+account+"/envelopes/{id}/custom_fields", "envelope.custom_fields", s.inAccount(s.getCustomFields))
	a.Handle("GET "+account+"/envelopes/{id}/documents/{document}", "envelope.document", s.inAccount(s.getDocument))
	a.Page("GET /docusign/signing/{id}", "signing.view", s.signingPage)
	a.Page("GET /docusign/signing/{id}/contract.pdf", "signing.contract", s.signingContract)
	a.Page("POST /docusign/signing/{id}", "signing.act", s.signingAct)
	a.Page("GET /docusign/view/{token}", "signing.view", s.viewPage)
	a.Page("POST /docusign/view/{token}", "signing.act", s.viewAct)
	return a
}

func (s *service) truth() map[string]any {
	type row struct {
		ID            string          `json:"id"`
		Key           string          `json:"key"`
		PartnershipID string          `json:"partnership_id"`
		Version       int             `json:"version"`
		Status        string          `json:"status"`
		CreatedAt     sandbox.Instant `json:"created_at"`
		CompletedAt   sandbox.Instant `json:"completed_at"`
		VoidedAt      sandbox.Instant `json:"voided_at"`
	}
	rows := []row{}
	for _, e := range s.st.Envelopes {
		version, _ := strconv.Atoi(e.field("version"))
		rows = append(rows, row{
			e.ID, e.field("rapport_key"), e.field("partnership_id"), version, e.Status,
			sandbox.Instant(e.CreatedAt), sandbox.Instant(e.CompletedAt), sandbox.Instant(e.VoidedAt),
		})
	}
	return map[string]any{"envelopes": rows}
}

// openEnvelopes counts what waits for a signature.
func (s *service) openEnvelopes() int {
	n := 0
	for _, e := range s.st.Envelopes {
		if e.open() {
			n++
		}
	}
	return n
}

// contractsPage shows the newest first.
func (s *service) contractsPage(*http.Request) any {
	newest := slices.Clone(s.st.Envelopes)
	slices.Reverse(newest)
	return map[string]any{"Envelopes": newest}
}
