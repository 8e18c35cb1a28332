package workflows

import (
	"slices"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
	"github.com/rapport-dev/rapport/partnership/timeline"
)

// campaignSlots is who waits to be invited, who is, and what became of it.
type campaignSlots struct {
	Ranked  bool                                                  `json:"Ranked"`
	Spec    activities.CampaignPlan                               `json:"Spec"`
	Waiting []partnership.RosterEntry                             `json:"Waiting"` // not yet invited, best first; standby ones wait for a slot of their niche
	Open    map[partnership.PartnershipID]partnership.RosterEntry `json:"Open"`    // invited and not ended
	Ended   map[partnership.PartnershipID]EndedSlot               `json:"Ended"`
	Freed   int                                                   `json:"Freed"`   // counts what gives budget back: whom it did not cover is asked again only then
	Refused int                                                   `json:"Refused"` // Freed when it covered no further invitation
}

// EndedSlot is what became of an invitation.
type EndedSlot struct {
	Outcome partnership.Outcome `json:"Outcome"`
	Niche   string              `json:"Niche"`
}

func (s *campaignSlots) openSlots() {
	if s.Open == nil {
		s.Open, s.Ended = map[partnership.PartnershipID]partnership.RosterEntry{}, map[partnership.PartnershipID]EndedSlot{}
	}
	s.Freed = max(s.Freed, 1)
}

// ranked takes the campaign's file and its roster.
func (s *campaignSlots) ranked(plan activities.CampaignPlan) {
	s.Spec = plan
	s.Waiting, s.Spec.Roster, s.Ranked = s.Spec.Roster, nil, true
}

// replan takes the file as it was changed: it counts for every later invitation.
func (s *campaignSlots) replan(plan activities.AmendmentPlan) {
	s.Spec.Target, s.Spec.Schedule, s.Spec.Limits = plan.Target, plan.Schedule, plan.Limits
	if plan.Reranked {
		s.rerank(plan.Roster)
	}
}

// rerank replaces those who wait. Whoever was invited is never invited again.
func (s *campaignSlots) rerank(order []partnership.RosterEntry) {
	s.Waiting = s.Waiting[:0:0]
	for _, e := range order {
		_, open := s.Open[e.PartnershipID]
		_, ended := s.Ended[e.PartnershipID]
		if !open && !ended {
			s.Waiting = append(s.Waiting, e)
		}
	}
}

// frees says that budget came back, so that whom it did not cover may be asked again.
func (s *campaignSlots) frees() { s.Freed++ }

func (s *campaignSlots) ends(id partnership.PartnershipID, as EndedSlot) {
	delete(s.Open, id)
	s.Ended[id] = as
}

// free is how many slots have nobody: an open or completed partnership holds one. A creator whose slot was given on does not,
// nor does a standby who has not taken it yet.
func (c *campaign) free() int {
	held := len(c.Open)
	for _, id := range workflow.DeterministicKeys(c.Away) {
		if c.Away[id].shared() {
			held--
		}
	}
	for _, id := range workflow.DeterministicKeys(c.Ended) {
		if c.Ended[id].Outcome == partnership.Completed {
			held++
		}
	}
	return c.Spec.Target - held
}

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
			c.Refused = freed
			c.sayShort(ctx, reserved.OverBudget)
		}
	}
}

// putBack has those wait again whom the budget did not cover: the next ending may free it. Who can be invited no more is dropped.
func (c *campaign) putBack(picked []partnership.RosterEntry, r activities.Reserved) {
	for _, e := range picked {
		invited := slices.ContainsFunc(r.Invitations, func(i activities.Invitation) bool { return i.Entry.PartnershipID == e.PartnershipID })
		if !invited && !slices.Contains(r.Gone, e.PartnershipID) {
			c.Waiting = append(c.Waiting, e)
		}
	}
	slices.SortStableFunc(c.Waiting, roster.Order)
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

// next takes the best n from the roster: first those with a slot, then the standby of the niche that lost somebody, then any.
func (c *campaign) next(ctx workflow.Context, n int) []partnership.RosterEntry {
	var picked []partnership.RosterEntry
	may := c.inTime(ctx)
	take := func(want func(partnership.RosterEntry) bool) {
		rest := c.Waiting[:0:0]
		for _, e := range c.Waiting {
			if len(picked) < n && may(e) && want(e) {
				picked = append(picked, e)
				continue
			}
			rest = append(rest, e)
		}
		c.Waiting = rest
	}
	take(func(e partnership.RosterEntry) bool { return !e.Standby })
	lost := c.lostNiches()
	take(func(e partnership.RosterEntry) bool {
		if lost[e.Niche] > 0 {
			lost[e.Niche]--
			return true
		}
		return false
	})
	take(func(partnership.RosterEntry) bool { return true })
	return picked
}

// mayAsk says whether there is anybody to invite who could still be in time.
func (c *campaign) mayAsk(ctx workflow.Context) bool {
	return slices.ContainsFunc(c.Waiting, c.inTime(ctx))
}

// inTime says who could still post in the window. Only the first choice of the launch is asked whatever the date.
func (c *campaign) inTime(ctx workflow.Context) func(partnership.RosterEntry) bool {
	cal := timeline.Calendar{Day: c.Day, Zone: c.Spec.Zone}
	open := timeline.InTime(cal, c.Spec.Schedule, workflow.Now(ctx))
	first := c.Amended == 0 && c.Amending == 0
	return func(e partnership.RosterEntry) bool { return open || first && !e.Standby }
}

// lostNiches counts the slots of each niche that ended unhappily and were not yet given on.
func (c *campaign) lostNiches() map[string]int {
	lost := map[string]int{}
	for _, id := range workflow.DeterministicKeys(c.Ended) {
		if slot := c.Ended[id]; slot.Outcome != partnership.Completed {
			lost[slot.Niche]++
		}
	}
	for _, id := range workflow.DeterministicKeys(c.Away) {
		if c.Away[id].shared() {
			lost[c.Open[id].Niche]++
		}
	}
	for _, id := range workflow.DeterministicKeys(c.Open) {
		if e := c.Open[id]; e.Standby {
			lost[e.Niche]--
		}
	}
	return lost
}

// invite starts a partnership for each reserved slot. Each lives on its own: it outlives this run, and tells its end by signal.
// covers is whose slot a standby creator is offered, "" when the slots are free.
func (c *campaign) invite(ctx workflow.Context, invitations []activities.Invitation, covers partnership.PartnershipID) {
	var starting []workflow.ChildWorkflowFuture
	for _, inv := range invitations {
		c.Open[inv.Entry.PartnershipID] = inv.Entry
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

// nextOf takes the best of a niche from the roster, or the best of all when the niche has nobody left.
func (c *campaign) nextOf(ctx workflow.Context, niche string) partnership.RosterEntry {
	may := c.inTime(ctx)
	i := slices.IndexFunc(c.Waiting, func(e partnership.RosterEntry) bool { return may(e) && e.Niche == niche })
	if i < 0 {
		i = slices.IndexFunc(c.Waiting, may) // mayAsk has found one
	}
	e := c.Waiting[i]
	c.Waiting = slices.Delete(slices.Clone(c.Waiting), i, i+1)
	return e
}
