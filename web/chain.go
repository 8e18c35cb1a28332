package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/rapport-dev/rapport/web/api"
	"github.com/rapport-dev/rapport/web/page"
)

// requestTime bounds what a request may wait for: the database, Temporal, a vendor.
const requestTime = 25 * time.Second

// chain wraps the routes: time limit, log and metrics, recovery, headers, protection against other sites' forms, and against guessing.
func chain(mux *http.ServeMux, d Deps) http.Handler {
	sameSite := http.NewCrossOriginProtection()
	sameSite.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page.Failure(w, r, http.StatusForbidden, "That came from another site", "For your safety a form is only taken from our own page. Open the link in your mail and try again.")
	}))
	// These are not forms of a page: mail programs, vendors and programs send them, each with a proof of its own.
	for _, pattern := range []string{"POST /u/{token}", "/webhooks/", "/slack/", "/api/", "/mcp"} {
		sameSite.AddInsecureBypassPattern(pattern)
	}
	guard := &guesses{now: d.Now, missed: map[string]bucket{}}
	h := http.Handler(mux)
	h = observe(h, d.Log, d.Now, d.Metrics) // next to the routes: it reads the matched pattern
	h = guard.wrap(h)
	h = sameSite.Handler(h)
	h = headers(h, strings.HasPrefix(d.PublicURL, "https://"))
	return limitTime(h)
}

func limitTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), requestTime)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// headers are the same on every answer. Referrer-Policy is same-origin rather than no-referrer: under the latter browsers send
// "Origin: null" with our own forms, which would then look like another site's.
func headers(next http.Handler, secure bool) http.Handler {
	policy := page.Policy()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// observe logs and measures each request by its route: a path holds tokens, a query may hold anything, an address is a person's.
func observe(next http.Handler, log *slog.Logger, now func() time.Time, reg prometheus.Registerer) http.Handler {
	took := promauto.With(reg).NewHistogramVec(prometheus.HistogramOpts{
		Name: "rapport_http_request_seconds", Help: "Requests by route and status.", Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"route", "status"})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := now()
		seen := &recorder{ResponseWriter: w}
		defer func() {
			if v := recover(); v != nil {
				if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(http.ErrAbortHandler)
				}
				// The value may quote what was sent; its type and the place may not.
				log.ErrorContext(r.Context(), "panic", "route", r.Pattern, "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
				switch {
				case seen.status != 0:
				case strings.HasPrefix(r.URL.Path, "/api/"):
					api.Broke(seen)
				default:
					page.Failure(seen, r, http.StatusInternalServerError, "Something broke on our side", "It was noted. Please try again; if it happens again, reply to the mail that brought you here.")
				}
			}
			if seen.status == 0 {
				seen.status = http.StatusOK
			}
			elapsed := now().Sub(began)
			took.WithLabelValues(r.Pattern, strconv.Itoa(seen.status)).Observe(elapsed.Seconds())
			log.InfoContext(r.Context(), "request", "method", r.Method, "route", r.Pattern, "status", seen.status, "bytes", seen.bytes, "ms", elapsed.Milliseconds())
		}()
		next.ServeHTTP(seen, r)
	})
}

// recorder notes what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// The allowance for links that do not exist, for each address: people mistype a few, scripts try thousands.
const (
	guessBurst  = 60
	guessRefill = time.Second // for one more
	guessPeople = 10_000      // addresses remembered
)

// secretLinks open to whoever has them, and the API to whoever has a token.
var secretLinks = []string{"/t/", "/u/", "/c/", "/calendar/", "/signin/", "/api/", "/mcp"}

// guesses slows down whoever tries tokens: only misses count, so a busy office is never locked out of links that work.
type guesses struct {
	now    func() time.Time
	mu     sync.Mutex
	missed map[string]bucket
}

type bucket struct {
	used int
	at   time.Time
}

func (g *guesses) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.ContainsFunc(secretLinks, func(prefix string) bool { return strings.HasPrefix(r.URL.Path, prefix) }) {
			next.ServeHTTP(w, r)
			return
		}
		who := clientOf(r)
		if g.used(who) >= guessBurst {
			w.Header().Set("Retry-After", "60")
			if forPrograms(r) {
				api.TooManyWrongTokens(w)
				return
			}
			page.Failure(w, r, http.StatusTooManyRequests, "Too many wrong links", "Please wait a minute, and open the link from your mail again.")
			return
		}
		seen := &recorder{ResponseWriter: w}
		next.ServeHTTP(seen, r)
		wrongToken := seen.status == http.StatusUnauthorized && r.Header.Get("Authorization") != ""
		if wrongToken || seen.status == http.StatusNotFound && !forPrograms(r) {
			g.miss(who)
		}
	})
}

// forPrograms are the doors to which a program comes with a token.
func forPrograms(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/api/") || r.URL.Path == "/mcp"
}

func (g *guesses) used(who string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	b, ok := g.missed[who]
	if !ok {
		return 0
	}
	return max(0, b.used-int(g.now().Sub(b.at)/guessRefill))
}

func (g *guesses) miss(who string) {
	used := g.used(who)
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.missed) >= guessPeople {
		clear(g.missed)
	}
	g.missed[who] = bucket{used + 1, g.now()}
}

// clientOf is the client's address. Behind a proxy on a private address it is the last one that the proxy has added.
func clientOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	peer := net.ParseIP(host)
	if forwarded := r.Header.Values("X-Forwarded-For"); len(forwarded) > 0 && peer != nil && (peer.IsLoopback() || peer.IsPrivate()) {
		last := forwarded[len(forwarded)-1]
		return strings.TrimSpace(last[strings.LastIndex(last, ",")+1:])
	}
	return host
}
