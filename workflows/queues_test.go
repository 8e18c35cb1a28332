package workflows_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/workflows"
)

// An activity that stood on two queues would pass by the rate of one of them; one that stands on none cannot be asked for.
func TestEveryActivityHasOneQueue(t *testing.T) {
	t.Parallel()
	var methods []string
	for m := range reflect.TypeFor[*activities.Activities]().Methods() {
		methods = append(methods, m.Name)
	}
	placed := workflows.ActivityQueues()
	require.ElementsMatch(t, methods, slices.Collect(maps.Keys(placed)), "the table in queues.go, and what a worker registers")
	for name, queues := range placed {
		require.Len(t, queues, 1, name)
		require.Subset(t, workflows.Queues(), queues, name)
	}
}
