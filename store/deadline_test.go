package store_test

import (
	"testing"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/store"
)

// Whoever asks without a deadline of their own gets an answer all the same, and afterwards all is well again.
func TestAStoppedDatabaseHoldsNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for a limit in real time")
	}
	t.Parallel()
	address, wall := pgtest.Through(t, pgtest.New(t, store.Migrate))
	s, err := store.Open(t.Context(), address, store.Options{SecretKey: []byte("a secret of thirty-two bytes.....")})
	must(t, err)
	t.Cleanup(s.Close)

	wall.Raise(true)
	asked := time.Now()
	failed := make(chan error, 20) // more than there are connections
	for range cap(failed) {
		go func() {
			_, err := s.Campaign(t.Context(), "c1")
			failed <- err
		}()
	}
	for range cap(failed) {
		if err := <-failed; err == nil || partnership.CodeOf(err) != "" {
			t.Errorf("a database that is stopped answers %v", err)
		}
	}
	if took := time.Since(asked); took > 45*time.Second {
		t.Errorf("they were held for %s", took)
	}
	wall.Raise(false)
	if _, err := s.Campaign(t.Context(), "c1"); partnership.CodeOf(err) != partnership.NotFound {
		t.Errorf("afterwards it answers %v", err)
	}
}
