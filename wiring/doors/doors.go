// Package doors is how requests from outside reach workflows: it calls Temporal and says no in Rapport's own words.
package doors

import (
	"context"
	"errors"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/ledger"
	"github.com/rapport-dev/rapport/workflows"
)

// answerTimeout bounds a query whose caller set no deadline: it needs a worker, and there may be none.
const answerTimeout = 10 * time.Second

// Workflows talks to running workflows. Its errors are *partnership.Error.
type Workflows struct {
	client client.Client
	day    time.Duration
	key    []byte // of proofs
	deeds  Deeds
}

// New makes the door. day is how long one campaign day lasts (RAPPORT_DAY), secret is RAPPORT_SECRET_KEY.
func New(c client.Client, day time.Duration, secret []byte, deeds Deeds) *Workflows {
	return &Workflows{client: c, day: day, key: partnership.ProofKey(secret), deeds: deeds}
}

// Signal tells a workflow a fact.
func (w *Workflows) Signal(ctx context.Context, workflowID, name string, arg any) error {
	if m, ok := arg.(workflows.Signal); ok {
		arg = workflows.For(workflowID, m)
	}
	return inOurWords(w.client.SignalWorkflow(ctx, workflowID, "", name, arg))
}

// Query asks a workflow what it knows; a closed one answers too.
func (w *Workflows) Query(ctx context.Context, workflowID, name string, result any) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	value, err := w.client.QueryWorkflow(ctx, workflowID, "", name)
	for again := 0; again < 3 && misread(err); again++ {
		value, err = w.client.QueryWorkflow(ctx, workflowID, "", name)
	}
	if err == nil {
		err = value.Get(result)
	}
	return inOurWords(err)
}

// misread says that a worker without the workflow in its cache read a history which grew while the question was on its way, and took
// that for another story (temporalio/sdk-go issue 755). Asked again it reads it whole. A story that is another indeed is so each time.
func misread(err error) bool {
	no, failed := errors.AsType[*serviceerror.QueryFailed](err)
	return failed && strings.Contains(no.Message, "[TMPRL1100]")
}

// StartCampaign starts a campaign's workflow; one that was started before stays as it is. One that was started and then ended
// otherwise than by its own word is not there any more, and nobody may be told that it is.
func (w *Workflows) StartCampaign(ctx context.Context, id partnership.CampaignID, program string) (started bool, err error) {
	_, err = w.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       workflows.CampaignWorkflowID(id),
		TaskQueue:                workflows.QueueLifecycle,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		TypedSearchAttributes:    workflows.CampaignAttributes(id, program),

		WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, workflows.CampaignType, workflows.CampaignInput{CampaignID: id, Day: w.day})
	if is[*serviceerror.WorkflowExecutionAlreadyStarted](err) {
		return false, w.stillThere(ctx, id)
	}
	return err == nil, inOurWords(err)
}

// stillThere refuses a campaign whose workflow was ended from outside: by an operator, or by a build that let it fail.
func (w *Workflows) stillThere(ctx context.Context, id partnership.CampaignID) error {
	status, err := w.status(ctx, workflows.CampaignWorkflowID(id))
	if _, stands := FromOutside[status]; stands && err == nil {
		return partnership.Errorf(partnership.Conflict, "campaign %s was launched before and its workflow has ended (%s): nothing runs. Launch the files as another round, with --round", id, strings.ToLower(status.String()))
	}
	return err
}

// StartPayoutRun starts a program's run over a month by hand. While one is under way for that month it stays as it is, and began is
// false; after it has ended a further run takes what no payout has claimed.
func (w *Workflows) StartPayoutRun(ctx context.Context, in workflows.PayoutRunInput) (began bool, err error) {
	in.Day = w.day
	_, err = w.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       workflows.PayoutRunWorkflowID(in.Program, in.Period),
		TaskQueue:                workflows.QueueLifecycle,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		TypedSearchAttributes:    workflows.PayoutAttributes(in.Program),

		WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, workflows.PayoutRunType, in)
	if is[*serviceerror.WorkflowExecutionAlreadyStarted](err) {
		return false, nil
	}
	return err == nil, inOurWords(err)
}

