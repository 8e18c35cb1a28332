package console

import (
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/app/deeds"
)

// TestTheConsoleOnlyShows holds it to that for as long as it is no door of the registry of deeds.
func TestTheConsoleOnlyShows(t *testing.T) {
	t.Parallel()
	if slices.Contains(deeds.Doors, "console") {
		t.Fatal("the registry has it among the doors: hold its routes against it, as the others do")
	}
	for pattern := range (&Console{}).routes() {
		if !strings.HasPrefix(pattern, "GET ") {
			t.Errorf("%s does something", pattern)
		}
	}
}
