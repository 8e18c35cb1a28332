// Package doorstest plays whole campaigns by one door each: what a manager cannot do there, no campaign comes to its end without.
package doorstest

import (
	"os"
	"testing"

	"github.com/rapport-dev/rapport/proof/systemtest"
)

func TestMain(m *testing.M) { systemtest.Main(m) }

// long skips what takes minutes, where it was not asked for.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("RAPPORT_DOORS") == "" {
		t.Skip("a whole campaign takes minutes: make doors plays it")
	}
}
