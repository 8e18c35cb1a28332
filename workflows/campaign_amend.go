package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// Taken is what of the slots is taken already, and by whom. The preview of an amendment asks for the same.
func (s CampaignState) Taken() roster.Taken {
	t := roster.Taken{Held: s.Spec.Target - (&campaign{CampaignState: s}).free(), Niches: map[string]int{}}
	for _, id := range workflow.DeterministicKeys(s.Open) {
		t.Started = append(t.Started, id)
		t.Niches[s.Open[id].Niche]++
	}
	for _, id := range workflow.DeterministicKeys(s.Away) { // one slot, whoever takes it
		if s.Away[id].shared() {
			t.Niches[s.Open[id].Niche]--
		}
	}
	for _, id := range workflow.DeterministicKeys(s.Ended) {
		t.Started = append(t.Started, id)
		if s.Ended[id].Outcome == p.Completed {
			t.Niches[s.Ended[id].Niche]++
		}
	}
	return t
}

// amend applies a changed file: it counts for every later invitation and says who waits for one, and each open partnership is told
// once. A crash between two of them goes on where it stopped.
func (c *campaign) amend(ctx workflow.Context) {
	version := c.Amending
	ref := activities.AmendmentRef{CampaignID: c.CampaignID, Version: version, Taken: c.Taken()}
	plan, ok := do(ctx, c, loadAmendment, "Read the amended campaign", ref)
	if !ok {
		c.Amending = 0
		return
	}
	c.Spec.Target, c.Spec.Schedule, c.Spec.Limits = plan.Target, plan.Schedule, plan.Limits
	if plan.Reranked {
		c.rerank(plan.Roster)
	}
	// Whoever could not be asked, or paid for, may be now; that there is nobody new to ask is no news.
	c.Exhausted, c.Short = c.Exhausted && !plan.Reranked && len(c.Waiting) == 0, false
	c.Freed++
	var told []workflow.Future
	for _, id := range workflow.DeterministicKeys(c.Open) {
		m := Amended{Version: version, Schedule: plan.Schedule, Offer: plan.Offers[c.Open[id].Tier]}
		told = append(told, tell(ctx, PartnershipWorkflowID(id), SignalAmended, m))
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
	c.tell(ctx, activities.CampaignNews{Kind: "campaign_amended", Version: c.Amended})
}

// rerank replaces those who wait. Whoever was invited is never invited again.
func (c *campaign) rerank(order []p.RosterEntry) {
	c.Waiting = c.Waiting[:0:0]
	for _, e := range order {
		_, open := c.Open[e.PartnershipID]
		_, ended := c.Ended[e.PartnershipID]
		if !open && !ended {
			c.Waiting = append(c.Waiting, e)
		}
	}
}
