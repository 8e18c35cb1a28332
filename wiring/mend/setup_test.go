package mend_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	common "go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/app/mending"
	"github.com/rapport-dev/rapport/engine"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/wiring/mend"
	"github.com/rapport-dev/rapport/workflows"
)

// day is long enough that no deadline passes in a test, and short enough to count as a compressed one.
const day = 30 * time.Minute

// house is the real workflows with the real activities on a real database and a real server; only the vendors are imitated.
type house struct {
	*store.Store
	t       *testing.T
	c       client.Client
	chat    *wall
	steps   *activities.Activities
	mender  *mend.Mender
	queues  []worker.Worker // the vendors'
	stories worker.Worker   // tells the workflows
}

// wall keeps the cards that were posted, and is the mailer too.
type wall struct {
	mu    sync.Mutex
	cards []partnership.Message
	mails []partnership.Mail
}

func (w *wall) PostMessage(_ context.Context, m partnership.Message) (partnership.MessageRef, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cards = append(w.cards, m)
	return partnership.MessageRef{Channel: "C1", TS: fmt.Sprint(len(w.cards))}, nil
}

func (w *wall) FindMessage(context.Context, partnership.Message, time.Time) (partnership.MessageRef, error) {
	return partnership.MessageRef{}, partnership.Errorf(partnership.NotFound, "no such message")
}

func (w *wall) UpdateMessage(context.Context, partnership.MessageRef, partnership.Message) error {
	return nil
}

func (w *wall) SendMail(_ context.Context, m partnership.Mail) (partnership.Receipt, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mails = append(w.mails, m)
	return partnership.Receipt{ID: fmt.Sprint(len(w.mails))}, nil
}

// about are the cards of workflows that stand whose text or body names that.
func (w *wall) about(name string) (found []partnership.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.cards {
		if m.Kind == "workflow_stuck" && strings.Contains(m.Text+m.Body, name) {
			found = append(found, m)
		}
	}
	return found
}

func (w *wall) mailed(id partnership.PartnershipID, kind string) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.mails {
		if m.PartnershipID == id && m.Kind == kind {
			n++
		}
	}
	return n
}

func open(t *testing.T) *house {
	t.Helper()
	if testing.Short() {
		t.Skip("needs Postgres and Temporal")
	}
	s, err := store.Open(t.Context(), pgtest.New(t, store.Migrate), store.Options{SecretKey: make([]byte, 32), Day: day, PublicURL: "https://rapport.example"})
	must(t, err)
	t.Cleanup(s.Close)
	temporaltest.SameClock(t)
	server := temporaltest.Server(t)
	h := &house{Store: s, t: t, c: temporaltest.Client(t), chat: &wall{}}
	now := partnership.SystemClock{}.Now
	h.mender = &mend.Mender{Engine: mend.NewEngine(h.c, server.Namespace(), engine.Plain(), day, now), Store: s, Client: h.c, Keys: engine.Plain(), Day: day}
	h.steps = activities.New(activities.Deps{
		Store: s, Mailer: h.chat, Chat: h.chat, Clock: partnership.SystemClock{}, PublicURL: "https://rapport.example", Day: day, Engine: h.mender.Engine,
	})
	for _, queue := range workflows.Queues()[1:] {
		h.queues = append(h.queues, h.work(queue, worker.Options{DisableWorkflowWorker: true}, nil))
	}
	t.Cleanup(func() {
		for _, w := range h.queues {
			w.Stop()
		}
	})
	h.tell(workflows.Partnership)
	t.Cleanup(func() { h.stories.Stop() })
	return h
}

func (h *house) work(queue string, o worker.Options, partnership any) worker.Worker {
	h.t.Helper()
	w := worker.New(h.c, queue, o)
	if partnership != nil {
		w.RegisterWorkflowWithOptions(workflows.Campaign, workflow.RegisterOptions{Name: workflows.CampaignType})
		w.RegisterWorkflowWithOptions(workflows.Watch, workflow.RegisterOptions{Name: workflows.WatchType})
		w.RegisterWorkflowWithOptions(partnership, workflow.RegisterOptions{Name: workflows.PartnershipType})
		w.RegisterActivityWithOptions(func(context.Context) error { return nil }, activity.RegisterOptions{Name: "Nothing"})
	}
	w.RegisterActivity(h.steps)
	must(h.t, w.Start())
	return w
}

