package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// The page of what is open shows the date that the plan has: the board's next write says it, after whatever moved it.
func TestTheOpenTaskIsDueAsThePlanSaysAfterEveryMove(t *testing.T) {
	for name, move := range map[string]func(*play){
		"an extension": func(pl *play) {
			pl.update(workflows.UpdateRequestExtension, workflows.RequestExtension{Task: "draft-1", Days: 2})
		},
		"a pause": func(pl *play) {
			pl.update(workflows.UpdatePause, workflows.Stop{Reason: "recall", By: "U1"})
			pl.after(2*day, func() { pl.update(workflows.UpdateResume, workflows.Stop{By: "U1"}) })
		},
		"an amendment": func(pl *play) {
			pl.amend(1, func(s *partnership.Schedule, _ *partnership.Terms) { s.ProduceDays = 12 })
		},
	} {
		t.Run(name, func(t *testing.T) {
			pl := newPlay(t)
			pl.eager()
			eager, looked := pl.steps.onMail, false
			pl.steps.onMail = func(l activities.Letter) {
				if l.Kind != "draft_request" {
					eager(l)
					return
				}
				pl.after(day, func() { move(pl) })
				pl.after(3*day+time.Hour, func() {
					looked = true
					last := pl.steps.board[len(pl.steps.board)-1]
					require.Equal(t, "draft-1", last.OpenTask)
					require.WithinDuration(t, l.Due.Add(2*day), last.OpenDue, time.Minute)
				})
				pl.after(4*day, func() { eager(l) })
			}
			require.Equal(t, partnership.Completed, pl.run().Outcome)
			require.True(t, looked)
		})
	}
}

func TestAParcelsPageFollowsTheCarrier(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	looked := false
	pl.carrierSays(9)
	pl.after(4*day, func() {
		looked = true
		last := pl.steps.board[len(pl.steps.board)-1]
		require.Equal(t, "receive", last.OpenTask)
		require.Equal(t, last.Deadline, last.OpenDue)
	})
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	require.True(t, looked)
}
