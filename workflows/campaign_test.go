package workflows_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// crowd is a campaign whose partnerships end as told, a day after they start.
type crowd struct {
	env     *testsuite.TestWorkflowEnvironment
	steps   *steps
	started []partnership.PartnershipID
	lasts   map[partnership.PartnershipID]time.Duration // a day unless said
	onStop  func(workflows.Stopped)
}

func newCrowd(t *testing.T, plan activities.CampaignPlan, ends func(partnership.PartnershipID) partnership.Outcome) *crowd {
	t.Helper()
	env := newEnv()
	env.SetStartTime(monday)
	env.SetTestTimeout(30 * time.Second)
	c := &crowd{env: env, steps: &steps{now: env.Now, plan: plan}}
	env.RegisterWorkflowWithOptions(workflows.Campaign, workflow.RegisterOptions{Name: workflows.CampaignType})
	env.RegisterWorkflowWithOptions(func(ctx workflow.Context, in workflows.PartnershipInput) (workflows.PartnershipResult, error) {
		c.started = append(c.started, in.PartnershipID)
		var stop workflows.Stopped
		sel := workflow.NewSelector(ctx).AddFuture(workflow.NewTimer(ctx, cmp.Or(c.lasts[in.PartnershipID], day)), func(workflow.Future) {})
		sel.AddReceive(workflow.GetSignalChannel(ctx, workflows.SignalStopped), func(ch workflow.ReceiveChannel, _ bool) { ch.Receive(ctx, &stop) })
		sel.Select(ctx)
		if stop.Action != "" {
			require.Equal(t, workflows.PartnershipWorkflowID(in.PartnershipID), stop.To)
			if c.onStop != nil {
				c.onStop(stop)
			}
		}
		o := ends(in.PartnershipID)
		if stop.Action == workflows.Cancelled {
			o = partnership.Cancelled
		}
		news := workflows.PartnershipClosed{PartnershipID: in.PartnershipID, Outcome: o, Niche: in.Niche}
		err := workflow.SignalExternalWorkflow(ctx, "campaign/c1", "", workflows.SignalPartnershipClosed, news).Get(ctx, nil)
		return workflows.PartnershipResult{Outcome: o}, err
	}, workflow.RegisterOptions{Name: workflows.PartnershipType})
	env.RegisterActivity(c.steps)
	env.SetStartWorkflowOptions(startAs("campaign/c1"))
	return c
}

func rosterOf(slots, standby int) activities.CampaignPlan {
	plan := activities.CampaignPlan{Target: slots, Zone: "UTC"}
	for i := range slots + standby {
		niche := "home"
		if i%2 == 1 {
			niche = "fragrance"
		}
		plan.Roster = append(plan.Roster, partnership.RosterEntry{
			PartnershipID: partnership.PartnershipID(fmt.Sprintf("p%02d", i+1)), Niche: niche, Rank: i + 1, Standby: i >= slots,
		})
	}
	return plan
}

func (c *crowd) run(t *testing.T) workflows.CampaignResult {
	t.Helper()
	c.env.ExecuteWorkflow(workflows.CampaignType, workflows.CampaignInput{CampaignID: "c1", Day: day})
	require.True(t, c.env.IsWorkflowCompleted())
	require.NoError(t, c.env.GetWorkflowError())
	var r workflows.CampaignResult
	require.NoError(t, c.env.GetWorkflowResult(&r))
	return r
}

func TestCampaignFillsEverySlotAndReports(t *testing.T) {
	c := newCrowd(t, rosterOf(12, 4), func(partnership.PartnershipID) partnership.Outcome { return partnership.Completed })
	r := c.run(t)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 12}, r.Outcomes)
	require.Len(t, c.steps.waves, 2, "invitations go out in waves of ten")
	require.Equal(t, []string{"campaign_started", "campaign_finished"}, newsKinds(c))
}

func TestAStandbyOfTheNicheTakesAFreeSlot(t *testing.T) {
	c := newCrowd(t, rosterOf(4, 4), func(id partnership.PartnershipID) partnership.Outcome {
		if id == "p02" { // fragrance
			return partnership.Ghosted
		}
		return partnership.Completed
	})
	r := c.run(t)
	require.Equal(t, map[partnership.Outcome]int{partnership.Completed: 4, partnership.Ghosted: 1}, r.Outcomes)
	require.Equal(t, partnership.PartnershipID("p06"), c.started[4], "p05 is ranked before, but p06 is of the niche that lost a creator")
}

func TestAnExhaustedStandbyListEndsWithFewerThanTheTarget(t *testing.T) {
	c := newCrowd(t, rosterOf(3, 1), func(partnership.PartnershipID) partnership.Outcome { return partnership.Declined })
	r := c.run(t)
	require.Equal(t, map[partnership.Outcome]int{partnership.Declined: 4}, r.Outcomes)
}

func TestCancellingACampaignCancelsEveryPartnershipAndInvitesNobody(t *testing.T) {
	c := newCrowd(t, rosterOf(3, 3), func(partnership.PartnershipID) partnership.Outcome { return partnership.Completed })
	c.env.RegisterDelayedCallback(func() {
		c.env.UpdateWorkflow(workflows.UpdateCancel, "u1", callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}},
			workflows.Stop{Reason: "product recalled", By: "U1"})
	}, time.Hour)
	r := c.run(t)
	require.Equal(t, partnership.CampaignCancelled, r.State)
	require.Equal(t, map[partnership.Outcome]int{partnership.Cancelled: 3}, r.Outcomes)
	require.Len(t, c.started, 3)
}

