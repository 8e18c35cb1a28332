package main

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/wiring/doors"
	"github.com/rapport-dev/rapport/workflows"
)

// perSecond bounds the calls to each vendor in the whole cluster, some way below what the vendor publishes.
var perSecond = map[string]float64{
	workflows.QueueMail:     50, // SendGrid publishes none; its X-RateLimit headers allow 600 a minute and more
	workflows.QueueSigning:  8,  // DocuSign: 500 calls in 30 s
	workflows.QueueShipping: 4,  // EasyPost: 5 a second where it lists
	workflows.QueueShop:     8,  // Shopify: 100 points a second, a mutation costs 10
	workflows.QueueChat:     1,  // Slack: 1 message a second and channel
	workflows.QueuePayout:   20, // Stripe: 25 a second in test mode, 100 live
}

// start hosts the workflows with the unlimited activities on one queue, and each limited vendor's activities on its own.
func start(temporal client.Client, by engine.Deployment, steps *activities.Activities, watch engine.StepWatch, guard *doors.Guard, day time.Duration, fatal chan<- error) ([]worker.Worker, error) {
	dead := onFatal(fatal)
	var workers []worker.Worker
	for _, queue := range workflows.Queues() {
		options := engine.LimitedOptions(by, limit(queue, day), dead)
		if queue == workflows.QueueLifecycle {
			options = engine.LifecycleOptions(by, dead)
			options.Interceptors = append(options.Interceptors, guard.Interceptor())
		}
		options.Interceptors = append(options.Interceptors, watch.Interceptor())
		w := worker.New(temporal, queue, options)
		register(w, queue, steps)
		if err := w.Start(); err != nil {
			stopAll(workers)
			return nil, fmt.Errorf("start the worker of %s: %w", queue, err)
		}
		workers = append(workers, w)
	}
	return workers, nil
}

// register makes known to a queue's worker what it may be asked for. Every one knows every activity: one that moves to another queue with a
// newer build may still wait on the old one.
func register(w registry, queue string, steps *activities.Activities) {
	if queue == workflows.QueueLifecycle {
		workflows.Register(w)
	}
	w.RegisterActivity(steps)
}

// registry is a worker before it starts.
type registry interface {
	workflows.Registry
	RegisterActivity(a any)
}

// onFatal says once that the worker cannot go on.
func onFatal(fatal chan<- error) func(error) {
	return func(err error) {
		select {
		case fatal <- err:
		default: // the first is enough
		}
	}
}

// limit is a queue's rate; 0 is none. Shortened days are for sandboxes, where a real vendor's pace would only be in the way.
func limit(queue string, day time.Duration) float64 {
	if day < time.Hour {
		return 0
	}
	return perSecond[queue]
}

// stopAll stops all at once: each waits for its own activities.
func stopAll(workers []worker.Worker) {
	stopped := make(chan struct{})
	for _, w := range workers {
		go func() { w.Stop(); stopped <- struct{}{} }()
	}
	for range workers {
		<-stopped
	}
}
