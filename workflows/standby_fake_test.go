package workflows_test

import (
	"context"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// part is how a creator behaves in a campaign whose partnerships are played by their creators alone. Days count from the start of
// the partnership; zero never happens.
type part struct {
	risk, ghost, back float64 // at risk, given up, back again
	accepts           float64 // of a standby
	ends              float64
	outcome           partnership.Outcome
}

// troupe is a campaign with a purse that covers so many creators.
type troupe struct {
	*steps
	t         require.TestingT
	env       *testsuite.TestWorkflowEnvironment
	parts     map[partnership.PartnershipID]part
	purse     int
	held      map[partnership.PartnershipID]bool
	working   map[partnership.PartnershipID]bool // whom the campaign counts on
	offers    map[partnership.PartnershipID]int  // open offers of somebody's slot
	said      []string                           // "p01 ghosted", "p01 <- released", ...
	inputs    map[partnership.PartnershipID]workflows.PartnershipInput
	gone      partnership.PartnershipID // cannot be written to any more
	onRelease func()
	onReserve func(partnership.PartnershipID)
	answered  []float64 // the days on which returns were answered
}

func newTroupe(t require.TestingT, plan activities.CampaignPlan, purse int, parts map[partnership.PartnershipID]part) *troupe {
	env := newEnv()
	env.SetStartTime(monday)
	env.SetTestTimeout(30 * time.Second)
	tr := &troupe{
		t: t, env: env, steps: &steps{now: env.Now, plan: plan}, parts: parts, purse: purse, held: map[partnership.PartnershipID]bool{},
		working: map[partnership.PartnershipID]bool{}, offers: map[partnership.PartnershipID]int{}, inputs: map[partnership.PartnershipID]workflows.PartnershipInput{},
	}
	env.RegisterWorkflowWithOptions(workflows.Campaign, workflow.RegisterOptions{Name: workflows.CampaignType})
	env.RegisterWorkflowWithOptions(tr.partnership, workflow.RegisterOptions{Name: workflows.PartnershipType})
	env.RegisterActivity(tr)
	env.SetStartWorkflowOptions(startAs("campaign/c1"))
	return tr
}

func (tr *troupe) say(format string, args ...any) {
	tr.said = append(tr.said, fmt.Sprintf(format, args...))
}

func (tr *troupe) reserve(id partnership.PartnershipID) bool {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if !tr.held[id] && len(tr.held) >= tr.purse {
		return false
	}
	tr.held[id] = true
	return true
}

func (tr *troupe) holds(id partnership.PartnershipID) bool {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return tr.held[id]
}

func (tr *troupe) free(id partnership.PartnershipID) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	delete(tr.held, id)
}

func (tr *troupe) ReserveWave(_ context.Context, in activities.Wave) (out activities.Reserved, _ error) {
	if tr.onWave != nil {
		tr.onWave()
	}
	for _, e := range in.Entries {
		if e.PartnershipID == tr.gone {
			out.Gone = append(out.Gone, e.PartnershipID)
			continue
		}
		ok := tr.reserve(e.PartnershipID)
		if !ok && in.GivenUp != "" {
			tr.free(in.GivenUp)
			ok = tr.reserve(e.PartnershipID)
		}
		if !ok {
			out.OverBudget = "the budget left does not cover it"
			return out, nil
		}
		out.Invitations = append(out.Invitations, activities.Invitation{Entry: e, Terms: offer()})
	}
	return out, nil
}

func (tr *troupe) ReleaseWave(_ context.Context, in activities.Wave) error {
	if tr.onRelease != nil {
		tr.onRelease()
	}
	for _, e := range in.Entries {
		tr.free(e.PartnershipID)
	}
	return nil
}

func (tr *troupe) ReserveBudget(_ context.Context, in activities.Reservation) (activities.Granted, error) {
	if tr.onReserve != nil {
		tr.onReserve(in.Entry.PartnershipID)
	}
	return activities.Granted{OK: tr.reserve(in.Entry.PartnershipID)}, nil
}

func (tr *troupe) ReleaseBudget(_ context.Context, in activities.PartnershipRef) error {
	tr.free(in.PartnershipID)
	return nil
}

