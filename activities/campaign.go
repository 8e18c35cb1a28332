package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// RankRoster vets and ranks the campaign's creators and keeps the order. Personal data stays here: only ids go on.
func (a *Activities) RankRoster(ctx context.Context, in CampaignRef) (plan CampaignPlan, err error) {
	defer mapped(&err)
	c, err := a.Store.Campaign(ctx, in.CampaignID)
	if err != nil {
		return plan, err
	}
	creators, err := a.Store.CampaignCreators(ctx, in.CampaignID)
	if err != nil {
		return plan, err
	}
	plan.Roster = roster.Entries(c.ID, roster.Rank(creators, c.Selection))
	plan.Target, plan.Zone, plan.Schedule, plan.Limits = c.Selection.Target, c.Timezone, c.Schedule, c.Offer.Negotiation
	plan.Program = c.Program
	if err := a.Store.SaveRoster(ctx, c.ID, plan.Roster); err != nil {
		return plan, err
	}
	return plan, a.Store.SetCampaignState(ctx, c.ID, partnership.CampaignRunning, "")
}

// ReserveWave commits the budget of each invitation, best first, until it no longer covers the next one. It leaves out those who
// were erased or opted out while they waited, and whom none of the campaign's rails can pay.
func (a *Activities) ReserveWave(ctx context.Context, in Wave) (out Reserved, err error) {
	defer mapped(&err)
	c, err := a.Store.Campaign(ctx, in.CampaignID)
	if err != nil {
		return out, err
	}
	gone, err := a.uninvitable(ctx, c, in)
	if err != nil {
		return out, err
	}
	for _, e := range in.Entries {
		if slices.Contains(gone, e.PartnershipID) {
			out.Gone = append(out.Gone, e.PartnershipID)
			continue
		}
		terms, err := a.reserve(ctx, c, e, in.GivenUp)
		if partnership.CodeOf(err) == partnership.Conflict {
			out.OverBudget = err.Error()
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out.Invitations = append(out.Invitations, Invitation{Entry: e, Terms: terms})
	}
	return out, nil
}

// uninvitable are those of a wave whom nobody can invite any more. What they had reserved for an invitation that never went out
// is given back.
func (a *Activities) uninvitable(ctx context.Context, c partnership.Campaign, in Wave) (gone []partnership.PartnershipID, err error) {
	var creators []partnership.CreatorID
	for _, e := range in.Entries {
		creators = append(creators, e.CreatorID)
	}
	unpaid, err := a.unpaid(ctx, c, creators)
	if err != nil {
		return nil, err
	}
	if creators, err = a.Store.Uninvitable(ctx, creators); err != nil || len(creators)+len(unpaid) == 0 {
		return nil, err
	}
	creators = append(creators, unpaid...)
	for _, e := range in.Entries {
		if slices.Contains(creators, e.CreatorID) {
			gone = append(gone, e.PartnershipID)
		}
	}
	return gone, a.Store.Unreserve(ctx, in.CampaignID, gone)
}

// reserve commits the budget of one offer. *partnership.Error Conflict when it does not cover it, be it that the whole budget was amended
// to less than the offer.
func (a *Activities) reserve(ctx context.Context, c partnership.Campaign, e partnership.RosterEntry, givenUp partnership.PartnershipID) (partnership.Terms, error) {
	terms, err := partnership.OfferFor(c, e.Tier)
	if refused, ok := errors.AsType[*partnership.Error](err); ok && refused.Field == "budget" {
		return terms, partnership.Errorf(partnership.Conflict, "%s", refused.Message)
	}
	if err != nil {
		return terms, err
	}
	return terms, a.Store.PassBudget(ctx, c.ID, givenUp, e, terms, terms.CostMinor())
}

// ReleaseWave gives back what was reserved for invitations that did not go out. They are reserved anew before they do.
func (a *Activities) ReleaseWave(ctx context.Context, in Wave) (err error) {
	defer mapped(&err)
	var who []partnership.PartnershipID
	for _, e := range in.Entries {
		who = append(who, e.PartnershipID)
	}
	return a.Store.Unreserve(ctx, in.CampaignID, who)
}

// ReserveBudget commits the budget of terms that changed in negotiation.
func (a *Activities) ReserveBudget(ctx context.Context, in Reservation) (g Granted, err error) {
	defer mapped(&err)
	err = a.Store.ReserveBudget(ctx, in.CampaignID, in.Entry, in.Terms, in.Terms.CostMinor())
	if no, ok := errors.AsType[*partnership.Error](err); ok && no.Code == partnership.Conflict {
		return Granted{OK: false, Short: no.Message}, nil
	}
	return Granted{OK: err == nil}, err
}

// ReleaseBudget gives back what a creator whose slot was given on had reserved.
func (a *Activities) ReleaseBudget(ctx context.Context, in PartnershipRef) (err error) {
	defer mapped(&err)
	return a.Store.ReleaseBudget(ctx, in.PartnershipID)
}

// SetCampaignState writes that a campaign is paused, goes on or has ended.
func (a *Activities) SetCampaignState(ctx context.Context, in CampaignEnd) (err error) {
	defer mapped(&err)
	return a.Store.SetCampaignState(ctx, in.CampaignID, in.State, in.Reason)
}

// TellTeam posts the campaign's news with its numbers.
func (a *Activities) TellTeam(ctx context.Context, in CampaignNews) (err error) {
	defer mapped(&err)
	c, err := a.Store.Campaign(ctx, in.CampaignID)
	if err != nil {
		return err
	}
	t, err := a.Store.CampaignTotals(ctx, in.CampaignID)
	if err != nil {
		return err
	}
	body := in.Attention
	if in.Version > 0 {
		if body, err = a.amendmentWords(ctx, c.ID, in.Version); err != nil {
			return err
		}
	}
	msg := partnership.Message{
		Key: partnership.CampaignKey(c.ID, in.Kind, in.Seq), Kind: in.Kind, Text: newsHeadline(in.Kind, c.Name), Body: body,
		Facts: campaignFacts(in.Kind, c, t), LinkURL: a.PublicURL + "/campaigns/" + string(c.ID), LinkText: "Open the campaign",
	}
	if in.Kind == "campaign_finished" || in.Kind == "campaign_cancelled" {
		r, err := a.Store.CampaignReport(ctx, c.ID)
		if err != nil {
			return err
		}
		reported(&msg, r)
	}
	_, err = a.post(ctx, msg)
	return err
}

func newsHeadline(kind, name string) string {
	switch kind {
	case "campaign_started":
		return name + " has started"
	case "budget_exhausted":
		return name + ": the budget covers no further invitation"
	case "standby_exhausted":
		return name + " has an open slot and nobody to ask"
	case "extra_slot":
		return name + " has one creator more than slots"
	case "campaign_amended":
		return name + " was amended; every open partnership has been told"
	case "campaign_parked":
		return name + " has a step that does not get through"
	case "campaign_cancelled":
		return name + " was cancelled"
	default:
		return name + " has finished"
	}
}

func campaignFacts(kind string, c partnership.Campaign, t partnership.CampaignTotals) []partnership.Fact {
	budget := money.Display(c.BudgetMinor, c.Currency)
	if kind == "campaign_started" {
		return []partnership.Fact{
			{Label: "Slots", Value: fmt.Sprintf("%d, with up to %d on standby", c.Selection.Target, c.Selection.Standby)},
			{Label: "Budget", Value: budget},
		}
	}
	return []partnership.Fact{
		{Label: "Completed", Value: fmt.Sprintf("%d of %d slots", t.Completed, c.Selection.Target)},
		{Label: "Said no", Value: fmt.Sprintf("%d declined, %d never answered, %d opted out", t.Declined, t.Expired, t.OptedOut)},
		{Label: "Went quiet", Value: fmt.Sprintf("%d ghosted, %d replaced", t.Ghosted, t.Replaced)},
		{Label: "Sales", Value: fmt.Sprintf("%d orders, %s", t.Orders, t.Revenue.Display(t.Currency))},
		{Label: "Spent", Value: t.Spent.Display(t.Currency)},
		{Label: "Budget", Value: fmt.Sprintf("%s committed of %s", t.Committed.Display(t.Currency), budget)},
	}
}
