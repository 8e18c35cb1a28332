package store_test

import (
	"os"
	"testing"

	"github.com/rapport-dev/rapport/proof/long"
)

func TestMain(m *testing.M) { os.Exit(long.Properties(m, "25")) }
