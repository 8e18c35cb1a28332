package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// within waits until done, for d at the most, and says whether it came to that. Its timer goes with the wait: one that is left behind
// fires later and wakes the workflow for nothing. summary is what Temporal's UI shows at the timer.
func within(ctx workflow.Context, d time.Duration, summary string, done func() bool) (bool, error) {
	if done() {
		return true, nil
	}
	ctx, cancel := workflow.WithCancel(ctx)
	defer cancel()
	return workflow.AwaitWithOptions(ctx, workflow.AwaitOptions{Timeout: d, TimerOptions: workflow.TimerOptions{Summary: summary}}, done)
}
