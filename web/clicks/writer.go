package clicks

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
)

// Run writes the counted clicks in batches until ctx ends, and then what is left. A batch that cannot be written is tried
// again until it can, while new clicks wait behind it up to a bound.
func (s *Redirector) Run(ctx context.Context) {
	tick := time.NewTicker(writeEvery)
	defer tick.Stop()
	var batch []click
	for {
		select {
		case <-ctx.Done():
			s.drain(batch)
			return
		case <-tick.C:
			batch = s.write(ctx, s.take(batch))
		}
	}
}

// take fills batch from what waits.
func (s *Redirector) take(batch []click) []click {
	for len(batch) < maxBatch {
		select {
		case c := <-s.waiting:
			batch = append(batch, c)
		default:
			return batch
		}
	}
	return batch
}

// write returns what could not be written.
func (s *Redirector) write(ctx context.Context, batch []click) []click {
	if len(batch) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, writeBudget)
	defer cancel()
	for i, c := range batch {
		err := s.store.RecordClick(ctx, c.code, c.at, c.bot)
		if err != nil && partnership.CodeOf(err) != partnership.NotFound { // a link that is gone takes its clicks with it
			s.log.WarnContext(ctx, "clicks not written yet", "clicks", len(batch)-i, "error", err)
			return batch[i:]
		}
	}
	return nil
}

// drain writes what is left when the server stops; what the database does not take then is lost, and counted.
func (s *Redirector) drain(batch []click) {
	ctx, cancel := context.WithTimeout(context.Background(), writeBudget)
	defer cancel()
	for {
		batch = s.take(batch)
		if len(batch) == 0 {
			return
		}
		if batch = s.write(ctx, batch); len(batch) > 0 {
			s.lost.Add(float64(len(batch) + len(s.waiting)))
			return
		}
	}
}
