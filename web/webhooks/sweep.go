package webhooks

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rapport-dev/rapport/store"
)

const (
	claimAtOnce = 8                // as many as are applied before the claim ends, however slowly
	atOnce      = 4                // applied side by side
	applyBudget = 20 * time.Second // for one delivery
	giveUp      = 72 * time.Hour   // as long as the vendors themselves try
	measureEach = 30 * time.Second // the gauges count every row that was ever kept
)

// Run applies kept deliveries until ctx ends: at once when one comes in, and every so often those that were left by a crash
// or have to wait.
func (d *Door) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var measured time.Time
	for {
		for d.sweep(ctx) == claimAtOnce {
		}
		if err := d.Applier.tellHolds(ctx, d.Now()); err != nil && ctx.Err() == nil {
			d.Log.WarnContext(ctx, "what is held was not told", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-d.news:
		case <-tick.C:
		}
		if d.Now().Sub(measured) > measureEach {
			measured = d.Now()
			d.measure(ctx)
		}
	}
}

// sweep claims and applies one batch and returns how many it held.
func (d *Door) sweep(ctx context.Context) int {
	batch, err := d.Inbox.ClaimInbox(ctx, claimAtOnce, 0)
	if err != nil {
		if ctx.Err() == nil {
			d.Log.WarnContext(ctx, "inbox not claimed", "error", err)
		}
		return 0
	}
	places := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for _, w := range batch {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			d.apply(ctx, w)
		})
	}
	all.Wait()
	return len(batch)
}

// apply brings one delivery to its end, or puts it back.
func (d *Door) apply(ctx context.Context, w store.Webhook) {
	ctx, cancel := context.WithTimeout(ctx, applyBudget)
	defer cancel()
	result, err := "applied", d.Applier.Apply(ctx, w)
	var ignored *ignoredError
	var poison *poisonError
	switch {
	case errors.As(err, &ignored):
		result = "ignored"
		d.Log.InfoContext(ctx, "webhook ignored", "provider", w.Provider, "inbox", w.ID, "why", ignored.why)
		err = d.Inbox.InboxApplied(ctx, w.ID)
	case err == nil:
		err = d.Inbox.InboxApplied(ctx, w.ID)
	case errors.As(err, &poison) || d.Now().Sub(w.ReceivedAt) > giveUp:
		result = "dead"
		d.Log.ErrorContext(ctx, "webhook is dead", "provider", w.Provider, "inbox", w.ID, "attempts", w.Attempts, "error", err)
		cause := err
		if err = d.Inbox.InboxDead(ctx, w.ID, cause); err == nil {
			d.Applier.dead(ctx, w, cause)
		}
	default:
		result = "retry"
		d.Log.WarnContext(ctx, "webhook waits", "provider", w.Provider, "inbox", w.ID, "attempts", w.Attempts, "error", err)
		err = d.Inbox.InboxFailed(context.WithoutCancel(ctx), w, err)
	}
	d.applied.WithLabelValues(w.Provider, result).Inc()
	if err != nil { // the claim ends by itself, and then it is tried again
		d.Log.WarnContext(ctx, "inbox not marked", "inbox", w.ID, "error", err)
	}
}

// measure brings the inbox's gauges up to date.
func (d *Door) measure(ctx context.Context) {
	counts, err := d.Inbox.InboxCounts(ctx)
	if err != nil {
		return // the next round asks again
	}
	d.rows.Reset()
	for _, c := range counts {
		d.rows.WithLabelValues(c.Provider, c.State).Set(float64(c.Count))
	}
}
