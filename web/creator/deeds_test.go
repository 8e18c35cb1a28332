package creator

import (
	"slices"
	"testing"

	"github.com/rapport-dev/rapport/app/deeds"
)

// TestPagesAndDeeds holds what the pages' forms take against the registry of deeds, both ways. Setting up payouts is no deed: it leads
// to the provider's own pages. Neither is opting out, which nobody could refuse.
func TestPagesAndDeeds(t *testing.T) {
	t.Parallel()
	ways := []string{doObject, doInvoice}
	for _, actions := range allowed {
		ways = append(ways, actions...)
	}
	for _, way := range ways {
		if asks := deeds.Of(deeds.Pages, way); len(asks) != 1 {
			t.Errorf("%s asks for %v, want one deed of the registry", way, asks)
		}
	}
	for _, d := range deeds.All {
		for _, way := range d.Ways[deeds.Pages] {
			if !slices.Contains(ways, way) {
				t.Errorf("%s is asked for by %s, which no form takes", d.Name, way)
			}
		}
	}
}
