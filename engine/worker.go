package engine

import (
	"context"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
)

// StopTimeout is how long a stopping worker waits for activities under way. The SDK's own default is none at all, which
// turns every deploy into a crash.
const StopTimeout = 30 * time.Second

// stickyTimeout is what a message to a workflow waits when the worker that has it cached was killed. Less than the SDK's
// 5 s, because people wait behind it; replaying one of our short histories is cheap.
const stickyTimeout = 2 * time.Second

// LifecycleOptions are for the queue of workflows and unlimited activities. onFatal gets the error that ended the polling.
func LifecycleOptions(by Deployment, onFatal func(error)) worker.Options {
	return worker.Options{
		DeploymentOptions:            by.options(),
		WorkerStopTimeout:            StopTimeout,
		StickyScheduleToStartTimeout: stickyTimeout,
		OnFatalError:                 onFatal,
		DisableRegistrationAliasing:  true, // names are explicit, so a Go rename cannot break what runs
		WorkflowTaskPollerBehavior:   pollers(16),
		ActivityTaskPollerBehavior:   pollers(16),
	}
}

// LimitedOptions are for a vendor's own queue: perSecond activities in the whole cluster, whatever the number of workers.
func LimitedOptions(by Deployment, perSecond float64, onFatal func(error)) worker.Options {
	return worker.Options{
		DeploymentOptions:            by.options(),
		WorkerStopTimeout:            StopTimeout,
		OnFatalError:                 onFatal,
		DisableRegistrationAliasing:  true,
		DisableWorkflowWorker:        true,
		TaskQueueActivitiesPerSecond: perSecond,
		ActivityTaskPollerBehavior:   pollers(4),
	}
}

// pollers scales by the server's hints: an idle worker holds few connections open.
func pollers(most int) worker.PollerBehavior {
	return worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{
		InitialNumberOfPollers: 2, MinimumNumberOfPollers: 1, MaximumNumberOfPollers: most,
	})
}

// Pollers are the identities of those that poll a queue for workflow tasks, once for each poll.
func Pollers(ctx context.Context, c client.Client, queue string) ([]string, error) {
	described, err := c.DescribeTaskQueue(ctx, queue, enumspb.TASK_QUEUE_TYPE_WORKFLOW)
	if err != nil {
		return nil, fmt.Errorf("task queue %s: %w", queue, err)
	}
	var identities []string
	for _, poller := range described.GetPollers() {
		identities = append(identities, poller.GetIdentity())
	}
	return identities, nil
}
