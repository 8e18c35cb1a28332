package engine

import (
	"context"
	"time"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"
)

// keepServerTime has an activity's limit over all its attempts count on the server's clock, which set it. The SDK adds it to the
// server's time and compares that with this machine's: with a clock that is ahead by as much as the limit, each attempt would be over
// before it began, and what it did would be thrown away.
func keepServerTime(o *client.Options, now func() time.Time) {
	o.ConnectionOptions.DialOptions = append(o.ConnectionOptions.DialOptions, grpc.WithChainUnaryInterceptor(
		func(ctx context.Context, method string, request, reply any, on *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
			err := invoke(ctx, method, request, reply, on, options...)
			if task, ok := reply.(*workflowservice.PollActivityTaskQueueResponse); ok && err == nil {
				onThisClock(task, now())
			}
			return err
		}))
}

// onThisClock moves a task's limit by as much as this clock differs from the server's, which has just handed the task out.
func onThisClock(task *workflowservice.PollActivityTaskQueueResponse, now time.Time) {
	if limit := task.GetScheduleToCloseTimeout().AsDuration(); limit > 0 {
		ahead := now.Sub(task.GetStartedTime().AsTime())
		task.ScheduleToCloseTimeout = durationpb.New(max(limit+ahead, time.Nanosecond)) // zero would be no limit
	}
}
