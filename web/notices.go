package web

import (
	"context"
	"log/slog"
	"time"
)

// openNotices are a page of those that are to be sent by now, the oldest after one first, and what ends with their time.
type openNotices interface {
	OpenNotices(ctx context.Context, after string) (ids []string, next string, err error)
	// EndLateChanges ends wishes for another account whose code nobody gave in time: it is mailed by a notice.
	EndLateChanges(ctx context.Context) error
}

// notices starts what imports and creators' pages left to be mailed. It is kept before it is started, so that whoever keeps it
// needs no engine, and nothing is lost while there is none.
type notices struct {
	store openNotices
	send  func(ctx context.Context, id string) error
	log   *slog.Logger
	after string // where the last sweep ended, "" at the last one
}

// Run starts them every so often until ctx ends. A notice that was started is started again until it is done, which changes nothing.
func (n *notices) Run(ctx context.Context, every time.Duration) {
	if n.send == nil {
		return
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		n.sweep(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// sweep starts the next page of them. Those that cannot be sent now stand first for as long as they do, and hold up nobody behind them.
func (n *notices) sweep(ctx context.Context) {
	ids, next, err := n.store.OpenNotices(ctx, n.after)
	for _, id := range ids {
		if failed := n.send(ctx, id); failed != nil {
			err = failed
		}
	}
	if failed := n.store.EndLateChanges(ctx); failed != nil {
		err = failed
	}
	n.after = next
	if err != nil && ctx.Err() == nil {
		n.log.WarnContext(ctx, "notices not started", "error", err)
	}
}
