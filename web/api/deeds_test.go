package api

import (
	"net/http"
	"testing"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/web/access"
)

// TestRoutesAndDeeds holds the routes against the registry of deeds, both ways.
func TestRoutesAndDeeds(t *testing.T) {
	t.Parallel()
	served := map[string]bool{}
	for _, r := range (&API{}).routes() {
		way := r.method + " " + r.path
		served[way] = true
		if asks := deeds.Of(deeds.API, way); (len(asks) > 0) == (r.method == http.MethodGet) {
			t.Errorf("%s asks for %v: what changes something is a deed, and what reads is none", way, asks)
		}
	}
	for _, d := range deeds.All {
		for _, way := range d.Ways[deeds.API] {
			if !served[way] {
				t.Errorf("%s is asked for by %s, and there is no such route", d.Name, way)
			}
		}
	}
}

func TestARouteOfNoDeedIsNobodys(t *testing.T) {
	t.Parallel()
	all := access.Caller{Name: "boss", Roles: []deeds.Role{deeds.Manager, deeds.Finance}}
	if err := (route{method: "POST", path: "/dance"}).may(all, false); err == nil {
		t.Error("it is let through")
	}
}
