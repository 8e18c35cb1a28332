package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/partnership"
)

// Whoever said no after signing gets what is owed and nothing that presses; an address that is only dead is no word of its owner.
func TestWhoSaidNoAfterSigningIsNotPressed(t *testing.T) {
	send := func(kind string, said bool) int {
		a, s := newPost()
		s.view.OptedOut, s.view.SaidNo, s.view.Contract = true, said, &partnership.Contract{Version: 1, Status: partnership.EnvelopeCompleted}
		sent, err := a.SendLetter(t.Context(), Letter{PartnershipID: "p1", Stage: partnership.Content, Kind: kind, Task: "draft-1", Step: "nudge"})
		require.NoError(t, err, kind)
		require.Equal(t, len(s.mails) == 0, sent.OptedOut, kind)
		return len(s.mails)
	}
	for _, kind := range []string{"sign_reminder", "draft_reminder", "post_reminder", "place_offered"} {
		require.Zero(t, send(kind, true), kind)
		require.Equal(t, 1, send(kind, false), kind)
	}
	for _, kind := range []string{"dates_moved", "draft_request", "cleared_to_post", "ended"} {
		require.Equal(t, 1, send(kind, true), kind)
	}
}
