package main

import (
	"context"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/workflows"
)

// ensureReread makes the shop be asked for its orders every night.
func ensureReread(ctx context.Context, temporal client.Client, day time.Duration) error {
	return engine.EnsureIntervalSchedule(ctx, temporal, engine.IntervalSchedule{
		ID: workflows.RereadScheduleID, Every: workflows.RereadEvery(day), Workflow: workflows.RereadType, WorkflowID: workflows.RereadWorkflowID,
		Queue: workflows.QueueLifecycle, Arg: workflows.RereadInput{Day: day}, Later: true,
	})
}
