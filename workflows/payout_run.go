package workflows

import (
	"fmt"
	"slices"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
)

// PayoutRunResult is how a month was paid.
type PayoutRunResult struct {
	RunID string           `json:"RunID"`
	State p.PayoutRunState `json:"State"`
	Paid  int              `json:"Paid"`
}

type payoutRun struct {
	PayoutRunInput
	log       log.Logger
	run       p.PayoutRun
	plan      p.PayoutPlan
	state     p.PayoutRunState
	approvals []string
	recording int // approvals under way to the database
	rejected  *RejectRun
}

// PayoutRunSnapshot is the answer of the snapshot query.
type PayoutRunSnapshot struct {
	Run       p.PayoutRun      `json:"Run"`
	Plan      p.PayoutPlan     `json:"Plan"`
	State     p.PayoutRunState `json:"State"`
	Approvals []string         `json:"Approvals"`
}

// atOnce bounds how many statements or payouts are under way in one run.
const atOnce = 20

// PayoutRun pays a program's month: close the period, statements, review window, plan, fund check, approval bound to the
// hash of every line, transfers, reconciliation, report. A Schedule starts it on the 1st; people may start it by hand.
func PayoutRun(ctx workflow.Context, in PayoutRunInput) (PayoutRunResult, error) {
	if in.Period == "" {
		return scheduledRun(ctx, in)
	}
	r := &payoutRun{PayoutRunInput: in, state: p.RunClosing}
	if err := r.setup(ctx); err != nil {
		return PayoutRunResult{}, err
	}
	for _, step := range []func(workflow.Context) error{r.open, r.statements, r.makePlan} {
		if err := step(ctx); err != nil {
			return PayoutRunResult{}, err
		}
	}
	if len(r.plan.Payouts) == 0 {
		return r.finish(ctx, p.RunEmpty, 0)
	}
	approved, err := r.approve(ctx)
	if err != nil {
		return PayoutRunResult{}, err
	}
	if !approved {
		return r.finish(ctx, p.RunRejected, 0)
	}
	paid, err := r.execute(ctx)
	if err != nil {
		return PayoutRunResult{}, err
	}
	if err := r.reconcile(ctx); err != nil {
		return PayoutRunResult{}, err
	}
	return r.finish(ctx, p.RunReconciled, paid)
}

// scheduledRun pays the month before its scheduled time, however late it starts. A Schedule names its workflows after the time,
// so the run itself is a child under the month's own id: that is where approvals go, and a run by hand is under way only once.
func scheduledRun(ctx workflow.Context, in PayoutRunInput) (PayoutRunResult, error) {
	zone, err := time.LoadLocation(in.Zone)
	if err != nil {
		zone = time.UTC
	}
	scheduled, ok := workflow.GetTypedSearchAttributes(ctx).GetTime(temporal.NewSearchAttributeKeyTime("TemporalScheduledStartTime"))
	if !ok {
		scheduled = workflow.Now(ctx)
	}
	in.Period = PeriodBefore(scheduled, zone)
	cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:        PayoutRunWorkflowID(in.Program, in.Period),
		ParentClosePolicy: enums.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary:     "Payouts of " + in.Program + " for " + in.Period,
	})
	var res PayoutRunResult
	err = workflow.ExecuteChildWorkflow(cctx, PayoutRunType, in).Get(ctx, &res)
	if temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		workflow.GetLogger(ctx).Info("a run by hand is under way", "program", in.Program, "period", in.Period)
		return res, nil
	}
	return res, err
}

func (r *payoutRun) setup(ctx workflow.Context) error {
	r.log = log.With(workflow.GetLogger(ctx), "program", r.Program)
	if err := workflow.SetQueryHandler(ctx, QuerySnapshot, func() (PayoutRunSnapshot, error) {
		return PayoutRunSnapshot{Run: r.run, Plan: r.plan, State: r.state, Approvals: r.approvals}, nil
	}); err != nil {
		return err
	}
	if err := workflow.SetUpdateHandlerWithOptions(ctx, UpdateApproveRun, r.takeApproval, workflow.UpdateHandlerOptions{Validator: r.mayApprove}); err != nil {
		return err
	}
	return workflow.SetUpdateHandlerWithOptions(ctx, UpdateRejectRun, func(ctx workflow.Context, m RejectRun) (Ack, error) {
		r.recording++
		defer func() { r.recording-- }()
		if err := decided(ctx, r.Day, UpdateRejectRun, m); err != nil {
			return Ack{}, err
		}
		r.rejected = &m
		return Ack{WaitingFor: "nothing: the run was rejected"}, nil
	}, workflow.UpdateHandlerOptions{Validator: r.mayReject})
}

