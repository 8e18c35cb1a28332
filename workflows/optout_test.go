package workflows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Somebody who signed opts out: one card says so, however often it is told, and the board goes on saying it beside what comes later.
func TestAnOptOutAfterTheSignatureIsToldOnceAndStays(t *testing.T) {
	pl := newPlay(t)
	pl.quietOverTheDraft("", nil)
	eager := pl.steps.onMail
	pl.steps.onMail = func(l activities.Letter) {
		if eager(l); l.Kind == "draft_request" {
			pl.steps.optedOut = true
			for range 2 {
				pl.env.SignalWorkflow(workflows.SignalOptedOut, workflows.OptedOut{EventID: "e"})
			}
		}
	}
	require.Equal(t, partnership.Ghosted, pl.run().Outcome)
	require.Equal(t, 1, slices.Index(slices.DeleteFunc(slices.Clone(pl.steps.log), func(l string) bool {
		return !strings.HasPrefix(l, "card")
	}), "card quiet draft-1"), "the opt-out is the one card before the silence")
	opted, both := false, false
	for _, b := range pl.steps.board {
		opted = opted || strings.Contains(b.Attention, "opted out")
		both = both || strings.Contains(b.Attention, "opted out") && strings.Contains(b.Attention, "no sign of life")
		if opted && b.Outcome == "" {
			require.Contains(t, b.Attention, "opted out", "at %d", b.Seq)
		}
	}
	require.True(t, both)
	require.Equal(t, 1, strings.Count(strings.Join(pl.steps.log, "\n"), "card opted out"))
}
