package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// What came of a refused step names who answered it, by whatever door: whoever reads the card must not wonder whose word it was.
func TestARefusedStepsEndNamesWhoAnsweredIt(t *testing.T) {
	refused := func(t *testing.T, answer func(pl *play)) partnership.Closing {
		t.Helper()
		pl := newPlay(t)
		pl.eager()
		review := pl.steps.onCard
		pl.steps.refuse["VerifyTracking"] = temporal.NewNonRetryableApplicationError("the code is not active", "conflict", nil)
		pl.steps.onCard = func(kind string, id partnership.PartnershipID, task string) {
			review(kind, id, task)
			if kind == "refused" {
				pl.after(time.Hour, func() { answer(pl) })
			}
		}
		pl.run()
		for _, b := range pl.steps.board {
			for _, c := range b.Settled {
				if c.Kind == partnership.AsksStep {
					return c
				}
			}
		}
		return partnership.Closing{}
	}
	again := refused(t, func(pl *play) { pl.update(workflows.UpdateRetryStep, workflows.RetryStep{By: "cli:ana"}) })
	require.Equal(t, []any{partnership.QuestionAnswered, partnership.ChoiceAgain, "cli:ana"}, []any{again.State, again.Choice, again.By})
	cancelled := refused(t, func(pl *play) {
		pl.update(workflows.UpdateCancel, workflows.Stop{By: "slack:U1", Reason: "the shop has closed"})
	})
	require.Equal(t, []any{partnership.QuestionAnswered, partnership.ChoiceCancel, "slack:U1"}, []any{cancelled.State, cancelled.Choice, cancelled.By})
}
