package partnership

import "time"

// Clock tells the time. Rules take times as arguments; everything outside workflows takes a Clock.
type Clock interface{ Now() time.Time }

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now is the machine's time in UTC.
func (SystemClock) Now() time.Time { return time.Now().UTC() }
