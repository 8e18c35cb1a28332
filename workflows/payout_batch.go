package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
)

// A run is paid in batches, each a workflow of its own, so that no history grows with the run: the run's own has a few events a batch,
// a batch's some ten events a payout. A payout whose fate is in doubt gets a workflow of its own (payout.go), where a person may say what
// became of it; the batch waits for it, and the run for the batch, and neither holds up others meanwhile. Where the platform stands in the
// way of all others the batch waits for nobody: the run has to say so, and begins it again.

// BatchInput starts a PayoutBatch or a StatementBatch.
type BatchInput struct {
	RunID   string        `json:"RunID"`
	Program string        `json:"Program"`
	Period  string        `json:"Period"`
	Rail    string        `json:"Rail,omitempty"`
	Batch   int           `json:"Batch"`
	Day     time.Duration `json:"Day"`
	Until   time.Time     `json:"Until,omitzero"`  // of statements: the end of the run's review time
	Probe   bool          `json:"Probe,omitempty"` // the platform stood in the way a moment ago: one is sent before the others

	Rejected bool `json:"Rejected,omitempty"` // what was not sent of the run was sent back
}

func (in BatchInput) ref() activities.RunRef {
	return activities.RunRef{RunID: in.RunID, Program: in.Program, Period: in.Period, Batched: true, Batch: in.Batch}
}

// BatchResult is what became of a batch. With Why it is not settled: the platform stands in the way of all that is left.
type BatchResult struct {
	Paid  int                    `json:"Paid"` // while it ran: the books know of those that were in doubt
	Why   string                 `json:"Why,omitempty"`
	Ended []partnership.PayoutID `json:"Ended,omitempty"` // whose own workflow a person has ended
	Lost  string                 `json:"Lost,omitempty"`  // why the books do not know what is left of it
}

// patience is how long a transfer is tried within its batch before it gets a workflow of its own.
func patience(day time.Duration) time.Duration {
	if compressed(day) {
		return 30 * time.Second
	}
	return 15 * time.Minute
}

type payoutBatch struct {
	BatchInput
	res     BatchResult
	open    int // payouts that are under way
	waiting int // of them, those whose own workflow goes on
	told    bool
	probed  bool // the first has shown whether the platform stands in the way
	leaves  bool // those that wait behind, once the platform does

	doubtful map[partnership.PayoutID]bool // whose own workflow goes on
}

// PayoutBatch pays what is not settled yet of one batch of a run.
func PayoutBatch(ctx workflow.Context, in BatchInput) (BatchResult, error) {
	b := &payoutBatch{BatchInput: in, doubtful: map[partnership.PayoutID]bool{}}
	ids, err := insist(ctx, in, batchPayouts, "Find whom this batch pays", in.ref())
	if err != nil {
		return b.res, err
	}
	b.open = len(ids)
	b.drain(ctx)
	b.hearLooks(ctx)
	b.leaves = leavesDoubtful(ctx)
	paid := false
	workflow.GoNamed(ctx, "transfers", func(ctx workflow.Context) {
		err = sideBySide(ctx, len(ids), atOnce, func(ctx workflow.Context, i int, giveBack func()) error { return b.one(ctx, i, ids[i], giveBack) })
		paid = true
	})
	own, _ := workflow.NewDisconnectedContext(ctx)
	until(own, func() bool { return paid || b.stopped() && b.open == b.waiting })
	return b.res, err
}

// stopped says that nothing more of this batch is sent, nor waited for: the workflows of those in doubt go on, and are found again.
func (b *payoutBatch) stopped() bool { return b.leaves && b.over() }

// lose ends the batch. The payouts that it waited for look at the books themselves.
func (b *payoutBatch) lose(ctx workflow.Context, why string) {
	b.res.Lost = why
	b.askWaiting(ctx)
}

// over says that nothing more of this batch is begun.
func (b *payoutBatch) over() bool { return b.res.Why != "" || b.res.Lost != "" }

// leavesDoubtful is false in batches that told the run that the platform stands in the way once nobody waited for a person any more.
func leavesDoubtful(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "leaves-doubtful", workflow.DefaultVersion, 1) == 1
}

// one pays one payout, unless what came before it shows that it would fail of the same.
func (b *payoutBatch) one(ctx workflow.Context, i int, id partnership.PayoutID, giveBack func()) error {
	defer func() {
		b.open--
		b.probed = true
		b.tellRun(ctx)
	}()
	if err := workflow.Await(ctx, func() bool { return i == 0 || !b.Probe || b.probed }); err != nil || b.over() {
		return err
	}
	state, err := b.pay(ctx, id, giveBack)
	if state == partnership.PayoutPaid {
		b.res.Paid++
	}
	return err
}

