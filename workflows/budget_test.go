package workflows_test

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/bench/floor"
	"github.com/rapport-dev/rapport/proof/temporaltest"
)

var update = flag.Bool("update", false, "write the golden files again")

// What a scenario may cost is counted on a real server and kept in testdata/budget.json: a change that makes histories dearer
// has to say so there. The happy path is held against a bare workflow with the same calls, waits and answers.
func TestHistoryBudget(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a Temporal server")
	}
	got := map[string]cost{"floor": playFloor(t, floor.HappyPath)}
	for name, s := range scenarios {
		if len(s.options) > 0 {
			continue // the same story, encrypted
		}
		t.Run(name, func(t *testing.T) {
			st := newStage(t, s.script, s.options...)
			id := s.play(t, st, name)
			got[name] = st.cost(id)
			require.Empty(t, timersLeft(st.history(id)), "ladders leave no timer behind")
		})
	}
	golden := filepath.Join("testdata", "budget.json")
	if *update {
		data, err := json.MarshalIndent(got, "", "  ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(golden, append(data, '\n'), 0o644))
	}
	data, err := os.ReadFile(golden)
	require.NoError(t, err, "write it with: go test ./workflows -run HistoryBudget -update")
	var want map[string]cost
	require.NoError(t, json.Unmarshal(data, &want))
	for name := range got {
		require.True(t, want[name].holds(got[name]), "%s: budget %+v, cost %+v", name, want[name], got[name])
	}

	happy, bare := got["happy"], got["floor"]
	t.Logf("happy path %+v, floor %+v, events %.3fx", happy, bare, float64(happy.Events)/float64(bare.Events))
	require.LessOrEqual(t, float64(happy.Events), 1.15*float64(bare.Events), "events")
	require.LessOrEqual(t, float64(happy.WorkflowTasks), 1.15*float64(bare.WorkflowTasks), "workflow tasks")
	require.LessOrEqual(t, float64(happy.Transitions), 1.15*float64(bare.Transitions), "state transitions")
}

// apart keeps two steps that run at once from ending at once, so that each is seen in a task of its own every time.
const apart = 300 * time.Millisecond

// holds says whether a cost is within the budget. Calls, timers and answers are exact; whether the server starts a task right
// away differs by a task now and then.
func (c cost) holds(got cost) bool {
	return got.Events <= c.Events+3 && got.WorkflowTasks <= c.WorkflowTasks+1 && got.Transitions <= c.Transitions+3 && got.Actions == c.Actions
}

// playFloor runs the bare workflow under the same server, with the same answers at the same moments.
func playFloor(t *testing.T, script floor.Script) cost {
	t.Helper()
	temporaltest.SameClock(t)
	c := temporaltest.Client(t)
	st := &stage{t: t, client: c}
	queue := t.Name()
	w := worker.New(c, queue, worker.Options{WorkerStopTimeout: time.Second})
	w.RegisterWorkflowWithOptions(floor.Workflow, workflow.RegisterOptions{Name: "Floor"})
	w.RegisterActivityWithOptions(func(context.Context) error { return nil }, activity.RegisterOptions{Name: "Call"})
	w.RegisterActivityWithOptions(func(context.Context) error { <-time.After(apart); return nil }, activity.RegisterOptions{Name: "SlowCall"})
	require.NoError(t, w.Start())
	defer w.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	run, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: queue, TaskQueue: queue}, "Floor", floor.Input{Script: script, Fire: 2 * time.Second})
	require.NoError(t, err)
	for _, kind := range script {
		switch kind {
		case floor.Update:
			st.await(ctx, queue)
			st.send(ctx, queue, answer{name: "answer"})
		case floor.Signal:
			st.await(ctx, queue)
			st.send(ctx, queue, answer{signal: true, name: "fact"})
		}
	}
	require.NoError(t, run.Get(ctx, nil))
	return st.cost(queue)
}
