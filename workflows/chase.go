package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
)

// The chaser: a Schedule starts it, and each run looks once for people whose money waits for something that they have to give. A
// partnership reminds of it while its sales window runs; this one goes on for as long as there is money.
const (
	ChaseType       = "ChasePayees"
	ChaseWorkflowID = "payees-chase"
	ChaseScheduleID = "payees-chase"
)

// ChaseEvery is how often it looks: each hour, since people are written to by day, each in their own zone.
func ChaseEvery(day time.Duration) time.Duration {
	if day <= 0 {
		day = 24 * time.Hour
	}
	return max(day/24, time.Minute)
}

// ChaseInput starts a look.
type ChaseInput struct {
	Day time.Duration `json:"day"`
}

// ChasePayees writes to whose money waits of what is missing, a mail each at most every three days, and empties what nobody has to keep any
// more of those who were erased. It returns to how many it wrote.
func ChasePayees(ctx workflow.Context, in ChaseInput) (chased int, err error) {
	since := workflow.Now(ctx)
	for cursor := ""; ; {
		page, err := execute(ctx, in.Day, chasePayees, "Write to whose money waits of what is missing", activities.ChasePage{Since: since, Cursor: cursor}, long(in.Day))
		if err != nil {
			return chased, err
		}
		chased += page.Chased
		if cursor = page.Cursor; cursor == "" {
			break
		}
	}
	if _, err := execute(ctx, in.Day, forgetPapers, "Forget papers that nobody has to keep", struct{}{}, bounded(time.Hour)); err != nil {
		workflow.GetLogger(ctx).Warn("papers were not forgotten; the next look does it", "error", err)
	}
	return chased, nil
}
