package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// within waits until done, for d at the longest, and returns whether it is done. Unlike workflow.AwaitWithOptions it takes its timer
// back when done comes first: left alone, the timer of every answered ladder would fire days later into a story that has moved on,
// and each would cost a workflow task.
func within(ctx workflow.Context, d time.Duration, summary string, done func() bool) (bool, error) {
	if done() || d <= 0 {
		return done(), nil
	}
	timed, cancel := workflow.WithCancel(ctx)
	timer := workflow.NewTimerWithOptions(timed, d, workflow.TimerOptions{Summary: summary})
	if err := workflow.Await(ctx, func() bool { return done() || timer.IsReady() }); err != nil {
		return false, err // ctx is cancelled, and the timer with it
	}
	cancel()
	return done(), nil
}
