package workflows_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"
	"pgregory.net/rapid"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// part is how a creator behaves in a campaign whose partnerships are played by their creators alone. Days count from the start of
// the partnership; zero never happens.
type part struct {
	risk, ghost, back float64 // at risk, given up, back again
	accepts           float64 // of a standby
	ends              float64
	outcome           p.Outcome
}

// troupe is a campaign with a purse that covers so many creators.
type troupe struct {
	*steps
	t         require.TestingT
	env       *testsuite.TestWorkflowEnvironment
	parts     map[p.PartnershipID]part
	purse     int
	held      map[p.PartnershipID]bool
	working   map[p.PartnershipID]bool // whom the campaign counts on
	offers    map[p.PartnershipID]int  // open offers of somebody's slot
	said      []string                 // "p01 ghosted", "p01 <- released", ...
	inputs    map[p.PartnershipID]workflows.PartnershipInput
	gone      p.PartnershipID // cannot be written to any more
	onRelease func()
	onReserve func(p.PartnershipID)
	answered  []float64 // the days on which returns were answered
}

func newTroupe(t require.TestingT, plan activities.CampaignPlan, purse int, parts map[p.PartnershipID]part) *troupe {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(monday)
	env.SetTestTimeout(30 * time.Second)
	tr := &troupe{
		t: t, env: env, steps: &steps{now: env.Now, plan: plan}, parts: parts, purse: purse, held: map[p.PartnershipID]bool{},
		working: map[p.PartnershipID]bool{}, offers: map[p.PartnershipID]int{}, inputs: map[p.PartnershipID]workflows.PartnershipInput{},
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

func (tr *troupe) reserve(id p.PartnershipID) bool {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if !tr.held[id] && len(tr.held) >= tr.purse {
		return false
	}
	tr.held[id] = true
	return true
}

func (tr *troupe) holds(id p.PartnershipID) bool {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return tr.held[id]
}

func (tr *troupe) free(id p.PartnershipID) {
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
	over := p.Outcome("")
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
				over = p.Ghosted
			case workflows.SlotReleased:
				require.False(tr.t, tr.working[id], "%s works and is released", id)
			case workflows.SlotWithdrawn:
				if !accepted {
					over = p.Cancelled
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
			over = p.Completed
		}
		if !tr.working[id] {
			over = p.Ghosted
		}
	}
	if !accepted {
		tr.offers[in.Covers]--
	}
	tr.working[id] = false
	if over != p.Completed {
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

// p01 is of "home", p02 of "fragrance"; p03 (home) and p04 (fragrance) stand by.
func TestTheStandbyOfTheNicheTakesTheSlotAndTheFirstIsReleased(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 2), 10, map[p.PartnershipID]part{"p02": {ghost: 20, ends: 34}, "p04": {accepts: 2}})
	r := tr.run()
	require.Equal(t, []string{"p02 ghosted", "p04 taken", "p02 <- released"}, tr.said)
	require.Equal(t, map[p.Outcome]int{p.Completed: 2, p.Ghosted: 1}, r.Outcomes)
	require.Equal(t, p.PartnershipID("p02"), tr.inputs["p04"].Covers)
	require.Empty(t, tr.inputs["p03"].PartnershipID, "the slot is given on once")
}

func TestAStandbyIsAskedWhileTheFirstIsOnlyAtRiskAndTheOfferIsTakenBackOnTheirReturn(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 2), 10, map[p.PartnershipID]part{"p01": {risk: 18, back: 20}, "p03": {accepts: 5}})
	r := tr.run()
	require.Equal(t, []string{"p01 at_risk", "p01 returned", "p03 <- withdrawn", "p01 <- kept"}, tr.said)
	require.Equal(t, map[p.Outcome]int{p.Completed: 2, p.Cancelled: 1}, r.Outcomes)
}

func TestAStandbyWhoDeclinesIsFollowedByTheNext(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 2), 10, map[p.PartnershipID]part{"p01": {ghost: 20, ends: 34}, "p03": {ends: 2, outcome: p.Declined}, "p04": {accepts: 1}})
	tr.run()
	require.Equal(t, []string{"p01 ghosted", "p04 taken", "p01 <- released"}, tr.said)
}

