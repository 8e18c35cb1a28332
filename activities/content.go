package activities

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
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
	q := partnership.Question{Kind: partnership.AsksDraft, Of: in.Task, Card: partnership.Key(in.PartnershipID, partnership.Content, in.Task+"/review", 1), Due: in.Due}
	return asking.AskOf(q, asking.Asked{PartnershipID: v.ID, Campaign: v.Campaign, Creator: v.Creator, Submission: s}).ToChat("review_draft", a.PublicURL, nobody), nil
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
