package workflows

import (
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
)

// A database may be restored to a backup while a run goes on here: then the books do not know the run, its plan or its approval any more, and
// nothing of it can be sent, settled or closed. Whatever step finds that so ends the run by name, with its batches and with the payouts of
// which the books know nothing. What was sent is found on the provider's list by the run that a person begins next.

// LookAgain asks a batch, or a payout that waits, whether the books know it still.
type LookAgain struct{}

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
	for _, id := range workflow.DeterministicKeys(r.batches) {
		workflow.SignalExternalWorkflow(ctx, id, "", SignalLookAgain, LookAgain{}) // one that has ended need not hear it
	}
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

func (b *payoutBatch) askWaiting(ctx workflow.Context) {
	for _, id := range workflow.DeterministicKeys(b.doubtful) {
		workflow.SignalExternalWorkflow(ctx, PayoutWorkflowID(id), "", SignalLookAgain, LookAgain{})
	}
}

// hearLooks passes the question on to the payouts that a batch waits for.
func (b *payoutBatch) hearLooks(ctx workflow.Context) {
	asked := workflow.GetSignalChannel(ctx, SignalLookAgain)
	workflow.GoNamed(ctx, "whether the books know these payouts", func(ctx workflow.Context) {
		for {
			asked.Receive(ctx, nil)
			b.askWaiting(ctx)
		}
	})
}

// looksAgain is false in payouts that heard no news while they waited for a person.
func looksAgain(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "looks-again", workflow.DefaultVersion, 1) == 1
}