// RereadOrders asks the shop again for the orders that changed since, and waits for what is found. One that is under way since then is that one.
// *partnership.Taken when the caller's time is over first: it goes on.
func (w *Workflows) RereadOrders(ctx context.Context, since time.Time) (found partnership.Reread, err error) {
	run, err := w.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       workflows.RereadWorkflowID + "/" + since.UTC().Format(time.RFC3339),
		TaskQueue:                workflows.QueueLifecycle,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, workflows.RereadType, workflows.RereadInput{Day: w.day, Since: since})
	if err == nil {
		err = run.Get(ctx, &found)
		if err != nil && ctx.Err() != nil {
			return found, &partnership.Taken{ID: run.GetID()}
		}
	}
	return found, inOurWords(err)
}

// SendNotice starts a notice; one that is under way or was sent stays as it is.
func (w *Workflows) SendNotice(ctx context.Context, id string) error {
	_, err := w.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       workflows.NoticeWorkflowID(id),
		TaskQueue:                workflows.QueueLifecycle,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, workflows.NoticeType, workflows.NoticeInput{NoticeID: id, Day: w.day})
	if is[*serviceerror.WorkflowExecutionAlreadyStarted](err) {
		return nil
	}
	return inOurWords(err)
}

// EnsurePayoutSchedule makes the program's monthly run start by itself: at 06:00 of the first of each month in its zone,
// for the month before.
func (w *Workflows) EnsurePayoutSchedule(ctx context.Context, program, zone string) error {
	err := engine.EnsureMonthlySchedule(ctx, w.client, engine.MonthlySchedule{
		ID:         workflows.PayoutScheduleID(program),
		Zone:       zone,
		Hour:       ledger.RunHour,
		Workflow:   workflows.PayoutRunType,
		WorkflowID: "payout-run/" + program,
		Queue:      workflows.QueueLifecycle,
		Arg:        workflows.PayoutRunInput{Program: program, Zone: zone, PreparedBy: "schedule", Day: w.day, ReviewDays: reviewDays},
	})
	return inOurWords(err)
}

// reviewDays is how long creators have to object to their statement, in campaign days.
const reviewDays = 3

func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, set := ctx.Deadline(); set {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, answerTimeout)
}

// inOurWords turns Temporal's errors into Rapport's: a validator's no with its code, what is not there, what is not
// reachable. Others pass.
func inOurWords(err error) error {
	if err == nil {
		return nil
	}
	if no := activities.RefusalIn(err); no != nil {
		return no
	}
	if is[*temporal.ApplicationError](err) {
		return err
	}
	if _, gone := errors.AsType[*serviceerror.NotFound](err); gone {
		return partnership.Errorf(partnership.NotFound, "it has ended or was never started")
	}
	if unreachable(err) {
		return &Unavailable{err}
	}
	return err
}

// Unavailable means that Temporal or its workers could not be reached in time: nothing is known, and the same call with the
// same update id may be made again.
type Unavailable struct{ cause error }

func (e *Unavailable) Error() string { return "the engine does not answer now; try again in a moment" }
func (e *Unavailable) Unwrap() error { return e.cause }

func unreachable(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	return is[*client.WorkflowUpdateServiceTimeoutOrCanceledError](err) || is[*serviceerror.Unavailable](err) ||
		is[*serviceerror.DeadlineExceeded](err) || is[*serviceerror.ResourceExhausted](err) ||
		is[*serviceerror.FailedPrecondition](err) || // a question, and no worker was seen for a while
		is[*serviceerror.WorkflowNotReady](err) // its task is blocked: by a payload whose key is not there, or a build that decides otherwise
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
