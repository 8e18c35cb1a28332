package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
)

// amend applies a changed file: it counts for every later invitation, and each open partnership is told once. A crash between two
// of them goes on where it stopped.
func (c *campaign) amend(ctx workflow.Context) error {
	version := c.Amending
	var plan activities.AmendmentPlan
	ref := activities.AmendmentRef{CampaignID: c.CampaignID, Version: version}
	if err := workflow.ExecuteActivity(onQueue(ctx, c.Day, QueueLifecycle, "Read the amended campaign"), act.LoadAmendment, ref).Get(ctx, &plan); err != nil {
		return err
	}
	c.Spec.Target, c.Spec.Schedule, c.Spec.Limits = plan.Target, plan.Schedule, plan.Limits
	var told []workflow.Future
	for _, id := range workflow.DeterministicKeys(c.Open) {
		m := Amended{Version: version, Schedule: plan.Schedule, Offer: plan.Offers[c.Open[id].Tier]}
		told = append(told, workflow.SignalExternalWorkflow(ctx, PartnershipWorkflowID(id), "", SignalAmended, m))
	}
	for _, f := range told {
		if err := f.Get(ctx, nil); err != nil {
			c.log.Info("a partnership had ended before it was amended", "version", version)
		}
	}
	c.Amended = version
	if c.Amending == version {
		c.Amending = 0
	}
	c.Exhausted, c.Short = false, false
	return c.say(ctx, "campaign_amended", "")
}
