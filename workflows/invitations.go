package workflows

import (
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// fill invites the next creators into the free slots, wave by wave.
func (c *campaign) fill(ctx workflow.Context) {
	for c.Paused == "" && c.Cancelled == nil && c.free() > 0 && c.Refused != c.Freed && c.mayAsk(ctx) {
		next, freed := c.next(ctx, min(c.free(), wave)), c.Freed
		batch := activities.Wave{CampaignID: c.CampaignID, Entries: next}
		reserved, ok := do(ctx, c, reserveWave, "Reserve the budget for a wave", batch)
		if !ok {
			return
		}
		if c.Paused != "" || c.Cancelled != nil { // while the budget was being reserved
			c.hold(ctx, next, reserved)
			return
		}
		c.invite(ctx, reserved.Invitations, "")
		c.putBack(next, reserved)
		if reserved.OverBudget != "" {
			c.coversNoMore(freed)
			c.sayShort(ctx, reserved.OverBudget)
		}
	}
}

// hold keeps back whom the budget was reserved for and who may not be invited any more. They give it back and wait; a cancelled
// campaign closes their rows, of which no partnership was made.
func (c *campaign) hold(ctx workflow.Context, picked []partnership.RosterEntry, r activities.Reserved) {
	if c.Cancelled == nil {
		held := activities.Wave{CampaignID: c.CampaignID}
		for _, inv := range r.Invitations {
			held.Entries = append(held.Entries, inv.Entry)
		}
		c.putBack(picked, activities.Reserved{Gone: r.Gone})
		c.frees()
		c.looksAgain() // the pause may be over by the time that this is done
		do(ctx, c, releaseWave, "Give back the budget of a wave that waits", held)
		return
	}
	for _, inv := range r.Invitations {
		c.neverBegun(ctx, inv.Entry)
	}
}

// neverBegun closes the row of a creator of whom no partnership was made before the campaign was cancelled.
func (c *campaign) neverBegun(ctx workflow.Context, e partnership.RosterEntry) {
	c.board.write(ctx, partnership.Projection{PartnershipID: e.PartnershipID, Seq: 1, Stage: partnership.Closed, Outcome: partnership.Cancelled, Reason: c.Cancelled.Reason})
	c.ends(e.PartnershipID, EndedSlot{partnership.Cancelled, e.Niche})
}

// invite starts a partnership for each reserved slot. Each lives on its own: it outlives this run, and tells its end by signal.
// covers is whose slot a standby creator is offered, "" when the slots are free.
func (c *campaign) invite(ctx workflow.Context, invitations []activities.Invitation, covers partnership.PartnershipID) {
	var starting []workflow.ChildWorkflowFuture
	for _, inv := range invitations {
		c.opens(inv.Entry)
		starting = append(starting, c.begin(ctx, inv, covers))
	}
	var ids []partnership.PartnershipID
	for i, inv := range invitations {
		again := func() workflow.ChildWorkflowFuture { return c.begin(ctx, inv, covers) }
		if !startedChild(ctx, c.Day, starting[i], again, func() bool { return c.Cancelled != nil }) {
			c.neverBegun(ctx, inv.Entry)
			continue
		}
		ids = append(ids, inv.Entry.PartnershipID)
	}
	// What was said while they started found nobody there yet.
	switch {
	case c.Cancelled != nil:
		c.passOn(ctx, ids, Stopped{Action: Cancelled, Reason: c.Cancelled.Reason, By: c.Cancelled.By})
	case c.Paused != "":
		c.passOn(ctx, ids, Stopped{Action: Paused, Reason: c.Paused})
	}
}

// begin starts one partnership.
func (c *campaign) begin(ctx workflow.Context, inv activities.Invitation, covers partnership.PartnershipID) workflow.ChildWorkflowFuture {
	e, schedule := inv.Entry, c.Spec.Schedule
	if covers != "" {
		schedule = timeline.ForStandby(schedule)
	}
	cctx := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            PartnershipWorkflowID(e.PartnershipID),
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		StaticSummary:         "One creator's story in this campaign (" + string(e.Tier) + ", " + e.Niche + ")",
		TypedSearchAttributes: PartnershipAttributes(c.CampaignID, c.Spec.Program, c.offerDue(ctx, inv, schedule)),
	})
	return workflow.ExecuteChildWorkflow(cctx, PartnershipType, PartnershipInput{
		CampaignID: c.CampaignID, PartnershipID: e.PartnershipID, CreatorID: e.CreatorID, Tier: e.Tier, Niche: e.Niche, CreatorZone: e.Zone,
		Offer: inv.Terms, Limits: c.Spec.Limits, Schedule: schedule, Day: c.Day, Zone: c.Spec.Zone,
		Covers: covers,
	})
}

// offerDue is when an invitation that goes out now lapses.
func (c *campaign) offerDue(ctx workflow.Context, inv activities.Invitation, schedule partnership.Schedule) time.Time {
	now := workflow.Now(ctx)
	facts := timeline.Facts{Start: now, InvitedAt: now, Gift: inv.Terms.Gift != nil}
	return timeline.Make(timeline.Calendar{Day: c.Day, Zone: c.Spec.Zone}, schedule, inv.Entry.Tier, facts).Due(timeline.OfferDue)
}
