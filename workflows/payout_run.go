package workflows

import (
	"errors"
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
	paused    map[string]string // the rails that stand in the way of all their transfers, and why
	batched   bool              // no payee is in the run's own history
	funding   bool              // the rail's balance does not cover the plan yet
	parked    map[string]string // the steps that do not get through now, and why
	known     map[string]string // what finance was told of before
	retries   int               // how often a person asked to try them again
	asks      int               // how often one asked while nothing was parked: whether the books know the run still
	lost      string            // why the books do not, "" while they do
	batches   map[string]bool   // that are under way
}

// PayoutRunSnapshot is the answer of the snapshot query.
type PayoutRunSnapshot struct {
	Run       partnership.PayoutRun      `json:"Run"`
	Plan      partnership.PayoutPlan     `json:"Plan"`
	State     partnership.PayoutRunState `json:"State"`
	Approvals []string                   `json:"Approvals"`
	Parked    []string                   `json:"Parked,omitempty"`   // steps that do not get through, each with the reason
	Rejected  bool                       `json:"Rejected,omitempty"` // what was not sent of it was sent back
}

// PayoutRun pays a program's month: close the period, statements, review window, plan, fund check, approval bound to the
// hash of every line, transfers, reconciliation, report. A Schedule starts it on the 1st; people may start it by hand. It never fails:
// a step that does not get through is parked and finance is told. The only error that leaves it is that a person cancelled it.
func PayoutRun(ctx workflow.Context, in PayoutRunInput) (PayoutRunResult, error) {
	if in.Period == "" {
		return scheduledRun(ctx, in)
	}
	r := &payoutRun{PayoutRunInput: in, state: partnership.RunClosing, parked: map[string]string{}, known: map[string]string{}, paused: map[string]string{}, batches: map[string]bool{}}
	r.setup(ctx)
	r.batched = inBatches(ctx)
	res, err := r.month(ctx)
	if r.lost != "" && ctx.Err() == nil {
		return r.endLost(ctx)
	}
	return res, err
}

func (r *payoutRun) month(ctx workflow.Context) (PayoutRunResult, error) {
	for _, step := range []func(workflow.Context) error{r.open, r.statements, r.makePlan} {
		if err := step(ctx); err != nil {
			return PayoutRunResult{}, err
		}
	}
	if r.plan.Payees() == 0 {
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
		return PayoutRunSnapshot{Run: r.run, Plan: r.plan, State: r.state, Approvals: r.approvals, Parked: r.attention(), Rejected: r.restRejected()}, nil
	}))
	must(workflow.SetUpdateHandlerWithOptions(ctx, UpdateApproveRun, r.takeApproval, workflow.UpdateHandlerOptions{Validator: r.mayApprove}))
	r.hearRetries(ctx)
	r.hearAsks(ctx)
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
	err := r.mailStatements(ctx)
	if err != nil || r.ReviewDays <= 0 {
		return err
	}
	r.state = partnership.RunReview
	return workflow.NewTimerWithOptions(ctx, time.Duration(r.ReviewDays*float64(r.Day)), workflow.TimerOptions{Summary: "Time to object to the statements"}).Get(ctx, nil)
}

func (r *payoutRun) mailStatements(ctx workflow.Context) error {
	if r.batched {
		return r.mailBatches(ctx)
	}
	creators, err := pay(ctx, r, statementCreators, "Find who gets a statement", r.ref())
	if err != nil {
		return err
	}
	return sideBySide(ctx, len(creators), atOnce, func(ctx workflow.Context, i int, _ func()) error {
		mailStatement(ctx, r.batch(0), creators[i])
		return nil
	})
}

// makePlan claims the payable rows and checks that the money is there. Missing funds are finance's to mend: the check repeats.
func (r *payoutRun) makePlan(ctx workflow.Context) (err error) {
	if err := r.booksHold(ctx, "Check the books before anything is planned"); err != nil {
		return err
	}
	if r.plan, err = pay(ctx, r, planPayouts, "Plan the payouts", r.ref(), long(r.Day)); err != nil || r.plan.Payees() == 0 {
		return err
	}
	if !rejectsUnfunded(ctx) {
		return r.seeFunds(ctx, activities.Funds{RunID: r.run.ID})
	}
	return r.awaitFunds(ctx, activities.Funds{RunID: r.run.ID, Program: r.Program, Period: r.Period, LinesHash: r.plan.LinesHash})
}

