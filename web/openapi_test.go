package web_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/rapport-dev/rapport/app/deeds"
)

// TestEveryRouteAnswersAsDescribed asks every route that openapi.json knows without a token, with one that may not, about what is not there and
// with a body that is none: call holds each answer against its status and schema.
func TestEveryRouteAnswersAsDescribed(t *testing.T) {
	t.Parallel()
	h := open(t)
	served := h.get("/api/v1/openapi.json").body
	file, err := os.ReadFile("api/openapi.json")
	must(t, err)
	if served != string(file) {
		t.Error("the door serves another description than web/api/openapi.json")
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(served))
	must(t, err)
	routes := 0
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			routes++
			at := gone(path)
			want(t, method+" "+path+" without a token", h.call("", method, at, "").StatusCode, http.StatusUnauthorized)
			tokens := []string{viewerToken, managerToken, financeToken}
			allowed := 0
			for _, token := range tokens {
				res := h.call(token, method, at, map[bool]string{true: "", false: `{"nonsense": 1}`}[method == http.MethodGet])
				if res.StatusCode >= http.StatusInternalServerError {
					t.Errorf("%s %s answers %d: %s", method, path, res.StatusCode, res.body)
				}
				if res.StatusCode != http.StatusForbidden {
					allowed++
				}
				if res.StatusCode >= http.StatusBadRequest && res.Header.Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s %s: %d comes as %s", method, path, res.StatusCode, res.Header.Get("Content-Type"))
				}
			}
			for _, deed := range deeds.Of(deeds.API, method+" "+path) { // what any role may say is judged by what it is about
				if d, _ := deeds.Find(deed); d.Need == deeds.Viewer {
					allowed = min(allowed, 1)
				}
			}
			if method == http.MethodGet != (allowed == len(tokens)) || allowed == 0 {
				t.Errorf("%s %s is for %d of %d roles", method, path, allowed, len(tokens))
			}
		}
	}
	if routes < 30 {
		t.Errorf("only %d routes were asked", routes)
	}
}

// gone is a path about what is not there.
func gone(path string) string {
	for strings.Contains(path, "{") {
		from, to := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:from] + "gone" + path[to+1:]
	}
	return path
}
