package main

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/wiring/doors"
	"github.com/rapport-dev/rapport/wiring/settings"
	"github.com/rapport-dev/rapport/workflows"
)

// queue is a task queue with its rate in the whole cluster, 0 for none.
type queue struct {
	name      string
	perSecond float64
}

// queues are the one of the workflows and one for each vendor. Shortened days are for sandboxes, where a real vendor's pace would
// only be in the way.
func queues(s settings.Settings) []queue {
	all := []queue{{name: workflows.QueueLifecycle}}
	for _, v := range s.Vendors {
		if v.Fills == "" {
			continue
		}
		one := queue{v.Queue(), v.PerSecond}
		if s.Day < time.Hour {
			one.perSecond = 0
		}
		all = append(all, one)
	}
	return all
}

// start hosts the workflows with the unlimited activities on one queue, and each limited vendor's activities on its own.
func start(temporal client.Client, by engine.Deployment, steps *activities.Activities, queues []queue, watch engine.StepWatch, guard *doors.Guard, fatal chan<- error) ([]worker.Worker, error) {
	dead := onFatal(fatal)
	var workers []worker.Worker
	for _, queue := range queues {
		options := engine.LimitedOptions(by, queue.perSecond, dead)
		if queue.name == workflows.QueueLifecycle {
			options = engine.LifecycleOptions(by, dead)
			options.Interceptors = append(options.Interceptors, guard.Interceptor())
		}
		options.Interceptors = append(options.Interceptors, watch.Interceptor())
		w := worker.New(temporal, queue.name, options)
		register(w, queue.name, steps)
		if err := w.Start(); err != nil {
			stopAll(workers)
			return nil, fmt.Errorf("start the worker of %s: %w", queue.name, err)
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
