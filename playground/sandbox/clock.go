package sandbox

import (
	"context"
	"time"
)

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
		if !s.waitWake(ctx, s.wakeClock, wait) {
			return
		}
	}
}

// Earlier is the earlier of two instants, where zero means never.
func Earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