// tell replaces the worker of the workflows by one with that definition of a partnership, as a deployment does.
func (h *house) tell(partnership any) {
	h.t.Helper()
	if h.stories != nil {
		h.stories.Stop()
	}
	h.stories = h.work(workflows.QueueLifecycle, worker.Options{StickyScheduleToStartTimeout: time.Second}, partnership)
}

// launch starts a campaign with three slots, n standbys, and a budget that covers three offers and no fourth.
func (h *house) launch(standby int) partnership.CampaignID {
	h.t.Helper()
	now := partnership.SystemClock{}.Now()
	c := partnership.Campaign{
		Name: h.t.Name(), Program: "dreams", Round: 1, Currency: "USD", Timezone: "America/New_York", BudgetMinor: 3 * 500_00,
		Brand: partnership.Brand{Name: "Acme Scents", PostalAddress: "1 Main St, Austin TX 78701, US", ReplyTo: "partners@acme.example"}, Destination: "https://shop.example/sampler",
		Selection: partnership.Selection{Target: 3, Standby: standby, MinEngagement: 1},
		Offer: partnership.Offer{
			FeeMinor: map[partnership.Tier]int64{partnership.Nano: 500_00}, UsageRights: partnership.UsageRights{Channels: []string{"email"}, Days: 30},
			Deliverables: []partnership.Deliverable{{Kind: "instagram_reel", Count: 1}},
		},
		Schedule: partnership.Schedule{PublishFrom: now.Add(60 * day), PublishTo: now.Add(90 * day), OutreachDays: 10, SignDays: 5, ProduceDays: 10, ReviewDays: 3, BufferDays: 4, WindowDays: 30},
		Payout:   partnership.PayoutPolicy{HoldDays: 30, MinimumMinor: 2500, Provider: "stripe", ApproveAboveMinor: 5000_00},
	}
	var creators []partnership.Creator
	for i := range 3 + standby {
		creators = append(creators, partnership.Creator{
			Handle: fmt.Sprintf("creator%d", i), Name: fmt.Sprintf("Name %d", i), Email: fmt.Sprintf("c%d@mail.example", i), Platform: "instagram",
			Followers: 9000, EngagementRate: 5, Niche: "sleep", Country: "US",
		})
	}
	id, _, err := h.CreateCampaign(h.t.Context(), c, creators, h.t.Name())
	must(h.t, err)
	_, err = h.c.ExecuteWorkflow(h.t.Context(), client.StartWorkflowOptions{
		ID: workflows.CampaignWorkflowID(id), TaskQueue: workflows.QueueLifecycle, TypedSearchAttributes: workflows.CampaignAttributes(id, c.Program),
	}, workflows.CampaignType, workflows.CampaignInput{CampaignID: id, Day: day})
	must(h.t, err)
	return id
}

// eventually waits until done, and says what it waited for when that does not come.
func (h *house) eventually(what string, done func() bool) {
	h.t.Helper()
	limit := time.NewTimer(60 * time.Second)
	defer limit.Stop()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-limit.C:
			h.t.Fatalf("waited in vain: %s", what)
		case <-tick.C:
		}
	}
}

// open are the partnerships of a campaign that wait for the creator's answer, once there are n.
func (h *house) waiting(id partnership.CampaignID, n int) (out []board.Partnership) {
	h.t.Helper()
	h.eventually(fmt.Sprintf("%d creators are asked", n), func() bool {
		doc, err := h.CampaignDocument(h.t.Context(), id)
		must(h.t, err)
		out = nil
		for _, one := range doc.Partnerships {
			if one.Outcome == "" && one.WaitingFor == "the creator's answer to the offer" {
				out = append(out, one)
			}
		}
		return len(out) == n
	})
	return out
}

