package web_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/rapport-dev/rapport/proof/browsertest"
	"github.com/rapport-dev/rapport/proof/long"
	"github.com/rapport-dev/rapport/web/console"
	"github.com/rapport-dev/rapport/web/creator"
)

// look is a page in one of its states. What leads there may change the house first: looks are taken in their order.
type look struct {
	route string // by which the page comes, as the router knows it
	name  string
	open  func() (link string)
}

// noPages are the ways in that answer with no page, and with what instead.
var noPages = map[string]string{
	"GET /live": "events", "GET /files/{id}": "what a mail held", "GET /campaigns/{id}/partnerships.csv": "a file", "GET /campaigns/{id}/report.csv": "a file",
	"GET /creators/template.csv": "a file", "GET /creators/template.xlsx": "a file", "GET /signin/with": "the way to another house", "GET /signin/back": "the way back from it",
	"GET /t/{token}/agreement": "a PDF", "GET /t/{token}/files/{id}": "a draft's file", "GET /uploads/{id}": "a draft's file", "GET /e/{token}/invoices/{number}": "a PDF",
}

// TestEveryPage opens every page of the console, of the sign-in and of a creator on a desk, a tablet and a phone: none is scrolled sideways, none is over 100 KB,
// and axe finds nothing serious, by day and by night. RAPPORT_PICTURES=DIR keeps a picture of each; those of docs are among them.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	ctx := browsertest.Desk(t, 15*time.Minute)
	looks, cookie := consoleLooks(t)
	open := func(link string) {
		do(t, ctx, chromedp.Navigate(link), chromedp.WaitVisible(chromedp.CSS("h1, p")))
	}
	open(looks[0].open()) // the entrance, where whoever comes gets the cookie
	must(t, chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](cookie)))
	looks = append(looks, creatorLooks(t)...)

	seen := map[string]bool{}
	for _, l := range looks {
		seen[l.route] = true
		open(l.open())
		regard(t, ctx, l.name)
	}
	for _, route := range pageRoutes() {
		if !seen[route] && noPages[route] == "" {
			t.Errorf("no look is taken at %s", route)
		}
	}
}

// pageRoutes are all ways to see something of the console and of the creators' pages.
func pageRoutes() (routes []string) {
	for route := range (&console.Console{}).Routes() {
		routes = append(routes, route)
	}
	for _, route := range (&creator.Pages{}).Routes() {
		routes = append(routes, route.Pattern)
	}
	return onlyGets(routes)
}

func onlyGets(routes []string) (gets []string) {
	for _, route := range routes {
		if strings.HasPrefix(route, "GET ") {
			gets = append(gets, route)
		}
	}
	return gets
}

// screens are those on which a page is opened. The tablet is only measured, and by night only the colours are looked at: all else is the same as by
// day. What a phone shows of a page a desk shows too, in another layout: there all rules are asked only where all is played.
var screens = []struct {
	name, scheme  string
	width, height int64
	look          func(t *testing.T, ctx context.Context, what string)
}{
	{"desk", "light", 1440, 900, whereAllIsPlayed(browsertest.Accessible)},
	{"dark", "dark", 1440, 900, browsertest.Readable},
	{"tablet", "light", 768, 1024, nil},
	{"phone", "light", 360, 740, browsertest.Accessible},
}

func whereAllIsPlayed(look func(*testing.T, context.Context, string)) func(*testing.T, context.Context, string) {
	if long.Whole() {
		return look
	}
	return nil
}

// regard looks at the page that is open on each screen.
func regard(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	for _, screen := range screens {
		at := name + "-" + screen.name
		must(t, chromedp.Do(ctx, chromedp.EmulateViewport(screen.width, screen.height), browsertest.Prefers(screen.scheme)))
		wider, err := chromedp.Run(ctx, chromedp.Evaluate[string](widest))
		must(t, err)
		want(t, at+" has to be scrolled sideways for", wider, "")
		if screen.look != nil {
			screen.look(t, ctx, at)
		}
		browsertest.Picture(t, ctx, at)
	}
	came, err := chromedp.Run(ctx, chromedp.Evaluate[struct{ Status, Bytes int }](`(({ responseStatus, decodedBodySize }) => ({ Status: responseStatus, Bytes: decodedBodySize }))(performance.getEntriesByType("navigation")[0])`))
	must(t, err)
	if came.Status >= http.StatusInternalServerError || came.Bytes > 100<<10 {
		t.Errorf("%s is answered %d with %d bytes", name, came.Status, came.Bytes)
	}
}

// widest is what a page would have to be scrolled sideways for, "" nothing.
const widest = `(() => {
	const room = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= room) return "";
	const over = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > room + 1).pop();
	return document.documentElement.scrollWidth + " of " + room + " px: " + (over ? over.outerHTML.slice(0, 200) : "nothing of it");
})()`

// stage is a house's door that also shows what a form was answered with, to which no link leads.
type stage struct {
	door http.Handler
	mu   sync.Mutex
	kept []string
}

const keptAt = "/kept/"

func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, is := strings.CutPrefix(r.URL.Path, keptAt)
	if !is {
		s.door.ServeHTTP(w, r)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at, err := strconv.Atoi(n)
	if err != nil || at >= len(s.kept) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(s.kept[at]))
}

// keep keeps an answer and returns the path where it is shown.
func (s *stage) keep(res answered) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, res.body)
	return keptAt + strconv.Itoa(len(s.kept)-1)
}
