package engine

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
)

// Step is an activity as its attempts see it.
type Step struct {
	WorkflowID string
	RunID      string
	ActivityID string
	Activity   string // its type
	Queue      string
	Since      time.Time // it was first tried
	Attempts   int
}

// StepWatch hears of steps that are tried again and again. It costs no event: an attempt itself knows since when it is tried.
type StepWatch struct {
	After     time.Duration // how long a step may fail before that is told
	Failing   func(ctx context.Context, s Step, err error)
	Recovered func(ctx context.Context, s Step)
}

// Interceptor is the watch as a worker takes it.
func (w StepWatch) Interceptor() interceptor.WorkerInterceptor { return &stepInterceptor{watch: w} }

type stepInterceptor struct {
	interceptor.WorkerInterceptorBase
	watch StepWatch
}

func (i *stepInterceptor) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	in := &stepInbound{watch: i.watch}
	in.Next = next
	return in
}

type stepInbound struct {
	interceptor.ActivityInboundInterceptorBase
	watch StepWatch
}

func (i *stepInbound) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	began := time.Now()
	result, err := i.Next.ExecuteActivity(ctx, in)
	info := activity.GetInfo(ctx)
	// Both instants are the server's: a worker's own clock may be off.
	age := info.StartedTime.Sub(info.ScheduledTime) + time.Since(began)
	if info.IsLocalActivity || info.Attempt < 2 || age < i.watch.After {
		return result, err
	}
	s := Step{
		WorkflowID: info.WorkflowExecution.ID, RunID: info.WorkflowExecution.RunID, ActivityID: info.ActivityID, Activity: info.ActivityType.Name,
		Queue: info.TaskQueue, Since: info.ScheduledTime, Attempts: int(info.Attempt),
	}
	// An attempt that ran out of its time is told all the same.
	telling, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellWithin)
	defer cancel()
	if err != nil {
		i.watch.Failing(telling, s, err)
	} else {
		i.watch.Recovered(telling, s)
	}
	return result, err
}

// tellWithin bounds what telling adds to an attempt: the database may be what is away.
const tellWithin = 3 * time.Second
