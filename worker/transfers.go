package main

import (
	"context"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/workflows"
)

// ensureTransfersLook makes the providers' transfers be held against the books every day.
func ensureTransfersLook(ctx context.Context, temporal client.Client, day time.Duration) error {
	return engine.EnsureIntervalSchedule(ctx, temporal, engine.IntervalSchedule{
		ID: workflows.TransfersScheduleID, Every: workflows.TransfersEvery(day), Workflow: workflows.TransfersType, WorkflowID: workflows.TransfersWorkflowID,
		Queue: workflows.QueueLifecycle, Arg: workflows.TransfersInput{Day: day}, Later: true,
	})
}