// seeFunds waits until each rail's balance covers what goes by it.
func (r *payoutRun) seeFunds(ctx workflow.Context, of activities.Funds) error {
	for _, total := range r.plan.ByRail() {
		of.AmountMinor, of.Currency, of.Rail = total.AmountMinor, r.plan.Currency, total.Rail
		if _, err := pay(ctx, r, checkFunds.by(of.Rail), "Check the funds", of); err != nil {
			return err
		}
	}
	return nil
}

// awaitFunds waits for the money, or for a person who will not wait for it: from its plan on a run can be rejected.
func (r *payoutRun) awaitFunds(ctx workflow.Context, funds activities.Funds) (err error) {
	r.state, r.funding = partnership.RunPlanned, true
	looking, stop := workflow.WithCancel(ctx)
	done := false
	workflow.GoNamed(looking, "funds", func(looking workflow.Context) {
		err = r.seeFunds(looking, funds)
		done = true
	})
	own, _ := workflow.NewDisconnectedContext(ctx)
	until(own, func() bool { return done || r.rejected != nil || r.isLost() })
	if !done {
		stop()
		until(own, func() bool { return done })
	}
	if r.funding = false; r.rejected != nil {
		err = nil
	}
	return errors.Join(err, r.unlessLost(ctx))
}

// rejectsUnfunded is false in runs that could not be rejected while they waited for funds.
func rejectsUnfunded(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "rejects-unfunded", workflow.DefaultVersion, 1) == 1
}

// booksHold holds the books against themselves and the provider's list, and parks the run where they disagree: it may be days since they
// last were, and the database another.
func (r *payoutRun) booksHold(ctx workflow.Context, summary string) error {
	if !checksBooks(ctx) {
		return nil
	}
	_, err := pay(ctx, r, checkBooks.by(r.plan.Rail), summary, r.inBooks(), long(r.Day)) // before there is a plan, on the first rail's queue
	return err
}

// hearAsks looks whether the books know the run whenever a person asks while nothing is parked: it may wait for an approval, or for a payout
// in doubt, of which nobody knows any more.
func (r *payoutRun) hearAsks(ctx workflow.Context) {
	workflow.GoNamed(ctx, "whether the books know this run", func(ctx workflow.Context) {
		for seen := 0; workflow.Await(ctx, func() bool { return r.asks > seen }) == nil; {
			if seen = r.asks; !asksTheBooks(ctx) {
				continue
			}
			_, err := call(ctx, r.Day, checkBooks.by(r.plan.Rail), "See whether the books know this run", r.inBooks(), long(r.Day))
			r.loseBy(ctx, err)
		}
	})
}

// asksTheBooks is false in runs that took a person's word for nothing while no step was parked.
func asksTheBooks(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "asks-the-books", workflow.DefaultVersion, 1) == 1
}

// inBooks is the run as the books should know it.
func (r *payoutRun) inBooks() activities.RunRef {
	ref := r.ref()
	ref.LinesHash, ref.Sending, ref.Rejected = r.plan.LinesHash, r.state == partnership.RunExecuting, r.restRejected()
	return ref
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
	if r.run.LinesHash != "" { // it was shown before, and that card may have been answered
		card.Again = workflow.GetInfo(ctx).WorkflowExecution.RunID
	}
	if r.rejected == nil {
		workflow.SetCurrentDetails(ctx, fmt.Sprintf("Waiting for %d approval(s) of %s", r.plan.NeedApprovers, r.run.ID))
		askUntil(ctx, r.Day, askForApproval, "Ask finance to approve", card, func() bool { return answered() || r.isLost() })
	}
	if err := workflow.Await(ctx, func() bool { return answered() || r.isLost() }); err != nil {
		return false, err
	}
	if err := r.unlessLost(ctx); err != nil {
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
	if r.batched {
		return r.payBatches(ctx)
	}
	return r.payEach(ctx)
}

// reconcile holds our payouts against the provider's own list; differences go to finance and keep the run open until they are mended.
func (r *payoutRun) reconcile(ctx workflow.Context) error {
	if r.batched {
		return r.reconcileBatches(ctx)
	}
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

// endLost tells finance and ends. The books have nothing to close.
func (r *payoutRun) endLost(ctx workflow.Context) (PayoutRunResult, error) {
	r.rejectAgain(ctx)
	r.state = partnership.RunLost
	lost := activities.StuckRun{RunID: r.run.ID, Program: r.Program, Period: r.Period, Why: r.lost, Since: workflow.Now(ctx), Lost: true}
	courtesy(ctx, r.Day, reportStuckRun, "Tell finance that the books have gone back to before this run", lost, lastWords(r.Day))
	err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
	return PayoutRunResult{RunID: r.run.ID, State: r.state}, err
}
