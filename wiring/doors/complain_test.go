package doors

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

func TestAStrangersFloodIsOneLineAMinute(t *testing.T) {
	written := make(chan partnership.Deed, 100)
	g := &Guard{Log: slog.New(slog.DiscardHandler), Refused: func(_ context.Context, d partnership.Deed, _ string) error { written <- d; return nil }}
	long := strings.Repeat("x", 1<<20)
	for n := range 50 {
		g.complain("approve_run", "payout-run/dreams/2026-11", fmt.Sprint(n, long), errors.New("no"))
	}
	g.complain("approve_run", "another", long, errors.New("no"))
	for range 2 {
		if d := <-written; len(d.ID) > 64 {
			t.Errorf("the line's id has %d characters", len(d.ID))
		}
	}
	if len(written) > 0 {
		t.Errorf("%d more lines were written", len(written))
	}
	var c complaints
	now := time.Now()
	for range 3 {
		c.due("w", now)
	}
	if skipped, due := c.due("w", now.Add(complainEvery)); !due || skipped != 2 {
		t.Errorf("a minute later: %d, %t", skipped, due)
	}
}
