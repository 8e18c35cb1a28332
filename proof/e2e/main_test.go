package e2e

import (
	"testing"

	"github.com/rapport-dev/rapport/proof/systemtest"
)

func TestMain(m *testing.M) { systemtest.Main(m) }
