package doors_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/board"
	"github.com/rapport-dev/rapport/proof/pgtest"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/store"
	"github.com/rapport-dev/rapport/web/access"
	"github.com/rapport-dev/rapport/wiring/doors"
	"github.com/rapport-dev/rapport/workflows"
)

const shortDay = 2 * time.Second

var secret = []byte("a secret of thirty-two bytes.....")

// house is a real database, a real Temporal and a real worker's steps; only the vendors are played.
type house struct {
	t       *testing.T
	store   *store.Store
	client  client.Client
	door    *doors.Workflows
	program string

	campaign partnership.CampaignID
	period   string
	rail     *rail
	workers  []worker.Worker
	books    activities.Store // what the steps write to; nil is the store
}

func open(t *testing.T) *house {
	t.Helper()
	if testing.Short() {
		t.Skip("a real Temporal and outages take a minute")
	}
	temporaltest.SameClock(t)
	h := &house{t: t, client: temporaltest.Client(t), program: "p" + uuid.NewString()[:8], rail: &rail{}}
	var err error
	h.store, err = store.Open(t.Context(), pgtest.New(t, store.Migrate), store.Options{SecretKey: secret, Day: shortDay, PublicURL: "https://rapport.example"})
	must(t, err)
	t.Cleanup(h.store.Close)
	h.door = doors.New(h.client, shortDay, secret, h.store)
	h.seed()
	return h
}

// seed makes one creator's fee payable.
func (h *house) seed() {
	ctx := h.t.Context()
	now, err := h.store.Time(ctx)
	must(h.t, err)
	h.period = now.Format("2006-01")
	campaign := partnership.Campaign{
		Name: "Dreams", Program: h.program, Currency: "USD", Timezone: "UTC", BudgetMinor: 1_000_000, Selection: partnership.Selection{Target: 1},
		Payout: partnership.PayoutPolicy{MinimumMinor: 100, Provider: "stripe", ApproveAboveMinor: 1_000_000},
	}
	id, _, err := h.store.CreateCampaign(ctx, campaign, []partnership.Creator{{Handle: "ada", Name: "Ada", Email: "ada@mail.example", Platform: "instagram", Followers: 9000, Niche: "home"}}, h.program)
	must(h.t, err)
	creators, err := h.store.CampaignCreators(ctx, id)
	must(h.t, err)
	who := creators[0].ID
	h.campaign = id
	must(h.t, h.store.ReserveBudget(ctx, id, partnership.RosterEntry{CreatorID: who, Tier: partnership.Nano, Niche: "home", Rank: 1}, partnership.Terms{Version: 1, Currency: "USD", FeeMinor: 50_000}, 50_000))
	must(h.t, h.store.SavePayoutAccount(ctx, who, partnership.PayoutAccount{ID: "acct_1", Ready: true}))
	must(h.t, h.store.EarnFee(ctx, partnership.PartnershipFor(id, who), "reel/1", 50_000, now.Add(-time.Minute)))
}

// work starts a worker as rapport-worker is one, on the queues that have one name for everybody: two houses at a time would do each
// other's steps in the wrong database, so these tests run one after another.
func (h *house) work() {
	h.t.Helper()
	people, err := access.ParsePeople("U_PREP, cli:prep: finance\nU_FIN: finance\nU_MANAGER: manager\n")
	must(h.t, err)
	guard := &doors.Guard{
		Key: partnership.ProofKey(secret), Directory: access.Directory{People: people, Listed: true}, Refused: h.store.RefuseDeed, Log: slog.New(slog.DiscardHandler),
	}
	books := h.books
	if books == nil {
		books = h.store
	}
	steps := activities.New(activities.Deps{Store: books, Mailer: mute{}, Rails: activities.Only[activities.PayoutRail]("stripe", h.rail), Guard: guard, Clock: partnership.SystemClock{}, Day: shortDay})
	for _, queue := range workflows.Queues() {
		w := worker.New(h.client, queue, worker.Options{WorkerStopTimeout: time.Second})
		if queue == workflows.QueueLifecycle {
			w = worker.New(h.client, queue, worker.Options{WorkerStopTimeout: time.Second, Interceptors: []interceptor.WorkerInterceptor{guard.Interceptor()}})
			workflows.Register(w)
		}
		w.RegisterActivity(steps)
		must(h.t, w.Start())
		h.workers = append(h.workers, w)
	}
	h.t.Cleanup(h.rest)
}

