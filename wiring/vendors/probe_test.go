package vendors_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/wiring/vendors"
)

// site counts who asks it.
func site(t *testing.T, answer http.HandlerFunc) (url string, asked *atomic.Int64) {
	t.Helper()
	asked = new(atomic.Int64)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}

func TestTheProbeSaysWhereALinkLeadsAndDoesNotGoThere(t *testing.T) {
	t.Parallel()
	shop, visited := site(t, func(http.ResponseWriter, *http.Request) {})
	ours, asked := site(t, redirect(shop+"/products/sampler?utm_content=abc"))
	location, err := vendors.NewProbe(ours+"/").Probe(t.Context(), ours+"/c/abc")
	if err != nil || location != shop+"/products/sampler?utm_content=abc" {
		t.Errorf("it leads to %q, %v", location, err)
	}
	if asked.Load() != 1 || visited.Load() != 0 {
		t.Errorf("our link was asked %d times and where it leads %d times; want once and never", asked.Load(), visited.Load())
	}
}

// A link comes out of a database; whatever stands there, nothing but our own front door's links is fetched from inside.
func TestTheProbeFetchesOurOwnLinksOnly(t *testing.T) {
	t.Parallel()
	inside, secret := site(t, redirect("https://shop.example/"))
	ours, asked := site(t, redirect("https://shop.example/"))
	host := strings.TrimPrefix(ours, "http://")
	probe := vendors.NewProbe(ours)
	for _, link := range []string{
		"", "/c/abc", inside + "/c/abc", inside + "/latest/meta-data", "http://169.254.169.254/latest/meta-data/iam", "http://[::1]:5432/c/abc", "http://127.0.0.1/c/abc",
		"http://localhost:7233/c/abc", "file:///etc/passwd", "gopher://" + host + "/c/abc", "https://" + host + "/c/abc", ours + "/metrics", ours + "/", ours + ".evil.example/c/abc",
		ours + "@" + strings.TrimPrefix(inside, "http://") + "/c/abc", "http://user:secret@" + host + "/c/abc", " " + ours + "/c/abc", ours + "/C/abc", "//" + host + "/c/abc",
	} {
		location, err := probe.Probe(t.Context(), link)
		if partnership.ClassOf(err) != partnership.Permanent || location != "" {
			t.Errorf("%q: %q, %v; want a refusal for good", link, location, err)
		}
	}
	if secret.Load() != 0 || asked.Load() != 0 {
		t.Errorf("%d requests went inside and %d to our other pages", secret.Load(), asked.Load())
	}
}

func TestALinkThatDoesNotRedirectIsNoLink(t *testing.T) {
	t.Parallel()
	for status, class := range map[int]partnership.Class{http.StatusOK: partnership.Permanent, http.StatusNotFound: partnership.Permanent, http.StatusFound: partnership.Permanent, http.StatusServiceUnavailable: partnership.Retry} {
		ours, _ := site(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if location, err := vendors.NewProbe(ours).Probe(t.Context(), ours+"/c/abc"); partnership.ClassOf(err) != class || location != "" {
			t.Errorf("%d: %q, %v; want %s", status, location, err, class)
		}
	}
}