// Whoever stops a campaign of thousands is answered at once: what they would otherwise take for a failure, and say again, counts already.
func TestAStopIsAnsweredBeforeEverybodyHasHeard(t *testing.T) {
	c := newCrowd(t, rosterOf(2, 0), nil)
	in := workflows.CampaignInput{CampaignID: "c1", Day: day, Carried: &workflows.CampaignState{}}
	in.Carried.Ranked, in.Carried.Ended = true, map[partnership.PartnershipID]workflows.EndedSlot{}
	in.Carried.Open = map[partnership.PartnershipID]partnership.RosterEntry{"p01": {PartnershipID: "p01"}, "p02": {PartnershipID: "p02"}}
	answered, heard := make(chan struct{}), make(chan string, 2)
	c.env.OnSignalExternalWorkflow(mock.Anything, mock.Anything, mock.Anything, workflows.SignalStopped, mock.Anything).Return(
		func(_, id, _, _ string, _ any) error {
			select {
			case <-answered:
				heard <- id
			case <-time.After(3 * time.Second):
				t.Errorf("%s was to hear of the stop before it was answered", id)
			}
			return nil
		})
	c.env.RegisterDelayedCallback(func() {
		c.env.UpdateWorkflow(workflows.UpdateCancel, "u1", callback{reject: func(err error) { t.Error(err) }, done: func(any, error) { close(answered) }},
			workflows.Stop{Reason: "product recalled", By: "U1"})
	}, time.Hour)
	c.env.RegisterDelayedCallback(func() {
		for id := range in.Carried.Open {
			c.env.SignalWorkflow(workflows.SignalPartnershipClosed, workflows.PartnershipClosed{PartnershipID: id, Outcome: partnership.Cancelled})
		}
	}, 2*time.Hour)
	c.env.ExecuteWorkflow(workflows.CampaignType, in)
	require.NoError(t, c.env.GetWorkflowError())
	require.Len(t, heard, 2, "the campaign ends after everybody has heard")
}

// Two stops in one breath are heard in their order.
func TestStopsAreHeardInTheirOrder(t *testing.T) {
	c := newCrowd(t, rosterOf(12, 0), func(partnership.PartnershipID) partnership.Outcome { return partnership.Completed })
	var heard []string
	c.onStop = func(m workflows.Stopped) { heard = append(heard, m.Action) } // the first: each ends with it
	c.env.RegisterDelayedCallback(func() {
		for _, m := range []struct{ update, reason string }{{workflows.UpdatePause, "stock is late"}, {workflows.UpdateResume, ""}} {
			c.env.UpdateWorkflow(m.update, m.update, callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}}, workflows.Stop{Reason: m.reason, By: "U1"})
		}
	}, time.Hour)
	c.run(t)
	require.Equal(t, slices.Repeat([]string{workflows.Paused}, 12), heard)
}

func TestAPausedCampaignGivesNoSlotOn(t *testing.T) {
	c := newCrowd(t, rosterOf(2, 2), func(partnership.PartnershipID) partnership.Outcome { return partnership.Declined })
	send := func(name, reason string) func() {
		return func() {
			c.env.UpdateWorkflow(name, name, callback{reject: func(err error) { t.Error(err) }, done: func(any, error) {}}, workflows.Stop{Reason: reason, By: "U1"})
		}
	}
	c.env.RegisterDelayedCallback(send(workflows.UpdatePause, "stock is late"), time.Hour)
	c.env.RegisterDelayedCallback(func() { require.Len(t, c.started, 2) }, 3*day)
	c.env.RegisterDelayedCallback(send(workflows.UpdateResume, ""), 3*day+time.Hour)
	r := c.run(t)
	require.Equal(t, map[partnership.Outcome]int{partnership.Declined: 4}, r.Outcomes)
}

func TestACampaignContinuesAsNewWithItsState(t *testing.T) {
	c := newCrowd(t, rosterOf(2, 1), func(partnership.PartnershipID) partnership.Outcome { return partnership.Completed })
	c.lasts = map[partnership.PartnershipID]time.Duration{"p02": 2 * day} // both ends at once would end the campaign too
	c.env.SetContinueAsNewSuggested(true)
	c.env.ExecuteWorkflow(workflows.CampaignType, workflows.CampaignInput{CampaignID: "c1", Day: day})
	var next *workflow.ContinueAsNewError
	require.ErrorAs(t, c.env.GetWorkflowError(), &next)
	require.Len(t, c.started, 2)
}

func newsKinds(c *crowd) []string {
	var kinds []string
	for _, n := range c.steps.news {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

// Budget that an ending frees goes to the next in line; the team is told of the shortage once.
func TestFreedBudgetInvitesTheNext(t *testing.T) {
	c := newCrowd(t, rosterOf(3, 0), func(partnership.PartnershipID) partnership.Outcome { return partnership.Declined })
	c.steps.places = 1
	r := c.run(t)
	require.Equal(t, map[partnership.Outcome]int{partnership.Declined: 3}, r.Outcomes)
	require.Equal(t, 1, count(newsKinds(c), "budget_exhausted"))
}