func (h *house) rest() {
	for _, w := range h.workers {
		w.Stop()
	}
	h.workers = nil
}

// run starts the month's run and waits until it asks for approval; it returns the hash of its lines.
func (h *house) run() string {
	h.t.Helper()
	_, err := h.door.StartPayoutRun(h.t.Context(), workflows.PayoutRunInput{Program: h.program, Period: h.period, PreparedBy: "cli:prep"})
	must(h.t, err)
	var now workflows.PayoutRunSnapshot
	h.eventually("the run is planned", func() bool {
		return h.door.Query(h.t.Context(), h.id(), workflows.QuerySnapshot, &now) == nil && now.State == partnership.RunPlanned
	})
	h.eventually("finance is asked", func() bool { // no step is under way any more: a worker that rests now drops none
		run, err := h.client.DescribeWorkflowExecution(h.t.Context(), h.id(), "")
		return err == nil && len(run.GetPendingActivities()) == 0 && run.GetPendingWorkflowTask() == nil
	})
	return now.Plan.LinesHash
}

func (h *house) id() string { return workflows.PayoutRunWorkflowID(h.program, h.period) }

// straight sends an update as whoever reaches Temporal can, and returns its refusal.
func (h *house) straight(id, name string, message any) error {
	ctx, cancel := context.WithTimeout(h.t.Context(), 20*time.Second)
	defer cancel()
	update, err := h.client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{WorkflowID: h.id(), UpdateID: id, UpdateName: name, Args: []any{message}, WaitForStage: client.WorkflowUpdateStageCompleted})
	if err == nil {
		err = update.Get(ctx, nil)
	}
	return err
}

func (h *house) approve(who, hash string) (workflows.Ack, error) {
	var ack workflows.Ack
	deed := partnership.Deed{ID: "test/" + who + "/" + hash, Who: who, Deed: partnership.DeedApproveRun, Subject: h.id()}
	err := h.door.Decide(h.t.Context(), deed, workflows.ApproveRun{By: who, Hash: hash}, nil, &ack)
	return ack, err
}

func (h *house) lines(who string) []board.AuditLine {
	h.t.Helper()
	lines, err := h.store.Audit(h.t.Context(), store.AuditFilter{Who: who, Subject: h.id()})
	must(h.t, err)
	return lines
}

func (h *house) eventually(what string, ok func() bool) {
	h.t.Helper()
	deadline, tick := time.After(time.Minute), time.NewTicker(50*time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			h.t.Fatal("did not happen: " + what)
		case <-tick.C:
		}
	}
}

