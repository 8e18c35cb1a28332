package sandbox

import (
	"context"
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

// Changed is closed at the next change. The lock is held.
func (s *Server) Changed() <-chan struct{} { return s.changed }

// Seed is what everything random here begins with, so that a run can be repeated.
func (s *Server) Seed() int64 { return s.cfg.Seed }
