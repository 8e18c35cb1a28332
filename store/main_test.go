package store_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain has properties tried 30 times where rapid would try 100: here each time is a story of a second in a database. What is said on the
// command line counts: -rapid.checks=1000.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "30"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
