package engine

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/testsuite"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Whatever a worker's clock says, an attempt has as much time left as the server sees.
func TestALimitOverAllAttemptsCountsOnTheServersClock(t *testing.T) {
	scheduled := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	started := scheduled.Add(4 * time.Second)
	for _, ahead := range []time.Duration{0, 61 * time.Second, -2 * time.Second, -time.Hour, 24 * time.Hour} {
		task := &workflowservice.PollActivityTaskQueueResponse{
			ScheduledTime: timestamppb.New(scheduled), StartedTime: timestamppb.New(started), ScheduleToCloseTimeout: durationpb.New(10 * time.Second),
		}
		now := started.Add(ahead)
		onThisClock(task, now)
		left := task.GetScheduledTime().AsTime().Add(task.GetScheduleToCloseTimeout().AsDuration()).Sub(now) // as the SDK counts it
		if ahead == -time.Hour {
			require.Positive(t, left, "a limit became none at all")
			continue
		}
		require.Equal(t, 6*time.Second, left, "the clock is ahead by %s", ahead)
	}
	none := &workflowservice.PollActivityTaskQueueResponse{ScheduledTime: timestamppb.New(scheduled), StartedTime: timestamppb.New(started)}
	onThisClock(none, started.Add(time.Hour))
	require.Zero(t, none.GetScheduleToCloseTimeout().AsDuration(), "a limit was made up")
}

// The watchdog holds the server's times against the server's clock: by one that is ahead, every task would have waited for long.
func TestTheWatchdogCountsOnTheServersClock(t *testing.T) {
	ahead := &Watcher{now: func() time.Time { return time.Now().Add(time.Hour) }}
	look := func(ctx context.Context) (time.Time, error) { return ahead.at(ctx), nil }
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(look)
	result, err := env.ExecuteActivity(look)
	require.NoError(t, err)
	var at time.Time
	require.NoError(t, result.Get(&at))
	require.WithinDuration(t, time.Now(), at, time.Minute)
	require.WithinDuration(t, time.Now().Add(time.Hour), ahead.at(t.Context()), time.Minute, "a shell has its own clock alone")
}
