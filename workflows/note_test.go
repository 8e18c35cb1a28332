package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// A manager who has spoken with a quiet creator notes it: no reminder follows, and the manager is asked only after as much
// silence again as without the note after the due date.
func TestAManagersNoteStopsTheRemindersAndTheSilenceCountsFromIt(t *testing.T) {
	asked := func(note time.Duration) (at time.Duration, reminders int) {
		pl := newPlay(t)
		pl.eager()
		eager := pl.steps.onMail
		var requested time.Time
		pl.steps.onMail = func(l activities.Letter) {
			if l.Kind != "draft_request" {
				eager(l)
				return
			}
			requested = pl.env.Now()
			if note > 0 {
				pl.after(note, func() {
					pl.env.SignalWorkflow(workflows.SignalCreatorActive, workflows.CreatorActive{Channel: "manager_note", EventID: "note/1", At: pl.env.Now()})
				})
			}
		}
		require.Equal(t, partnership.Ghosted, pl.run().Outcome)
		i := slices.Index(pl.steps.log, "card quiet draft-1")
		require.GreaterOrEqual(t, i, 0)
		return pl.steps.times[i].Sub(requested), len(pl.letters("draft_reminder"))
	}
	silent, all := asked(0)
	noted, after := asked(10*day + 12*time.Hour) // the draft was due on day 10
	early, none := asked(day)
	require.Equal(t, 4, all, "nudge, day before, due day, and a day after it")
	require.Equal(t, 3, after)
	require.Zero(t, none)
	require.InDelta(t, 12, (noted - silent).Hours(), 1, "the silence counts from the note, half a day after the due date")
	require.Equal(t, silent, early, "a note long before the due date gives no time away")
}
