package activities

import (
	"context"
	"strconv"
	"strings"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// AskAboutCounter shows a counter-offer outside the campaign's limits to a manager, with what is needed to decide.
func (a *Activities) AskAboutCounter(ctx context.Context, in CounterCard) (ref partnership.MessageRef, err error) {
	defer mapped(&err)
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return ref, err
	}
	words := ""
	if in.SubmissionID != "" {
		s, err := a.Store.Submission(ctx, in.SubmissionID)
		if err != nil {
			return ref, err
		}
		words = s.Note
	}
	t, err := a.Store.CampaignTotals(ctx, v.Campaign.ID)
	if err != nil {
		return ref, err
	}
	facts := []partnership.Fact{
		{Label: "Asked for", Value: money.Display(in.AskedMinor, in.Currency)},
		{Label: "Offered", Value: money.Display(in.OfferedMinor, in.Currency)},
		{Label: "Why a person", Value: in.Why},
		{Label: "Budget left", Value: money.Display(v.Campaign.BudgetMinor-t.Committed.Of(v.Campaign.Currency), v.Campaign.Currency)},
	}
	if doubts := roster.RateWarnings(in.Tier, in.AskedMinor, in.Currency); len(doubts) > 0 {
		facts = append(facts, partnership.Fact{Label: "Rate", Value: strings.Join(doubts, "; ")})
	}
	value := partnership.ActionValue(string(in.PartnershipID), strconv.Itoa(in.Round))
	return a.post(ctx, partnership.Message{
		Key: partnership.Key(in.PartnershipID, partnership.Negotiation, "counter", in.Round), Kind: "counter_offer",
		Text: "@" + v.Creator.Handle + " asks for " + money.Display(in.AskedMinor, in.Currency), Body: words, Facts: facts,
		Buttons: []partnership.Button{
			{ActionID: partnership.ActionID(partnership.ActDecideCounter, partnership.ChoiceAccept), Label: "Accept", Value: value, Style: "primary"},
			{ActionID: partnership.ActionID(partnership.ActDecideCounter, partnership.ChoiceRefuse), Label: "Keep our offer", Value: value},
		},
		LinkURL: a.partnershipURL(in.PartnershipID), LinkText: "Open",
	})
}
