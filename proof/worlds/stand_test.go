package worlds

import (
	"fmt"
	"strings"

	"github.com/rapport-dev/rapport/workflows"
)

// stand is how everything stands in a world that does not get on.
func (w *world) stand() string {
	var b strings.Builder
	ids, err := w.open(w.ctx)
	fmt.Fprintf(&b, "open workflows: %v %v\n", ids, err)
	for _, id := range ids {
		d, err := w.temporal.DescribeWorkflowExecution(w.ctx, id, "")
		if err != nil {
			continue
		}
		for _, a := range d.GetPendingActivities() {
			fmt.Fprintf(&b, "%s: %s, attempt %d, %s, %s\n", id, a.GetActivityType().GetName(), a.GetAttempt(), a.GetState(), a.GetLastFailure().GetMessage())
		}
		if task := d.GetPendingWorkflowTask(); task != nil {
			fmt.Fprintf(&b, "%s: a workflow task %s, attempt %d\n", id, task.GetState(), task.GetAttempt())
		}
	}
	var now workflows.PayoutRunSnapshot
	err = w.door.Query(w.ctx, w.runID(), workflows.QuerySnapshot, &now)
	fmt.Fprintf(&b, "%s %v: %+v\n", w.runID(), err, now)
	runs, err := w.store.PayoutRuns(w.ctx, w.program, "")
	fmt.Fprintf(&b, "runs %v\n", err)
	for _, run := range runs {
		fmt.Fprintf(&b, "%s: %s %+v %s\n", run.ID, run.State, run.Tally, run.Waits)
		all, _ := w.store.PayoutsOfRun(w.ctx, run.ID)
		for _, po := range all {
			fmt.Fprintf(&b, "  %s: %s, %d to %s by %s, %s\n", po.ID, po.State, po.AmountMinor, po.Destination, po.ProviderRef, po.Reason)
		}
	}
	for _, t := range w.transfers() {
		fmt.Fprintf(&b, "at the provider: %+v\n", t)
	}
	waits, err := w.store.PendingDecisions(w.ctx, 0)
	fmt.Fprintf(&b, "people are asked: %+v %v\n", waits, err)
	fmt.Fprintf(&b, "faults %v, struck %v\n", w.faults, w.struck)
	return b.String()
}