// look has the watchdog look once.
func (h *house) look() {
	h.t.Helper()
	run, err := h.c.ExecuteWorkflow(h.t.Context(), client.StartWorkflowOptions{TaskQueue: workflows.QueueLifecycle}, workflows.WatchType, workflows.WatchInput{Day: day})
	must(h.t, err)
	must(h.t, run.Get(h.t.Context(), nil))
}

// finding is what stands about a workflow, nil when nothing does.
func (h *house) finding(workflowID string) *partnership.Finding {
	h.t.Helper()
	all, err := h.OpenFindings(h.t.Context())
	must(h.t, err)
	for _, f := range all {
		if f.WorkflowID == workflowID {
			return &f
		}
	}
	return nil
}

// found has the watchdog look until it has found that trouble.
func (h *house) found(workflowID string, kind partnership.StuckKind) partnership.Finding {
	h.t.Helper()
	var f *partnership.Finding
	h.eventually(workflowID+" is found "+string(kind), func() bool {
		h.look()
		f = h.finding(workflowID)
		return f != nil && f.Kind == kind
	})
	return *f
}

func (h *house) document(id partnership.PartnershipID) board.Partnership {
	h.t.Helper()
	doc, err := h.PartnershipDocument(h.t.Context(), id)
	must(h.t, err)
	return doc
}

func (h *house) status(workflowID string) enums.WorkflowExecutionStatus {
	h.t.Helper()
	d, err := h.c.DescribeWorkflowExecution(h.t.Context(), workflowID, "")
	must(h.t, err)
	return d.GetWorkflowExecutionInfo().GetStatus()
}

// leftTo has any worker take the next task of a workflow: the server would offer it to the one that was stopped first, and write down that
// nobody came.
func (h *house) leftTo(workflowID string) {
	h.t.Helper()
	_, err := h.c.WorkflowService().ResetStickyTaskQueue(h.t.Context(), &workflowservice.ResetStickyTaskQueueRequest{
		Namespace: temporaltest.Server(h.t).Namespace(), Execution: &common.WorkflowExecution{WorkflowId: workflowID},
	})
	must(h.t, err)
}

// sleeps says whether a workflow has set a timer and its worker has nothing to do for it.
func (h *house) sleeps(workflowID string) bool {
	h.t.Helper()
	d, err := h.c.DescribeWorkflowExecution(h.t.Context(), workflowID, "")
	must(h.t, err)
	if d.GetPendingWorkflowTask() != nil || len(d.GetPendingActivities()) > 0 {
		return false
	}
	it := h.c.GetWorkflowHistory(h.t.Context(), workflowID, d.GetWorkflowExecutionInfo().GetExecution().GetRunId(), false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for it.HasNext() {
		e, err := it.Next()
		must(h.t, err)
		if e.GetEventType() == enums.EVENT_TYPE_TIMER_STARTED {
			return true
		}
	}
	return false
}

func (h *house) mend(workflowID string, end bool) (mending.Done, error) {
	h.t.Helper()
	o := mending.Order{WorkflowID: workflowID, End: end}
	if end {
		o.Reason = "it cannot go on"
	}
	by := deeds.By{Who: "cli:ada", Roles: []deeds.Role{deeds.Manager, deeds.Finance}}
	return mending.Mend(h.t.Context(), h.Store, h.mender, by, o)
}

func (h *house) decline(id partnership.PartnershipID) {
	h.t.Helper()
	handle, err := h.c.UpdateWorkflow(h.t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: workflows.PartnershipWorkflowID(id), UpdateName: workflows.UpdateAnswerOffer, WaitForStage: client.WorkflowUpdateStageCompleted,
		Args: []any{workflows.AnswerOffer{Task: "offer", Answer: partnership.ChoiceDecline}},
	})
	must(h.t, err)
	must(h.t, handle.Get(h.t.Context(), nil))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func init() { slog.SetDefault(slog.New(slog.DiscardHandler)) }
