package workflows

import (
	"fmt"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/zones"
)

// PayoutRunInput starts a PayoutRun. By hand Period is set; a Schedule leaves it empty and the scheduled time decides.
type PayoutRunInput struct {
	Program    string        `json:"Program"`
	Zone       string        `json:"Zone"`
	Period     string        `json:"Period"` // yyyy-mm
	PreparedBy string        `json:"PreparedBy"`
	Day        time.Duration `json:"Day"`
	ReviewDays float64       `json:"ReviewDays"` // campaign days between statements and the plan
}

// PayoutRunResult is how a month was paid.
type PayoutRunResult struct {
	RunID string                     `json:"RunID"`
	State partnership.PayoutRunState `json:"State"`
	Paid  int                        `json:"Paid"`
}

type payoutRun struct {
	PayoutRunInput
	log       log.Logger
	run       partnership.PayoutRun
	plan      partnership.PayoutPlan
	state     partnership.PayoutRunState
	approvals []string
	approving int  // approvals under way to the database
	rejecting bool // a rejection is
	rejected  *RejectRun
	released  bool              // the rows of the rejected plan are given back
	parked    map[string]string // the steps that do not get through now, and why
	known     map[string]string // what finance was told of before
	retries   int               // how often a person asked to try them again
}

// PayoutRunSnapshot is the answer of the snapshot query.
type PayoutRunSnapshot struct {
	Run       partnership.PayoutRun      `json:"Run"`
	Plan      partnership.PayoutPlan     `json:"Plan"`
	State     partnership.PayoutRunState `json:"State"`
	Approvals []string                   `json:"Approvals"`
	Parked    []string                   `json:"Parked,omitempty"` // steps that do not get through, each with the reason
}

// atOnce bounds how many statements or payouts are under way in one run, and besideAtOnce how many further payouts wait for a person
// meanwhile: the server lets a workflow have 2,000 open children.
const atOnce, besideAtOnce = 20, 1500

// PayoutRun pays a program's month: close the period, statements, review window, plan, fund check, approval bound to the
// hash of every line, transfers, reconciliation, report. A Schedule starts it on the 1st; people may start it by hand. It never fails:
// a step that does not get through is parked and finance is told. The only error that leaves it is that a person cancelled it.
func PayoutRun(ctx workflow.Context, in PayoutRunInput) (PayoutRunResult, error) {
	if in.Period == "" {
		return scheduledRun(ctx, in)
	}
	r := &payoutRun{PayoutRunInput: in, state: partnership.RunClosing, parked: map[string]string{}, known: map[string]string{}}
	r.setup(ctx)
	for _, step := range []func(workflow.Context) error{r.open, r.statements, r.makePlan} {
		if err := step(ctx); err != nil {
			return PayoutRunResult{}, err
		}
	}
	if len(r.plan.Payouts) == 0 {
		return r.finish(ctx, partnership.RunEmpty, 0)
	}
	approved, err := r.approve(ctx)
	if err != nil {
		return PayoutRunResult{}, err
	}
	if !approved {
		return r.finish(ctx, partnership.RunRejected, 0)
	}
	paid, err := r.execute(ctx)
	if err != nil {
		return PayoutRunResult{}, err
	}
	if err := r.reconcile(ctx); err != nil {
		return PayoutRunResult{}, err
	}
	return r.finish(ctx, partnership.RunReconciled, paid)
}

// scheduledRun pays the month before its scheduled time, however late it starts. A Schedule names its workflows after the time,
// so the run itself is a child under the month's own id: that is where approvals go, and a run by hand is under way only once.
func scheduledRun(ctx workflow.Context, in PayoutRunInput) (PayoutRunResult, error) {
	zone := zones.Or(in.Zone)
	scheduled, ok := workflow.GetTypedSearchAttributes(ctx).GetTime(temporal.NewSearchAttributeKeyTime("TemporalScheduledStartTime"))
	if !ok {
		scheduled = workflow.Now(ctx)
	}
	in.Period = PeriodBefore(scheduled, zone)
	cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:        PayoutRunWorkflowID(in.Program, in.Period),
		ParentClosePolicy: enums.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary:     "Payouts of " + in.Program + " for " + in.Period,

		TypedSearchAttributes: PayoutAttributes(in.Program),
	})
	run := workflow.ExecuteChildWorkflow(cctx, PayoutRunType, in)
	again := func() workflow.ChildWorkflowFuture {
		run = workflow.ExecuteChildWorkflow(cctx, PayoutRunType, in)
		return run
	}
	startedChild(ctx, in.Day, run, again, func() bool { return ctx.Err() != nil })
	var res PayoutRunResult
	err := run.Get(ctx, &res)
	switch {
	case err == nil || ctx.Err() != nil:
		return res, err
	case temporal.IsWorkflowExecutionAlreadyStartedError(err):
		workflow.GetLogger(ctx).Info("a run by hand is under way", "program", in.Program, "period", in.Period)
	default: // a person ended it: that is no reason to skip the months that follow, which a failed run would pause
		workflow.GetLogger(ctx).Error("the month's run was ended before its time", "program", in.Program, "period", in.Period, "why", why(err))
	}
	return res, nil
}