func TestAnApprovalThatNoDoorMadePaysNothing(t *testing.T) {
	h := open(t)
	h.work()
	hash := h.run()

	content := func(m any) string {
		c, err := partnership.ContentHash(m)
		must(t, err)
		return c
	}
	now, err := h.store.Time(t.Context())
	must(t, err)
	prove := func(key []byte, id, who, deed, workflow string, m any) *partnership.Proof {
		proof := partnership.Prove(key, partnership.Claim{ID: id, Who: who, Deed: deed, Workflow: workflow, Content: content(m), At: now})
		return &proof
	}
	key, good := partnership.ProofKey(secret), workflows.ApproveRun{By: "slack:U_FIN", Hash: hash}
	with := func(m workflows.ApproveRun, proof *partnership.Proof) workflows.ApproveRun {
		m.Proof = proof
		return m
	}
	reject := workflows.RejectRun{By: "slack:U_FIN", Hash: hash, Reason: "x"}
	for name, m := range map[string]workflows.ApproveRun{
		"a ghost":                      {By: "slack:U_GHOST", Hash: hash},
		"a name that may, unproven":    good,
		"another key":                  with(good, prove(partnership.ProofKey([]byte("guessed")), "another key", "slack:U_FIN", partnership.DeedApproveRun, h.id(), good)),
		"a proof for another month":    with(good, prove(key, "a proof for another month", "slack:U_FIN", partnership.DeedApproveRun, h.id()+"x", good)),
		"a proof for another deed":     with(good, prove(key, "a proof for another deed", "slack:U_FIN", partnership.DeedRejectRun, h.id(), reject)),
		"a proof for other lines":      with(good, prove(key, "a proof for other lines", "slack:U_FIN", partnership.DeedApproveRun, h.id(), workflows.ApproveRun{By: "slack:U_FIN", Hash: "other"})),
		"a proof under another id":     with(good, prove(key, "other id", "slack:U_FIN", partnership.DeedApproveRun, h.id(), good)),
		"somebody else's proof":        with(good, prove(key, "somebody else's proof", "slack:U_MANAGER", partnership.DeedApproveRun, h.id(), good)),
		"a creator's":                  with(good, prove(key, "a creator's", "creator:x", partnership.DeedApproveRun, h.id(), good)),
		"proven, for one who may not":  with(workflows.ApproveRun{By: "slack:U_MANAGER", Hash: hash}, prove(key, "proven, for one who may not", "slack:U_MANAGER", partnership.DeedApproveRun, h.id(), workflows.ApproveRun{By: "slack:U_MANAGER", Hash: hash})),
		"proven, by the preparer":      with(workflows.ApproveRun{By: "cli:prep", Hash: hash}, prove(key, "proven, by the preparer", "cli:prep", partnership.DeedApproveRun, h.id(), workflows.ApproveRun{By: "cli:prep", Hash: hash})),
		"proven, by the same in Slack": with(workflows.ApproveRun{By: "slack:U_PREP", Hash: hash}, prove(key, "proven, by the same in Slack", "slack:U_PREP", partnership.DeedApproveRun, h.id(), workflows.ApproveRun{By: "slack:U_PREP", Hash: hash})),
	} {
		if err := h.straight(name, workflows.UpdateApproveRun, m); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
	old := prove(key, "long ago", "slack:U_FIN", partnership.DeedApproveRun, h.id(), good)
	at := now.Add(-30 * 24 * time.Hour)
	stale := partnership.Prove(key, partnership.Claim{ID: old.ID, Who: old.Who, Deed: partnership.DeedApproveRun, Workflow: h.id(), Content: content(good), At: at})
	if err := h.straight("long ago", workflows.UpdateApproveRun, with(good, &stale)); err == nil || !strings.Contains(err.Error(), "too long ago") {
		t.Errorf("a proof of last month: %v", err)
	}
	if n := h.rail.count(); n != 0 {
		t.Fatalf("%d transfers were paid", n)
	}
	h.eventually("the audit tells of whom no door has sent", func() bool { return len(h.lines("unknown")) > 0 })

	// And by a door it is paid, once.
	if _, err := h.approve("slack:U_MANAGER", hash); partnership.CodeOf(err) != partnership.Forbidden {
		t.Errorf("a manager approves: %v", err)
	}
	for range 2 {
		ack, err := h.approve("slack:U_FIN", hash)
		must(t, err)
		if ack.WaitingFor != "the transfers" {
			t.Errorf("the answer is %+v", ack)
		}
	}
	h.eventually("it is paid", func() bool { return h.rail.count() == 1 })
	if lines := h.lines("slack:U_FIN"); len(lines) != 1 || lines[0].Outcome != store.Accepted || lines[0].Deed != partnership.DeedApproveRun || lines[0].Door != "slack" {
		t.Errorf("the audit says %+v", lines)
	}
	if lines := h.lines("slack:U_MANAGER"); len(lines) != 1 || lines[0].Outcome != store.Refused || !strings.Contains(lines[0].Why, "has not the role finance") {
		t.Errorf("the audit says %+v", lines)
	}
}

func TestWhatIsAskedWhileNoWorkerRunsIsDoneOnce(t *testing.T) {
	h := open(t)
	h.work()
	hash := h.run()
	h.rest()

	_, err := h.approve("slack:U_FIN", hash)
	taken, ok := err.(*partnership.Taken)
	if !ok {
		t.Fatalf("without a worker: %v", err)
	}
	if _, err := h.approve("slack:U_MANAGER", hash); err == nil {
		t.Error("another's deed is done without a worker")
	}
	if got, err := h.store.Asked(t.Context(), taken.ID); err != nil || !got.Taken() {
		t.Errorf("it stands as %+v, %v", got, err)
	}
	if _, err := h.approve("slack:U_FIN", "other lines"); partnership.CodeOf(err) == "" {
		if _, again := err.(*partnership.Taken); !again { // another hash is another deed
			t.Errorf("other lines: %v", err)
		}
	}

	ctx, stop := context.WithCancel(t.Context())
	var swept sync.WaitGroup
	for range 2 { // two front doors
		swept.Go(func() { h.door.Sweep(ctx, func(context.Context, partnership.Asked) error { return nil }) })
	}
	h.work()
	h.eventually("it is paid", func() bool { return h.rail.count() == 1 })
	h.eventually("everything is answered", func() bool {
		waiting, err := h.store.WaitingAsked(t.Context(), "")
		return err == nil && len(waiting) == 0
	})
	stop()
	swept.Wait()
	if n := h.rail.count(); n != 1 {
		t.Errorf("%d transfers were paid", n)
	}
	outcomes := map[string]string{}
	for _, l := range h.lines("") {
		outcomes[l.ID] += l.Outcome
	}
	if outcomes["test/slack:U_FIN/"+hash] != store.Accepted || outcomes["test/slack:U_MANAGER/"+hash] != store.Refused || outcomes["test/slack:U_FIN/other lines"] != store.Refused {
		t.Errorf("the audit says %v", outcomes)
	}
	for _, l := range h.lines("slack:U_FIN") {
		if l.Outcome == store.Accepted && !strings.Contains(string(l.Answer), "the transfers") {
			t.Errorf("the workflow's word is %s", l.Answer)
		}
	}
	if ack, err := h.approve("slack:U_FIN", hash); err != nil || ack.WaitingFor != "the transfers" {
		t.Errorf("asked again: %+v, %v", ack, err)
	}
}

// rail moves money and counts.
type rail struct {
	mu   sync.Mutex
	made []partnership.Transfer
}

func (r *rail) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.made)
}