func (r *payoutRun) mayReject(_ workflow.Context, m RejectRun) error {
	switch {
	case r.state != p.RunPlanned || r.rejected != nil || r.recording > 0 || len(r.approvals) >= r.plan.NeedApprovers:
		return refuse(p.Conflict, "this run does not wait for approval, or one is just being recorded")
	case m.Proof != nil && m.Hash != r.plan.LinesHash:
		return refuse(p.Conflict, otherLines)
	}
	return nil
}

const otherLines = "the lines have changed since this card was made; look at the newest one"

// mayApprove refuses what needs no look at the database: the wrong moment, other lines than the approver saw, the preparer.
func (r *payoutRun) mayApprove(_ workflow.Context, m ApproveRun) error {
	same := func(name string) bool { return name == m.By || slices.Contains(m.Also, name) }
	switch {
	case r.state != p.RunPlanned || r.rejected != nil:
		return refuse(p.Conflict, "this run does not wait for approval")
	case m.Hash != r.plan.LinesHash:
		return refuse(p.Conflict, otherLines)
	case m.By == "" || same(r.run.PreparedBy):
		return refuse(p.Forbidden, "whoever prepared a run may not approve it")
	case slices.ContainsFunc(r.approvals, same):
		return refuse(p.Conflict, "you have approved this run already; it needs another person")
	}
	return nil
}

func (r *payoutRun) takeApproval(ctx workflow.Context, m ApproveRun) (Ack, error) {
	arg := activities.Approval{RunID: r.run.ID, By: m.By, Hash: m.Hash}
	if m.Proof != nil {
		d := decisionOf(ctx, UpdateApproveRun, m)
		arg.Decision = &d
	}
	r.recording++
	defer func() { r.recording-- }()
	if err := workflow.ExecuteActivity(r.main(ctx, "Record the approval"), act.ApproveRun, arg).Get(ctx, nil); err != nil {
		return Ack{}, err
	}
	if !slices.Contains(r.approvals, m.By) {
		r.approvals = append(r.approvals, m.By)
	}
	if missing := r.plan.NeedApprovers - len(r.approvals); missing > 0 {
		return Ack{WaitingFor: fmt.Sprintf("%d more approval", missing)}, nil
	}
	return Ack{WaitingFor: "the transfers"}, nil
}

func (r *payoutRun) main(ctx workflow.Context, summary string) workflow.Context {
	return onQueue(ctx, r.Day, QueueLifecycle, summary)
}

// open fixes the period as two instants.
func (r *payoutRun) open(ctx workflow.Context) error {
	in := activities.OpenRun{Program: r.Program, Period: r.Period, PreparedBy: r.PreparedBy}
	return workflow.ExecuteActivity(r.main(ctx, "Close the period "+r.Period), act.OpenPayoutRun, in).Get(ctx, &r.run)
}

// statements tells every creator what the month brought, then leaves time to object.
func (r *payoutRun) statements(ctx workflow.Context) error {
	var creators []p.CreatorID
	if err := workflow.ExecuteActivity(r.main(ctx, "Find who gets a statement"), act.StatementCreators, r.ref()).Get(ctx, &creators); err != nil {
		return err
	}
	err := r.each(ctx, len(creators), func(ctx workflow.Context, i int) error {
		one := activities.StatementFor{RunID: r.run.ID, Program: r.Program, Period: r.Period, CreatorID: creators[i]}
		mail := workflow.WithScheduleToCloseTimeout(onQueue(ctx, r.Day, QueueMail, "Mail a statement"), max(r.Day, 100*attempt(r.Day)))
		err := workflow.ExecuteActivity(mail, act.SendStatement, one).Get(ctx, nil)
		if err != nil { // an address that no longer works, or a mail of which nobody knows, must not hold up everybody's pay
			r.log.Warn("a statement could not be sent", "creator_id", creators[i])
		}
		return nil
	})
	if err != nil || r.ReviewDays <= 0 {
		return err
	}
	r.state = p.RunReview
	return workflow.NewTimerWithOptions(ctx, time.Duration(r.ReviewDays*float64(r.Day)), workflow.TimerOptions{Summary: "Time to object to the statements"}).Get(ctx, nil)
}

// each runs f for 0..n-1, at most atOnce at a time, and returns the first error once all have ended.
func (r *payoutRun) each(ctx workflow.Context, n int, f func(workflow.Context, int) error) error {
	places := workflow.NewSemaphore(ctx, atOnce)
	all := workflow.NewWaitGroup(ctx)
	var first error
	for i := range n {
		if err := places.Acquire(ctx, 1); err != nil {
			return err
		}
		all.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer func() { places.Release(1); all.Done() }()
			if err := f(ctx, i); err != nil && first == nil {
				first = err
			}
		})
	}
	all.Wait(ctx)
	return first
}

