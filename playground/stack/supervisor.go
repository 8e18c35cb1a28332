package stack

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	firstBackoff = 100 * time.Millisecond
	maxBackoff   = 5 * time.Second
	// settled is how long a process has to live before its next end counts as the first again.
	settled = 2 * time.Second
)

// Supervisor keeps one command running: it starts it again, with growing pauses, whenever it ends.
type Supervisor struct {
	command Command
	log     *slog.Logger
	cancel  context.CancelFunc
	done    chan struct{}

	mu       sync.Mutex
	current  *Process
	restarts int
}

// Supervise starts the command and keeps it running until Stop or the end of ctx. The first start has
// to succeed.
func Supervise(ctx context.Context, command Command, log *slog.Logger) (*Supervisor, error) {
	first, err := command.Start()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &Supervisor{command: command, log: log, cancel: cancel, done: make(chan struct{}), current: first}
	go s.run(ctx)
	return s, nil
}

func (s *Supervisor) run(ctx context.Context) {
	defer close(s.done)
	backoff := firstBackoff
	for {
		started := time.Now()
		process := s.Process()
		select {
		case <-ctx.Done():
			// Its grace period bounds this, not the context that just ended.
			if err := process.Stop(context.WithoutCancel(ctx)); err != nil {
				s.log.Warn("child process", "name", s.command.Name, "error", err)
			}
			return
		case <-process.Done():
		}
		if time.Since(started) > settled {
			backoff = firstBackoff
		}
		s.log.Warn("child process ended, starting it again",
			"name", s.command.Name, "how", describeEnd(process.Err()), "in", backoff)
		if !s.startAgain(ctx, &backoff) {
			return
		}
	}
}

// startAgain pauses and starts the command until that works. It returns false when ctx is done.
func (s *Supervisor) startAgain(ctx context.Context, backoff *time.Duration) bool {
	for {
		pause := time.NewTimer(*backoff)
		select {
		case <-ctx.Done():
			pause.Stop()
			return false
		case <-pause.C:
		}
		*backoff = min(2**backoff, maxBackoff)
		next, err := s.command.Start()
		if err == nil {
			s.mu.Lock()
			s.current = next
			s.restarts++
			s.mu.Unlock()
			return true
		}
		s.log.Error("child process does not start", "name", s.command.Name, "error", err)
	}
}

// Process is the current child, which may just have ended.
func (s *Supervisor) Process() *Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

// PID is the current child's process id.
func (s *Supervisor) PID() int { return s.Process().PID() }

// Restarts counts how often the child was started again.
func (s *Supervisor) Restarts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.restarts
}

// Kill sends SIGKILL to the current child; the supervisor then starts it again.
func (s *Supervisor) Kill() error { return s.Process().Kill() }

// Stop ends the child in order and the supervision with it.
func (s *Supervisor) Stop() {
	s.cancel()
	<-s.done
}

func describeEnd(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}