func (r *payoutRun) setup(ctx workflow.Context) {
	r.log = log.With(workflow.GetLogger(ctx), "program", r.Program)
	must(workflow.SetQueryHandler(ctx, QuerySnapshot, func() (PayoutRunSnapshot, error) {
		return PayoutRunSnapshot{Run: r.run, Plan: r.plan, State: r.state, Approvals: r.approvals, Parked: r.attention()}, nil
	}))
	must(workflow.SetUpdateHandlerWithOptions(ctx, UpdateApproveRun, r.takeApproval, workflow.UpdateHandlerOptions{Validator: r.mayApprove}))
	must(handleRetry(ctx, r.Day, &r.retries, func() bool { return len(r.parked) > 0 }))
	must(workflow.SetUpdateHandlerWithOptions(ctx, UpdateRejectRun, r.takeRejection, workflow.UpdateHandlerOptions{Validator: r.mayReject}))
}

// open fixes the period as two instants.
func (r *payoutRun) open(ctx workflow.Context) (err error) {
	in := activities.OpenRun{Program: r.Program, Period: r.Period, PreparedBy: r.PreparedBy}
	r.run, err = pay(ctx, r, openPayoutRun, "Close the period "+r.Period, in)
	return err
}

// statements tells every creator what the month brought, then leaves time to object.
func (r *payoutRun) statements(ctx workflow.Context) error {
	creators, err := pay(ctx, r, statementCreators, "Find who gets a statement", r.ref())
	if err != nil {
		return err
	}
	err = r.each(ctx, len(creators), func(ctx workflow.Context, i int, _ func()) error {
		one := activities.StatementFor{RunID: r.run.ID, Program: r.Program, Period: r.Period, CreatorID: creators[i]}
		most := bounded(max(r.Day, 100*attempt(r.Day)))
		if _, err := execute(ctx, r.Day, sendStatement, "Mail a statement", one, most); err != nil { // an address that no longer works, or a mail of which nobody knows, must not hold up everybody's pay
			r.log.Warn("a statement could not be sent", "creator_id", creators[i])
		}
		return nil
	})
	if err != nil || r.ReviewDays <= 0 {
		return err
	}
	r.state = partnership.RunReview
	return workflow.NewTimerWithOptions(ctx, time.Duration(r.ReviewDays*float64(r.Day)), workflow.TimerOptions{Summary: "Time to object to the statements"}).Get(ctx, nil)
}

// each runs f for 0..n-1, at most atOnce at a time, and returns the first error once all have ended. One that only waits may give its
// place to the next before it ends.
func (r *payoutRun) each(ctx workflow.Context, n int, f func(ctx workflow.Context, i int, giveBack func()) error) error {
	places := workflow.NewSemaphore(ctx, atOnce)
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

func (r *payoutRun) ref() activities.RunRef {
	return activities.RunRef{RunID: r.run.ID, Program: r.Program, Period: r.Period}
}

// makePlan claims the payable rows and checks that the money is there. Missing funds are finance's to mend: the check repeats.
func (r *payoutRun) makePlan(ctx workflow.Context) (err error) {
	if err := r.booksHold(ctx, "Check the books before anything is planned"); err != nil {
		return err
	}
	if r.plan, err = pay(ctx, r, planPayouts, "Plan the payouts", r.ref()); err != nil || len(r.plan.Payouts) == 0 {
		return err
	}
	funds := activities.Funds{RunID: r.run.ID, AmountMinor: r.plan.TotalMinor, Currency: r.plan.Currency, Rail: r.plan.Rail}
	_, err = pay(ctx, r, checkFunds.by(r.plan.Rail), "Check the funds", funds)
	return err
}

// booksHold holds the books against themselves and the provider's list, and parks the run where they disagree: it may be days since they
// last were, and the database another.
func (r *payoutRun) booksHold(ctx workflow.Context, summary string) error {
	if !checksBooks(ctx) {
		return nil
	}
	_, err := pay(ctx, r, checkBooks.by(r.plan.Rail), summary, r.ref(), long(r.Day)) // before there is a plan, on the first rail's queue
	return err
}

// checksBooks is whether this run holds the books against the provider before money moves; those from before did so afterwards only.
func checksBooks(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "books-before-money", workflow.DefaultVersion, 1) == 1
}

// approve shows the totals and their hash to finance and waits.
func (r *payoutRun) approve(ctx workflow.Context) (bool, error) {
	r.state = partnership.RunPlanned
	r.approvedBefore(r.run.Approvals)
	answered := func() bool { return len(r.approvals) >= r.plan.NeedApprovers || r.rejected != nil }
	card := activities.ApprovalCard{RunID: r.run.ID, Program: r.Program, Period: r.Period, Plan: r.plan}
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("Waiting for %d approval(s) of %s", r.plan.NeedApprovers, r.run.ID))
	askUntil(ctx, r.Day, askForApproval, "Ask finance to approve", card, answered)
	if err := workflow.Await(ctx, answered); err != nil {
		return false, err
	}
	switch {
	case r.rejected == nil:
		r.state = partnership.RunApproved
		return true, nil
	case r.released:
		return false, nil
	}
	arg := activities.Rejection{RunID: r.run.ID, By: r.rejected.By, Reason: r.rejected.Reason}
	_, err := pay(ctx, r, voidPayoutPlan, "Release the rows of the rejected plan", arg)
	return false, err
}

