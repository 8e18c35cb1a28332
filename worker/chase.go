package main

import (
	"context"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/workflows"
)

// ensureChase makes those be written to whose money waits for something that they have to give.
func ensureChase(ctx context.Context, temporal client.Client, day time.Duration) error {
	return engine.EnsureIntervalSchedule(ctx, temporal, engine.IntervalSchedule{
		ID: workflows.ChaseScheduleID, Every: workflows.ChaseEvery(day), Workflow: workflows.ChaseType, WorkflowID: workflows.ChaseWorkflowID,
		Queue: workflows.QueueLifecycle, Arg: workflows.ChaseInput{Day: day}, Later: true,
	})
}
