package sandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

func uuidLike() string { return uuid.NewString() }

// dsTime writes an instant as DocuSign does: seven digits of a second.
func dsTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// docusignToken is the JWT grant.
func (s *Server) docusignToken(w http.ResponseWriter, r *http.Request) {
	refuse := func(code, description string) {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": code, "error_description": description})
	}
	if err := r.ParseForm(); err != nil || r.PostForm.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		refuse("unsupported_grant_type", "unsupported_grant_type")
		return
	}
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(r.PostForm.Get("assertion"), claims, func(*jwt.Token) (any, error) { return s.keys.docusign, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(5*time.Second))
	if s.keys.docusign == nil || err != nil {
		refuse("invalid_grant", "no_valid_keys_or_signatures")
		return
	}
	text := func(name string) string { v, _ := claims[name].(string); return v }
	scopes := strings.Fields(text("scope"))
	exp, _ := claims.GetExpirationTime()
	switch {
	case text("iss") != s.keys.DocuSignIntegrationKey:
		refuse("invalid_grant", "issuer_not_found")
	case text("sub") != s.keys.DocuSignUserID:
		refuse("invalid_grant", "user_not_found")
	case !s.audience(text("aud"), r.Host):
		refuse("invalid_grant", "invalid_audience")
	case !slices.Contains(scopes, "signature") || !slices.Contains(scopes, "impersonation"):
		refuse("consent_required", "consent_required")
	case exp.After(s.now().Add(time.Hour + time.Minute)):
		refuse("invalid_grant", "expiration_too_far")
	default:
		t := newID("eyJ0eXAiOiJNVCJ9.", 40)
		s.st.Tokens[t] = s.now().Add(time.Hour)
		writeJSON(w, http.StatusOK, map[string]any{"access_token": t, "token_type": "Bearer", "expires_in": 3600})
	}
}

// audience accepts DocuSign's own auth hosts and the sandbox's: a bare host, never a URL.
func (s *Server) audience(aud, host string) bool {
	own, _ := url.Parse(s.cfg.PublicURL)
	hostname, _, _ := strings.Cut(host, ":")
	return slices.Contains([]string{"account-d.docusign.com", "account.docusign.com", host, hostname, own.Host, own.Hostname()}, aud) && aud != ""
}

func (s *Server) docusignUserInfo(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{
		"sub": s.keys.DocuSignUserID, "name": "Rapport", "accounts": []map[string]any{{
			"account_id": s.keys.DocuSignAccountID, "is_default": true, "account_name": "Sandbox", "base_uri": s.cfg.PublicURL + "/docusign",
		}},
	})
}

func (s *Server) docusignAdmit(w http.ResponseWriter, r *http.Request) bool {
	if strings.HasSuffix(r.URL.Path, "/oauth/token") {
		return true
	}
	t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	ends := s.st.Tokens[t]
	s.mu.Unlock()
	if ok && s.now().Before(ends) {
		return true
	}
	dsRefuse(w, http.StatusUnauthorized, "AUTHORIZATION_INVALID_TOKEN", "The access token provided is expired, revoked or malformed. Authentication for System Application failed.")
	return false
}

// json is an envelope as GET shows it.
func (e *envelope) json(include ...string) map[string]any {
	uri := "/envelopes/" + e.ID
	out := map[string]any{
		"envelopeId": e.ID, "envelopeUri": uri, "status": e.Status, "emailSubject": e.Subject, "emailBlurb": e.Blurb,
		"createdDateTime": dsTime(e.CreatedAt), "lastModifiedDateTime": dsTime(e.ChangedAt), "statusChangedDateTime": dsTime(e.ChangedAt),
		"documentsUri": uri + "/documents", "documentsCombinedUri": uri + "/documents/combined", "recipientsUri": uri + "/recipients",
		"certificateUri": uri + "/documents/certificate", "customFieldsUri": uri + "/custom_fields",
	}
	for name, t := range map[string]time.Time{
		"sentDateTime": e.SentAt, "initialSentDateTime": e.SentAt, "deliveredDateTime": e.DeliveredAt, "completedDateTime": e.CompletedAt,
		"declinedDateTime": e.DeclinedAt, "voidedDateTime": e.VoidedAt,
	} {
		if !t.IsZero() {
			out[name] = dsTime(t)
		}
	}
	if e.TransactionID != "" {
		out["transactionId"] = e.TransactionID
	}
	if e.VoidedReason != "" {
		out["voidedReason"] = e.VoidedReason
	}
	if slices.Contains(include, "custom_fields") {
		out["customFields"] = map[string]any{"textCustomFields": list(e.Fields), "listCustomFields": []any{}}
	}
	if slices.Contains(include, "recipients") {
		out["recipients"] = map[string]any{"signers": []dsSigner{e.Signer}, "recipientCount": "1"}
	}
	return out
}

