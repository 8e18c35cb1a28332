package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/rapport-dev/rapport/activities"
	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// campaignAmends is which version of the file counts.
type campaignAmends struct {
	Amending int `json:"Amending"` // version of the file that is being applied, 0 none
	Amended  int `json:"Amended"`  // version that was applied last
}

// Amend tells a campaign that a new version of its file has been kept.
type Amend struct {
	Version int    `json:"Version"`
	By      string `json:"By"`
	Proven
}

// handleAmend takes a changed file.
func (c *campaign) handleAmend(ctx workflow.Context) {
	handler := func(ctx workflow.Context, m Amend) (Ack, error) {
		if err := c.recorded(ctx, UpdateAmend, m); err != nil {
			return Ack{}, err
		}
		if no := c.ending(); no != nil && amendLooksAgain(ctx) { // its moment has passed meanwhile
			return Ack{}, tooLate(ctx, c.Day, UpdateAmend, m, no)
		}
		if m.Version > c.Amended && m.Version > c.Amending { // one that is known is applied once
			c.Amending = m.Version
		}
		return Ack{WaitingFor: "every open partnership"}, nil
	}
	must(workflow.SetUpdateHandlerWithOptions(ctx, UpdateAmend, handler, workflow.UpdateHandlerOptions{
		Validator: func(_ workflow.Context, m Amend) error {
			if c.recording > 0 {
				return refuse(partnership.Conflict, beingRecorded)
			}
			if no := c.ending(); no != nil {
				return no
			}
			if m.Version < 1 {
				return refuseField("version", "must be at least 1")
			}
			return nil
		},
	}))
}

// amendLooksAgain is false in campaigns that took an amendment whatever was decided while it was written down.
func amendLooksAgain(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "amend-looks-again", workflow.DefaultVersion, 1) == 1
}

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
		if s.Ended[id].Outcome == partnership.Completed {
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
	c.replan(plan)
	c.tellAnew(plan.Reranked || len(c.Waiting) > 0)
	c.frees()
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
