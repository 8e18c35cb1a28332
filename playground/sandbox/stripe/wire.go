package stripe

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// form is a form with nested keys: metadata[a], capabilities[transfers][requested].
type form struct {
	values  url.Values
	allowed []string
}

func (f form) text(name string) string { return f.values.Get(name) }

func (f form) metadata() map[string]string {
	out := map[string]string{}
	for k, v := range f.values {
		if name, ok := strings.CutPrefix(k, "metadata["); ok {
			out[strings.TrimSuffix(name, "]")] = v[0]
		}
	}
	return out
}

// below says whether any parameter begins so.
func (f form) below(prefix string) bool {
	for k := range f.values {
		if strings.HasPrefix(k, prefix) {
			return true
		}
	}
	return false
}

// badMetadata is what Stripe refuses of metadata, nil when it takes it.
func (f form) badMetadata() *apiError {
	all := f.metadata()
	if len(all) > 50 {
		return invalid("", "metadata", "Metadata can have at most 50 keys.")
	}
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if n := utf8.RuneCountInString(k); n > 40 || strings.ContainsAny(k, "[]") {
			return invalid("", "metadata", "Metadata keys must be at most 40 characters, without square brackets, but you passed in a key that is %d characters.", n)
		}
		if n := utf8.RuneCountInString(all[k]); n > 500 {
			return invalid("", "metadata["+k+"]", "Metadata values must be at most 500 characters, but you passed in a value that is %d characters.", n)
		}
	}
	return nil
}

// unknown is the first parameter that the endpoint does not take, "" when there is none. Allowed names ending in "[" allow all below.
func (f form) unknown() string {
	for _, k := range slices.Sorted(maps.Keys(f.values)) {
		if !slices.ContainsFunc(f.allowed, func(a string) bool { return k == a || strings.HasSuffix(a, "[") && strings.HasPrefix(k, a) }) {
			return k
		}
	}
	return ""
}

type apiError struct {
	status                    int
	typ, code, param, message string
}

func invalid(code, param, format string, args ...any) *apiError {
	return &apiError{http.StatusBadRequest, "invalid_request_error", code, param, fmt.Sprintf(format, args...)}
}

func refuse(w http.ResponseWriter, e *apiError) {
	body := map[string]any{"type": e.typ, "message": e.message}
	if e.code != "" {
		body["code"], body["doc_url"] = e.code, "https://stripe.com/docs/error-codes/"+strings.ReplaceAll(e.code, "_", "-")
	}
	if e.param != "" {
		body["param"] = e.param
	}
	w.Header().Set("Request-Id", sandbox.NewID("req_", 14))
	sandbox.WriteJSON(w, e.status, map[string]any{"error": body})
}

func broken(w http.ResponseWriter) {
	refuse(w, &apiError{http.StatusInternalServerError, "api_error", "", "", "An unknown error occurred"})
}

func (s *service) admit(w http.ResponseWriter, r *http.Request) bool {
	key, _, basic := r.BasicAuth()
	if !basic {
		key = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	if key != "" && key == s.keys["stripe_api_key"] {
		return true
	}
	message := "You did not provide an API key."
	if key != "" {
		message = "Invalid API Key provided."
	}
	refuse(w, &apiError{http.StatusUnauthorized, "invalid_request_error", "", "", message})
	return false
}

// event sends a webhook. The lock is held.
func (s *service) event(typ, account string, object any, previous map[string]any, key string) {
	data := map[string]any{"object": object}
	if previous != nil {
		data["previous_attributes"] = previous
	}
	e := map[string]any{
		"id": sandbox.NewID("evt_", 24), "object": "event", "api_version": apiVersion, "created": s.Now().Unix(), "livemode": false, "pending_webhooks": 1,
		"type": typ, "data": data, "request": map[string]any{"id": sandbox.NewID("req_", 14), "idempotency_key": sandbox.Nullable(key)},
	}
	if account != "" {
		e["account"] = account
	}
	s.Post(&sandbox.Delivery{Queue: name, Path: "/webhooks/stripe", ContentType: "application/json; charset=utf-8", Body: sandbox.Must(json.Marshal(e)), Events: []string{typ}})
}
