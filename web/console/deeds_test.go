package console

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/access"
)

// TestTheConsoleAndDeeds holds the forms against the registry of deeds, both ways. Signing in and out is no deed.
func TestTheConsoleAndDeeds(t *testing.T) {
	t.Parallel()
	c := &Console{}
	ways := forms(c)
	for _, way := range ways {
		if !strings.HasPrefix(way, "POST ") || len(deeds.Of(deeds.Console, way)) == 0 {
			t.Errorf("%s asks for %v, want a POST of a deed of the registry", way, deeds.Of(deeds.Console, way))
		}
	}
	for _, d := range deeds.All {
		for _, way := range d.Ways[deeds.Console] {
			if !slices.Contains(ways, way) {
				t.Errorf("%s is asked for by %s, and there is no such form", d.Name, way)
			}
		}
	}
	for pattern := range c.pages() {
		if !strings.HasPrefix(pattern, "GET ") {
			t.Errorf("%s is no page", pattern)
		}
	}
}

// forms are the ways of all that is asked for by a form, what answers with a file among it.
func forms(c *Console) []string {
	return append(slices.Collect(maps.Keys(c.deeds())), slices.Collect(maps.Keys(c.takeaways()))...)
}

// guests knows one session, of somebody with every role; whatever else it is asked it does not survive.
type guests struct {
	Store
	asked []string
}

const secret = "the-secret-of-a-session"

func (g *guests) Session(_ context.Context, given string) (partnership.Session, error) {
	if given != secret {
		return partnership.Session{}, partnership.Errorf(partnership.NotFound, "none")
	}
	return partnership.Session{Who: "console:boss"}, nil
}

func (g *guests) EndSession(context.Context, string) error {
	g.asked = append(g.asked, "end")
	return nil
}

func (g *guests) EndSessions(context.Context, string) (int, error) {
	g.asked = append(g.asked, "end all")
	return 1, nil
}

// Every form that does something, whichever is added: a stranger's is not taken, nor one without the token of its session, and nothing is
// asked of anybody before.
func TestEveryFormIsOfItsSession(t *testing.T) {
	t.Parallel()
	people, err := access.ParsePeople("console:boss: manager, finance\n")
	if err != nil {
		t.Fatal(err)
	}
	g := &guests{}
	c := &Console{Store: g, Directory: access.Directory{People: people}, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	c.Register(mux)
	ways := append(forms(c), slices.Collect(maps.Keys(c.ownForms()))...)
	if len(ways) < 20 {
		t.Fatalf("only %v", ways)
	}
	for _, way := range ways {
		path := strings.NewReplacer("{id}", "x", "{row}", "x", "{vendor}", "x", "{hash}", "x", "{of}", "x", "{name}", "x", "{number}", "x").Replace(strings.TrimPrefix(way, "POST "))
		send := func(cookie, form string) *httptest.ResponseRecorder {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(url.Values{"form": {form}, "key": {"k"}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if cookie != "" {
				r.AddCookie(&http.Cookie{Name: "rapport", Value: cookie})
			}
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			return w
		}
		for what, got := range map[string]int{
			"a stranger": send("", formOf("")).Code, "a session that is over": send("another", formOf("another")).Code,
			"a form without a token": send(secret, "").Code, "a form of another session": send(secret, formOf("another")).Code,
		} {
			if got != http.StatusUnauthorized && got != http.StatusForbidden {
				t.Errorf("%s by %s is answered %d", way, what, got)
			}
		}
	}
	if len(g.asked) > 0 {
		t.Errorf("it was done: %v", g.asked)
	}
}

func TestWhereASignInLeads(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"/campaigns/x?q=a": "/campaigns/x?q=a", "": "/", "//evil.example": "/", "https://evil.example/": "/", `/\evil.example`: "/", "javascript:alert(1)": "/",
		"/signin/with": "/", "/\tevil": "/", "campaigns": "/",
	} {
		if got := local(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}

// By https a session's cookie is one that no other host can set; nobody's script reads it, and no other site's form sends it.
func TestTheSessionsCookie(t *testing.T) {
	t.Parallel()
	for address, name := range map[string]string{"https://r.example": "__Host-rapport", "http://127.0.0.1:8080": "rapport"} {
		c := &Console{PublicURL: address}
		cookie := c.cookieOf(c.cookie(), "v", 60)
		if cookie.Name != name || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Secure != strings.HasPrefix(address, "https") || cookie.Domain != "" {
			t.Errorf("%s: %v", address, cookie)
		}
	}
}
