package workflows_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/proof/temporaltest"
	"github.com/rapport-dev/rapport/workflows"
)

// The campaign's own history is recorded with partnerships that say only what they are told to say.

// campaignStage is a campaign on a real server.
type campaignStage struct {
	*stage
	id  partnership.CampaignID
	ids []partnership.PartnershipID
}

const (
	saySlot = "say-slot" // a SlotChanged to pass on
	sayEnd  = "say-end"  // the outcome to end with
)

// puppet is a partnership that says what it is told.
func puppet(ctx workflow.Context, in workflows.PartnershipInput) (workflows.PartnershipResult, error) {
	campaign := workflows.CampaignWorkflowID(in.CampaignID)
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	var outcome partnership.Outcome
	sel := workflow.NewSelector(ctx)
	sel.AddReceive(workflow.GetSignalChannel(ctx, saySlot), func(c workflow.ReceiveChannel, _ bool) {
		var m workflows.SlotChanged
		c.Receive(ctx, &m)
		_ = workflow.SignalExternalWorkflow(ctx, campaign, "", workflows.SignalSlotChanged, m).Get(ctx, nil)
	})
	sel.AddReceive(workflow.GetSignalChannel(ctx, sayEnd), func(c workflow.ReceiveChannel, _ bool) { c.Receive(ctx, &outcome) })
	sel.AddReceive(workflow.GetSignalChannel(ctx, workflows.SignalStopped), func(c workflow.ReceiveChannel, _ bool) {
		var m workflows.Stopped
		if c.Receive(ctx, &m); m.Action == workflows.Cancelled {
			outcome = partnership.Cancelled
		}
	})
	for outcome == "" {
		sel.Select(ctx)
	}
	closed := workflows.PartnershipClosed{PartnershipID: in.PartnershipID, Outcome: outcome, Niche: in.Niche}
	err := workflow.SignalExternalWorkflow(ctx, campaign, "", workflows.SignalPartnershipClosed, closed).Get(ctx, nil)
	return workflows.PartnershipResult{Outcome: outcome}, err
}

// campaignOf plays a campaign of two slots and two standby creators until the deeds are done and it stands still. Carried over, only
// the later runs are kept.
func campaignOf(carried bool, deeds func(*campaignStage)) func(*testing.T) map[string][]*history.HistoryEvent {
	return func(t *testing.T) map[string][]*history.HistoryEvent {
		configure := []func(*client.Options){func(o *client.Options) { o.Identity = "recorder" }}
		if carried {
			configure = append(configure, impatient(t))
		}
		st := &stage{t: t, client: temporaltest.Client(t, configure...), steps: &steps{now: time.Now, plan: rosterOf(2, 2)}}
		c := &campaignStage{stage: st, id: partnership.CampaignID(uuid.NewString())}
		for i := range st.steps.plan.Roster {
			one := &st.steps.plan.Roster[i]
			one.PartnershipID = partnership.PartnershipID(fmt.Sprintf("%s-%d", c.id, i+1))
			one.Niche = "home"
			c.ids = append(c.ids, one.PartnershipID)
		}
		for _, queue := range workflows.Queues() {
			w := worker.New(st.client, queue, worker.Options{WorkerStopTimeout: time.Second})
			if queue == workflows.QueueLifecycle {
				w.RegisterWorkflowWithOptions(workflows.Campaign, workflow.RegisterOptions{Name: workflows.CampaignType})
				w.RegisterWorkflowWithOptions(puppet, workflow.RegisterOptions{Name: workflows.PartnershipType})
			}
			w.RegisterActivity(st.steps)
			require.NoError(t, w.Start())
			t.Cleanup(w.Stop)
		}
		id := workflows.CampaignWorkflowID(c.id)
		run, err := st.client.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: id, TaskQueue: workflows.QueueLifecycle},
			workflows.CampaignType, workflows.CampaignInput{CampaignID: c.id, Day: 24 * time.Hour})
		require.NoError(t, err)
		st.forget()
		deeds(c)
		c.await(t.Context(), id)
		if carried {
			return st.laterRuns(id, run.GetRunID())
		}
		return map[string][]*history.HistoryEvent{"": st.history(id)}
	}
}

// still waits until the campaign and that partnership stand still.
func (c *campaignStage) still(n int) string {
	c.await(c.t.Context(), workflows.CampaignWorkflowID(c.id))
	id := workflows.PartnershipWorkflowID(c.ids[n-1])
	c.await(c.t.Context(), id)
	return id
}

func (c *campaignStage) ends(n int, outcome partnership.Outcome) {
	id := c.still(n)
	require.NoError(c.t, c.client.SignalWorkflow(c.t.Context(), id, "", sayEnd, outcome))
	require.NoError(c.t, c.client.GetWorkflow(c.t.Context(), id, "").Get(c.t.Context(), nil))
}

// says passes on what happened to the slot of a partnership; whoever says that a slot is taken names the one that it was offered.
func (c *campaignStage) says(n int, change string, of int) {
	m := workflows.SlotChanged{PartnershipID: c.ids[of-1], Change: change, Terms: offer()}
	require.NoError(c.t, c.client.SignalWorkflow(c.t.Context(), c.still(n), "", saySlot, m))
}

func (c *campaignStage) told(name string, arg any) {
	id := workflows.CampaignWorkflowID(c.id)
	c.await(c.t.Context(), id)
	c.send(c.t.Context(), id, answer{name: name, arg: arg})
}

func theStandbyCompletes(c *campaignStage) {
	c.ends(1, partnership.Declined)
	c.ends(2, partnership.Completed)
	c.ends(3, partnership.Completed)
	require.NoError(c.t, c.client.GetWorkflow(c.t.Context(), workflows.CampaignWorkflowID(c.id), "").Get(c.t.Context(), nil))
}

func oneSlotMore(c *campaignStage) {
	c.told(workflows.UpdateAmend, workflows.Amend{Version: 1, By: "U1"})
	c.still(3)
}

func pausedAfterTheFirst(c *campaignStage) {
	c.ends(1, partnership.Declined)
	c.still(3)
	c.told(workflows.UpdatePause, workflows.Stop{Reason: "stock is late", By: "U1"})
	c.ends(3, partnership.Declined)
}

func cancelled(c *campaignStage) {
	c.still(2)
	c.told(workflows.UpdateCancel, workflows.Stop{Reason: "the product was recalled", By: "U1"})
	require.NoError(c.t, c.client.GetWorkflow(c.t.Context(), workflows.CampaignWorkflowID(c.id), "").Get(c.t.Context(), nil))
}

// aStandbyCovers is a creator who goes quiet, a standby who takes the place, and the first one who comes back.
func aStandbyCovers(c *campaignStage) {
	c.says(1, workflows.SlotAtRisk, 1)
	c.says(1, workflows.SlotGhosted, 1)
	c.still(3)
	c.says(3, workflows.SlotTaken, 1)
	c.says(1, workflows.SlotReturned, 1)
	c.told(workflows.UpdateAmend, workflows.Amend{Version: 1, By: "U1"})
	c.ends(2, partnership.Completed)
}
