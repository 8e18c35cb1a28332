// Package clicks answers the creators' own links: a redirect at once to where the link leads, and a count of it a moment
// later. A buyer never waits for our bookkeeping.
package clicks

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/web/page"
)

// Store knows the links and keeps the clicks.
type Store interface {
	// Destination is where a link leads; *partnership.Error NotFound for a code that was never made.
	Destination(ctx context.Context, code string) (string, error)
	RecordClick(ctx context.Context, code string, at time.Time, bot bool) error
}

// click is one visit. Nothing about the visitor is kept but whether it was a machine.
type click struct {
	code string
	at   time.Time
	bot  bool
}

// The bounds that keep a redirect quick and memory small.
const (
	lookupBudget = 400 * time.Millisecond // for a link that is not in memory
	fresh        = time.Minute            // a remembered link is asked for again after this
	maxLinks     = 10_000                 // remembered
	maxWaiting   = 4_096                  // clicks not yet written; more are lost and counted as lost
	maxBatch     = 500
	writeEvery   = 250 * time.Millisecond
	writeBudget  = 10 * time.Second
)

// Redirector answers GET /c/{code}. Run writes what it counted.
type Redirector struct {
	store   Store
	now     func() time.Time
	log     *slog.Logger
	waiting chan click

	mu    sync.Mutex
	links map[string]remembered

	counted *prometheus.CounterVec
	lost    prometheus.Counter
}

type remembered struct {
	destination string
	at          time.Time
}

// New makes a Redirector whose counters are registered with reg.
func New(store Store, now func() time.Time, log *slog.Logger, reg prometheus.Registerer) *Redirector {
	f := promauto.With(reg)
	return &Redirector{
		store: store, now: now, log: log, waiting: make(chan click, maxWaiting), links: map[string]remembered{},
		counted: f.NewCounterVec(prometheus.CounterOpts{Name: "rapport_clicks_total", Help: "Visits of tracking links, by kind of visitor."}, []string{"visitor"}),
		lost:    f.NewCounter(prometheus.CounterOpts{Name: "rapport_clicks_lost_total", Help: "Visits that were redirected but not counted, because writing fell behind."}),
	}
}

// Register adds the route.
func (s *Redirector) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /c/{code}", s.follow)
}

func (s *Redirector) follow(w http.ResponseWriter, r *http.Request) {
	code := r.PathValue("code")
	destination, err := s.find(r.Context(), code)
	switch {
	case partnership.CodeOf(err) == partnership.NotFound:
		page.Failure(w, r, http.StatusNotFound, "This link leads nowhere", "It may be cut off. Look for it once more where you found it.")
		return
	case err != nil:
		s.log.ErrorContext(r.Context(), "link look-up", "error", err)
		w.Header().Set("Retry-After", "5")
		page.Failure(w, r, http.StatusServiceUnavailable, "One moment, please", "The link works, we are out of breath. Try it again in a few seconds.")
		return
	}
	if r.Method == http.MethodGet {
		s.count(click{code: code, at: s.now(), bot: isBot(r)})
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	http.Redirect(w, r, destination, http.StatusFound)
}

// find looks in memory first. A link once known is followed even while the database is away: it may be stale for that long.
func (s *Redirector) find(ctx context.Context, code string) (string, error) {
	s.mu.Lock()
	known, ok := s.links[code]
	s.mu.Unlock()
	if ok && s.now().Sub(known.at) < fresh {
		return known.destination, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupBudget)
	defer cancel()
	destination, err := s.store.Destination(ctx, code)
	switch {
	case partnership.CodeOf(err) == partnership.NotFound:
		s.forget(code)
		return "", err
	case err != nil && ok:
		return known.destination, nil
	case err != nil:
		return "", err
	case !safe(destination):
		return "", partnership.Errorf(partnership.NotFound, "the link's destination is not a web address")
	}
	s.remember(code, destination)
	return destination, nil
}

func (s *Redirector) remember(code, destination string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.links) >= maxLinks {
		clear(s.links) // rarer than a deploy; the next visits fill it again
	}
	s.links[code] = remembered{destination, s.now()}
}

func (s *Redirector) forget(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.links, code)
}

// safe allows nothing but an absolute web address. It comes from our own table, never from the request, so its host is the
// only one a code can lead to.
func safe(destination string) bool {
	u, err := url.Parse(destination)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

func (s *Redirector) count(c click) {
	select {
	case s.waiting <- c:
		s.counted.WithLabelValues(visitor(c.bot)).Inc()
	default:
		s.lost.Inc()
	}
}

func visitor(bot bool) string {
	if bot {
		return "machine"
	}
	return "person"
}
