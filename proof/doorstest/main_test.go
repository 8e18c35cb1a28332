// Package doorstest plays whole campaigns by one door each: what a manager cannot do there, no campaign comes to its end without.
package doorstest

import (
	"testing"

	"github.com/rapport-dev/rapport/proof/systemtest"
)

func TestMain(m *testing.M) { systemtest.Main(m) }
