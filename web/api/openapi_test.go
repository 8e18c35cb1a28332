package api

import (
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/rapport-dev/rapport/partnership"
)

// TestEveryRouteIsDescribed holds the router and openapi.json against each other, both ways.
func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	served := map[string]bool{}
	for _, r := range (&API{}).routes() {
		served[r.method+" "+r.path] = true
		item := doc.Paths.Value(r.path)
		if item == nil || item.GetOperation(r.method) == nil {
			t.Errorf("%s %s is served but not described", r.method, r.path)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if !served[method+" "+path] {
				t.Errorf("%s %s is described but not served", method, path)
			}
		}
	}
}

// TestEveryCodeIsDescribed: a client that was made of openapi.json knows every code that an error may have.
func TestEveryCodeIsDescribed(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		t.Fatal(err)
	}
	described := doc.Components.Schemas["Problem"].Value.Properties["code"].Value.Enum
	for _, code := range []partnership.Code{
		partnership.Invalid, partnership.NotFound, partnership.Conflict, partnership.Forbidden, partnership.Gone, partnership.Missing, partnership.WentBack, "unavailable", "too_many", "broken",
	} {
		if !slices.Contains(described, any(string(code))) {
			t.Errorf("%s is in no description", code)
		}
	}
}
