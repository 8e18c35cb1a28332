package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// within waits until done, for d at the longest, and returns whether it is done. Unlike workflow.AwaitWithOptions it takes its timer
// back when done comes first: left alone, the timer of every answered ladder would fire days later into a story that has moved on,
// and each would cost a workflow task.
func within(ctx workflow.Context, d time.Duration, summary string, done func() bool) bool {
	if done() || d <= 0 {
		return done()
	}
	timed, cancel := workflow.WithCancel(ctx)
	timer := workflow.NewTimerWithOptions(timed, d, workflow.TimerOptions{Summary: summary})
	until(ctx, func() bool { return done() || timer.IsReady() })
	cancel()
	return done()
}

// until waits until done. It returns early only when ctx was cancelled, which the context of a story or a campaign never is.
func until(ctx workflow.Context, done func() bool) {
	_ = workflow.Await(ctx, done)
}

var noTime time.Time
