package paypal

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// detail is one fault of a request.
type detail struct {
	Field    string `json:"field,omitempty"`
	Value    string `json:"value,omitempty"`
	Location string `json:"location,omitempty"`
	Issue    string `json:"issue"`
	Link     []link `json:"link,omitempty"` // PayPal writes it so
}

type link struct {
	Href   string `json:"href"`
	Rel    string `json:"rel"`
	Method string `json:"method"`
}

type apiError struct {
	status        int
	name, message string
	details       []detail
}

func refuse(w http.ResponseWriter, e *apiError) {
	body := map[string]any{
		"name": e.name, "message": e.message, "debug_id": sandbox.NewID("", 13), "information_link": "https://developer.paypal.com/docs/api/payments.payouts-batch/#errors",
	}
	if e.details != nil {
		body["details"] = e.details
	}
	sandbox.WriteJSON(w, e.status, body)
}

func notFound() *apiError {
	return &apiError{http.StatusNotFound, "RESOURCE_NOT_FOUND", "The requested resource was not found.", nil}
}

func invalid(field, issue string) *apiError {
	return &apiError{http.StatusBadRequest, "VALIDATION_ERROR", "Invalid request - see details", []detail{{Field: field, Location: "body", Issue: issue}}}
}

// tokenLife is how long a token is good.
const tokenLife = 9 * time.Hour

func (s *service) newToken(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil || r.PostForm.Get("grant_type") != "client_credentials" {
		sandbox.WriteJSON(w, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type", "error_description": "Grant Type is NULL"})
		return
	}
	token := "A21AA" + sandbox.Token(32)
	s.st.Tokens[token] = s.Now().Add(tokenLife)
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{
		"scope": "https://uri.paypal.com/payments/payouts", "access_token": token, "token_type": "Bearer", "app_id": "APP-80W284485P519543T", "expires_in": int(tokenLife.Seconds()),
	})
}

// admit takes the app's own credentials for a token, and a token for everything else.
func (s *service) admit(w http.ResponseWriter, r *http.Request) bool {
	if strings.HasSuffix(r.URL.Path, "/oauth2/token") {
		id, secret, _ := r.BasicAuth()
		if id != "" && id == s.keys["paypal_client_id"] && secret == s.keys["paypal_secret"] {
			return true
		}
		sandbox.WriteJSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client", "error_description": "Client Authentication failed"})
		return false
	}
	s.Lock()
	until := s.st.Tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	s.Unlock()
	if s.Now().Before(until) {
		return true
	}
	sandbox.WriteJSON(w, http.StatusUnauthorized, map[string]string{"error": "invalid_token", "error_description": "Token signature verification failed"})
	return false
}

// report keeps an event and sends it. The lock is held.
func (s *service) report(typ string, resource any) {
	kind := "payouts"
	if strings.Contains(typ, "-ITEM.") {
		kind = "payouts_item"
	}
	e := &event{
		ID: "WH-" + strings.ToUpper(sandbox.NewID("", 17)), Version: "1.0", Created: s.Now().Truncate(time.Second), Kind: kind, Type: typ,
		Summary: typ, Resource: sandbox.Must(json.Marshal(resource)),
	}
	s.st.Events = append(s.st.Events, e)
	s.Post(&sandbox.Delivery{Queue: name, Path: "/webhooks/paypal", ContentType: "application/json", Body: sandbox.Must(json.Marshal(e)), Events: []string{typ}})
}
