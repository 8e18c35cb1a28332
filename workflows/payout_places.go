package workflows

import (
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// atOnce bounds how many statements or payouts are under way in one run, and besideAtOnce how many further payouts wait for a person
// meanwhile: the server lets a workflow have 2,000 open children.
const atOnce, besideAtOnce = 20, 1500

// sideBySide runs f for 0..n-1, at most so many at a time, and returns the first error once all have ended. One that only waits may give its
// place to the next before it ends.
func sideBySide(ctx workflow.Context, n, atOnce int, f func(ctx workflow.Context, i int, giveBack func()) error) error {
	places := workflow.NewSemaphore(ctx, int64(atOnce))
	all := workflow.NewWaitGroup(ctx)
	var first error
	beside := 0
	for i := range n {
		if err := places.Acquire(ctx, 1); err != nil {
			return err
		}
		all.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			given := false
			giveBack := func() {
				if !given && beside < besideAtOnce {
					given = true
					beside++
					places.Release(1)
				}
			}
			defer func() {
				if given {
					beside--
				} else {
					places.Release(1)
				}
				all.Done()
			}()
			if err := f(ctx, i, giveBack); err != nil && first == nil {
				first = err
			}
		})
	}
	all.Wait(ctx)
	return first
}

// payoutToEnd runs one payout's own workflow to its end. Where one was begun before (by a run that was terminated, or reset), it may be
// under way still: then it is waited for. Begun again after its end it changes nothing and says how the ledger has it. ended says why one
// came to no end of its own: a person ended it.
func payoutToEnd(ctx workflow.Context, day time.Duration, program, period string, in PayoutInput, besides func()) (res PayoutResult, ended string, err error) {
	cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            PayoutWorkflowID(in.PayoutID),
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:         "One creator's payout for " + period,
		TypedSearchAttributes: PayoutAttributes(program),
	})
	ended, err = childToEnd(cctx, day, PayoutType, in, &res, besides)
	return res, ended, err
}

// childToEnd runs a child workflow to its end, and waits for one that runs already under its id; besides is called when there is one.
func childToEnd(cctx workflow.Context, day time.Duration, kind string, in, res any, besides func()) (ended string, err error) {
	for wait := attempt(day); ; {
		child := workflow.ExecuteChildWorkflow(cctx, kind, in)
		notStarted := child.GetChildWorkflowExecution().Get(cctx, nil)
		err := child.Get(cctx, res)
		switch {
		case err == nil || cctx.Err() != nil:
			return "", err
		case notStarted != nil: // it runs already, or cannot be started just now
			if temporal.IsWorkflowExecutionAlreadyStartedError(notStarted) && besides != nil && waitsBeside(cctx) {
				besides()
			}
			if err := workflow.Sleep(cctx, wait); err != nil {
				return "", err
			}
			wait = min(2*wait, time.Hour)
		default:
			return why(err), nil
		}
	}
}
