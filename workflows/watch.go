package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
)

// The watchdog: a Schedule starts it, and each run is one look. It sees to every other workflow, so that no story stands unseen.
const (
	WatchType       = "Watch"
	WatchWorkflowID = "watch"
	WatchScheduleID = "watch"
)

// WatchEvery is how long the watchdog waits between two looks: people are told within two minutes.
func WatchEvery(day time.Duration) time.Duration {
	if day < time.Hour {
		return 5 * time.Second
	}
	return time.Minute
}

// StepPatience is how long a step may fail before the board says so: a quarter of an hour, on shortened days as much of a day, but
// never so little that a usual retry is told.
func StepPatience(day time.Duration) time.Duration {
	if day <= 0 || day > 24*time.Hour {
		day = 24 * time.Hour
	}
	return max(10*time.Second, day/96)
}

// WatchInput starts a look.
type WatchInput struct {
	Day time.Duration `json:"Day"`
}

// Watch looks once and tells people of what it found. The next look goes on where this one ended. What could not be told is told by
// the next one.
func Watch(ctx workflow.Context, in WatchInput) (activities.Watched, error) {
	var last activities.Watched
	if workflow.HasLastCompletionResult(ctx) {
		if err := workflow.GetLastCompletionResult(ctx, &last); err != nil {
			workflow.GetLogger(ctx).Warn("the watchdog begins at the beginning", "error", err)
		}
	}
	now, err := execute(ctx, in.Day, watchWorkflows, "Look for workflows that stand still", activities.Watch{Cursor: last.Cursor}, glance)
	if err != nil {
		workflow.GetLogger(ctx).Warn("the watchdog could not look; the next look sees the same", "error", err)
		return last, nil
	}
	if len(now.Untold) == 0 {
		return now, nil
	}
	untold := activities.StuckCards{Findings: now.Untold}
	if _, err := execute(ctx, in.Day, tellStuck, "Tell people what stands still", untold, bounded(time.Minute)); err != nil {
		workflow.GetLogger(ctx).Warn("people were not told yet of what stands still", "error", err)
	}
	return activities.Watched{Cursor: now.Cursor}, nil
}

// WatchedTypes are the workflows that the watchdog sees to: all but itself and notices, which are stale after three days and given up
// then; nothing hangs on them.
func WatchedTypes() []string {
	return []string{CampaignType, PartnershipType, PayoutRunType, PayoutType, PayoutBatchType, StatementBatchType, RereadType, ChaseType, TransfersType}
}
