package store

import "context"

// Unfinished is what is still under way between Rapport and the outside.
type Unfinished struct {
	Webhooks int      // received and not applied
	Effects  int      // begun or due, and not known to be done or not done
	Keys     []string // of the oldest ten of those effects
}

// Unfinished counts what has to settle before the books can be held against the vendors'.
func (s *Store) Unfinished(ctx context.Context) (Unfinished, error) {
	row, err := s.q.Unfinished(ctx, s.now())
	return Unfinished{Webhooks: int(row.Webhooks), Effects: int(row.Effects), Keys: row.Keys}, mapped("unfinished", err)
}
