package systemtest

import (
	"context"
	"errors"
	"strings"
	"sync"
)

// lines collects what a process prints, line by line, and lets tests wait for a line.
type lines struct {
	mu      sync.Mutex
	done    []string
	partial string
	closed  bool
	changed chan struct{} // closed and replaced with every line
}

func newLines() *lines { return &lines{changed: make(chan struct{})} }

// Write takes the process's output.
func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := strings.Split(l.partial+string(b), "\n")
	l.done, l.partial = append(l.done, all[:len(all)-1]...), all[len(all)-1]
	l.wake()
	return len(b), nil
}

func (l *lines) wake() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *lines) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.wake()
}

// since returns the lines from n on, and what to wait on for further ones.
func (l *lines) since(n int) (more []string, closed bool, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.done[n:], l.closed, l.changed
}

// await returns the first line, old or new, that fits.
func (l *lines) await(ctx context.Context, fits func(string) bool) (string, error) {
	n := 0
	for {
		more, closed, changed := l.since(n)
		for _, line := range more {
			if fits(line) {
				return line, nil
			}
		}
		n += len(more)
		if closed {
			return "", errors.New("it has ended")
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-changed:
		}
	}
}

// tail is the last n lines.
func (l *lines) tail(n int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.done[max(len(l.done)-n, 0):], "\n")
}
