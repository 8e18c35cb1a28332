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
	"time"
)

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
		if v.API != nil {
			mux.Handle(v.API.prefix, v.API)
		}
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

// Close stops serving and saves the state. Webhooks that were not delivered are sent after the next start.
func (s *Server) Close() error {
	if s.stop != nil {
		s.stop()
		s.done.Wait()
		s.client.CloseIdleConnections()
	}
	return s.save()
}

// runClock does what is due: what vendors do by themselves, and webhooks that were held long enough.
func (s *Server) runClock(ctx context.Context) {
	for {
		s.mu.Lock()
		now := s.Now()
		next := s.releaseHeld(now)
		for _, v := range s.services {
			if v.Due != nil {
				next = Earlier(next, v.Due(now))
			}
		}
		s.mu.Unlock()
		wait := time.Duration(0)
		if !next.IsZero() {
			wait = max(time.Until(next), time.Millisecond)
		}
		if !waitWake(ctx, s.wakeClock, wait) {
			return
		}
	}
}
