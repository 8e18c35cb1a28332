package activities

import (
	"context"
	"strconv"
	"strings"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/money"
	"github.com/rapport-dev/rapport/partnership/roster"
)

// AskAboutCounter shows a counter-offer outside the campaign's limits to a manager, with what is needed to decide.
func (a *Activities) AskAboutCounter(ctx context.Context, in CounterCard) (ref p.MessageRef, err error) {
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
	facts := []p.Fact{
		{Label: "Asked for", Value: money.Display(in.AskedMinor, in.Currency)},
		{Label: "Offered", Value: money.Display(in.OfferedMinor, in.Currency)},
		{Label: "Why a person", Value: in.Why},
		{Label: "Budget left", Value: money.Display(v.Campaign.BudgetMinor-t.CommittedMinor, in.Currency)},
	}
	if doubts := roster.RateWarnings(in.Tier, in.AskedMinor, in.Currency); len(doubts) > 0 {
		facts = append(facts, p.Fact{Label: "Rate", Value: strings.Join(doubts, "; ")})
	}
	value := p.ActionValue(string(in.PartnershipID), strconv.Itoa(in.Round))
	return a.post(ctx, p.Message{
		Key: p.Key(in.PartnershipID, p.Negotiation, "counter", in.Round), Kind: "counter_offer",
		Text: "@" + v.Creator.Handle + " asks for " + money.Display(in.AskedMinor, in.Currency), Body: words, Facts: facts,
		Buttons: []p.Button{
			{ActionID: p.ActionID(p.ActDecideCounter, p.ChoiceAccept), Label: "Accept", Value: value, Style: "primary"},
			{ActionID: p.ActionID(p.ActDecideCounter, p.ChoiceRefuse), Label: "Keep our offer", Value: value},
		},
		LinkURL: a.partnershipURL(in.PartnershipID), LinkText: "Open",
	})
}
