package workflows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/workflows"
)

// A discount code that cannot be switched off stays live behind a story that is over: the manager is told, and the board says so.
func TestWhatCouldNotBeTakenBackIsTold(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.env.OnActivity("DeactivateCode", mock.Anything, mock.Anything).Return(activities.Undone{}, refusedForGood("the code cannot be switched off"))
	pl.after(8*day+12*time.Hour, func() { pl.update(workflows.UpdateCancel, workflows.Stop{Reason: "budget cut", By: "U1"}) })
	pl.run()
	last := pl.steps.board[len(pl.steps.board)-1]
	require.Contains(t, last.Attention, "the code cannot be switched off")
	require.Contains(t, strings.Join(pl.steps.log, "\n"), "refused", "the manager has a card")
}
