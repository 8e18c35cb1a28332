package workflows

import (
	"cmp"
	"strings"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// How a run goes over its batches, and how it waits where nothing of it can be sent.

// batchesAtOnce bounds how many batches of a run are under way.
const batchesAtOnce = 4

// inBatches is false in runs that carry an event for each payee.
func inBatches(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "in-batches", workflow.DefaultVersion, 1) == 1
}

func (r *payoutRun) batch(n int) BatchInput {
	return BatchInput{RunID: r.run.ID, Program: r.Program, Period: r.Period, Rail: r.plan.RailOf(n), Batch: n, Day: r.Day}
}

func (r *payoutRun) batchOptions(ctx workflow.Context, id, summary string) workflow.Context {
	return workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            id,
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:         summary,
		TypedSearchAttributes: PayoutAttributes(r.Program),
	})
}

// mailBatches mails everybody's statement. A batch that a person ended is not begun again: what it has not mailed is not mailed.
func (r *payoutRun) mailBatches(ctx workflow.Context) error {
	batches, err := pay(ctx, r, drawStatements, "Find who gets a statement", r.ref(), long(r.Day))
	if err != nil {
		return err
	}
	until := time.Time{}
	if r.ReviewDays > 0 {
		until = workflow.Now(ctx).Add(time.Duration(r.ReviewDays * float64(r.Day)))
	}
	return sideBySide(ctx, batches, batchesAtOnce, func(ctx workflow.Context, n int, _ func()) error {
		in := r.batch(n)
		in.Until = until
		ended, err := childToEnd(r.batchOptions(ctx, StatementBatchWorkflowID(r.run.ID, n), "Statements of "+r.Period), r.Day, StatementBatchType, in, nil, nil)
		if ended != "" {
			r.log.Warn("a batch of statements came to no end", "batch", n, "why", ended)
		}
		return err
	})
}

// payBatches pays everybody, and returns how many were paid.
func (r *payoutRun) payBatches(ctx workflow.Context) (paid int, err error) {
	places := map[string]func(){}
	r.hearWaiting(ctx, places)
	err = sideBySide(ctx, r.plan.Batches, batchesAtOnce, func(ctx workflow.Context, n int, giveBack func()) error {
		id := PayoutBatchWorkflowID(r.run.ID, n)
		places[id] = giveBack
		r.batches[id] = true
		defer func() { delete(places, id); delete(r.batches, id) }()
		settled, err := r.payBatch(ctx, n, giveBack)
		paid += settled
		return err
	})
	return paid, err
}

// payBatch pays one batch to its end: it is begun again for as long as the platform stands in its way, and what it could not settle
// because a person ended a payout's workflow is settled here, at that person's word.
func (r *payoutRun) payBatch(ctx workflow.Context, n int, giveBack func()) (paid int, err error) {
	cctx := r.batchOptions(ctx, PayoutBatchWorkflowID(r.run.ID, n), "Payouts of "+r.Period)
	in := r.batch(n)
	for failures := 0; ; failures++ {
		in.Rejected = r.restRejected()
		var res BatchResult
		ended, err := childToEnd(cctx, r.Day, PayoutBatchType, in, &res, giveBack)
		paid += res.Paid
		switch {
		case err != nil:
			return paid, err
		case res.Lost != "":
			r.lose(ctx, res.Lost)
			return paid, r.unlessLost(ctx)
		case ended != "":
			if err := r.park(ctx, PayoutBatchWorkflowID(r.run.ID, n), "its workflow was ended by hand: "+ended, 0); err != nil {
				return paid, err
			}
		case res.Why != "":
			in.Probe = true
			if err := r.pause(ctx, in.Rail, res.Why, failures); err != nil {
				return paid, err
			}
		default:
			more, err := r.settleEnded(ctx, in.Rail, res.Ended, giveBack)
			return paid + more, err
		}
	}
}

func (r *payoutRun) settleEnded(ctx workflow.Context, rail string, ids []partnership.PayoutID, giveBack func()) (paid int, err error) {
	for _, id := range ids {
		res, err := r.payout(ctx, rail, id, giveBack)
		if err != nil {
			return paid, err
		}
		if res.State == partnership.PayoutPaid {
			paid++
		}
	}
	return paid, nil
}

const sending = "Send the transfers"

