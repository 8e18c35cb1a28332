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
	"sync/atomic"
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

// Server is the sandbox. Everything that it and its vendors remember is guarded by one lock; vendors' handlers run with it held.
type Server struct {
	cfg      Config
	log      *slog.Logger
	mux      *http.ServeMux
	client   *http.Client
	services []service
	queues   []*Queue
	public   atomic.Value // string: the base URL of links
	front    atomic.Value // string: the base URL of the front door

	mu      sync.Mutex
	st      *state
	rng     *rand.Rand
	changed chan struct{} // closed and replaced at each change: what long polls and tests wait on
	blobs   *blobs

	wakeClock chan struct{}
	dirty     chan struct{}

	http     *http.Server
	listener net.Listener
	stop     context.CancelFunc
	done     sync.WaitGroup
}

// New makes a sandbox of these vendors and loads its state file, if there is one. It serves nothing before Start; Handler
// works at once, but webhooks and what moves by itself move only after Start.
func New(cfg Config, vendors Vendors) (*Server, error) {
	if cfg.Day <= 0 {
		cfg.Day = 24 * time.Hour
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		cfg: cfg, log: cfg.Logger.With("component", "sandbox"), st: newState(),
		client:    &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		rng:       rand.New(rand.NewPCG(uint64(cfg.Seed), 0x9e3779b97f4a7c15)),
		changed:   make(chan struct{}),
		blobs:     newBlobs(cfg.StateFile),
		wakeClock: make(chan struct{}, 1),
		dirty:     make(chan struct{}, 1),
	}
	s.public.Store(strings.TrimRight(cfg.PublicURL, "/"))
	s.front.Store(strings.TrimRight(cfg.FrontDoorURL, "/"))
	if err := s.open(vendors); err != nil {
		return nil, err
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	s.mux = s.routes()
	return s, nil
}

func (s *Server) routes() *http.ServeMux {
	mux, people := http.NewServeMux(), http.NewServeMux()
	s.peopleRoutes(people)
	s.pageRoutes(people)
	for _, v := range s.services {
		mux.Handle(v.API.prefix, v.API)
		if v.People != nil {
			v.People(people)
		}
	}
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
	s.public.CompareAndSwap("", "http://"+ln.Addr().String())
	ctx, s.stop = context.WithCancel(ctx)
	s.http = &http.Server{Handler: s.mux, ReadHeaderTimeout: 5 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	s.run(func() {
		if err := s.http.Serve(ln); err != nil && !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("serving stopped", "error", err)
		}
	})
	s.run(func() { s.runClock(ctx) })
	s.run(func() { s.runSaver(ctx) })
	for _, q := range s.queues {
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
func (s *Server) URL() string { return s.public.Load().(string) }

// FrontDoor is the base URL that webhooks go to, "" when there is none.
func (s *Server) FrontDoor() string { return s.front.Load().(string) }

// SetFrontDoor says where webhooks go from now on; it lets a front door pick its port after the sandbox has started.
func (s *Server) SetFrontDoor(baseURL string) {
	s.front.Store(strings.TrimRight(baseURL, "/"))
	for _, q := range s.queues {
		wake(q.wake)
	}
}

// Close stops serving and saves the state. Webhooks that were not delivered are sent after the next start.
func (s *Server) Close() error {
	if s.stop != nil {
		s.stop()
		s.done.Wait()
		s.client.CloseIdleConnections()
	}
	return s.save()
}

// Lock takes the lock that guards what all vendors remember.
func (s *Server) Lock() { s.mu.Lock() }

// Unlock gives it back.
func (s *Server) Unlock() { s.mu.Unlock() }

// Touch notes a change of state: it is saved soon, waiters look again and the clock recomputes. The lock is held.
func (s *Server) Touch() {
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

// Now is the sandbox's clock, in UTC.
func (s *Server) Now() time.Time { return time.Now().UTC() }

// Days is n campaign days.
func (s *Server) Days(n float64) time.Duration { return time.Duration(n * float64(s.cfg.Day)) }

// Seed is what everything random here begins with, so that a run can be repeated.
func (s *Server) Seed() int64 { return s.cfg.Seed }
