package clicks

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/rapport-dev/rapport/partnership"
)

// table is a database that can be away or slow.
type table struct {
	mu      sync.Mutex
	away    bool
	slow    bool
	asked   int
	written []click
}

func (s *table) Destination(ctx context.Context, code string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	switch {
	case s.slow:
		<-ctx.Done()
		return "", ctx.Err()
	case s.away:
		return "", errors.New("away")
	case code == "bad":
		return "javascript:alert(1)", nil
	case code != "good":
		return "", partnership.Errorf(partnership.NotFound, "no such link")
	}
	return "https://shop.example/x?utm_content=good", nil
}

func (s *table) RecordClick(_ context.Context, code string, at time.Time, bot bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return errors.New("away")
	}
	s.written = append(s.written, click{code, at, bot})
	return nil
}

func (s *table) set(change func(*table)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

type world struct {
	*Redirector
	table *table
	mux   *http.ServeMux
	now   time.Time
}

func newWorld() *world {
	w := &world{table: &table{}, mux: http.NewServeMux(), now: time.Unix(1, 0)}
	w.Redirector = New(w.table, func() time.Time { return w.now }, slog.New(slog.DiscardHandler), prometheus.NewRegistry())
	w.Register(w.mux)
	return w
}

func (w *world) visit(code string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/c/"+code, nil)
	r.Header.Set("User-Agent", "Mozilla/5.0")
	rec := httptest.NewRecorder()
	w.mux.ServeHTTP(rec, r)
	return rec
}

func (w *world) lostCount() float64 {
	var m dto.Metric
	_ = w.lost.Write(&m) // a counter always can
	return m.GetCounter().GetValue()
}

func TestLinksAreRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for range 10 {
		if got := w.visit("good").Code; got != http.StatusFound {
			t.Fatalf("status %d", got)
		}
	}
	if w.table.asked != 1 {
		t.Errorf("asked %d times, want once", w.table.asked)
	}
	w.now = w.now.Add(2 * fresh)
	w.table.set(func(s *table) { s.away = true })
	if got := w.visit("good").Code; got != http.StatusFound {
		t.Errorf("a known link gave %d while the database was away", got)
	}
	if got := w.visit("other").Code; got != http.StatusServiceUnavailable {
		t.Errorf("an unknown link gave %d while the database was away", got)
	}
	w.table.set(func(s *table) { s.away = false })
	if got := w.visit("other").Code; got != http.StatusNotFound {
		t.Errorf("an unknown link gave %d", got)
	}
	if got := w.visit("bad").Code; got != http.StatusNotFound {
		t.Errorf("a destination that is no web address gave %d", got)
	}
}

func TestASlowDatabaseHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.table.set(func(s *table) { s.slow = true })
	began := time.Now()
	if got := w.visit("good").Code; got != http.StatusServiceUnavailable {
		t.Errorf("status %d", got)
	}
	if took := time.Since(began); took > 5*lookupBudget {
		t.Errorf("the visitor waited %s", took)
	}
}

func TestLossIsBoundedAndCounted(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for range maxWaiting + 7 {
		w.visit("good")
	}
	if got := w.lostCount(); got != 7 {
		t.Errorf("%v clicks were counted as lost, want 7", got)
	}
}

func TestWhatCouldNotBeWrittenIsWrittenLater(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for range 5 {
		w.visit("good")
	}
	w.table.set(func(s *table) { s.away = true })
	left := w.write(t.Context(), w.take(nil))
	if len(left) != 5 {
		t.Fatalf("%d clicks are left, want all 5", len(left))
	}
	w.table.set(func(s *table) { s.away = false })
	w.drain(left)
	if len(w.table.written) != 5 || w.lostCount() != 0 {
		t.Errorf("%d were written and %v lost, want 5 and none", len(w.table.written), w.lostCount())
	}
}

func TestBots(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]bool{
		"": true, "Googlebot/2.1": true, "Slackbot-LinkExpanding 1.0": true, "curl/8": true, "rapport-probe": true,
		"Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15": false, "Mozilla/5.0 (Linux; Android 16) Instagram 300": false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/c/x", nil)
		r.Header.Set("User-Agent", agent)
		if got := isBot(r); got != want {
			t.Errorf("isBot(%q) is %v", agent, got)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/c/x", nil)
	r.Header.Set("User-Agent", "Mozilla/5.0")
	r.Header.Set("Sec-Purpose", "prefetch;prerender")
	if !isBot(r) {
		t.Error("a prefetch counts as a person")
	}
}
