package activities

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// LoadAmendment makes a changed file the campaign's own and returns what it means for each tier. Where it changes whom the
// campaign invites, those who were never invited are ranked anew; who was invited stays.
func (a *Activities) LoadAmendment(ctx context.Context, in AmendmentRef) (plan AmendmentPlan, err error) {
	defer mapped(&err)
	c, err := a.Store.ApplyAmendment(ctx, in.CampaignID, in.Version)
	if err != nil {
		return plan, err
	}
	plan = AmendmentPlan{Target: c.Selection.Target, Schedule: c.Schedule, Limits: c.Offer.Negotiation, Offers: map[partnership.Tier]partnership.Terms{}}
	for _, tier := range []partnership.Tier{partnership.Nano, partnership.Micro, partnership.AboveMicro} {
		terms, err := partnership.OfferFor(c, tier)
		if err != nil && len(plan.Offers) == 0 && tier == partnership.AboveMicro {
			return plan, err
		}
		if err == nil {
			plan.Offers[tier] = terms
		}
	}
	if plan.Reranked, err = a.Store.Retargets(ctx, in.CampaignID, in.Version); err != nil || !plan.Reranked {
		return plan, err
	}
	creators, err := a.Store.CampaignCreators(ctx, in.CampaignID)
	if err != nil {
		return plan, err
	}
	plan.Roster = roster.Entries(in.CampaignID, roster.Refill(in.CampaignID, creators, c.Selection, in.Taken))
	return plan, a.Store.SaveRoster(ctx, in.CampaignID, plan.Roster)
}

// amendmentWords are what the preview of an amendment said.
func (a *Activities) amendmentWords(ctx context.Context, id partnership.CampaignID, version int) (string, error) {
	summary, err := a.Store.AmendmentSummary(ctx, id, version)
	if partnership.CodeOf(err) == partnership.NotFound {
		return "", nil
	}
	return summary, err
}
