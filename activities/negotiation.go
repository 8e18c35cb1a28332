package activities

import (
	"context"
	"strconv"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

// AskAboutCounter shows a counter-offer outside the campaign's limits to a manager, with what is needed to decide.
func (a *Activities) AskAboutCounter(ctx context.Context, in CounterCard) (ref partnership.MessageRef, err error) {
	defer mapped(&err)
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return ref, err
	}
	said, err := a.submission(ctx, in.SubmissionID)
	if err != nil {
		return ref, err
	}
	t, err := a.Store.CampaignTotals(ctx, v.Campaign.ID)
	if err != nil {
		return ref, err
	}
	q := partnership.Question{
		Kind: partnership.AsksCounter, Of: strconv.Itoa(in.Round), Card: partnership.Key(in.PartnershipID, partnership.Negotiation, "counter", in.Round), Due: in.Due,
		Why: in.Why, AskedMinor: in.AskedMinor, OfferedMinor: in.OfferedMinor, Currency: in.Currency,
	}
	return a.askPeople(ctx, q, asking.Asked{
		PartnershipID: v.ID, Campaign: v.Campaign, Creator: v.Creator, Tier: in.Tier, Submission: said, FreeMinor: v.Campaign.BudgetMinor - t.Committed.Of(v.Campaign.Currency),
	})
}
