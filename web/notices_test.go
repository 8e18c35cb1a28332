package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
)

// shelf is a list of notices in pages of three.
type shelf []string

func (s shelf) OpenNotices(_ context.Context, after string) (ids []string, next string, err error) {
	from := 0
	for i, id := range s {
		if id == after {
			from = i + 1
		}
	}
	if page := s[from:]; len(page) > 3 {
		return page[:3], page[2], nil
	}
	return s[from:], "", nil
}

func (s shelf) EndLateChanges(context.Context) error { return nil }

// Notices that cannot be sent, however many and old, hold up none behind them; and those are tried again.
func TestNoticesThatCannotBeSentHoldUpNone(t *testing.T) {
	t.Parallel()
	var all shelf
	for i := range 10 {
		all = append(all, fmt.Sprintf("n%d", i))
	}
	tried := map[string]int{}
	n := &notices{store: all, log: slog.New(slog.DiscardHandler), send: func(_ context.Context, id string) error {
		tried[id]++
		if id < "n8" {
			return errors.New("no")
		}
		return nil
	}}
	for range 8 { // twice through all
		n.sweep(t.Context())
	}
	for _, id := range all {
		if tried[id] != 2 {
			t.Errorf("%s was tried %d times, and not twice", id, tried[id])
		}
	}
}
