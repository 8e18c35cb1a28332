package sandbox

import (
	"context"
	"time"
)

// The time, and waiting for it.

// Earlier is the earlier of two instants, where zero means never.
func Earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Now is the sandbox's clock, in UTC.
func (s *Server) Now() time.Time { return time.Now().UTC() }

// Days is n campaign days.
func (s *Server) Days(n float64) time.Duration { return time.Duration(n * float64(s.cfg.Day)) }

// wake nudges a goroutine that selects on a channel with one place.
func wake(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// waitWake waits for a nudge, or at most d where d is not 0; false means that ctx ended.
func waitWake(ctx context.Context, ch chan struct{}, d time.Duration) bool {
	var due <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		due = t.C
	}
	select {
	case <-ctx.Done():
		return false
	case <-ch:
	case <-due:
	}
	return true
}

// pause waits for d or until ctx ends, and says whether the time was waited out.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
