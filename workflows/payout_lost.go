package workflows

import (
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// A database may be restored to a backup while a run goes on here: then the books do not know the run, its plan or its approval any more, and
// nothing of it can be sent, settled or closed. Whatever step finds that so ends the run by name, with its batches and with the payouts of
// which the books know nothing. What was sent is found on the provider's list by the run that a person begins next.

// LookAgain asks a batch, or a payout that waits, whether the books know it still.
type LookAgain struct {
	Rejected bool `json:"Rejected,omitempty"` // what was not sent of its run was sent back
}

// wentBack is why the books know less than this workflow, "" when that is not what a step ended with.
func wentBack(err error) string {
	if refused := refusalOf(err); refused != nil && refused.Type() == string(partnership.WentBack) {
		return refused.Message()
	}
	return ""
}

// lose ends the run: nothing more of it is begun, and what is under way is asked to look at the books itself.
func (r *payoutRun) lose(ctx workflow.Context, why string) {
	if r.isLost() {
		return
	}
	r.log.Warn("the books have gone back to before this run, and it ends", "why", why)
	r.lost = why
	r.askBatches(ctx)
}

func (r *payoutRun) askBatches(ctx workflow.Context) {
	for _, id := range workflow.DeterministicKeys(r.batches) {
		workflow.SignalExternalWorkflow(ctx, id, "", SignalLookAgain, LookAgain{Rejected: r.restRejected()}) // one that has ended need not hear it
	}
}

// restRejected says whether a person has sent back what was not sent yet.
func (r *payoutRun) restRejected() bool {
	return r.rejected != nil && r.state == partnership.RunExecuting
}

// loseBy is lose where a step ended with that.
func (r *payoutRun) loseBy(ctx workflow.Context, err error) {
	if why := wentBack(err); why != "" {
		r.lose(ctx, why)
	}
}

func (r *payoutRun) isLost() bool { return r.lost != "" }

// unlessLost is an error once the run is lost, or cancelled.
func (r *payoutRun) unlessLost(ctx workflow.Context) error {
	if r.isLost() && ctx.Err() == nil {
		return temporal.NewNonRetryableApplicationError(r.lost, string(partnership.WentBack), nil)
	}
	return ctx.Err()
}

// rejectAgain has the books know that the rest was sent back, before a run ends of which they know less: whoever begins the month again takes
// up what was approved.
func (r *payoutRun) rejectAgain(ctx workflow.Context) {
	if !r.restRejected() {
		return
	}
	again := activities.Rejection{RunID: r.run.ID, By: r.rejected.By, Reason: r.rejected.Reason, Rest: true, Again: true}
	if _, err := call(ctx, r.Day, voidPayoutPlan, "Send the rest back once more", again); err != nil {
		r.log.Warn("the books do not know that the rest was sent back", "why", why(err))
	}
}

func (b *payoutBatch) askWaiting(ctx workflow.Context) {
	for _, id := range workflow.DeterministicKeys(b.doubtful) {
		b.askOne(ctx, id)
	}
}

func (b *payoutBatch) askOne(ctx workflow.Context, id partnership.PayoutID) {
	workflow.SignalExternalWorkflow(ctx, PayoutWorkflowID(id), "", SignalLookAgain, LookAgain{Rejected: b.Rejected})
}

// hearLooks passes the question on to the payouts that a batch waits for.
func (b *payoutBatch) hearLooks(ctx workflow.Context) {
	asked := workflow.GetSignalChannel(ctx, SignalLookAgain)
	workflow.GoNamed(ctx, "whether the books know these payouts", func(ctx workflow.Context) {
		for {
			var m LookAgain
			asked.Receive(ctx, &m)
			b.Rejected = b.Rejected || m.Rejected
			b.askWaiting(ctx)
		}
	})
}

// looksAgain is false in payouts that heard no news while they waited for a person.
func looksAgain(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "looks-again", workflow.DefaultVersion, 1) == 1
}
