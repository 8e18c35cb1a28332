package store

import (
	"context"
	"math/rand/v2"
)

// forgetEach is after how many requests what is old is forgotten.
const forgetEach = 200

// FirstSeen says whether id is new, to any front door and since any restart, and remembers it for an hour: longer than the signature
// of a request is taken.
func (s *Store) FirstSeen(ctx context.Context, id string) (bool, error) {
	rows, err := s.q.FirstSeen(ctx, id)
	if err == nil && rand.IntN(forgetEach) == 0 { //nolint:gosec // G404: it spreads the tidying and guards nothing
		err = s.q.ForgetSeen(ctx)
	}
	return rows > 0, mapped("seen", err)
}
