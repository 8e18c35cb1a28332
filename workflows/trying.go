package workflows

import (
	"errors"
	"fmt"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// How a step ends. It has done its work; or it was refused for good, by our own rules or by a vendor, and a person has to mend the
// cause; or neither: a limit has passed, its answer cannot be read, its workflow could not be started. The last is infrastructure,
// and no story of months ends of it: the step is tried again.

// refusalOf is the no that an activity ended with, nil when it ended otherwise. Only its own last word counts: a limit that has
// passed carries the failure of the last attempt along, and that is no refusal.
func refusalOf(err error) *temporal.ApplicationError {
	if ended, ok := errors.AsType[*temporal.ActivityError](err); ok {
		err = ended.Unwrap()
	}
	refused, ok := err.(*temporal.ApplicationError) //nolint:errorlint // see above
	if ok && refused.NonRetryable() {
		return refused
	}
	return nil
}

// why says in words for people why a step did not end well. It quotes nothing but refusals, whose words are made for people.
func why(err error) string {
	if refused := refusalOf(err); refused != nil {
		return refused.Message()
	}
	var timeout *temporal.TimeoutError
	if errors.As(err, &timeout) {
		return "no attempt got through in time"
	}
	for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(err) {
		err = cause
	}
	return fmt.Sprintf("an unexpected error (%T)", err)
}

// longestPause is how long a step that fails waits at most before it is tried again: some ten events of history.
const longestPause = 6 * time.Hour

// pauseAfter grows with each failure.
func pauseAfter(day time.Duration, failures int) time.Duration {
	longest := longestPause
	if compressed(day) {
		longest = time.Minute
	}
	return min(attempt(day)<<min(failures, 16), longest)
}

// call runs an activity to its word: a result, or a refusal. Whatever else comes back is tried again. The error is a refusal, or says that
// ctx was cancelled.
func call[I, R any](ctx workflow.Context, day time.Duration, a activity[I, R], summary string, arg I, limits ...limit) (R, error) {
	for failures := 0; ; failures++ {
		r, err := execute(ctx, day, a, summary, arg, limits...)
		if err == nil || refusalOf(err) != nil || ctx.Err() != nil {
			return r, err
		}
		workflow.GetLogger(ctx).Warn("a step did not get through and is tried again", "failures", failures+1, "error", err)
		if err := workflow.Sleep(ctx, pauseAfter(day, failures)); err != nil {
			return r, err
		}
	}
}

// courtesy is call for what would only be nice: a message that the chat refuses, a card that is gone. What it would say is on the
// board too, and nothing may be held up by it. told says whether it was given.
func courtesy[I, R any](ctx workflow.Context, day time.Duration, a activity[I, R], summary string, arg I, limits ...limit) (told bool) {
	for failures := 0; ; failures++ {
		_, err := execute(ctx, day, a, summary, arg, limits...)
		if err == nil {
			return true
		}
		if refusalOf(err) != nil || outOfTime(ctx, err) || ctx.Err() != nil || workflow.Sleep(ctx, pauseAfter(day, failures)) != nil {
			workflow.GetLogger(ctx).Warn("a message was not given", "why", why(err))
			return false
		}
	}
}

// outOfTime says whether a message was tried for as long as it may be: a limit has passed, or no further attempt was due within it.
func outOfTime(ctx workflow.Context, err error) bool {
	var timeout *temporal.TimeoutError
	if errors.As(err, &timeout) {
		return true
	}
	ended, ok := errors.AsType[*temporal.ActivityError](err)
	return ok && ended.RetryState() == enums.RETRY_STATE_TIMEOUT && courtesyEnds(ctx)
}

// courtesyEnds is false where a message that failed to its limit, and did not hang to it, was begun again.
func courtesyEnds(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "courtesy-ends", workflow.DefaultVersion, 1) == 1
}

// askUntil asks people something and returns once that is told or answered: every other door takes the answer too, and what follows from it
// does not wait for a chat.
func askUntil[I, R any](ctx workflow.Context, day time.Duration, a activity[I, R], summary string, arg I, answered func() bool) {
	asking, cancel := workflow.WithCancel(ctx)
	told := false
	workflow.GoNamed(asking, summary, func(asking workflow.Context) { // for as long as it takes, unless the chat refuses it for good
		if _, err := call(asking, day, a, summary, arg); err != nil {
			workflow.GetLogger(asking).Warn("a message was not given", "why", why(err))
		}
		told = true
	})
	own, _ := workflow.NewDisconnectedContext(ctx) // when ctx is cancelled the card still ends first
	until(own, func() bool { return told || answered() })
	if told {
		return
	}
	if !moneyBeforeCards(ctx) {
		until(own, func() bool { return told })
		return
	}
	cancel()
}

// moneyBeforeCards is false in payout runs and payouts that waited for the chat before they went on.
func moneyBeforeCards(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "money-before-cards", workflow.DefaultVersion, 1) == 1
}

// startedChild returns once a child workflow runs, and begins it again while it could not be started. One that runs already under that
// id is as good. It is false when it was given up.
func startedChild(ctx workflow.Context, day time.Duration, child workflow.ChildWorkflowFuture, again func() workflow.ChildWorkflowFuture, givenUp func() bool) bool {
	for failures := 0; ; failures++ {
		err := child.GetChildWorkflowExecution().Get(ctx, nil)
		if err == nil || temporal.IsWorkflowExecutionAlreadyStartedError(err) {
			return true
		}
		workflow.GetLogger(ctx).Warn("a workflow could not be started and is tried again", "failures", failures+1, "error", err)
		if within(ctx, pauseAfter(day, failures), "until a workflow is started again", givenUp) {
			return false
		}
		child = again()
	}
}

// must is for what only a mistake in this program can make fail, such as a name that is registered twice: it blocks the workflow's
// task until a better build runs, and ends nothing.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
