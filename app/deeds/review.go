package deeds

import (
	"context"
	"time"

	"github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Review is a person's word on a draft: partnership.ChoiceApprove, ChoiceAdjust or ChoiceChanges.
type Review struct {
	Partnership partnership.PartnershipID
	Task        string
	Decision    partnership.Choice
	Words       string // what the creator reads, "" nothing
	WordsID     string // the same words are the same id
}

// Submissions keep what people wrote. They may be repeated with the same id: the first stays.
type Submissions interface {
	AddSubmission(ctx context.Context, s partnership.Submission) (id string, err error)
}

// ReviewDraft approves a draft, with a small change or without one, or asks for changes. The words are kept before anybody is asked: they do not travel to Temporal.
func ReviewDraft(ctx context.Context, kept Submissions, by By, r Review, at time.Time) (Request, error) {
	if err := by.May(partnership.DeedReviewDraft); err != nil {
		return Request{}, err
	}
	words := ""
	if r.Words != "" {
		var err error
		s := partnership.Submission{ID: r.WordsID, PartnershipID: r.Partnership, Task: r.Task, Note: r.Words, At: at}
		if words, err = kept.AddSubmission(ctx, s); err != nil {
			return Request{}, err
		}
	}
	return Request{Deed: partnership.DeedReviewDraft, Subject: workflows.PartnershipWorkflowID(r.Partnership), message: func(who string) any {
		return workflows.ReviewDraft{Task: r.Task, Decision: r.Decision, SubmissionID: words, By: who}
	}}, nil
}
