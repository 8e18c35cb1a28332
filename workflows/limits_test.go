package workflows_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// timedTransfer keeps how long Temporal may repeat a transfer.
type timedTransfer struct {
	*payoutSteps
	limit time.Duration
}

func (s *timedTransfer) ExecuteTransfer(ctx context.Context, in activities.PayoutRef) (partnership.PayoutState, error) {
	s.limit = activity.GetInfo(ctx).ScheduleToCloseTimeout
	return s.payoutSteps.ExecuteTransfer(ctx, in)
}

// The provider may forget a key after 24 real hours, however long a campaign day is; the SDK's test environment repeats a step ten
// times at most, so the limit itself is looked at.
func TestATransferIsRepeatedForTwentyThreeHoursAtMost(t *testing.T) {
	for _, length := range []time.Duration{day, time.Second} {
		env, s := newRun(t)
		timed := &timedTransfer{payoutSteps: s}
		env.OnActivity("ExecuteTransfer", anything(), anything()).Return(timed.ExecuteTransfer)
		env.ExecuteWorkflow(workflows.PayoutType, workflows.PayoutInput{PayoutID: "po1", Day: length})
		require.NoError(t, env.GetWorkflowError())
		require.Equal(t, 23*time.Hour, timed.limit)
	}
}

// The brand's silence costs the creator nothing: the draft is approved when its review time is over, and not some day.
func TestAnUnreviewedDraftIsApprovedInTime(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	pl.steps.onCard = nil
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	shown, approved := slices.Index(pl.steps.log, "card review draft-1"), slices.Index(pl.steps.log, "card review closed draft-1")
	require.GreaterOrEqual(t, shown, 0, "%v", pl.steps.log)
	require.Greater(t, approved, shown)
	took := pl.steps.times[approved].Sub(pl.steps.times[shown])
	require.GreaterOrEqual(t, took, 3*day, "the review has three days")
	require.LessOrEqual(t, took, 6*day, "three days, and a weekend")
}

// A carrier's messages come in any order. One from before moves neither the parcel nor a date.
func TestALateMessageOfTheCarrierMovesNothing(t *testing.T) {
	pl := newPlay(t)
	pl.eager()
	moved := func(after time.Duration, m workflows.ParcelMoved) {
		m.ShipmentID = "shp-1"
		pl.after(after, func() { pl.env.SignalWorkflow(workflows.SignalParcelMoved, m) })
	}
	pl.steps.onLabel = func() {
		moved(day, workflows.ParcelMoved{Status: partnership.ParcelOut, ETA: pl.env.Now().Add(2 * day)})
		moved(day+time.Hour, workflows.ParcelMoved{Status: partnership.ParcelPreTransit, ETA: pl.env.Now().Add(20 * day)})
		moved(day+2*time.Hour, workflows.ParcelMoved{Status: partnership.ParcelInTransit, ETA: pl.env.Now().Add(25 * day)})
		moved(2*day, workflows.ParcelMoved{Status: partnership.ParcelDelivered})
		moved(3*day, workflows.ParcelMoved{Status: partnership.ParcelReturned})
	}
	require.Equal(t, partnership.Completed, pl.run().Outcome)
	for _, line := range pl.steps.log {
		require.NotContains(t, line, "dates_moved")
		require.NotContains(t, line, "refused")
	}
}
