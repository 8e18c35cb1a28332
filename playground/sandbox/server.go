package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Config says where the sandbox listens, where it sends webhooks and how long a campaign day lasts.
type Config struct {
	Addr         string        // host:port to listen on; port 0 picks a free one
	FrontDoorURL string        // base URL of the front door that webhooks go to; "" sends none
	PublicURL    string        // base URL of the links that the sandbox hands out; "" is the address it listens on
	StateFile    string        // JSON file that survives restarts; "" keeps everything in memory
	Day          time.Duration // a campaign day (RAPPORT_DAY); 0 is 24 hours
	Seed         int64         // seeds fault rates and the carriers' delays
	Keys         Keys
	Logger       *slog.Logger // nil discards
}

// Server is the sandbox. Everything it knows is guarded by mu; vendors' handlers run with mu held.
type Server struct {
	cfg  Config
	keys signingKeys
	log  *slog.Logger
	mux  *http.ServeMux
	send *http.Client

	mu      sync.Mutex
	st      *state
	rng     *rand.Rand
	changed chan struct{} // closed and replaced at each change: what long polls and tests wait on
	blobs   *blobs

	wakeClock chan struct{}
	wakeQueue map[string]chan struct{}
	dirty     chan struct{}

	http     *http.Server
	listener net.Listener
	stop     context.CancelFunc
	done     sync.WaitGroup
}

// New makes a sandbox and loads its state file, if there is one. It serves nothing before Start; Handler works at once,
// but webhooks and parcels move only after Start.
func New(cfg Config) (*Server, error) {
	if cfg.Day <= 0 {
		cfg.Day = 24 * time.Hour
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.FrontDoorURL = strings.TrimRight(cfg.FrontDoorURL, "/")
	cfg.PublicURL = strings.TrimRight(cfg.PublicURL, "/")
	keys, err := cfg.Keys.parse()
	if err != nil {
		return nil, err
	}
	st, err := loadState(cfg.StateFile)
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg: cfg, keys: keys, log: cfg.Logger.With("component", "sandbox"), st: st,
		send:      &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		rng:       rand.New(rand.NewPCG(uint64(cfg.Seed), 0x9e3779b97f4a7c15)),
		changed:   make(chan struct{}),
		blobs:     newBlobs(cfg.StateFile),
		wakeClock: make(chan struct{}, 1),
		wakeQueue: map[string]chan struct{}{},
		dirty:     make(chan struct{}, 1),
	}
	for _, q := range queues {
		s.wakeQueue[q] = make(chan struct{}, 1)
	}
	s.mux = s.routes()
	return s, nil
}

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("/sendgrid/", s.sendgridAPI())
	mux.Handle("/docusign/", s.docusignAPI())
	mux.Handle("/easypost/", s.easypostAPI())
	mux.Handle("/shopify/", s.shopifyAPI())
	mux.Handle("/slack/api/", s.slackAPI())
	mux.Handle("/stripe/", s.stripeAPI())
	mux.HandleFunc("/paypal/", s.paypalAbsent)
	people := http.NewServeMux()
	s.peopleRoutes(people)
	s.pageRoutes(people)
	// A page that people open in a browser changes things by POST: other sites must not be able to.
	mux.Handle("/", http.NewCrossOriginProtection().Handler(people))
	return mux
}

// Handler serves everything: vendors, /truth, /faults, the people's endpoints and the page.
func (s *Server) Handler() http.Handler { return s.mux }

// Start listens, then serves, delivers webhooks and moves parcels until ctx ends or Close is called.
func (s *Server) Start(ctx context.Context) error {
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.Addr)
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	s.listener = ln
	s.mu.Lock()
	if s.cfg.PublicURL == "" {
		s.cfg.PublicURL = "http://" + ln.Addr().String()
	}
	s.mu.Unlock()
	ctx, s.stop = context.WithCancel(ctx)
	s.http = &http.Server{Handler: s.mux, ReadHeaderTimeout: 5 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	s.run(func() {
		if err := s.http.Serve(ln); err != nil && !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("serving stopped", "error", err)
		}
	})
	s.run(func() { s.runClock(ctx) })
	s.run(func() { s.runSaver(ctx) })
	for _, q := range queues {
		s.run(func() { s.runQueue(ctx, q) })
	}
	s.run(func() {
		<-ctx.Done()
		s.http.Close()
	})
	return nil
}

func (s *Server) run(f func()) {
	s.done.Go(f)
}

// URL is the base URL that clients and people use, without a final slash.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.PublicURL
}

// SetFrontDoor says where webhooks go from now on; it lets a front door pick its port after the sandbox has started.
func (s *Server) SetFrontDoor(baseURL string) {
	s.mu.Lock()
	s.cfg.FrontDoorURL = strings.TrimRight(baseURL, "/")
	s.mu.Unlock()
	for _, q := range queues {
		wake(s.wakeQueue[q])
	}
}

// Close stops serving and saves the state. Webhooks that were not delivered are sent after the next start.
func (s *Server) Close() error {
	if s.stop != nil {
		s.stop()
		s.done.Wait()
		s.send.CloseIdleConnections()
	}
	return s.save()
}

// touch notes a change of state: it is saved soon, waiters look again and the clock recomputes. mu is held.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
	wake(s.dirty)
	wake(s.wakeClock)
}

// wake nudges a goroutine that selects on a channel with one place.
func wake(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// now is the sandbox's clock, in UTC.
func (s *Server) now() time.Time { return time.Now().UTC() }

// days is n campaign days.
func (s *Server) days(n float64) time.Duration { return time.Duration(n * float64(s.cfg.Day)) }

// paypalAbsent answers for a vendor that the sandbox does not imitate, so that a wrong setting explains itself.
func (s *Server) paypalAbsent(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusNotFound, map[string]string{
		"name": "RESOURCE_NOT_FOUND", "debug_id": newID("", 13),
		"message": "The sandbox does not imitate PayPal payouts. Use provider: stripe, or point PAYPAL_BASE_URL at PayPal's own sandbox.",
	})
}
