package web

import (
	"context"
	"log/slog"
	"time"

	"github.com/rapport-dev/rapport/store"
)

// sealEvery is how long what was written into the books may stand outside their chain. A payout run seals by itself, before it plans and
// before it sends.
const sealEvery = time.Hour

// seals puts what is new in the books into their chain.
type seals struct {
	store *store.Store
	log   *slog.Logger
}

// Run seals at once, and then every so often until ctx ends.
func (s *seals) Run(ctx context.Context) {
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	for {
		if err := s.store.SealBooks(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "the books are not sealed; look at rapport ledger verify", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