// pay sends one payout. A refusal of its own gives its rows back; one that all share ends the batch; and in doubt it gets its own workflow.
func (b *payoutBatch) pay(ctx workflow.Context, id partnership.PayoutID, giveBack func()) (partnership.PayoutState, error) {
	ref := activities.PayoutRef{PayoutID: id, Rail: b.Rail, Pauses: true, Rejected: b.Rejected}
	state, err := execute(ctx, b.Day, executeTransfer.by(b.Rail), "Transfer, always under the same key", ref, bounded(patience(b.Day)))
	switch refused := refusalOf(err); {
	case err == nil && state != partnership.PayoutUnknown && state != partnership.PayoutPosted: // posted is under way, and followed to its end
		return state, nil
	case refused != nil && refused.Type() == activities.PlatformError:
		b.res.Why = refused.Message()
		return "", nil
	case wentBack(err) != "":
		b.lose(ctx, wentBack(err))
		return "", nil
	case refused != nil:
		s := &settling{in: PayoutInput{PayoutID: id, Day: b.Day, Rail: b.Rail}}
		state, err = s.release(ctx, why(err))
		if lost := wentBack(err); lost != "" {
			b.lose(ctx, lost)
			return "", nil
		}
		return state, err
	case ctx.Err() != nil:
		return "", err
	}
	giveBack()
	b.probed = true
	b.waiting++
	b.tellRun(ctx)
	b.doubtful[id] = true
	defer func() { b.waiting--; delete(b.doubtful, id) }()
	if b.Rejected { // it may have been begun before
		b.askOne(ctx, id)
	}
	res, ended, err := payoutToEnd(ctx, b.Day, b.Program, b.Period, PayoutInput{PayoutID: id, Day: b.Day, Rail: b.Rail, Rejected: b.Rejected}, nil)
	if ended != "" {
		b.res.Ended = append(b.res.Ended, id)
	}
	if res.State == partnership.PayoutLost {
		delete(b.doubtful, id)
		b.lose(ctx, "the books do not know a payout of this run any more: they have gone back to before it")
	}
	return res.State, err
}

// tellRun says once to the run that all that is left of this batch waits in workflows of its own: the next one may begin.
func (b *payoutBatch) tellRun(ctx workflow.Context) {
	run := workflow.GetInfo(ctx).ParentWorkflowExecution
	if run == nil || b.told || b.open == 0 || b.open > b.waiting || b.stopped() {
		return
	}
	b.told = true
	workflow.SignalExternalWorkflow(ctx, run.ID, "", SignalPayoutWaits, PayoutWaits{Batch: workflow.GetInfo(ctx).WorkflowExecution.ID}) // a run that has ended need not hear it
}

// drain takes the word of payouts that wait for a person: their places are given back already.
func (b *payoutBatch) drain(ctx workflow.Context) {
	waits := workflow.GetSignalChannel(ctx, SignalPayoutWaits)
	workflow.GoNamed(ctx, "payouts that wait for a person", func(ctx workflow.Context) {
		for {
			waits.Receive(ctx, nil)
		}
	})
}

// StatementBatch mails the statements of one batch.
func StatementBatch(ctx workflow.Context, in BatchInput) error {
	creators, err := insist(ctx, in, statementBatch, "Find who gets a statement", in.ref())
	if err != nil {
		return err
	}
	return sideBySide(ctx, len(creators), atOnce, func(ctx workflow.Context, i int, _ func()) error {
		mailStatement(ctx, in, creators[i])
		return nil
	})
}

// mailStatement mails one. An address that no longer works, or a mail of which nobody knows, must not hold up everybody's pay.
func mailStatement(ctx workflow.Context, in BatchInput, to partnership.CreatorID) {
	one := activities.StatementFor{RunID: in.RunID, Program: in.Program, Period: in.Period, CreatorID: to, Until: in.Until}
	most := bounded(max(in.Day, 100*attempt(in.Day)))
	if _, err := execute(ctx, in.Day, sendStatement, "Mail a statement", one, most); err != nil {
		workflow.GetLogger(ctx).Warn("a statement could not be sent", "creator_id", to)
	}
}

// insist is pay for a step of a batch: one that is refused is told once, and tried again. The error says that ctx was cancelled.
func insist[R any](ctx workflow.Context, in BatchInput, a activity[activities.RunRef, R], step string, arg activities.RunRef) (R, error) {
	told := false
	for failures := 0; ; failures++ {
		r, err := call(ctx, in.Day, a, step, arg)
		if err == nil || ctx.Err() != nil {
			return r, err
		}
		if !told {
			stuck := activities.StuckRun{RunID: in.RunID, Program: in.Program, Period: in.Period, Step: step, Why: why(err), Again: true, Since: workflow.Now(ctx)}
			told = courtesy(ctx, in.Day, reportStuckRun, "Tell finance that a step is parked", stuck)
		}
		if err := workflow.Sleep(ctx, pauseAfter(in.Day, failures)); err != nil {
			return r, err
		}
	}
}
