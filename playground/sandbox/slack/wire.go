package slack

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// arguments are a call's arguments; Slack takes forms and JSON, and JSON inside forms.
type arguments map[string]json.RawMessage

func (a arguments) text(name string) string {
	raw := a[name]
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return strings.Trim(string(raw), `"`) // a number or a boolean
}

func (a arguments) flag(name string) bool { return a.text(name) == "true" || a.text(name) == "1" }

// document is an argument that is JSON itself: an object in a JSON call, a string in a form.
func (a arguments) document(name string) json.RawMessage {
	raw := a[name]
	var inner string
	if len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &inner) == nil {
		raw = json.RawMessage(inner)
	}
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	return raw
}

func readArguments(r *http.Request) (arguments, error) {
	args := arguments{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		if err := json.NewDecoder(r.Body).Decode(&args); err != nil {
			return nil, err
		}
		return args, nil
	}
	//nolint:gosec // G120: api.ServeHTTP, which every call passes, has bounded and read the body
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return nil, err
	}
	for k, v := range r.Form {
		args[k] = sandbox.Must(json.Marshal(v[0]))
	}
	return args, nil
}

// apiError is {"ok":false,"error":...}, which comes with HTTP 200.
type apiError struct {
	code     string
	messages []string
	more     map[string]any // what some errors carry beside
}

func fail(code string, messages ...string) *apiError {
	return &apiError{code: code, messages: messages}
}

func refuse(w http.ResponseWriter, e *apiError) {
	out := map[string]any{"ok": false, "error": e.code}
	maps.Copy(out, e.more)
	if len(e.messages) > 0 {
		out["errors"] = e.messages
		out["response_metadata"] = map[string]any{"messages": e.messages}
	}
	sandbox.WriteJSON(w, http.StatusOK, out)
}

// method is one Web API method.
type method func(args arguments) (map[string]any, *apiError)

// admit takes the token from the header or, as slack-go sends it, from the form.
func (s *service) admit(w http.ResponseWriter, r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, responsePath) || strings.HasPrefix(r.URL.Path, filePath) {
		return true // of an answer the address is the secret; a file says itself who may have it
	}
	t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		if args, err := readArguments(r); err == nil {
			t = args.text("token")
		}
	}
	switch t {
	case s.keys["slack_bot_token"]:
		return true
	case "":
		refuse(w, fail("not_authed"))
	default:
		refuse(w, fail("invalid_auth"))
	}
	return false
}

func (s *service) authTest(arguments) (map[string]any, *apiError) {
	return map[string]any{
		"url": "https://sandbox.slack.example/", "team": "Sandbox", "user": "rapport", "team_id": teamID, "user_id": botID, "bot_id": "B0RAPPORT",
	}, nil
}

// signedForm is a signed form body.
func signedForm(values map[string]string) []byte {
	form := url.Values{}
	for k, v := range values {
		form.Set(k, v)
	}
	return []byte(form.Encode())
}

// sign is Slack's, nil without a secret.
func sign(secret string) sandbox.Sign {
	if secret == "" {
		return nil
	}
	return func(h http.Header, body []byte, now time.Time) {
		ts := strconv.FormatInt(now.Unix(), 10)
		h.Set("X-Slack-Request-Timestamp", ts)
		h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(sandbox.MAC(secret, fmt.Appendf(nil, "v0:%s:%s", ts, body))))
	}
}