// pause waits where a rail stands in the way of all its transfers. Of the batches that find it so one asks again, at growing intervals
// or when a person says so, and that rail's others wait for it. The approval stays; a person may send the rest back meanwhile.
func (r *payoutRun) pause(ctx workflow.Context, rail, why string, failures int) error {
	if r.paused[rail] != "" {
		if err := workflow.Await(ctx, func() bool { return r.paused[rail] == "" || r.isLost() }); err != nil {
			return err
		}
		return r.unlessLost(ctx)
	}
	r.paused[rail] = why
	defer delete(r.paused, rail)
	r.showWaits(ctx)
	step := sending
	if rail != r.plan.Rail {
		step += " by " + rail
	}
	if err := r.park(ctx, step, why, min(pauseAfter(r.Day, failures), time.Hour)); err != nil {
		return err
	}
	r.paused[rail] = triedAgain
	r.showWaits(ctx)
	return nil
}

// triedAgain is why a rail stands in the way that is about to be tried again.
const triedAgain = "it is tried again"

// showWaits says by every door what the run waits for.
func (r *payoutRun) showWaits(ctx workflow.Context) {
	var all []string
	for _, rail := range workflow.DeterministicKeys(r.paused) {
		if why := r.paused[rail]; why != triedAgain {
			all = append(all, why)
		}
	}
	why := strings.Join(all, "; ")
	if _, err := call(ctx, r.Day, pauseRun, "Say what the run waits for", activities.RunPause{RunID: r.run.ID, Why: why}); err != nil {
		r.log.Warn("what the run waits for is not shown", "why", why)
	}
}

// reconcileBatches holds what was paid against the provider's own list.
func (r *payoutRun) reconcileBatches(ctx workflow.Context) error {
	return sideBySide(ctx, r.plan.Batches, batchesAtOnce, func(ctx workflow.Context, n int, _ func()) error {
		in := r.batch(n)
		_, err := pay(ctx, r, reconcileRun.by(in.Rail), "Reconcile with the provider", in.ref(), long(r.Day))
		return err
	})
}

// payEach pays each in a workflow of its own, in runs from before there were batches.
func (r *payoutRun) payEach(ctx workflow.Context) (paid int, err error) {
	places := map[string]func(){}
	r.hearWaiting(ctx, places)
	err = sideBySide(ctx, len(r.plan.Payouts), atOnce, func(ctx workflow.Context, i int, giveBack func()) error {
		id := r.plan.Payouts[i]
		places[string(id)] = giveBack
		defer delete(places, string(id))
		res, err := r.payout(ctx, r.plan.Rail, id, giveBack)
		if err == nil && res.State == partnership.PayoutPaid {
			paid++
		}
		return err
	})
	return paid, err
}

// hearWaiting gives back the place of each payout, or batch, that says that it only waits.
func (r *payoutRun) hearWaiting(ctx workflow.Context, places map[string]func()) {
	waiting := workflow.GetSignalChannel(ctx, SignalPayoutWaits)
	workflow.GoNamed(ctx, "payouts that wait for a person", func(ctx workflow.Context) {
		for {
			var m PayoutWaits
			waiting.Receive(ctx, &m)
			if giveBack := places[cmp.Or(m.Batch, string(m.PayoutID))]; giveBack != nil && waitsBeside(ctx) {
				giveBack()
			}
		}
	})
}

// payout runs one payout to its end. Where a run of this month was begun before (and terminated, or reset), it may be under way
// still: then it is waited for, and may have said to that run that it waits for a person. Begun again after its end it changes nothing and says how the ledger has it.
func (r *payoutRun) payout(ctx workflow.Context, rail string, id partnership.PayoutID, giveBack func()) (PayoutResult, error) {
	for {
		res, ended, err := payoutToEnd(ctx, r.Day, r.Program, r.Period, PayoutInput{PayoutID: id, Day: r.Day, Rail: rail}, giveBack)
		if res.State == partnership.PayoutLost {
			r.lose(ctx, "the books do not know payout "+string(id)+" any more: they have gone back to before it")
			return res, r.unlessLost(ctx)
		}
		if ended == "" {
			return res, err
		}
		// A person ended it, and says when it may be looked at again.
		if err := r.park(ctx, "Payout "+string(id), "its workflow was ended by hand: "+ended, 0); err != nil {
			return res, err
		}
	}
}

func (r *payoutRun) ref() activities.RunRef {
	return activities.RunRef{RunID: r.run.ID, Program: r.Program, Period: r.Period, Batched: r.batched}
}
