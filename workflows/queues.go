package workflows

import (
	"context"
	"reflect"
	"runtime"
	"strings"

	"github.com/rapport-dev/rapport/activities"
)

// The task queues. Lifecycle carries the workflows and every unlimited activity; a vendor has a queue of its own, so that its rate
// limit holds for the whole cluster whatever the number of workers. Those below are in histories: of a port that several vendors may
// fill, the queue of the one that stories mean which name nobody.
const (
	QueueLifecycle = "rapport"
	QueueMail      = "rapport-sendgrid"
	QueueSigning   = "rapport-docusign"
	QueueShipping  = "rapport-easypost"
	QueueShop      = "rapport-shopify"
	QueueChat      = "rapport-slack"
	QueuePayout    = "rapport-stripe"
)

// QueueOf is the queue of a vendor's calls.
func QueueOf(vendor string) string { return QueueLifecycle + "-" + vendor }

// Queues lists the task queues that histories name; all but the first carry activities only. A worker serves those of all vendors.
func Queues() []string {
	return []string{QueueLifecycle, QueueMail, QueueSigning, QueueShipping, QueueShop, QueueChat, QueuePayout}
}

// activity is a method of activities.Activities and the queue that it runs on. Who runs one names neither the queue nor the types: a
// wrong argument does not compile, nor does a wrong result.
type activity[I, R any] struct {
	queue  string
	method any
}

// by is the activity as the vendor of that name does it, on its own queue; "" is whom stories mean that name nobody.
func (a activity[I, R]) by(vendor string) activity[I, R] {
	if vendor != "" {
		a.queue = QueueOf(vendor)
	}
	return a
}

// nothing is the result of an activity that has none. It reads as none whatever an older build gave.
type nothing struct{}

// UnmarshalJSON takes anything.
func (*nothing) UnmarshalJSON([]byte) error { return nil }

// act is never dereferenced: it only names the activities, with their types.
var act *activities.Activities

