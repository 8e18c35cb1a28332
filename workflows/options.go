package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// The named option policies: no call site invents a timeout. Activities retry until they succeed or are refused for good,
// because a durable step that gives up would leave the story half told; a person hears of one that is refused.

// attempt is the longest honest attempt of a call over HTTP. A worker that died is noticed only after it, so a compressed
// day (demos, tests) shortens it.
func attempt(day time.Duration) time.Duration {
	if day > 0 && day < time.Hour {
		return 6 * time.Second
	}
	return 15 * time.Second
}

func retries(day time.Duration) *temporal.RetryPolicy {
	if day > 0 && day < time.Hour {
		return &temporal.RetryPolicy{InitialInterval: 200 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: 2 * time.Second}
	}
	return &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: 2 * time.Minute}
}

// onQueue are the options of a call to the vendor behind that queue.
func onQueue(ctx workflow.Context, day time.Duration, queue, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           queue,
		StartToCloseTimeout: attempt(day),
		RetryPolicy:         retries(day),
		WaitForCancellation: true, // an attempt that still runs when its step is given up may yet do something
		Summary:             summary,
	})
}

// long are the options of a step over many things: its attempts may take their time, and a dead worker is noticed by its silence.
func long(ctx workflow.Context, day time.Duration) workflow.Context {
	return workflow.WithHeartbeatTimeout(workflow.WithStartToCloseTimeout(ctx, time.Hour), attempt(day))
}

// unlessRefused passes over a message that the chat refused for good (a channel that is gone): what it would say is on the board
// too, and no campaign or payout run may fail for it.
func unlessRefused(log log.Logger, err error) error {
	var refused *temporal.ApplicationError
	if errors.As(err, &refused) && refused.NonRetryable() {
		log.Warn("a message was refused", "why", refused.Message())
		return nil
	}
	return err
}

// projection are the options of the board's writes: short, local, repeated until Postgres answers.
func projection(ctx workflow.Context) workflow.Context {
	return workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		StartToCloseTimeout: 5 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 100 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: 2 * time.Second},
	})
}
