package deeds

import (
	"context"
	"time"

	p "github.com/rapport-dev/rapport/partnership"
	"github.com/rapport-dev/rapport/workflows"
)

// Review is a person's word on a draft: p.ChoiceApprove or p.ChoiceChanges.
type Review struct {
	Partnership p.PartnershipID
	Task        string
	Decision    p.Choice
	Words       string // what the creator reads, "" nothing
	WordsID     string // the same words are the same id
}

// Submissions keep what people wrote. They may be repeated with the same id: the first stays.
type Submissions interface {
	AddSubmission(ctx context.Context, s p.Submission) (id string, err error)
}

// ReviewDraft approves a draft or asks for changes. The words are kept before anybody is asked: they do not travel to Temporal.
func ReviewDraft(ctx context.Context, kept Submissions, by By, r Review, at time.Time) (Request, error) {
	if err := by.May(p.DeedReviewDraft); err != nil {
		return Request{}, err
	}
	words := ""
	if r.Words != "" {
		var err error
		s := p.Submission{ID: r.WordsID, PartnershipID: r.Partnership, Task: r.Task, Note: r.Words, At: at}
		if words, err = kept.AddSubmission(ctx, s); err != nil {
			return Request{}, err
		}
	}
	return Request{Deed: p.DeedReviewDraft, Subject: workflows.PartnershipWorkflowID(r.Partnership), message: func(who string) any {
		return workflows.ReviewDraft{Task: r.Task, Decision: r.Decision, SubmissionID: words, By: who}
	}}, nil
}