// The table of the activities: each stands here once, under its queue, and cannot be run another way. QueueShipping is the carrier's and
// QueuePayout the rail's: what has to go to one of several says by whom.
var (
	saveProjection = does(QueueLifecycle, act.SaveProjection)
	recordDecision = does(QueueLifecycle, act.RecordDecision)
	refuseDecision = does(QueueLifecycle, act.RefuseDecision)

	rankRoster       = gives(QueueLifecycle, act.RankRoster)
	reserveWave      = gives(QueueLifecycle, act.ReserveWave)
	releaseWave      = does(QueueLifecycle, act.ReleaseWave)
	reserveBudget    = gives(QueueLifecycle, act.ReserveBudget)
	releaseBudget    = does(QueueLifecycle, act.ReleaseBudget)
	loadAmendment    = gives(QueueLifecycle, act.LoadAmendment)
	pickCreator      = gives(QueueLifecycle, act.PickCreator)
	leaveOutCreator  = gives(QueueLifecycle, act.LeaveOutCreator)
	setCampaignState = does(QueueLifecycle, act.SetCampaignState)
	checkPost        = gives(QueueLifecycle, act.CheckPost)

	openPayoutRun     = gives(QueueLifecycle, act.OpenPayoutRun)
	statementCreators = gives(QueueLifecycle, act.StatementCreators)
	planPayouts       = gives(QueueLifecycle, act.PlanPayouts)
	batchPayouts      = gives(QueueLifecycle, act.BatchPayouts)
	drawStatements    = gives(QueueLifecycle, act.DrawStatements)
	statementBatch    = gives(QueueLifecycle, act.StatementBatch)
	pauseRun          = does(QueueLifecycle, act.PauseRun)
	approveRun        = does(QueueLifecycle, act.ApproveRun)
	voidPayoutPlan    = does(QueueLifecycle, act.VoidPayoutPlan)
	setRunState       = does(QueueLifecycle, act.SetRunState)
	knownTransfers    = gives(QueueLifecycle, act.KnownTransfers)
	releaseRefused    = gives(QueueLifecycle, act.ReleaseRefused)
	watchWorkflows    = gives(QueueLifecycle, act.WatchWorkflows)
	forgetPapers      = does(QueueLifecycle, act.ForgetPapers)

	askCreator    = gives(QueueMail, act.AskCreator)
	sendLetter    = gives(QueueMail, act.SendLetter)
	handOver      = gives(QueueMail, act.HandOver)
	sendStatement = does(QueueMail, act.SendStatement)
	sendNotice    = does(QueueMail, act.SendNotice)
	chasePayees   = gives(QueueMail, act.ChasePayees)

	sendContract     = gives(QueueSigning, act.SendContract)
	confirmSignature = gives(QueueSigning, act.ConfirmSignature)
	voidContract     = gives(QueueSigning, act.VoidContract)

	buyLabel     = gives(QueueShipping, act.BuyLabel)
	lookAtParcel = gives(QueueShipping, act.LookAtParcel)
	refundLabel  = gives(QueueShipping, act.RefundLabel)

	orderGift         = gives(QueueShop, act.OrderGift)
	cancelGift        = gives(QueueShop, act.CancelGift)
	createTrackingKit = gives(QueueShop, act.CreateTrackingKit)
	verifyTracking    = gives(QueueShop, act.VerifyTracking)
	deactivateCode    = gives(QueueShop, act.DeactivateCode)
	rereadOrders      = gives(QueueShop, act.RereadOrders)
	keepWebhooks      = gives(QueueShop, act.KeepWebhooks)

	tellTeam          = does(QueueChat, act.TellTeam)
	askAboutCounter   = gives(QueueChat, act.AskAboutCounter)
	askForReview      = gives(QueueChat, act.AskForReview)
	closeReviewCard   = gives(QueueChat, act.CloseReviewCard)
	askAboutSilence   = gives(QueueChat, act.AskAboutSilence)
	tellSchedule      = gives(QueueChat, act.TellSchedule)
	tellOptedOut      = gives(QueueChat, act.TellOptedOut)
	reportRefusedStep = gives(QueueChat, act.ReportRefusedStep)
	askForApproval    = does(QueueChat, act.AskForApproval)
	askAboutTransfer  = does(QueueChat, act.AskAboutTransfer)
	tellRefused       = does(QueueChat, act.TellRefused)
	reportStuckRun    = does(QueueChat, act.ReportStuckRun)
	finishRun         = does(QueueChat, act.FinishRun)
	tellStuck         = does(QueueChat, act.TellStuck)
	tellReread        = does(QueueChat, act.TellReread)

	askForPayoutSetup = gives(QueuePayout, act.AskForPayoutSetup)
	checkBooks        = does(QueuePayout, act.CheckBooks)
	checkFunds        = does(QueuePayout, act.CheckFunds)
	checkTransfer     = does(QueuePayout, act.CheckTransfer)
	executeTransfer   = gives(QueuePayout, act.ExecuteTransfer)
	lookUpTransfer    = gives(QueuePayout, act.LookUpTransfer)
	reconcileRun      = does(QueuePayout, act.ReconcileRun)
	findDifferences   = gives(QueuePayout, act.FindDifferences)
)

// gives is a line of the table; does is one of an activity without a result.
func gives[I, R any](queue string, method func(context.Context, I) (R, error)) activity[I, R] {
	return activity[I, R]{queue, placed(queue, method)}
}

func does[I any](queue string, method func(context.Context, I) error) activity[I, nothing] {
	return activity[I, nothing]{queue, placed(queue, method)}
}

var table = map[string][]string{} // the queues of each activity by its name

func placed(queue string, method any) any {
	name := runtime.FuncForPC(reflect.ValueOf(method).Pointer()).Name()
	name = strings.TrimSuffix(name[strings.LastIndex(name, ".")+1:], "-fm") // as the SDK names it
	table[name] = append(table[name], queue)
	return method
}

// ActivityQueues says for each activity, by its name, on which queues it may be asked for: one. The worker of that queue has to know it.
func ActivityQueues() map[string][]string { return table }
