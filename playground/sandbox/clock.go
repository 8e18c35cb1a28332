package sandbox

import (
	"context"
	"time"
)

// runClock does what is due: SendGrid's batches, parcels that move, webhooks that were held long enough.
func (s *Server) runClock(ctx context.Context) {
	for {
		s.mu.Lock()
		now := s.now()
		next := earlier(s.flushMailEvents(now), earlier(s.moveParcels(now), s.releaseHeld(now)))
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

// earlier is the earlier of two instants, where zero means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