func (r *rail) Transfer(_ context.Context, q partnership.TransferRequest) (partnership.Transfer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := partnership.Transfer{ID: "tr_" + string(q.PayoutID), PayoutID: q.PayoutID, Destination: q.Destination, AmountMinor: q.AmountMinor, Currency: q.Currency}
	r.made = append(r.made, t)
	return t, nil
}

func (r *rail) TransfersOf(_ context.Context, id partnership.PayoutID, _ string) ([]partnership.Transfer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.made), func(t partnership.Transfer) bool { return t.PayoutID != id }), nil
}

func (r *rail) Transfers(context.Context, time.Time, int) ([]partnership.Transfer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.made), nil
}

func (r *rail) Onboarding() partnership.Onboarding { return partnership.OnboardHosted }

func (r *rail) Serves(context.Context, string, string) (string, error) { return "", nil }

func (r *rail) Reverse(context.Context, partnership.EffectKey, string, string, int64) error {
	return partnership.Errorf(partnership.Conflict, "this rail takes nothing back")
}

func (r *rail) AvailableBalance(context.Context, string) (int64, error) { return 1 << 40, nil }
func (r *rail) OpenAccount(context.Context, partnership.AccountRequest) (partnership.PayoutAccount, error) {
	return partnership.PayoutAccount{}, nil
}

func (r *rail) Account(context.Context, string) (partnership.PayoutAccount, error) {
	return partnership.PayoutAccount{ID: "acct_1", Ready: true}, nil
}

type mute struct{}

func (mute) SendMail(context.Context, partnership.Mail) (partnership.Receipt, error) {
	return partnership.Receipt{ID: "m"}, nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