func TestALateReturnGetsAFurtherSlotOnlyWhenTheBudgetCoversIt(t *testing.T) {
	for purse, want := range map[int]string{3: "p01 <- kept", 2: "p01 <- gone"} {
		tr := newTroupe(t, rosterOf(2, 1), purse, map[p.PartnershipID]part{"p01": {ghost: 20, back: 25}, "p03": {accepts: 2}})
		tr.run()
		require.Equal(t, []string{"p01 ghosted", "p03 taken", "p01 <- released", "p01 returned", want}, tr.said, "budget for %d", purse)
		require.Equal(t, purse == 3, count(tr.kinds(), "extra_slot") == 1)
	}
}

// The budget covers the slots and no more: the standby's offer holds the first's reservation, which comes free with its withdrawal.
func TestAReturnWaitsForTheBudgetThatAnOpenOfferHolds(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 1), 2, map[p.PartnershipID]part{"p01": {ghost: 20, back: 21}, "p03": {accepts: 5}})
	r := tr.run()
	require.Equal(t, []string{"p01 ghosted", "p01 returned", "p03 <- withdrawn", "p01 <- kept"}, tr.said)
	require.Equal(t, map[p.Outcome]int{p.Completed: 2, p.Cancelled: 1}, r.Outcomes)
}

// Nobody at risk loses their reservation to a standby: the budget has to cover both.
func TestRiskAloneTakesNobodysBudget(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 1), 2, map[p.PartnershipID]part{"p01": {risk: 18, back: 25}})
	tr.run()
	require.Equal(t, []string{"p01 at_risk", "p01 returned", "p01 <- kept"}, tr.said)
	require.Equal(t, 1, count(tr.kinds(), "budget_exhausted"))
}

func TestAnExhaustedListTellsTheManagerWhatToDo(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 0), 10, map[p.PartnershipID]part{"p01": {ghost: 20, ends: 34}})
	tr.run()
	require.Equal(t, 1, count(tr.kinds(), "standby_exhausted"))
	for _, n := range tr.news {
		if n.Kind == "standby_exhausted" {
			require.Contains(t, n.Attention, "Nobody is left on the roster")
			require.Contains(t, n.Attention, "rapport campaign amend c1")
		}
	}
}

func TestNobodyIsAskedWhoCouldNotPostInTheWindow(t *testing.T) {
	plan := rosterOf(2, 1)
	plan.Schedule = p.Schedule{ProduceDays: 8, PublishTo: monday.Add(25 * day)}
	tr := newTroupe(t, plan, 10, map[p.PartnershipID]part{"p01": {ghost: 20, ends: 34}})
	tr.run()
	require.Empty(t, tr.inputs["p03"].PartnershipID)
	require.Contains(t, tr.news[1].Attention, "before the publish window ends")
}

func TestAStandbysOfferStandsForHalfTheTime(t *testing.T) {
	plan := rosterOf(1, 1)
	plan.Schedule.OutreachDays = 10
	tr := newTroupe(t, plan, 10, map[p.PartnershipID]part{"p01": {ghost: 20, ends: 34}, "p02": {accepts: 1}})
	tr.run()
	require.InDelta(t, 5, tr.inputs["p02"].Schedule.OutreachDays, 0.01)
}

// Whatever creators do, nobody works without a budget, no slot is offered to two at once, and everybody who comes back is answered.
func TestStandbyPromotionHoldsForAnyHappenings(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		slots, standby := rapid.IntRange(1, 4).Draw(rt, "slots"), rapid.IntRange(0, 4).Draw(rt, "standby")
		days := func(name string) float64 { return float64(rapid.IntRange(0, 80).Draw(rt, name)) / 4 }
		parts := map[p.PartnershipID]part{}
		for i := range slots + standby {
			pt := part{accepts: days("accepts"), ends: 20 + days("ends")}
			if rapid.Bool().Draw(rt, "quiet") {
				pt.risk = days("risk")
				pt.ghost = pt.risk + days("ghost")
				if rapid.Bool().Draw(rt, "returns") {
					pt.back = max(pt.risk, pt.ghost) + days("back") + 0.25
				}
			}
			if i >= slots && pt.accepts > 0 { // nobody goes quiet before they accept
				for _, d := range []*float64{&pt.risk, &pt.ghost, &pt.back} {
					if *d > 0 {
						*d += pt.accepts
					}
				}
			}
			if rapid.IntRange(0, 3).Draw(rt, "says no") == 0 {
				pt.outcome = p.Declined
			}
			parts[p.PartnershipID(fmt.Sprintf("p%02d", i+1))] = pt
		}
		tr := newTroupe(rt, rosterOf(slots, standby), slots+rapid.IntRange(0, 2).Draw(rt, "more budget"), parts)
		r := tr.run()
		require.LessOrEqual(rt, r.Outcomes[p.Completed], tr.purse)
		asked, answered := 0, 0
		for _, line := range tr.said {
			var id, what, decision string
			_, _ = fmt.Sscanf(line, "%s %s %s", &id, &what, &decision)
			if what == "returned" {
				asked++
			}
			if decision == "kept" || decision == "gone" {
				answered++
			}
		}
		require.Equal(rt, asked, answered, "%v", tr.said)
	})
}

