// Package httpxtest helps to test vendors' clients: requests checked against the vendor's own specification, and
// servers that fail in the middle of an exchange.
package httpxtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// SpecFile returns the path of a vendor's specification or vector, and skips the test where the folder is absent.
func SpecFile(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
	file := filepath.Join(dir, "..", "shared", "specs", filepath.FromSlash(name))
	if _, err := os.Stat(file); err != nil {
		t.Skipf("SKIPPED: the vendors' specifications are not here (%s): this test proves nothing on this machine", name)
	}
	return file
}

// Spec is one vendor's specification, ready to judge requests.
type Spec struct{ router routers.Router }

// LoadSpec reads an OpenAPI 3 or Swagger 2 document and routes its paths under basePath ("" or "/restapi") of any host.
func LoadSpec(t testing.TB, name, basePath string) *Spec {
	t.Helper()
	raw, err := os.ReadFile(SpecFile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	doc := parse(t, raw)
	doc.Servers = openapi3.Servers{{URL: "/" + strings.Trim(basePath, "/")}}
	for _, item := range doc.Paths.Map() {
		item.Servers = nil
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return &Spec{router}
}

func parse(t testing.TB, raw []byte) *openapi3.T {
	t.Helper()
	var head struct {
		Swagger string `json:"swagger"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		t.Fatal(err)
	}
	if head.Swagger == "" {
		doc, err := openapi3.NewLoader().LoadFromData(raw)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	var v2 openapi2.T
	if err := json.Unmarshal(raw, &v2); err != nil {
		t.Fatal(err)
	}
	doc, err := openapi2conv.ToV3(&v2)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// Check returns what the specification has against the request; the body stays readable. Credentials are the
// client's own tests' matter and not checked.
func (s *Spec) Check(r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	defer func() { r.Body = io.NopCloser(bytes.NewReader(body)) }()
	probe := r.Clone(context.Background())
	probe.Body = io.NopCloser(bytes.NewReader(body))
	if probe.URL.Host == "" {
		probe.URL.Host, probe.URL.Scheme = r.Host, "http"
	}
	route, params, err := s.router.FindRoute(probe)
	if err != nil {
		return err
	}
	return openapi3filter.ValidateRequest(context.Background(), &openapi3filter.RequestValidationInput{
		Request: probe, PathParams: params, Route: route,
		Options: &openapi3filter.Options{
			MultiError:         true,
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
		},
	})
}

// Guard lets requests through to next and fails the test where the specification refuses one.
func (s *Spec) Guard(t testing.TB, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.Check(r); err != nil {
			t.Errorf("%s %s against the vendor's specification: %v", r.Method, r.URL.Path, err)
		}
		next.ServeHTTP(w, r)
	})
}

// CutServer reads each request whole and then closes the connection without an answer. Calls counts them.
func CutServer(t testing.TB) (srv *httptest.Server, calls func() int) {
	t.Helper()
	seen := make(chan struct{}, 1024)
	srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		seen <- struct{}{}
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Errorf("hijack: %v", err)
			return
		}
		_ = conn.Close()
	}))
	t.Cleanup(srv.Close)
	return srv, func() int { return len(seen) }
}

// DeadURL is the address of a server that is no longer there: connections to it are refused.
func DeadURL(t testing.TB) string {
	t.Helper()
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	return srv.URL
}
