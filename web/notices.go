package web

import (
	"context"
	"log/slog"
	"time"

	"github.com/rapport-dev/rapport/store"
)

// notices starts what imports and creators' pages left to be mailed. It is kept before it is started, so that whoever keeps it
// needs no engine, and nothing is lost while there is none.
type notices struct {
	store *store.Store
	send  func(ctx context.Context, id string) error
	log   *slog.Logger
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

func (n *notices) sweep(ctx context.Context) {
	ids, err := n.store.OpenNotices(ctx)
	for _, id := range ids {
		if err == nil {
			err = n.send(ctx, id)
		}
	}
	if err != nil && ctx.Err() == nil {
		n.log.WarnContext(ctx, "notices not started", "error", err)
	}
}
