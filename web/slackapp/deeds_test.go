package slackapp

import (
	"slices"
	"testing"

	"github.com/rapport-dev/rapport/app/deeds"
)

// TestSlackAndDeeds holds what can be pressed and typed in Slack against the registry of deeds, both ways.
func TestSlackAndDeeds(t *testing.T) {
	t.Parallel()
	shows := []string{"status", "decisions", "find", "payouts", "forms", "help"}
	ways := slices.DeleteFunc(slices.Clone(verbs), func(verb string) bool { return slices.Contains(shows, verb) })
	for action := range did {
		ways = append(ways, action)
	}
	for _, way := range ways {
		if asks := deeds.Of(deeds.Slack, way); len(asks) != 1 {
			t.Errorf("%s asks for %v, want one deed of the registry", way, asks)
		}
	}
	for _, d := range deeds.All {
		for _, way := range d.Ways[deeds.Slack] {
			if !slices.Contains(ways, way) {
				t.Errorf("%s is asked for by %s, which is no command and no button", d.Name, way)
			}
		}
	}
}
