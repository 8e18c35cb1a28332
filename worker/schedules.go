package main

import (
	"context"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/workflows"
)

// looks are what happens again and again beside the campaigns, whichever worker does it: for workflows that stand still at once, the
// others when their first interval is over. The months' payout runs have schedules of their own, made at a program's launch.
func looks(day time.Duration) []engine.IntervalSchedule {
	return []engine.IntervalSchedule{
		{ID: workflows.WatchScheduleID, Every: workflows.WatchEvery(day), Workflow: workflows.WatchType, WorkflowID: workflows.WatchWorkflowID, Arg: workflows.WatchInput{Day: day}},
		{ID: workflows.RereadScheduleID, Every: workflows.RereadEvery(day), Workflow: workflows.RereadType, WorkflowID: workflows.RereadWorkflowID, Arg: workflows.RereadInput{Day: day}, Later: true},
		{ID: workflows.ChaseScheduleID, Every: workflows.ChaseEvery(day), Workflow: workflows.ChaseType, WorkflowID: workflows.ChaseWorkflowID, Arg: workflows.ChaseInput{Day: day}, Later: true},
		{ID: workflows.TransfersScheduleID, Every: workflows.TransfersEvery(day), Workflow: workflows.TransfersType, WorkflowID: workflows.TransfersWorkflowID, Arg: workflows.TransfersInput{Day: day}, Later: true},
	}
}

// keepSchedules has all schedules written under the key that is written with now, and the looks there as this build has them.
func keepSchedules(ctx context.Context, temporal client.Client, namespace string, keys engine.Keys, day time.Duration, log *slog.Logger) error {
	if n, err := engine.RekeySchedules(ctx, temporal, namespace, keys); err != nil {
		log.Warn("schedules keep the key that they were made under", "error", err)
	} else if n > 0 {
		log.Info("schedules are under this key now", "schedules", n, "key", keys.Writes())
	}
	for _, look := range looks(day) {
		look.Queue = workflows.QueueLifecycle
		if err := engine.EnsureIntervalSchedule(ctx, temporal, look); err != nil {
			return err
		}
	}
	return nil
}
