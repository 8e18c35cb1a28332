package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// The named option policies: no call site invents a timeout, and every policy names both limits, that of an attempt and that of all
// attempts together. What is left out the SDK fills in, and not with "for ever": it makes a local activity's attempts end with the
// first.

// attempt is the longest honest attempt of a call over HTTP. A worker that died is noticed only after it, so a compressed
// day (demos, tests) shortens it.
func attempt(day time.Duration) time.Duration {
	if compressed(day) {
		return 6 * time.Second
	}
	return 15 * time.Second
}

func compressed(day time.Duration) bool { return day > 0 && day < time.Hour }

// chatPatience is how long a message may be on its way to the chat before the story goes on without it.
func chatPatience(day time.Duration) time.Duration {
	if compressed(day) {
		return 10 * time.Second
	}
	return 10 * time.Minute
}

// allAttempts is how long one activity may be repeated. No outage lasts so long, and some wait for a person meanwhile (an act of
// which nobody knows, missing funds). It is no end: whoever waits for the activity begins it again. Without it the server would
// never say that one has made no progress for a month.
const allAttempts = 30 * 24 * time.Hour

func retries(day time.Duration) *temporal.RetryPolicy {
	if compressed(day) {
		return &temporal.RetryPolicy{InitialInterval: 200 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: 2 * time.Second}
	}
	return &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: 2 * time.Minute}
}

// options are the policy of an activity on that queue, with the limits that are its own. A message to the chat holds nothing up for long.
func options(day time.Duration, queue, summary string, limits ...limit) workflow.ActivityOptions {
	all := allAttempts
	if queue == QueueChat {
		all = chatPatience(day)
	}
	o := workflow.ActivityOptions{
		TaskQueue:              queue,
		StartToCloseTimeout:    attempt(day),
		ScheduleToCloseTimeout: all,
		RetryPolicy:            retries(day),
		WaitForCancellation:    true, // an attempt that still runs when its step is given up may yet do something
		Summary:                summary,
	}
	for _, limit := range limits {
		limit(&o)
	}
	return o
}

// limit is how a policy departs from the usual one.
type limit func(*workflow.ActivityOptions)

// long is for a step over many things: its attempts may take their time, and a dead worker is noticed by its silence.
func long(day time.Duration) limit {
	return func(o *workflow.ActivityOptions) { o.StartToCloseTimeout, o.HeartbeatTimeout = time.Hour, attempt(day) }
}

// bounded is for what holds up others: after that long they go on without it.
func bounded(most time.Duration) limit {
	return func(o *workflow.ActivityOptions) { o.ScheduleToCloseTimeout = most }
}

// lastWords is for a message that nothing follows: a chat that refuses everybody has a day to come back, and then the workflow ends without
// having told it. The next run of the month, or the schedule's next month, waits behind it meanwhile.
func lastWords(day time.Duration) limit { return bounded(max(day, chatPatience(day))) }

// glance is for a look over everything that comes again by itself: it has a minute, and the next one sees the same.
func glance(o *workflow.ActivityOptions) {
	o.StartToCloseTimeout, o.ScheduleToCloseTimeout = time.Minute, 5*time.Minute
}

// begin starts an activity.
func begin[I, R any](ctx workflow.Context, day time.Duration, a activity[I, R], summary string, arg I, limits ...limit) workflow.Future {
	return workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, options(day, a.queue, summary, limits...)), a.method, arg)
}

// execute runs an activity to whatever its end is.
func execute[I, R any](ctx workflow.Context, day time.Duration, a activity[I, R], summary string, arg I, limits ...limit) (r R, err error) {
	err = begin(ctx, day, a, summary, arg, limits...).Get(ctx, &r)
	return r, err
}

// local runs an activity that writes to our own database within the workflow's task.
func local[I any](ctx workflow.Context, a activity[I, nothing], arg I) error {
	return workflow.ExecuteLocalActivity(projection(ctx), a.method, arg).Get(ctx, nil)
}

// projection are the options of the writes to our own database, of the board and of who decided: short and local. All attempts end within one workflow task, which a local
// activity keeps open; what has not got through by then goes on as an activity of its own (board.go).
func projection(ctx workflow.Context) workflow.Context {
	return workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		StartToCloseTimeout:    3 * time.Second,
		ScheduleToCloseTimeout: 5 * time.Second,
		RetryPolicy:            &temporal.RetryPolicy{InitialInterval: 100 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: time.Second},
	})
}