func (r *payoutRun) ref() activities.RunRef { return activities.RunRef{RunID: r.run.ID} }

// makePlan claims the payable rows and checks that the money is there. Missing funds are finance's to mend: the check repeats.
func (r *payoutRun) makePlan(ctx workflow.Context) error {
	if err := workflow.ExecuteActivity(r.main(ctx, "Plan the payouts"), act.PlanPayouts, r.ref()).Get(ctx, &r.plan); err != nil || len(r.plan.Payouts) == 0 {
		return err
	}
	funds := activities.Funds{RunID: r.run.ID, AmountMinor: r.plan.TotalMinor, Currency: r.plan.Currency}
	return workflow.ExecuteActivity(onQueue(ctx, r.Day, QueuePayout, "Check the funds"), act.CheckFunds, funds).Get(ctx, nil)
}

// approve shows the totals and their hash to finance and waits.
func (r *payoutRun) approve(ctx workflow.Context) (bool, error) {
	r.state = p.RunPlanned
	r.approvals = slices.Clone(r.run.Approvals) // of a run that was begun before: they stand, and their card has no buttons any more
	card := activities.ApprovalCard{RunID: r.run.ID, Program: r.Program, Period: r.Period, Plan: r.plan}
	err := workflow.ExecuteActivity(onQueue(ctx, r.Day, QueueChat, "Ask finance to approve"), act.AskForApproval, card).Get(ctx, nil)
	if err := unlessRefused(r.log, err); err != nil {
		return false, err
	}
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("Waiting for %d approval(s) of %s", r.plan.NeedApprovers, r.run.ID))
	if err := workflow.Await(ctx, func() bool { return len(r.approvals) >= r.plan.NeedApprovers || r.rejected != nil }); err != nil {
		return false, err
	}
	if r.rejected == nil {
		r.state = p.RunApproved
		return true, nil
	}
	arg := activities.Rejection{RunID: r.run.ID, By: r.rejected.By, Reason: r.rejected.Reason}
	return false, workflow.ExecuteActivity(r.main(ctx, "Release the rows of the rejected plan"), act.VoidPayoutPlan, arg).Get(ctx, nil)
}

// execute pays each payout in a workflow of its own: an unknown one waits for a person without holding up the others.
func (r *payoutRun) execute(ctx workflow.Context) (paid int, err error) {
	r.state = p.RunExecuting
	err = r.each(ctx, len(r.plan.Payouts), func(ctx workflow.Context, i int) error {
		res, err := r.payout(ctx, r.plan.Payouts[i])
		if err == nil && res.State == p.PayoutPaid {
			paid++
		}
		return err
	})
	return paid, err
}

// payout runs one payout to its end. Where a run of this month was begun before (and terminated, or reset), it may be under way
// still: then it is waited for. Begun again after its end it changes nothing and says how the ledger has it.
func (r *payoutRun) payout(ctx workflow.Context, id p.PayoutID) (PayoutResult, error) {
	cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            PayoutWorkflowID(id),
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:         "One creator's payout for " + r.Period,
	})
	for wait := attempt(r.Day); ; wait = min(2*wait, time.Hour) {
		var res PayoutResult
		err := workflow.ExecuteChildWorkflow(cctx, PayoutType, PayoutInput{PayoutID: id, Day: r.Day}).Get(ctx, &res)
		if !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
			return res, err
		}
		if err := workflow.Sleep(ctx, wait); err != nil {
			return res, err
		}
	}
}

// reconcile holds our payouts against the provider's own list; differences go to finance and keep the run open until they are mended.
func (r *payoutRun) reconcile(ctx workflow.Context) error {
	all := long(onQueue(ctx, r.Day, QueuePayout, "Reconcile with the provider"), r.Day)
	return workflow.ExecuteActivity(all, act.ReconcileRun, r.ref()).Get(ctx, nil)
}

func (r *payoutRun) finish(ctx workflow.Context, state p.PayoutRunState, paid int) (PayoutRunResult, error) {
	r.state = state
	done := activities.RunDone{RunID: r.run.ID, Program: r.Program, Period: r.Period, State: state, Paid: paid, Plan: r.plan}
	err := workflow.ExecuteActivity(onQueue(ctx, r.Day, QueueChat, "Tell finance how the run ended"), act.FinishRun, done).Get(ctx, nil)
	if err := unlessRefused(r.log, err); err != nil {
		return PayoutRunResult{}, err
	}
	err = workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
	return PayoutRunResult{RunID: r.run.ID, State: state, Paid: paid}, err
}
