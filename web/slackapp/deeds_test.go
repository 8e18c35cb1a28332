package slackapp

import (
	"slices"
	"strings"
	"testing"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

// TestSlackAndDeeds holds what can be pressed and typed in Slack against the registry of deeds. (That each button of each card has its deed is
// TestEveryKindOfCardIsClosed's.)
func TestSlackAndDeeds(t *testing.T) {
	t.Parallel()
	shows := []string{"status", "decisions", "catch", "find", "calendar", "results", "payouts", "differences", "forms", "help"}
	ways := slices.DeleteFunc(words(), func(verb string) bool { return slices.Contains(shows, verb) })
	for _, way := range ways {
		if asks := deeds.Of(deeds.Slack, way); len(asks) != 1 {
			t.Errorf("%s asks for %v, want one deed of the registry", way, asks)
		}
	}
	for _, d := range deeds.All {
		for _, way := range d.Ways[deeds.Slack] {
			verb, _, isButton := strings.Cut(way, ":")
			if _, known := asking.KindOfAction(verb); isButton && (known || verb == partnership.ActConfirmAct || verb == partnership.ActTellBank) {
				continue
			}
			if !slices.Contains(ways, way) {
				t.Errorf("%s is asked for by %s, which is no command and no button", d.Name, way)
			}
		}
	}
}
