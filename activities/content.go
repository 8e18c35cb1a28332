package activities

import (
	"context"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/partnership/asking"
)

// AskForReview shows a draft to a manager: the link, the words, the guardrails and the time left before it is approved by rule.
func (a *Activities) AskForReview(ctx context.Context, in ReviewCard) (ref partnership.MessageRef, err error) {
	defer mapped(&err)
	v, err := a.Store.View(ctx, in.PartnershipID)
	if err != nil {
		return ref, err
	}
	s, err := a.Store.Submission(ctx, in.SubmissionID)
	if err != nil {
		return ref, err
	}
	drafts, err := a.Store.Drafts(ctx, in.PartnershipID)
	if err != nil {
		return ref, err
	}
	q := partnership.Question{Kind: partnership.AsksDraft, Of: in.Task, Card: partnership.Key(in.PartnershipID, partnership.Content, in.Task+"/review", 1), Due: in.Due}
	return a.askPeople(ctx, q, asking.Asked{PartnershipID: v.ID, Campaign: v.Campaign, Creator: v.Creator, Submission: s, Drafts: drafts})
}

// CloseReviewCard is asked for by every story whose draft nobody reviewed. Cards are closed by whoever keeps them all, and so is this one: the
// step is left for the sake of the stories that are under way.
func (*Activities) CloseReviewCard(context.Context, ReviewCard) (partnership.MessageRef, error) {
	return partnership.MessageRef{}, nil
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
