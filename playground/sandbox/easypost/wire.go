package easypost

import (
	"net/http"
	"strings"
	"time"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

// refuse answers with EasyPost's error.
func refuse(w http.ResponseWriter, status int, code, message string, fields ...string) {
	errs := []map[string]string{}
	for _, f := range fields {
		errs = append(errs, map[string]string{"field": f, "message": "cannot be blank"})
	}
	sandbox.WriteJSON(w, status, map[string]any{"error": map[string]any{"code": code, "message": message, "errors": errs}})
}

func timestamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// mode is the key's: those of the test mode begin with EZTK.
func (s *service) mode() string {
	if strings.HasPrefix(s.keys["easypost_api_key"], "EZTK") {
		return "test"
	}
	return "production"
}