// connectEvent is Connect's JSON SIM payload.
type connectEvent struct {
	Event             string      `json:"event"`
	APIVersion        string      `json:"apiVersion"`
	URI               string      `json:"uri"`
	RetryCount        int         `json:"retryCount"`
	ConfigurationID   int         `json:"configurationId"`
	GeneratedDateTime string      `json:"generatedDateTime"`
	Data              connectData `json:"data"`
}

type connectData struct {
	AccountID       string         `json:"accountId"`
	UserID          string         `json:"userId"`
	EnvelopeID      string         `json:"envelopeId"`
	RecipientID     string         `json:"recipientId,omitempty"` // of recipient-* events
	EnvelopeSummary map[string]any `json:"envelopeSummary"`
}

// connect sends a Connect webhook if the envelope subscribed to the event. It always goes to the front door: the url of
// an eventNotification is a public one that may not lead anywhere from here. mu is held.
func (s *Server) connect(e *envelope, event string) {
	if e.Events != nil && !slices.ContainsFunc(e.Events, func(sub string) bool { return strings.EqualFold(sub, event) }) {
		return
	}
	recipient := ""
	if strings.HasPrefix(event, "recipient-") {
		recipient = e.Signer.RecipientID
	}
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false) // the bytes are signed as DocuSign would write them
	must(0, enc.Encode(connectEvent{
		Event: event, APIVersion: "v2.1", URI: "/restapi/v2.1/accounts/" + s.keys.DocuSignAccountID + "/envelopes/" + e.ID,
		ConfigurationID: 10523, GeneratedDateTime: dsTime(s.now()),
		Data: connectData{
			AccountID: s.keys.DocuSignAccountID, UserID: s.keys.DocuSignUserID, EnvelopeID: e.ID, RecipientID: recipient,
			EnvelopeSummary: e.json("custom_fields", "recipients"),
		},
	}))
	s.post(&delivery{Queue: queueDocuSign, Path: "/webhooks/docusign", ContentType: "application/json", Body: body.Bytes(), Events: []string{event}})
}

// certificate is what DocuSign issues for a completed envelope.
func (s *Server) certificate(e *envelope) []byte {
	sum := sha256.Sum256(s.blobs.get(e.Document))
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetTitle("Certificate Of Completion", true)
	pdf.AddPage()
	pdf.SetFont("Helvetica", "B", 16)
	pdf.Cell(0, 12, "Certificate Of Completion")
	pdf.Ln(14)
	pdf.SetFont("Helvetica", "", 11)
	tr := pdf.UnicodeTranslatorFromDescriptor("")
	for _, line := range []string{
		"Envelope Id: " + e.ID,
		"Subject: " + e.Subject,
		"Status: Completed",
		"Signer: " + e.Signer.Name + " <" + e.Signer.Email + ">",
		"Sent: " + e.SentAt.Format(time.RFC3339),
		"Viewed: " + e.DeliveredAt.Format(time.RFC3339),
		"Signed: " + e.CompletedAt.Format(time.RFC3339),
		"Security level: email. Electronic record and signature disclosure accepted.",
		"SHA-256 of the document: " + hex.EncodeToString(sum[:]),
	} {
		pdf.MultiCell(0, 7, tr(line), "", "L", false)
	}
	var b bytes.Buffer
	if err := pdf.Output(&b); err != nil {
		return fmt.Appendf(nil, "%%PDF-1.4\n%% %v", err)
	}
	return b.Bytes()
}
