package main

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/workflows"
)

// known is what was registered with a worker.
type known struct{ workflows, activities map[string]bool }

func (k known) RegisterWorkflowWithOptions(_ any, options workflow.RegisterOptions) {
	k.workflows[options.Name] = true
}

func (k known) RegisterActivity(a any) {
	for m := range reflect.TypeOf(a).Methods() {
		k.activities[m.Name] = true
	}
}

// What a workflow asks for on a queue, the worker of that queue has to know: else it waits there for ever.
func TestTheWorkerOfAQueueKnowsItsActivities(t *testing.T) {
	t.Parallel()
	workers := map[string]known{}
	for _, queue := range workflows.Queues() {
		workers[queue] = known{map[string]bool{}, map[string]bool{}}
		register(workers[queue], queue, activities.New(activities.Deps{}))
	}
	for name, queues := range workflows.ActivityQueues() {
		for _, queue := range queues {
			require.True(t, workers[queue].activities[name], "%s is asked for on %s, whose worker does not know it", name, queue)
		}
	}
	for queue, w := range workers {
		require.Equal(t, queue == workflows.QueueLifecycle, len(w.workflows) > 0, "%s: the workflows are on one queue", queue)
	}
}