// A return that arrives while another is being answered is answered too.
func TestAReturnWhileAnotherIsAnsweredIsAnswered(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 0), 10, map[p.PartnershipID]part{"p01": {ghost: 10}, "p02": {ghost: 10, back: 20}})
	tr.onReserve = func(id p.PartnershipID) {
		if id == "p02" {
			tr.env.SignalWorkflow(workflows.SignalSlotChanged, workflows.SlotChanged{PartnershipID: "p01", Change: workflows.SlotReturned, Terms: offer()})
		}
	}
	tr.run()
	require.Equal(t, []string{"p02 <- kept", "p01 <- kept"}, tr.said[3:])
	require.Equal(t, []float64{20, 20}, tr.answered, "at once, not with the next news")
}

// Whoever was given up can pay for their own standby, whatever the budget refused to somebody at risk.
func TestTheBudgetOfAGhostedCreatorGoesToTheirStandby(t *testing.T) {
	for _, ghosted := range []p.PartnershipID{"p01", "p02"} {
		parts := map[p.PartnershipID]part{"p01": {risk: 18, ends: 50}, "p02": {risk: 18, ends: 50}, "p03": {accepts: 1}}
		pt := parts[ghosted]
		pt.risk, pt.ghost = 0, 20
		parts[ghosted] = pt
		tr := newTroupe(t, rosterOf(2, 1), 2, parts)
		tr.run()
		require.Equal(t, ghosted, tr.inputs["p03"].Covers)
		require.Contains(t, tr.said, string(ghosted)+" <- released")
	}
}

// A pause that comes while the budget is being reserved gives it back: who comes back meanwhile finds their place.
func TestAPauseWhileAStandbyIsPromotedCostsNobodyTheirPlace(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 1), 2, map[p.PartnershipID]part{"p01": {ghost: 20, back: 22}})
	waves := 0
	tr.onWave = func() {
		if waves++; waves == 2 {
			tr.env.UpdateWorkflow(workflows.UpdatePause, "pause", callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}}, workflows.Stop{Reason: "stock", By: "U1"})
		}
	}
	tr.env.RegisterDelayedCallback(func() {
		tr.env.UpdateWorkflow(workflows.UpdateResume, "resume", callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}}, workflows.Stop{By: "U1"})
	}, 30*day)
	tr.run()
	require.Equal(t, []string{"p01 ghosted", "p01 returned", "p01 <- kept"}, tr.said)
	require.Empty(t, tr.inputs["p03"].PartnershipID)
}

// Who cannot be written to any more is passed over.
func TestAStandbyWhoWasErasedIsPassedOver(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 2), 10, map[p.PartnershipID]part{"p01": {ghost: 20, ends: 34}, "p04": {accepts: 1}})
	tr.gone = "p03"
	tr.run()
	require.Empty(t, tr.inputs["p03"].PartnershipID)
	require.Equal(t, p.PartnershipID("p01"), tr.inputs["p04"].Covers)
}

// A standby who took the slot and ended leaves it to the next.
func TestAStandbyWhoTookTheSlotAndEndedIsFollowedByTheNext(t *testing.T) {
	tr := newTroupe(t, rosterOf(2, 2), 10, map[p.PartnershipID]part{
		"p01": {ghost: 20, ends: 34}, "p03": {accepts: 1, ends: 5, outcome: p.Declined}, "p04": {accepts: 1},
	})
	tr.run()
	require.Equal(t, []string{"p01 ghosted", "p03 taken", "p01 <- released", "p04 taken"}, tr.said)
}