// execute pays each payout in a workflow of its own: an unknown one waits for a person without holding up the others.
func (r *payoutRun) execute(ctx workflow.Context) (paid int, err error) {
	r.state = partnership.RunExecuting
	if err := r.booksHold(ctx, "Check the books before anything is sent"); err != nil {
		return 0, err
	}
	places := map[partnership.PayoutID]func(){}
	r.hearWaiting(ctx, places)
	err = r.each(ctx, len(r.plan.Payouts), func(ctx workflow.Context, i int, giveBack func()) error {
		id := r.plan.Payouts[i]
		places[id] = giveBack
		defer delete(places, id)
		res, err := r.payout(ctx, id, giveBack)
		if err == nil && res.State == partnership.PayoutPaid {
			paid++
		}
		return err
	})
	return paid, err
}

// hearWaiting gives back the place of each payout that says that it waits for a person.
func (r *payoutRun) hearWaiting(ctx workflow.Context, places map[partnership.PayoutID]func()) {
	waiting := workflow.GetSignalChannel(ctx, SignalPayoutWaits)
	workflow.GoNamed(ctx, "payouts that wait for a person", func(ctx workflow.Context) {
		for {
			var m PayoutWaits
			waiting.Receive(ctx, &m)
			if giveBack := places[m.PayoutID]; giveBack != nil && waitsBeside(ctx) {
				giveBack()
			}
		}
	})
}

// payout runs one payout to its end. Where a run of this month was begun before (and terminated, or reset), it may be under way
// still: then it is waited for, and may have said to that run that it waits for a person. Begun again after its end it changes nothing and says how the ledger has it.
func (r *payoutRun) payout(ctx workflow.Context, id partnership.PayoutID, giveBack func()) (PayoutResult, error) {
	cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            PayoutWorkflowID(id),
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:         "One creator's payout for " + r.Period,
		TypedSearchAttributes: PayoutAttributes(r.Program),
	})
	for wait := attempt(r.Day); ; {
		var res PayoutResult
		child := workflow.ExecuteChildWorkflow(cctx, PayoutType, PayoutInput{PayoutID: id, Day: r.Day, Rail: r.plan.Rail})
		notStarted := child.GetChildWorkflowExecution().Get(ctx, nil)
		err := child.Get(ctx, &res)
		switch {
		case err == nil || ctx.Err() != nil:
			return res, err
		case notStarted != nil: // it runs already, or cannot be started just now
			if temporal.IsWorkflowExecutionAlreadyStartedError(notStarted) && waitsBeside(ctx) {
				giveBack()
			}
			if err := workflow.Sleep(ctx, wait); err != nil {
				return res, err
			}
			wait = min(2*wait, time.Hour)
		default: // a person ended it, and says when it may be looked at again
			if err := r.park(ctx, "Payout "+string(id), "its workflow was ended by hand: "+why(err), 0); err != nil {
				return res, err
			}
		}
	}
}

// reconcile holds our payouts against the provider's own list; differences go to finance and keep the run open until they are mended.
func (r *payoutRun) reconcile(ctx workflow.Context) error {
	_, err := pay(ctx, r, reconcileRun.by(r.plan.Rail), "Reconcile with the provider", r.ref(), long(r.Day))
	return err
}

func (r *payoutRun) finish(ctx workflow.Context, state partnership.PayoutRunState, paid int) (PayoutRunResult, error) {
	r.state = state
	if err := r.tellEnd(ctx, paid); err != nil {
		return PayoutRunResult{}, err
	}
	err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
	return PayoutRunResult{RunID: r.run.ID, State: state, Paid: paid}, err
}

// tellEnd closes the books and tells finance, in one step. One that has not told it in time has likely closed them all the same, and a
// step of its own makes sure.
func (r *payoutRun) tellEnd(ctx workflow.Context, paid int) error {
	done := activities.RunDone{RunID: r.run.ID, Program: r.Program, Period: r.Period, State: r.state, Paid: paid, Plan: r.plan}
	for failures := 0; ; failures++ {
		_, err := execute(ctx, r.Day, finishRun, "Tell finance how the run ended", done, lastWords(r.Day))
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		r.log.Warn("finance was not told how the run ended", "why", why(err))
		if moneyBeforeCards(ctx) {
			_, err := pay(ctx, r, setRunState, "Close the books of the run", activities.RunEnd{RunID: r.run.ID, State: r.state})
			return err
		}
		if refusalOf(err) != nil {
			return nil //nolint:nilerr // runs from before ended without their card, and tried again whatever else it failed of
		}
		if err := workflow.Sleep(ctx, pauseAfter(r.Day, failures)); err != nil {
			return err
		}
	}
}
