package activities

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rapport-dev/rapport/partnership"
)

// AskForReview shows a draft to a manager: the link, the words, the guardrails and the time left before it is approved by rule.
func (a *Activities) AskForReview(ctx context.Context, in ReviewCard) (ref partnership.MessageRef, err error) {
	defer mapped(&err)
	m, err := a.reviewCard(ctx, in)
	if err != nil {
		return ref, err
	}
	return a.post(ctx, m)
}

// CloseReviewCard says on the card what was decided without a press: its buttons go.
func (a *Activities) CloseReviewCard(ctx context.Context, in ReviewCard) (ref partnership.MessageRef, err error) {
	defer mapped(&err)
	m, err := a.reviewCard(ctx, in)
	if err != nil {
		return ref, err
	}
	ref, err = a.post(ctx, m) // posted long ago: this is its receipt
	if err != nil || a.Chat == nil {
		return ref, err
	}
	m.Buttons, m.Context = nil, in.Decided
	return ref, a.Chat.UpdateMessage(ctx, ref, m)
}

func (a *Activities) reviewCard(ctx context.Context, in ReviewCard) (partnership.Message, error) {
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return partnership.Message{}, err
	}
	s, err := a.Store.Submission(ctx, in.SubmissionID)
	if err != nil {
		return partnership.Message{}, err
	}
	value := partnership.ActionValue(string(in.PartnershipID), in.Task)
	facts := []partnership.Fact{
		{Label: "Campaign", Value: v.Campaign.Name},
		{Label: "Review by", Value: day(in.Due, v.Campaign.Timezone) + ", else approved by rule"},
	}
	if ok, why := partnership.Disclosed(s.Caption, v.Campaign.Brief.Disclosure); !ok && s.Caption != "" {
		facts = append(facts, partnership.Fact{Label: "Disclosure", Value: "Not yet: " + why})
	}
	for _, rule := range v.Campaign.Brief.NonNegotiables {
		facts = append(facts, partnership.Fact{Label: "Guardrail", Value: rule})
	}
	return partnership.Message{
		Key: partnership.Key(in.PartnershipID, partnership.Content, in.Task+"/review", 1), Kind: "review_draft",
		Text: "Draft by @" + v.Creator.Handle + " to review", Body: draftInWords(s), Facts: facts,
		Buttons: []partnership.Button{
			{ActionID: partnership.ActionID(partnership.ActReviewDraft, partnership.ChoiceApprove), Label: "Approve", Value: value, Style: "primary"},
			{ActionID: partnership.ActionID(partnership.ActReviewDraft, partnership.ChoiceChanges), Label: "Ask for changes", Value: value},
		},
		LinkURL: s.URL, LinkText: "See the draft",
	}, nil
}

// How much of a draft's words a card holds, in characters: together less than the 3,000 that a chat takes in one text, and the caption is
// what is approved.
const (
	captionOnCard = 2200 // Instagram's longest
	noteOnCard    = 600
)

// draftInWords is what a manager approves beside the draft itself: the caption that is planned, and what the creator says.
func draftInWords(s partnership.Submission) string {
	parts := []string{"No caption came with it."}
	if s.Caption != "" {
		parts[0] = "The caption that is planned:\n" + cutAt(s.Caption, captionOnCard)
	}
	if s.Note != "" {
		parts = append(parts, "The creator says:\n"+cutAt(s.Note, noteOnCard))
	}
	return strings.Join(parts, "\n\n")
}

// cutAt shortens text to a number of characters, and says that it did.
func cutAt(text string, limit int) string {
	n := utf8.RuneCountInString(text)
	if n <= limit {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:limit])) + fmt.Sprintf("… (%d more characters)", n-limit)
}

// CheckPost keeps the post, checks that its disclosure comes first, and books the fee that this deliverable earns. Without a
// disclosure nothing is earned yet: the creator is asked to mend it.
func (a *Activities) CheckPost(ctx context.Context, in Post) (out LivePost, err error) {
	defer mapped(&err)
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return out, err
	}
	s, err := a.Store.Submission(ctx, in.SubmissionID)
	if err != nil {
		return out, err
	}
	out.Disclosed, out.Why = partnership.Disclosed(s.Caption, v.Campaign.Brief.Disclosure)
	if err := a.Store.SavePost(ctx, in.PartnershipID, in.SubmissionID, in.Deliverable, out.Disclosed, out.Why); err != nil {
		return out, err
	}
	if !out.Disclosed || in.FeeMinor <= 0 {
		return out, nil
	}
	return out, a.Store.EarnFee(ctx, in.PartnershipID, in.Deliverable, in.FeeMinor, s.At)
}