// partnership plays a part: it says what happens to its slot and does what the campaign decides, as the real one does.
//
//workflowcheck:ignore
func (tr *troupe) partnership(ctx workflow.Context, in workflows.PartnershipInput) (workflows.PartnershipResult, error) {
	id, pt := in.PartnershipID, tr.parts[in.PartnershipID]
	tr.inputs[id] = in
	accepted := in.Covers == ""
	tr.working[id] = accepted
	if !accepted {
		tr.offers[in.Covers]++
		require.LessOrEqual(tr.t, tr.offers[in.Covers], 1, "two open offers of one slot")
	}
	tell := func(change string) {
		tr.say("%s %s", id, change)
		_ = workflow.SignalExternalWorkflow(ctx, "campaign/c1", "", workflows.SignalSlotChanged,
			workflows.SlotChanged{PartnershipID: id, Change: change, Terms: offer()}).Get(ctx, nil)
	}
	over := partnership.Outcome("")
	decided := workflow.GetSignalChannel(ctx, workflows.SignalSlotDecided)
	waits := false
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var m workflows.SlotDecided
			decided.Receive(ctx, &m)
			require.Equal(tr.t, workflows.PartnershipWorkflowID(id), m.To)
			tr.say("%s <- %s", id, m.Decision)
			switch m.Decision {
			case workflows.SlotKept:
				tr.answered = append(tr.answered, workflow.Now(ctx).Sub(monday).Hours()/24)
				tr.working[id], waits = true, false
				require.True(tr.t, tr.holds(id), "%s goes on without a budget", id)
			case workflows.SlotGone:
				over = partnership.Ghosted
			case workflows.SlotReleased:
				require.False(tr.t, tr.working[id], "%s works and is released", id)
			case workflows.SlotWithdrawn:
				if !accepted {
					over = partnership.Cancelled
				}
			}
		}
	})
	at := func(days float64, do func(ctx workflow.Context)) {
		if days > 0 {
			workflow.Go(ctx, func(ctx workflow.Context) {
				_ = workflow.Sleep(ctx, time.Duration(days*float64(day)))
				if over == "" {
					do(ctx)
				}
			})
		}
	}
	at(pt.accepts, func(workflow.Context) {
		if !accepted {
			accepted, tr.working[id] = true, true
			tr.offers[in.Covers]--
			require.True(tr.t, tr.holds(id), "%s accepts without a budget", id)
			tell(workflows.SlotTaken)
		}
	})
	at(pt.risk, func(workflow.Context) { tr.working[id] = false; tell(workflows.SlotAtRisk) })
	at(pt.ghost, func(workflow.Context) { tr.working[id] = false; tell(workflows.SlotGhosted) })
	at(pt.back, func(workflow.Context) { waits = true; tell(workflows.SlotReturned) })
	end := pt.ends
	if end == 0 {
		end = 60
	}
	done := false
	at(end, func(workflow.Context) { done = true })
	if err := workflow.Await(ctx, func() bool { return over != "" || done && !waits }); err != nil {
		return workflows.PartnershipResult{}, err
	}
	if over == "" {
		over = pt.outcome
		if over == "" {
			over = partnership.Completed
		}
		if !tr.working[id] {
			over = partnership.Ghosted
		}
	}
	if !accepted {
		tr.offers[in.Covers]--
	}
	tr.working[id] = false
	if over != partnership.Completed {
		tr.free(id)
	}
	news := workflows.PartnershipClosed{PartnershipID: id, Outcome: over, Niche: in.Niche}
	err := workflow.SignalExternalWorkflow(ctx, "campaign/c1", "", workflows.SignalPartnershipClosed, news).Get(ctx, nil)
	return workflows.PartnershipResult{Outcome: over}, err
}

func (tr *troupe) run() workflows.CampaignResult {
	tr.env.ExecuteWorkflow(workflows.CampaignType, workflows.CampaignInput{CampaignID: "c1", Day: day})
	require.True(tr.t, tr.env.IsWorkflowCompleted())
	require.NoError(tr.t, tr.env.GetWorkflowError())
	var r workflows.CampaignResult
	require.NoError(tr.t, tr.env.GetWorkflowResult(&r))
	return r
}

func (tr *troupe) kinds() (kinds []string) {
	for _, n := range tr.news {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}
