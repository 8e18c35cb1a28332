package main

import (
	"context"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/workflows"
)

// ensureWatchdog makes the look for workflows that stand still happen again and again, whichever worker does it.
func ensureWatchdog(ctx context.Context, temporal client.Client, day time.Duration) error {
	return engine.EnsureIntervalSchedule(ctx, temporal, engine.IntervalSchedule{
		ID: workflows.WatchScheduleID, Every: workflows.WatchEvery(day), Workflow: workflows.WatchType, WorkflowID: workflows.WatchWorkflowID,
		Queue: workflows.QueueLifecycle, Arg: workflows.WatchInput{Day: day},
	})
}
